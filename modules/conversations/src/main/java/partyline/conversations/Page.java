package partyline.conversations;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Rows of a list in their order; with `more`, others may follow.
public record Page<T>(List<T> rows, boolean more) {

    /// In characters. What is read beyond it would be held several times over while it is told.
    private static final int LARGEST = 512 * 1_024;

    /// The first of `rows`, at most `most`; fewer where what they say is large.
    static <T> Page<T> of(Iterator<T> rows, int most, Function<T, @Nullable String> said) {
        List<T> found = new ArrayList<>();
        int size = 0;
        while (found.size() < most && size < LARGEST && rows.hasNext()) {
            T row = rows.next();
            String text = said.apply(row);
            size += text == null ? 0 : text.length();
            found.add(row);
        }
        return new Page<>(found, found.size() == most || size >= LARGEST);
    }

    static Page<Message> ofMessages(Iterator<Message> rows, int most) {
        return of(rows, most, message -> message.content().text());
    }
}
