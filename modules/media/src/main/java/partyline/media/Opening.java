package partyline.media;

import java.nio.file.Path;

/// What is behind an address of ours.
public sealed interface Opening {

    /// A file whose bytes are at `path`.
    record Found(MediaFile file, Path path) implements Opening {}

    /// There was a file; it was removed in time.
    record Gone() implements Opening {}

    /// There never was such an address.
    record Unknown() implements Opening {}
}
