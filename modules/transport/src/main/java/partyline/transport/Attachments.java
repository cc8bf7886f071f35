package partyline.transport;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;

/// The bytes of files: those behind the media address of an outgoing message, for drivers whose service wants bytes;
/// and a place for those that a service hands over before it tells of the text that they belong to.
@FunctionalInterface
public interface Attachments {

    /// Bytes with a name that is fit for a file, in any script, their content type, and their length if it is known
    /// (else -1).
    record Attachment(String name, String contentType, long size, InputStream body) implements AutoCloseable {

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /// A file that a person sent: what it is called and said to be, both untrusted, and its bytes.
    record FromPerson(
            PhoneNumber from,
            @Nullable String name,
            @Nullable String contentType,
            InputStream body) {}

    /// What became of a file that was to be kept.
    sealed interface Outcome {

        /// It is on disk under this name, which nobody can guess: see [Driver.Download.Kept].
        record Kept(String reference) implements Outcome {}

        /// Nothing of it is kept, now or later; the sentence says why.
        record Refused(String why) implements Outcome {}
    }

    /// @throws IOException when there is nothing to be had there, or not now.
    Attachment open(String url) throws IOException;

    /// Keeps a file for a text of the same person that is to come; it goes after a day without one.
    ///
    /// @throws IOException when its bytes break off or the disk fails; nothing is kept then.
    default Outcome keep(FromPerson file) throws IOException {
        throw new IOException("nothing is kept here");
    }

    /// Whether the file is kept, or a text has it already, and this person sent it.
    default boolean holds(String reference, PhoneNumber from) {
        return false;
    }
}
