package partyline.kernel;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteOpenMode;

/// Opens connections to the database file with the settings that our promises need.
final class SqliteConnections {

    static final int BUSY_MILLIS = 5_000;

    private SqliteConnections() {}

    /// The connection that writes. It changes nothing in the file yet, which may be another program's.
    static Handle writer(Path file) {
        SQLiteConfig config = common();
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        try {
            Handle handle = open(file, config);
            // Without it SQLite leaves what was deleted in the file until it needs the place.
            handle.execute("PRAGMA secure_delete = ON");
            keepTemporaryInMemory(handle, true);
            return handle;
        } catch (SQLException | JdbiException e) {
            throw cannotOpen(file, e);
        }
    }

    /// Makes the file keep its changes in a log beside it, so that reading and writing do not wait for each other.
    static void useWriteAheadLog(Handle writer, Path file) {
        try {
            writer.execute("PRAGMA journal_mode = WAL");
        } catch (JdbiException e) {
            throw cannotOpen(file, e);
        }
    }

    /// Says what SQLite says, and advises only where that tells what to do.
    private static StartupFailure cannotOpen(Path file, Exception cause) {
        Throwable root = root(cause);
        String advice = root instanceof SQLiteException sqlite ? advice(sqlite.getResultCode()) : "";
        return new StartupFailure(
                "Cannot open the database " + file + " (" + root.getMessage() + ")" + (advice.isEmpty() ? "." : advice),
                cause);
    }

    /// What SQLite itself said.
    static String words(Exception failure) {
        return String.valueOf(root(failure).getMessage());
    }

    private static Throwable root(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String advice(SQLiteErrorCode code) {
        return switch (SQLiteErrorCode.getErrorCode(code.code & 0xFF)) {
            case SQLITE_NOTADB -> ": it is no database; move it away, or restore it from a backup.";
            case SQLITE_CORRUPT -> ": it is damaged; restore it from a backup.";
            case SQLITE_FULL -> ": make room on the disk.";
            case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_IOERR ->
                ": make sure that the folder is there, on a disk that can be written, and this user's.";
            case SQLITE_BUSY, SQLITE_LOCKED -> ": another program is at work in it; end that first.";
            default -> "";
        };
    }

    static Handle reader(Path file) {
        SQLiteConfig config = common();
        config.setCacheSize(-4_000);
        config.setReadOnly(true);
        try {
            return open(file, config);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot open a reading connection to " + file, e);
        }
    }

    /// For somebody who changes nothing, in a file that others may be writing to or that nobody has open. It could
    /// write:
    /// one that cannot leaves the log of changes behind that it has to make beside a file at rest.
    static Handle visitor(Path file) {
        SQLiteConfig config = common();
        config.setCacheSize(-4_000);
        config.setOpenMode(SQLiteOpenMode.READWRITE);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        try {
            return open(file, config);
        } catch (SQLException e) {
            throw cannotOpen(file, e);
        }
    }

    /// Copies all that `source` sees into the empty file `copy`, in one step, which nobody's writes make begin anew. It
    /// needs no log beside it.
    static void copy(Handle source, Path copy) throws SQLException {
        int code = source.getConnection()
                .unwrap(SQLiteConnection.class)
                .getDatabase()
                .backup("main", copy.toString(), null, BUSY_MILLIS / 10, 10, -1);
        if (code != SQLiteErrorCode.SQLITE_OK.code) {
            throw new SQLException(String.valueOf(SQLiteErrorCode.getErrorCode(code)));
        }
        try (Handle copied = visitor(copy)) {
            copied.execute("PRAGMA journal_mode = DELETE");
        }
    }

    /// A savepoint copies every page that it changes aside, by default into a file from the sixteenth page on: most of
    /// what a busy writer would do. A rewrite of the whole database has no place in memory, though.
    static void keepTemporaryInMemory(Handle writer, boolean inMemory) {
        writer.execute("PRAGMA temp_store = " + (inMemory ? "MEMORY" : "FILE"));
    }

    /// Lets go of the statements that a connection of ours keeps for later.
    static void forgetStatements(Handle handle) {
        try {
            ((Rows.StatementCache) handle.getStatementBuilder()).forget();
        } catch (SQLException e) {
            throw new IllegalStateException("cannot close a statement", e);
        }
    }

    private static SQLiteConfig common() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.enforceForeignKeys(true);
        config.setCacheSize(-16_000);
        // Nobody asks for them, and the driver would run a query after every insert to know them.
        config.setGetGeneratedKeys(false);
        return config;
    }

    /// Transactions are begun and ended by our own statements. The driver must not know, or it would try to begin and
    /// end another around each statement; nor must Jdbi think that one was forgotten.
    private static Handle open(Path file, SQLiteConfig config) throws SQLException {
        Connection connection = config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        connection.unwrap(SQLiteConnection.class).getConnectionConfig().setAutoCommit(false);
        Handle handle = Jdbi.open(connection);
        handle.getConfig(Handles.class).setForceEndTransactions(false);
        handle.setStatementBuilder(new Rows.StatementCache());
        return handle;
    }
}
