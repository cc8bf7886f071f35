package partyline.identities;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// The name that people connect to: 3 to 63 of `a-z`, `0-9` and `-`, no hyphen at either end; shown with a leading `@`,
/// kept without. Unique over all organizations.
public record Handle(String text) {

    private static final Pattern SHAPE = Pattern.compile("[a-z0-9](?:[a-z0-9-]{1,61}[a-z0-9])");

    public Handle {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("not a handle");
        }
    }

    /// The handle that `text` spells, in any case and with or without one `@`; empty when it cannot be one.
    public static Optional<Handle> parse(String text) {
        String bare = (text.startsWith("@") ? text.substring(1) : text).toLowerCase(Locale.ROOT);
        return SHAPE.matcher(bare).matches() ? Optional.of(new Handle(bare)) : Optional.empty();
    }

    @Override
    public String toString() {
        return "@" + text;
    }
}
