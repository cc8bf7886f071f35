package partyline.media;

/// What an address in a message stands for.
public sealed interface Reference {

    /// A file of the caller's organization.
    record Own(MediaFile file) implements Reference {}

    /// Somebody else's address, which may be tried.
    record External() implements Reference {}

    /// An address that cannot be used; `why` are words that follow "media_urls".
    record Refused(String why) implements Reference {}
}
