package partyline.kernel;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether a database file is whole: every row in every index, no page astray. A copy that was taken while a
/// server wrote is often not, and nothing else would notice for weeks.
///
/// Looking takes some seconds for each 100 MB, so a file that is as it was left is trusted. Thread-safe.
final class Integrity implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Integrity.class);
    private static final String LOOK = "PRAGMA integrity_check(3)";

    private final Path file;
    private volatile Optional<String> damage = Optional.empty();
    private volatile @Nullable Statement looking;
    private volatile boolean closed;
    private @Nullable Thread thread;

    Integrity(Path file) {
        this.file = file;
    }

    /// What is wrong with the file, in SQLite's words; empty when nothing is.
    static Optional<String> damage(Handle handle) {
        try (Statement statement = handle.getConnection().createStatement()) {
            return look(statement);
        } catch (SQLException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /// Looks while others work. What it finds is told to `listener`, and stays in [#found].
    void lookInBackground(Consumer<String> listener) {
        thread = Thread.ofPlatform().name("database-check").daemon().start(() -> {
            try (Handle handle = SqliteConnections.reader(file);
                    Statement statement = handle.getConnection().createStatement()) {
                looking = statement;
                damage = closed ? Optional.empty() : look(statement).filter(_ -> !closed);
            } catch (SQLException | RuntimeException e) {
                damage = closed ? Optional.empty() : Optional.of(String.valueOf(e.getMessage()));
            } finally {
                looking = null;
            }
            damage.ifPresent(listener);
        });
    }

    /// What the look in the background has found so far.
    Optional<String> found() {
        return damage;
    }

    private static Optional<String> look(Statement statement) throws SQLException {
        List<String> found = new ArrayList<>();
        try (var rows = statement.executeQuery(LOOK)) {
            while (rows.next()) {
                found.add(rows.getString(1).replace('\n', ' '));
            }
        }
        return found.equals(List.of("ok")) ? Optional.empty() : Optional.of(String.join("; ", found));
    }

    /// Ends a look that goes on.
    @Override
    public void close() {
        closed = true;
        Statement statement = looking;
        try {
            if (statement != null) {
                statement.cancel();
            }
            if (thread != null) {
                thread.join();
            }
        } catch (SQLException e) {
            LOG.debug("event=check_ended", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
