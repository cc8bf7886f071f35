package partyline.kernel;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/// A small pool of reading connections, opened when first needed.
///
/// Four are fewer than the virtual threads' carriers (eight): a read holds its carrier, and others must go on.
final class Readers implements AutoCloseable {

    private static final int CONNECTIONS = 4;
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private final Path file;
    private final Semaphore permits = new Semaphore(CONNECTIONS, true);
    private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();
    private volatile boolean closed;

    Readers(Path file) {
        this.file = file;
    }

    <T> T run(Function<Handle, T> query) {
        permits.acquireUninterruptibly();
        try {
            if (closed) {
                throw new IllegalStateException("the database is closed");
            }
            Reader pooled = idle.pollFirst();
            Reader reader = pooled == null ? Reader.of(SqliteConnections.reader(file)) : pooled;
            reader.execute(reader.begin());
            try {
                return query.apply(reader.handle());
            } finally {
                reader.execute(reader.end());
                idle.addFirst(reader);
            }
        } finally {
            permits.release();
        }
    }

    /// Runs `task` while nobody reads; not at all when those who do take long.
    void stopFor(Runnable task) {
        try {
            if (permits.tryAcquire(CONNECTIONS, PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
                try {
                    task.run();
                } finally {
                    permits.release(CONNECTIONS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Waits for the reads in progress; later ones are refused.
    @Override
    public void close() {
        permits.acquireUninterruptibly(CONNECTIONS);
        closed = true;
        idle.forEach(reader -> reader.handle().close());
        idle.clear();
        permits.release(CONNECTIONS);
    }

    /// A connection and what stands around each of its reads; where that fails, the connection is not used again.
    private record Reader(Handle handle, PreparedStatement begin, PreparedStatement end) {

        static Reader of(Handle handle) {
            try {
                Connection connection = handle.getConnection();
                return new Reader(
                        handle, connection.prepareStatement("BEGIN"), connection.prepareStatement("ROLLBACK"));
            } catch (SQLException e) {
                throw refused(e);
            }
        }

        /// Closes the connection when it fails.
        void execute(PreparedStatement statement) {
            try {
                statement.execute();
            } catch (SQLException e) {
                handle.close();
                throw refused(e);
            }
        }

        private static IllegalStateException refused(SQLException cause) {
            return new IllegalStateException("SQLite refuses to read", cause);
        }
    }
}
