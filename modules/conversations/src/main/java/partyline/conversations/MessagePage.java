package partyline.conversations;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// Messages in a row, newest first; with `more`, older ones may follow.
public record MessagePage(List<Message> messages, boolean more) {

    /// In characters. What is read beyond it would be held several times over while it is told.
    private static final int LARGEST = 512 * 1_024;

    /// The first of `rows`, at most `most`; fewer where they are large.
    static MessagePage of(Iterator<Message> rows, int most) {
        List<Message> found = new ArrayList<>();
        int size = 0;
        while (found.size() < most && size < LARGEST && rows.hasNext()) {
            Message message = rows.next();
            String text = message.content().text();
            size += text == null ? 0 : text.length();
            found.add(message);
        }
        return new MessagePage(found, found.size() == most || size >= LARGEST);
    }
}
