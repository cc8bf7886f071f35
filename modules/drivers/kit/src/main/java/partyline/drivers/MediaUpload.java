package partyline.drivers;

import java.io.IOException;
import java.util.function.Function;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Outgoing;
import tools.jackson.databind.JsonNode;

/// What came of bringing what goes along with a text to a service that wants the bytes before it.
public sealed interface MediaUpload {

    /// Nothing goes along.
    record Nothing() implements MediaUpload {}

    /// The service has it; what it answered.
    record Done(JsonNode answer) implements MediaUpload {}

    /// It cannot be had, or the service will never take it: the text goes without.
    record Gone() implements MediaUpload {}

    /// The service does not take it now; nothing was sent.
    record Later() implements MediaUpload {}

    /// Brings the file of `message`, or else its contact card, to the service by `upload`.
    static MediaUpload of(Outgoing message, Attachments attachments, Function<Attachment, Reply> upload) {
        String url = message.mediaUrl();
        String card = message.contactCard();
        if (url == null && card == null) {
            return new Nothing();
        }
        try (Attachment file =
                url == null ? ContactCards.file(String.valueOf(card), attachments) : attachments.open(url)) {
            Reply reply = upload.apply(file);
            boolean never = reply instanceof Reply.Answered answer && answer.isRefusal();
            return reply.answer().<MediaUpload>map(Done::new).orElseGet(() -> never ? new Gone() : new Later());
        } catch (IOException e) {
            return new Gone();
        }
    }
}
