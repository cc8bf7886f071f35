package partyline.media;

/// What became of a file on its way to us.
public sealed interface StoreOutcome {

    /// It is on disk and has its address.
    record Stored(MediaFile file) implements StoreOutcome {}

    /// It could not be had now; it may come later.
    record NotYet(MediaFailure why) implements StoreOutcome {}

    /// Nothing of it is kept, now or later.
    record Refused(MediaFailure why) implements StoreOutcome {}
}
