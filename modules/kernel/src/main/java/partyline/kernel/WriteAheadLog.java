package partyline.kernel;

import java.sql.SQLException;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps SQLite's log of changes short, from the writer's thread and connection, preferably while nobody waits.
///
/// In a pause what the log holds is brought into the database file. Under constant load SQLite does that itself now and
/// then, but begins the log anew only when nobody reads at that moment; where somebody always does, the readers are
/// stopped for the moment that it takes. Used by the writer's thread alone.
final class WriteAheadLog {

    private static final Logger LOG = LoggerFactory.getLogger(WriteAheadLog.class);
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final Duration FOR_EVER = Duration.ofHours(1);
    private static final long OPTIMIZED_EVERY_NANOS = Duration.ofHours(6).toNanos();
    private static final int GROUPS_BETWEEN_LOOKS = 64;
    private static final long FOREIGN_READER_NANOS = Duration.ofSeconds(2).toNanos();

    /// In pages of 4 KiB: from where on the log is brought over in a pause, under load, and even if readers must wait.
    record Lengths(int pause, int load, int longest) {

        static final Lengths USUAL = new Lengths(500, 4_000, 16_000);
    }

    private final Handle handle;
    private final Readers readers;
    private final Lengths lengths;
    private boolean grown;
    private int groups;
    private long optimizedNanos = System.nanoTime();
    private long heldNanos = optimizedNanos - FOREIGN_READER_NANOS;

    WriteAheadLog(Handle handle, Readers readers, Lengths lengths) {
        this.handle = handle;
        this.readers = readers;
        this.lengths = lengths;
        attempt("PRAGMA wal_autocheckpoint = " + lengths.load());
        attempt("PRAGMA journal_size_limit = " + lengths.longest() * 4_096L);
    }

    /// How long without a write is a pause.
    Duration pause() {
        return grown ? PAUSE : FOR_EVER;
    }

    /// A group was committed.
    void grown() {
        grown = true;
        if (++groups % GROUPS_BETWEEN_LOOKS == 0
                && System.nanoTime() - heldNanos > FOREIGN_READER_NANOS
                && pages() > lengths.longest()) {
            readers.stopFor(this::cut);
        }
    }

    /// Nobody waits.
    void rest() {
        if (!grown) {
            return;
        }
        grown = false;
        if (pages() > lengths.pause()) {
            checkpoint("PASSIVE");
        }
        if (System.nanoTime() - optimizedNanos > OPTIMIZED_EVERY_NANOS) {
            optimizedNanos = System.nanoTime();
            attempt("PRAGMA optimize");
        }
    }

    /// Another program may be reading, or a backup be taken; writers do not wait for that, and seldom try.
    private void cut() {
        attempt("PRAGMA busy_timeout = 20");
        if (checkpoint("TRUNCATE") > 0) {
            heldNanos = System.nanoTime();
        }
        attempt("PRAGMA busy_timeout = " + SqliteConnections.BUSY_MILLIS);
    }

    private long pages() {
        return attempt("PRAGMA wal_checkpoint(NOOP)");
    }

    /// The length of the log after it.
    private long checkpoint(String mode) {
        return attempt("PRAGMA wal_checkpoint(" + mode + ")");
    }

    /// Runs a pragma and returns the second column of its answer, for checkpoints the length of the log. What fails
    /// here fails nobody: the next write will tell.
    private long attempt(String pragma) {
        try (var statement = handle.getConnection().createStatement()) {
            if (!statement.execute(pragma)) {
                return 0;
            }
            try (var row = statement.getResultSet()) {
                return row.next() && row.getMetaData().getColumnCount() > 1 ? row.getLong(2) : 0;
            }
        } catch (SQLException e) {
            if (!(StorageFull.or(e) instanceof StorageFull)) {
                LOG.warn(
                        "event=upkeep_failed what=\"{}\""
                                + " fix=\"look whether another program holds the database; it is tried again\"",
                        pragma,
                        e);
            }
            return 0;
        }
    }
}
