package partyline.transport;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import partyline.transport.Attachments.Attachment;

/// A driver whose service brings the files of people by calling us, and fetches ours so: at `media` below the line's
/// address.
public interface FileExchange extends WebhookReceiver {

    /// The kind of a call that brings a file; the name of one that is fetched comes after it.
    String MEDIA = "media";

    /// Takes the file that `body` is. `head` is the call without its body.
    Answer bring(Line line, Request head, InputStream body);

    /// The file that is called `name`; empty when it is none that the line may fetch, or no longer.
    ///
    /// @throws IOException when it cannot be had now.
    Optional<Attachment> give(Line line, String name) throws IOException;
}
