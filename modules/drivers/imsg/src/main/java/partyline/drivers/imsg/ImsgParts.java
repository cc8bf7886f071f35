package partyline.drivers.imsg;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import partyline.drivers.OutgoingFiles;
import partyline.transport.Attachments;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Outgoing;

/// A message as what imsg sends one by one, files first, so that the words are what it is known by. Whoever makes one
/// closes it.
record ImsgParts(List<Part> parts, OutgoingFiles files) implements AutoCloseable {

    /// Words or a file. `key` names it for ever; that of the last part is the message's.
    record Part(String key, @Nullable String text, @Nullable Attachment file) {}

    static ImsgParts of(Outgoing message, Attachments attachments) {
        OutgoingFiles opened = OutgoingFiles.of(message, attachments);
        List<Part> parts = new ArrayList<>();
        String id = message.clientId().text();
        for (Attachment file : opened.files()) {
            boolean last =
                    message.text() == null && parts.size() == opened.files().size() - 1;
            parts.add(new Part(last ? id : id + "#" + parts.size(), null, file));
        }
        if (message.text() != null) {
            parts.add(new Part(id, message.text(), null));
        }
        return new ImsgParts(parts, opened);
    }

    @Override
    public void close() {
        files.close();
    }
}
