package partyline.media;

/// What became of a file on its way to us.
public sealed interface StoreOutcome {

    /// It is on disk and has its address.
    record Stored(MediaFile file) implements StoreOutcome {}

    /// Nothing of it is kept.
    record Refused(MediaFailure why) implements StoreOutcome {}
}
