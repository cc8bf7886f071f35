package partyline.drivers.imsg;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.drivers.ContactCards;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Outgoing;

/// A message as what imsg sends one by one, files first, so that the words are what it is known by; and what had to be
/// left out. Whoever makes one closes it.
record MessageParts(List<Part> parts, Set<String> leftOut) implements AutoCloseable {

    /// Words or a file. `key` names it for ever; that of the last part is the message's.
    record Part(String key, @Nullable String text, @Nullable Attachment file) {}

    private static final Logger LOG = LoggerFactory.getLogger(MessageParts.class);
    private static final int SHORT = 8;

    static MessageParts of(Outgoing message, Attachments attachments) {
        Set<String> leftOut = new HashSet<>();
        List<Attachment> files = Stream.of(media(message, attachments, leftOut), card(message, attachments))
                .flatMap(Optional::stream)
                .toList();
        List<Part> parts = new ArrayList<>();
        String id = message.clientId().text();
        for (Attachment file : files) {
            boolean last = message.text() == null && parts.size() == files.size() - 1;
            parts.add(new Part(last ? id : id + "#" + parts.size(), null, file));
        }
        if (message.text() != null) {
            parts.add(new Part(id, message.text(), null));
        }
        return new MessageParts(parts, leftOut);
    }

    private static Optional<Attachment> media(Outgoing message, Attachments attachments, Set<String> leftOut) {
        if (message.mediaUrl() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(attachments.open(message.mediaUrl()));
        } catch (IOException e) {
            LOG.warn(
                    "event=media_left_out message={} cause={}",
                    message.clientId(),
                    e.getClass().getSimpleName());
            leftOut.add("media");
            return Optional.empty();
        }
    }

    /// No two cards share a name: a file that was sent is found by it.
    private static Optional<Attachment> card(Outgoing message, Attachments attachments) {
        return Optional.ofNullable(message.contactCard()).map(card -> {
            byte[] bytes = ContactCards.whole(card, attachments).getBytes(StandardCharsets.UTF_8);
            String id = message.clientId().text();
            return new Attachment(
                    "contact-" + id.substring(id.length() - SHORT) + ".vcf",
                    "text/vcard",
                    bytes.length,
                    new ByteArrayInputStream(bytes));
        });
    }

    @Override
    public void close() {
        for (Part part : parts) {
            Attachment file = part.file();
            if (file != null) {
                try {
                    file.close();
                } catch (IOException e) {
                    LOG.debug("event=media_close_failed part={}", part.key(), e);
                }
            }
        }
    }
}
