package partyline.drivers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Outgoing;

/// The files of a message, open, for a line that sends each by itself: its media, then its contact card; and what had
/// to be left out. Whoever makes one closes it.
public record OutgoingFiles(List<Attachment> files, Set<String> leftOut) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OutgoingFiles.class);
    private static final int SHORT = 8;

    public OutgoingFiles {
        files = List.copyOf(files);
        leftOut = Set.copyOf(leftOut);
    }

    public static OutgoingFiles of(Outgoing message, Attachments attachments) {
        List<Attachment> files = new ArrayList<>();
        Set<String> leftOut = Set.of();
        if (message.mediaUrl() != null) {
            try {
                files.add(attachments.open(message.mediaUrl()));
            } catch (IOException e) {
                LOG.warn(
                        "event=media_left_out message={} cause={}",
                        message.clientId(),
                        e.getClass().getSimpleName());
                leftOut = Set.of("media");
            }
        }
        if (message.contactCard() != null) {
            files.add(card(message, ContactCards.file(message.contactCard(), attachments)));
        }
        return new OutgoingFiles(files, leftOut);
    }

    /// A Mac may take a file for an older one of the same name, so no two cards share theirs.
    private static Attachment card(Outgoing message, Attachment file) {
        String id = message.clientId().text().replace("-", "");
        String name = "contact-" + id.substring(id.length() - SHORT) + ".vcf";
        return new Attachment(name, file.contentType(), file.size(), file.body());
    }

    @Override
    public void close() {
        for (Attachment file : files) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.debug("event=media_close_failed file={}", file.name(), e);
            }
        }
    }
}
