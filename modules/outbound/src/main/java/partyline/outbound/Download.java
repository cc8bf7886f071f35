package partyline.outbound;

import java.time.Duration;
import java.util.Optional;

/// A file to get from a user's `url`: at most `largest` bytes, all of them within `patience`. `operator` is as in
/// [Request].
public record Download(String url, boolean operator, long largest, Duration patience) {

    /// What became of a [Download].
    public sealed interface Outcome {

        /// All bytes came; `contentType` is what the other side says they are, `name` what it calls the file.
        record Complete(Optional<String> contentType, Optional<String> name) implements Outcome {}

        /// Nothing came: the other side says that it is at `location`, an absolute address that was not judged
        /// yet.
        record Elsewhere(String location) implements Outcome {}

        /// Not all of it came, or nothing; what did come is worth nothing. `detail` is for the owner of the URL.
        record Failed(Why why, String detail) implements Outcome {

            /// A class of failures: the address may not be called; more bytes than wished; they did not come in
            /// time; no whole answer, or one that says to come again; an answer that says no.
            public enum Why {
                REFUSED,
                TOO_LARGE,
                TOO_SLOW,
                NO_ANSWER,
                NOT_GIVEN
            }
        }
    }
}
