package partyline.kernel;

import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;

/// The id of anything that is stored: a UUID, made by [Ids], kept and sent as its 36 lower-case characters.
public record Id(UUID value) {

    private static final int LENGTH = 36;

    /// The id that `text` spells.
    ///
    /// @throws IllegalArgumentException when it spells none; for text from outside use [#tryParse].
    public static Id parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("not a UUID"));
    }

    /// The id that `text` spells, or empty. `UUID.fromString` alone would accept `1-1-1-1-1`.
    public static Optional<Id> tryParse(String text) {
        return isCanonical(text) ? Optional.of(new Id(UUID.fromString(text))) : Optional.empty();
    }

    /// By hand: every row that is read passes here.
    private static boolean isCanonical(String text) {
        if (text.length() != LENGTH) {
            return false;
        }
        for (int at = 0; at < LENGTH; at++) {
            boolean hyphen = at == 8 || at == 13 || at == 18 || at == 23;
            char found = text.charAt(at);
            if (hyphen ? found != '-' : !HexFormat.isHexDigit(found)) {
                return false;
            }
        }
        return true;
    }

    public String text() {
        return value.toString();
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
