package partyline.kernel;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Instants as the database keeps them (microseconds since 1970) and as the wire shows them (ISO-8601, UTC, at most six
/// fractional digits, because that is what Python's `datetime.fromisoformat` takes).
public final class Timestamps {

    private Timestamps() {}

    /// Microseconds since 1970.
    ///
    /// @throws ArithmeticException for an instant some 292,000 years from then, which no column holds.
    public static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    public static @Nullable Long microsOrNull(@Nullable Instant instant) {
        return instant == null ? null : micros(instant);
    }

    public static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    /// The instant in a nullable column of the current row.
    public static Optional<Instant> read(ResultSet row, String column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(instant(micros));
    }

    /// The same by the place of the column, counted from 1.
    public static Optional<Instant> read(ResultSet row, int column) throws SQLException {
        long micros = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(instant(micros));
    }

    /// The instant that somebody else's ISO-8601 `text` spells, or empty.
    public static Optional<Instant> parse(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    public static String iso(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MICROS).toString();
    }

    public static @Nullable String isoOrNull(@Nullable Instant instant) {
        return instant == null ? null : iso(instant);
    }
}
