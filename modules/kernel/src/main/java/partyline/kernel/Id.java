package partyline.kernel;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// The id of anything that is stored: a UUID, made by [Ids], kept and sent as its 36 lower-case characters.
public record Id(UUID value) {

    private static final Pattern CANONICAL =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /// The id that `text` spells.
    ///
    /// @throws IllegalArgumentException when it spells none; for text from outside use [#tryParse].
    public static Id parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("not a UUID"));
    }

    /// The id that `text` spells, or empty. `UUID.fromString` alone would accept `1-1-1-1-1`.
    public static Optional<Id> tryParse(String text) {
        return CANONICAL.matcher(text).matches() ? Optional.of(new Id(UUID.fromString(text))) : Optional.empty();
    }

    public String text() {
        return value.toString();
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
