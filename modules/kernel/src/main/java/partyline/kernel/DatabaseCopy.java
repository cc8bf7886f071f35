package partyline.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;

/// A database file that nobody writes to: a backup. It is made from a file at rest as well as from one that a server
/// writes to, in this process or in another, and it is only ever read here. For one thread at a time.
public final class DatabaseCopy implements AutoCloseable {

    /// The newest schema that this program knows.
    public static final int NEWEST_SCHEMA = Migrations.UNRELEASED + Migrations.FILES.size();

    /// The newest event of all organizations.
    public record NewestEvent(long number, Instant at) {}

    private final Path file;
    private final Handle handle;

    private DatabaseCopy(Path file, Handle handle) {
        this.file = file;
        this.handle = handle;
    }

    /// Copies `database` as it is at this moment to `copy`, which is its owner's alone. Who writes meanwhile
    /// does not wait; what was on disk before is in the copy. It goes as fast as it can: until it ends the log
    /// of changes cannot begin anew, and a long log is what slows the others down.
    ///
    /// @throws IOException when `copy` is there already, or its disk does not take it.
    /// @throws StartupFailure when `database` cannot be read, or is none of ours.
    public static void take(Path database, Path copy) throws IOException {
        try (Handle source = SqliteConnections.visitor(database)) {
            Migrations.refuseForeign(source, database);
            Files.createFile(copy, OwnerOnly.file(copy));
            SqliteConnections.copy(source, copy);
        } catch (JdbiException | SQLException e) {
            throw new IOException("the database " + database + " cannot be copied: " + SqliteConnections.words(e), e);
        }
    }

    /// Opens the copy; nothing is changed in it or beside it.
    ///
    /// @throws IOException when it cannot be read, in SQLite's words.
    /// @throws StartupFailure when it is no database of ours.
    public static DatabaseCopy open(Path file) throws IOException {
        Handle handle;
        try {
            handle = SqliteConnections.reader(file);
        } catch (IllegalStateException e) {
            throw new IOException(SqliteConnections.words(e), e);
        }
        try {
            Migrations.refuseForeign(handle, file);
            return new DatabaseCopy(file, handle);
        } catch (JdbiException e) {
            handle.close();
            throw new IOException(SqliteConnections.words(e), e);
        } catch (RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    public int schema() {
        return Migrations.refuseForeign(handle, file);
    }

    /// What is wrong with it, in SQLite's words; empty when nothing is.
    public Optional<String> damage() {
        return Integrity.damage(handle);
    }

    /// How many rows each table has.
    public SortedMap<String, Long> rows() {
        return rows(Throttle.none());
    }

    /// How many rows each table has, table by table.
    public SortedMap<String, Long> rows(Throttle throttle) {
        SortedMap<String, Long> rows = new TreeMap<>();
        handle.createQuery(
                        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'")
                .mapTo(String.class)
                .list()
                .forEach(table -> {
                    rows.put(
                            table,
                            handle.createQuery("SELECT count(*) FROM \"" + table + "\"")
                                    .mapTo(Long.class)
                                    .one());
                    throttle.rest();
                });
        return rows;
    }

    /// Empty when nothing ever happened, or all of it was forgotten.
    public Optional<NewestEvent> newestEvent() {
        return handle.createQuery("""
                        SELECT j.seq, j.occurred_at
                          FROM journal_head h JOIN journal j
                            ON j.organization_no = h.organization_no
                           AND j.seq = (SELECT max(seq) FROM journal WHERE organization_no = h.organization_no)
                         ORDER BY j.seq DESC LIMIT 1
                        """)
                .map((row, _) -> new NewestEvent(row.getLong("seq"), Timestamps.instant(row.getLong("occurred_at"))))
                .findOne();
    }

    /// For what a module knows of its own tables.
    public Handle handle() {
        return handle;
    }

    @Override
    public void close() {
        handle.close();
    }
}
