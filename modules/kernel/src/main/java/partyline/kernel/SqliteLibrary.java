package partyline.kernel;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// SQLite itself: machine code that the driver carries in its jar, and that must lie in a file to be run.
///
/// The driver alone would put it into the temporary folder, under another name at each start, and a process
/// that is halted or killed leaves it there. So it is kept at one place of ours; where that disk runs no
/// programs, the temporary folder serves, for the moment of loading.
public final class SqliteLibrary {

    private static final String PLACE = "org.sqlite.lib.path";
    /// With one of these the operator has chosen a place, and this class has nothing to do.
    private static final String[] CHOSEN = {PLACE, "org.sqlite.tmpdir"};

    private static final Logger LOG = LoggerFactory.getLogger(SqliteLibrary.class);

    private SqliteLibrary() {}

    /// Keeps the library in `folder`, which is made if need be, and loads it; before the first database is
    /// opened. Once is enough for a process.
    ///
    /// @throws StartupFailure when it can be run neither there nor in the temporary folder.
    public static synchronized void load(Path folder) {
        if (Arrays.stream(CHOSEN).anyMatch(it -> System.getProperty(it) != null)) {
            return;
        }
        Path kept = folder.toAbsolutePath();
        try {
            OwnerOnly.folder(kept);
            if (canRun(lay(kept))) {
                loadFrom(kept);
                return;
            }
            delete(kept);
        } catch (IOException e) {
            LOG.warn(
                    "event=sqlite_not_kept folder={}"
                            + " fix=\"let the server write and run programs there; the temporary folder serves now\"",
                    kept,
                    e);
        }
        loadForTheMoment(kept);
    }

    private static void loadForTheMoment(Path kept) {
        try {
            Path temporary = Files.createTempDirectory("partyline-sqlite");
            try {
                if (!canRun(lay(temporary))) {
                    throw new StartupFailure(
                            "SQLite's library can be run neither from " + kept + " nor from the temporary"
                                    + " folder " + temporary.getParent() + ", which is mounted noexec: start java with"
                                    + " -Dorg.sqlite.tmpdir=FOLDER, a folder that is not.");
                }
                loadFrom(temporary);
            } finally {
                delete(temporary);
            }
        } catch (IOException e) {
            throw new StartupFailure(
                    "Cannot write SQLite's library to " + kept + " or to the temporary folder (" + e
                            + "): check the folders' owner and room.",
                    e);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.deleteIfExists(file(folder));
        Files.deleteIfExists(folder);
    }

    private static void loadFrom(Path folder) {
        System.setProperty(PLACE, folder.toString());
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception e) {
            throw new StartupFailure(
                    "SQLite's library " + file(folder) + " cannot be loaded on this machine (" + e.getMessage()
                            + "): Partyline needs Linux, macOS or Windows on x86-64 or ARM64.",
                    e);
        }
    }

    /// Writes the library unless it is there, and whole; never over one that another process may be running.
    private static Path lay(Path folder) throws IOException {
        byte[] library = library();
        Path file = file(folder);
        if (Files.notExists(file) || !Arrays.equals(Files.readAllBytes(file), library)) {
            Path draft = folder.resolve(file.getFileName() + ".new");
            Files.deleteIfExists(draft);
            Files.createFile(draft, OwnerOnly.file(draft));
            Files.write(draft, library);
            if (isPosix(folder)) {
                Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rwx------"));
            }
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    private static byte[] library() throws IOException {
        String name = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
        try (InputStream in = SQLiteJDBCLoader.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new StartupFailure("This jar has no SQLite for this machine (" + name
                        + "): Partyline needs Linux, macOS or Windows on x86-64 or ARM64.");
            }
            return in.readAllBytes();
        }
    }

    private static Path file(Path folder) {
        return folder.resolve(LibraryLoaderUtil.getNativeLibName());
    }

    /// The kernel answers no for every file of a disk that is mounted noexec, also to root.
    private static boolean canRun(Path file) {
        return !isPosix(file) || Files.isExecutable(file);
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
