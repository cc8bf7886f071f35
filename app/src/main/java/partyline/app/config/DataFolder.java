package partyline.app.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import partyline.kernel.Database;
import partyline.kernel.OwnerOnly;
import partyline.kernel.SqliteLibrary;
import partyline.kernel.StartupFailure;

/// The folder with everything that this server keeps, held by one process at a time through a lock file. The
/// lock file also remembers which file the database was, and how it was left, so that a start knows a copy
/// from the real thing.
public final class DataFolder implements AutoCloseable {

    public static final String DATABASE = "partyline.db";
    public static final String SERVER_KEY = "server.key";
    public static final String MEDIA = "media";

    private static final String QUARANTINE = "quarantine";
    private static final String LOCK = "partyline.lock";
    private static final int LONGEST_STAMP = 200;

    private final Path path;
    private final FileChannel lock;
    private final Database.History history;

    /// Which file the database is (`number`, which a copy does not share), and how it was when its last
    /// connection closed; a log of changes beside it says that none closed it.
    private record DatabaseStamp(long number, long bytes, long changedNanos, boolean closed) {

        static DatabaseStamp of(Path database) throws IOException {
            boolean unix =
                    database.getFileSystem().supportedFileAttributeViews().contains("unix");
            return new DatabaseStamp(
                    unix ? (long) Files.getAttribute(database, "unix:ino") : 0,
                    Files.size(database),
                    Files.getLastModifiedTime(database).to(TimeUnit.NANOSECONDS),
                    Files.notExists(database.resolveSibling(database.getFileName() + "-wal")));
        }

        String inUse() {
            return number + " in use";
        }

        /// What a later start finds true of a file that nobody touched since.
        String left() {
            return closed ? number + " left " + bytes + " " + changedNanos : inUse();
        }

        /// Whether the text was said of this very file.
        boolean isOf(String said) {
            return said.startsWith(number + " ");
        }
    }

    private DataFolder(Path path, FileChannel lock) throws IOException {
        this.path = path;
        this.lock = lock;
        Path database = path.resolve(DATABASE);
        if (Files.notExists(database)) {
            Files.createFile(database, OwnerOnly.file(database));
            history = Database.History.LEFT_WELL;
        } else {
            history = history(stamp(), DatabaseStamp.of(database));
        }
        leave(DatabaseStamp.of(database).inUse());
    }

    /// The folder, if a server ever ran there.
    ///
    /// @throws StartupFailure when none did.
    public static Path existing(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        if (Files.notExists(path.resolve(DATABASE))) {
            throw new StartupFailure("There is no Partyline in the folder " + path
                    + ": start the server there once, or name its folder with --data.");
        }
        return path;
    }

    /// Whether a process holds the folder.
    public static boolean isHeld(Path folder) {
        Path file = folder.resolve(LOCK);
        if (Files.notExists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return !lock(channel);
        } catch (IOException e) {
            return true;
        }
    }

    /// Makes the folder if need be (for its owner alone) and takes it.
    ///
    /// @throws StartupFailure when it cannot be written or another process holds it.
    public static DataFolder take(Path folder) {
        return tryTake(folder)
                .orElseThrow(() -> new StartupFailure("Another Partyline uses the data folder "
                        + folder.toAbsolutePath().normalize() + ": stop it, or choose another folder with --data."));
    }

    /// [#take], but empty when another process holds the folder.
    public static Optional<DataFolder> tryTake(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        try {
            if (mayClose(path)) {
                OwnerOnly.folder(path);
            }
            Path file = path.resolve(LOCK);
            FileChannel channel = FileChannel.open(
                    file,
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                    OwnerOnly.file(file));
            if (!lock(channel)) {
                channel.close();
                return Optional.empty();
            }
            OwnerOnly.folder(media(path));
            SqliteLibrary.load(sqlite(path));
            return Optional.of(new DataFolder(path, channel));
        } catch (IOException e) {
            throw new StartupFailure(
                    "The user %s cannot write to the data folder %s (%s): choose another one with --data, or change its owner."
                            .formatted(System.getProperty("user.name"), path, e),
                    e);
        }
    }

    public Path path() {
        return path;
    }

    public Path database() {
        return path.resolve(DATABASE);
    }

    public Path serverKey() {
        return path.resolve(SERVER_KEY);
    }

    /// Where files are that agents uploaded and people sent.
    public Path media() {
        return media(path);
    }

    public static Path media(Path data) {
        return data.resolve(MEDIA);
    }

    /// Where SQLite itself is kept.
    public static Path sqlite(Path data) {
        return data.resolve("sqlite");
    }

    /// Makes a server that starts here keep still until [#endQuarantine].
    ///
    /// @throws IOException when that cannot be written down.
    public static void quarantine(Path data) throws IOException {
        Path mark = data.resolve(QUARANTINE);
        Files.createFile(mark, OwnerOnly.file(mark));
    }

    public boolean isInQuarantine() {
        return Files.exists(path.resolve(QUARANTINE));
    }

    /// Whether there was one to end.
    ///
    /// @throws IOException when the folder cannot be written.
    public boolean endQuarantine() throws IOException {
        return Files.deleteIfExists(path.resolve(QUARANTINE));
    }

    /// How many bytes the database has, its log of changes, and the disk left for us.
    public record Sizes(long database, long log, long free) {}

    public Sizes sizes() {
        return new Sizes(
                database().toFile().length(),
                path.resolve(DATABASE + "-wal").toFile().length(),
                path.toFile().getUsableSpace());
    }

    /// How many bytes the disk has that this folder is on.
    public long diskBytes() {
        return path.toFile().getTotalSpace();
    }

    /// What is known of the database that was found here.
    public Database.History history() {
        return history;
    }

    /// To be called when the database is closed.
    @Override
    public void close() throws IOException {
        try (lock) {
            if (Files.exists(database())) {
                leave(DatabaseStamp.of(database()).left());
            }
        }
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /// Whether the folder is there for us alone: new, empty, or one that we have used. One that everybody may
    /// write to was never meant so.
    private static boolean mayClose(Path path) throws IOException {
        if (Files.notExists(path)) {
            return true;
        }
        if (!Files.isDirectory(path) || !Files.isWritable(path) || isEverybodys(path)) {
            return false;
        }
        try (Stream<Path> files = Files.list(path)) {
            return Files.exists(path.resolve(DATABASE)) || files.findAny().isEmpty();
        }
    }

    private static boolean isEverybodys(Path path) throws IOException {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix")
                && Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_WRITE);
    }

    private static Database.History history(String left, DatabaseStamp now) {
        if (left.equals(now.left())) {
            return Database.History.LEFT_WELL;
        }
        return now.isOf(left) ? Database.History.INTERRUPTED : Database.History.UNKNOWN;
    }

    private String stamp() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_STAMP);
        lock.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private void leave(String stamp) throws IOException {
        lock.truncate(0);
        lock.write(ByteBuffer.wrap(stamp.getBytes(StandardCharsets.UTF_8)), 0);
    }
}
