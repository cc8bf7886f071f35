package partyline.transport;

import java.io.IOException;
import java.io.InputStream;

/// The bytes behind the media address of an outgoing message, for drivers whose service wants bytes.
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

    /// @throws IOException when there is nothing to be had there, or not now.
    Attachment open(String url) throws IOException;
}
