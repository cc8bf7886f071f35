package partyline.kernel;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/// How much waits somewhere, counted up to [#MOST], and since when the oldest of what was counted does.
public record Backlog(int count, Optional<Instant> oldest) {

    /// Nobody counts further: whoever asks wants to know whether it is much.
    public static final int MOST = 1_000;

    public static final Backlog NONE = new Backlog(0, Optional.empty());

    /// From a row that begins with a count and a time.
    public static Backlog of(ResultSet row) throws SQLException {
        return new Backlog(row.getInt(1), Timestamps.read(row, 2));
    }

    /// Both together.
    public Backlog plus(Backlog other) {
        return new Backlog(
                Math.min(MOST, count + other.count),
                Stream.of(oldest, other.oldest).flatMap(Optional::stream).min(Instant::compareTo));
    }
}
