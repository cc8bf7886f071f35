package partyline.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;

/// Brings the schema up to date. The version is kept in `PRAGMA user_version` and counts the files applied, on from
/// [#UNRELEASED]; files and version change in one transaction.
final class Migrations {

    /// Versions up to this one are of the time before the first release, when these files were still written anew: what
    /// has one is refused, and the programs of that time take what has a later one for newer than they are.
    static final int UNRELEASED = 130;

    static final List<String> FILES = List.of(
            "0001_kernel.sql",
            "0002_identities.sql",
            "0003_rules.sql",
            "0004_contacts.sql",
            "0005_transport.sql",
            "0006_media.sql",
            "0007_conversations.sql",
            "0008_router.sql",
            "0009_webhooks.sql",
            "0010_simulator.sql",
            "0011_search.sql",
            "0012_conversations.sql",
            "0013_media.sql",
            "0014_conversations.sql",
            "0015_router.sql");

    private Migrations() {}

    static void apply(Handle handle, Path file) {
        apply(handle, file, FILES);
    }

    static void apply(Handle handle, Path file, List<String> files) {
        int version = refuseForeign(handle, file);
        int newest = UNRELEASED + files.size();
        refuseNewer(file, version, newest);
        if (version == newest) {
            return;
        }
        if (version > 0) {
            copy(handle, file, version);
        }
        execute(handle, "BEGIN IMMEDIATE");
        for (String name : after(version, files)) {
            execute(handle, script(name));
        }
        execute(handle, "PRAGMA user_version = " + newest);
        execute(handle, "COMMIT");
    }

    /// Those of `files` that a database of this version lacks.
    static List<String> after(int version, List<String> files) {
        return files.subList(version == 0 ? 0 : version - UNRELEASED, files.size());
    }

    /// Whoever goes back to an older program wants one of the copies that upgrades left.
    static void refuseNewer(Path file, int version, int newest) {
        if (version <= newest) {
            return;
        }
        String copies = copies(file, newest).stream()
                .map(copy -> copy.getFileName().toString())
                .collect(Collectors.joining(", "));
        throw new StartupFailure("The database " + file + " has schema " + version
                + ", written by a newer Partyline than this one, which knows " + newest + ": start the newer jar, or "
                + (copies.isEmpty()
                        ? "restore a backup of before its upgrade: none of its copies is beside the database."
                        : "go back to what was before its upgrade, without what came since: move " + file.getFileName()
                                + " and its -wal away, and give its name to the copy beside it (" + copies + ")."));
    }

    /// The copies beside the database that a program reads which knows `newest`, the newest of them first.
    private static List<Path> copies(Path file, int newest) {
        Pattern name = Pattern.compile(Pattern.quote(file.getFileName() + ".schema-") + "(\\d{1,9})(-\\d+)?\\.bak");
        try (Stream<Path> beside =
                Files.list(Objects.requireNonNull(file.toAbsolutePath().getParent()))) {
            return beside.filter(it -> {
                        Matcher matcher = name.matcher(it.getFileName().toString());
                        return matcher.matches() && Integer.parseInt(matcher.group(1)) <= newest;
                    })
                    .sorted(Comparator.comparingLong((Path it) -> it.toFile().lastModified())
                            .reversed())
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static int version(Handle handle, Path file) {
        try {
            return handle.createQuery("PRAGMA user_version").mapTo(int.class).one();
        } catch (RuntimeException e) {
            throw notOurs(file, e);
        }
    }

    /// Refuses what is no database of ours, or one of the time before the first release. Ours has the journal from its
    /// first version on; one without a version has nothing at all.
    ///
    /// @return the version; 0 for a database that is still empty.
    static int refuseForeign(Handle handle, Path file) {
        int version = version(handle, file);
        List<String> tables = handle.createQuery("SELECT name FROM sqlite_master WHERE type = 'table'")
                .mapTo(String.class)
                .list();
        if (version == 0 ? !tables.isEmpty() : !tables.contains("journal_head")) {
            throw notOurs(file, null);
        }
        if (version != 0 && version <= UNRELEASED) {
            throw new StartupFailure(
                    "The database " + file + " has schema " + version
                            + ", of the time before the first release, which is not read any more: start with a new folder"
                            + " (--data FOLDER), and take people's data out of this one with the `export` of the jar that wrote it.");
        }
        return version;
    }

    private static StartupFailure notOurs(Path file, @Nullable Throwable cause) {
        return new StartupFailure(
                "The file " + file + " is not a Partyline database: move it away, or restore it from a backup.", cause);
    }

    /// Copies the database beside itself; a copy of an earlier attempt is kept too.
    private static void copy(Handle handle, Path file, int version) {
        Path copy = copyOf(file, version);
        try {
            Files.createFile(copy, OwnerOnly.file(copy));
            handle.execute("VACUUM INTO ?", copy.toString());
        } catch (IOException | JdbiException e) {
            throw new StartupFailure(
                    "Cannot copy the database to " + copy + " before its upgrade (" + e
                            + "), so it was not upgraded: make room on the disk, or move the file of that name away.",
                    e);
        }
    }

    /// Where the copy goes that is made before the next upgrade.
    static Path copyOf(Path file, int version) {
        String name = file.getFileName() + ".schema-" + version;
        Path copy = file.resolveSibling(name + ".bak");
        for (int attempt = 2; Files.exists(copy); attempt++) {
            copy = file.resolveSibling(name + "-" + attempt + ".bak");
        }
        return copy;
    }

    private static String script(String name) {
        try (InputStream in = Migrations.class.getResourceAsStream("/db/sqlite/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its own file db/sqlite/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read db/sqlite/" + name, e);
        }
    }

    /// Jdbi would take only the first statement of a script; SQLite's own executor takes them all.
    private static void execute(Handle handle, String sql) {
        try (var statement = handle.getConnection().createStatement()) {
            statement.executeUpdate(sql);
        } catch (SQLException e) {
            throw new StartupFailure("Upgrading the database failed (" + e.getMessage() + "); it is unchanged.", e);
        }
    }
}
