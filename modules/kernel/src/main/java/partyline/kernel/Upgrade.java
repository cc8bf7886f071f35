package partyline.kernel;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// What the next start of this program would do to a database: run `scripts`, which bring the schema from one version
/// to another, after a copy of the `bytes` of the file to `copy`. Without scripts it would do nothing.
public record Upgrade(int from, int to, List<String> scripts, long bytes, Path copy) {

    /// A slow disk's, for writing what was read.
    private static final long BYTES_A_SECOND = 50_000_000;

    /// Looks at `database` and changes nothing, whether a server of any version runs there or not.
    ///
    /// @throws StartupFailure when this program would not start with it: it is newer, too old, or none of ours.
    public static Upgrade of(Path database) {
        // The last to leave a log of changes that a crash left would bring it into the file, unless it may only read.
        boolean logged = Files.exists(database.resolveSibling(database.getFileName() + "-wal"));
        try (Handle handle = logged ? SqliteConnections.reader(database) : SqliteConnections.visitor(database)) {
            int version = Migrations.refuseForeign(handle, database);
            Migrations.refuseNewer(database, version, DatabaseCopy.NEWEST_SCHEMA);
            return new Upgrade(
                    version,
                    DatabaseCopy.NEWEST_SCHEMA,
                    Migrations.after(version, Migrations.FILES),
                    database.toFile().length(),
                    Migrations.copyOf(database, version));
        }
    }

    /// About how long the start would take for it: the copy, and a look at every row for each script.
    public Duration duration() {
        return Duration.ofSeconds(1 + (1 + scripts.size()) * bytes / BYTES_A_SECOND);
    }

    /// How much room it takes for a while: the copy, and as much again where the scripts change every row.
    public long room() {
        return scripts.isEmpty() ? 0 : 2 * bytes;
    }
}
