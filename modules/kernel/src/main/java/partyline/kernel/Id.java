package partyline.kernel;

import java.util.Optional;
import java.util.UUID;

/// The id of anything that is stored: a UUID, made by [Ids], sent as its 36 lower-case characters.
///
/// Tables that grow with every message keep it as two numbers: the [#key], which is the number of the row itself and so
/// needs no index, and the [#salt].
public record Id(UUID value) {

    static final int COUNTER_BITS = 12;

    private static final int LENGTH = 36;
    private static final UUID NIL = new UUID(0, 0);
    private static final long COUNTER = (1 << COUNTER_BITS) - 1;
    /// The version of UUIDs.
    private static final long MADE_BY_US = 7;

    /// The id that `text` spells.
    ///
    /// @throws IllegalArgumentException when it spells none; for text from outside use [#tryParse].
    public static Id parse(String text) {
        return tryParse(text).orElseThrow(() -> new IllegalArgumentException("not a UUID"));
    }

    /// The id that `text` spells, or empty. `UUID.fromString` alone would accept `1-1-1-1-1`.
    public static Optional<Id> tryParse(String text) {
        try {
            UUID found = text.length() == LENGTH ? UUID.fromString(text) : NIL;
            return found.toString().equalsIgnoreCase(text) ? Optional.of(new Id(found)) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The id with this key and this salt.
    public static Id of(long key, long salt) {
        return new Id(new UUID(key >>> COUNTER_BITS << 16 | MADE_BY_US << COUNTER_BITS | key & COUNTER, salt));
    }

    /// Its milliseconds and counter, as one number of 60 bits that orders ids as their texts do; -1, which no row has,
    /// when it was not made by us.
    public long key() {
        long high = value.getMostSignificantBits();
        return value.version() == MADE_BY_US ? high >>> 16 << COUNTER_BITS | high & COUNTER : -1;
    }

    /// All else: what nobody can guess who knows the key.
    public long salt() {
        return value.getLeastSignificantBits();
    }

    public String text() {
        return value.toString();
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
