package partyline.kernel;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Until when something waits, and when that was decided, by the clock of that moment. It is stored in two
/// columns, whose second is `put_off_at`. A clock that shows less than that went back since; how far nobody
/// can tell, so nothing waits for it.
public record Postponement(Optional<Instant> until, Optional<Instant> decidedAt) {

    /// It waits for nothing.
    public static final Postponement NONE = new Postponement(Optional.empty(), Optional.empty());

    /// What the row says; `until` is the name of that column.
    public static Postponement read(ResultSet row, String until) throws SQLException {
        return new Postponement(Timestamps.read(row, until), Timestamps.read(row, "put_off_at"));
    }

    /// How long it still has to wait: zero when it is due.
    public Duration left(Instant now) {
        boolean stands = decidedAt.filter(at -> !at.isAfter(now)).isPresent();
        Duration left = stands ? until.map(at -> Duration.between(now, at)).orElse(Duration.ZERO) : Duration.ZERO;
        return left.isPositive() ? left : Duration.ZERO;
    }
}
