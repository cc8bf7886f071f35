package partyline.app;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import partyline.kernel.StartupFailure;

/// The folder with everything that this server keeps, held by one process at a time through a lock file.
final class DataFolder implements AutoCloseable {

    static final String DATABASE = "partyline.db";

    private final Path path;
    private final FileChannel lock;

    private DataFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /// Makes the folder if need be (for its owner alone) and takes it.
    ///
    /// @throws StartupFailure when it cannot be written or another process holds it.
    static DataFolder take(Path folder) {
        return tryTake(folder)
                .orElseThrow(() -> new StartupFailure("Another Partyline uses the data folder "
                        + folder.toAbsolutePath().normalize() + ": stop it, or choose another folder with --data."));
    }

    /// [#take], but empty when another process holds the folder.
    static Optional<DataFolder> tryTake(Path folder) {
        Path path = folder.toAbsolutePath().normalize();
        try {
            if (Files.notExists(path)) {
                create(path);
            }
            FileChannel channel = FileChannel.open(
                    path.resolve("partyline.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!lock(channel)) {
                channel.close();
                return Optional.empty();
            }
            ownDatabase(path.resolve(DATABASE));
            return Optional.of(new DataFolder(path, channel));
        } catch (IOException e) {
            throw new StartupFailure(
                    "The user %s cannot write to the data folder %s (%s): choose another one with --data, or change its owner."
                            .formatted(System.getProperty("user.name"), path, e),
                    e);
        }
    }

    Path path() {
        return path;
    }

    Path database() {
        return path.resolve(DATABASE);
    }

    Path serverKey() {
        return path.resolve("server.key");
    }

    /// Where files are that agents uploaded and people sent.
    Path media() {
        return media(path);
    }

    static Path media(Path data) {
        return data.resolve("media");
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /// Makes an empty database file for its owner alone, also in a folder that others may read; SQLite gives the files
    /// beside it the same permissions.
    private static void ownDatabase(Path file) throws IOException {
        if (Files.notExists(file)
                && file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        }
    }

    private static void create(Path path) throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
            Files.createDirectories(path.getParent());
            Files.createDirectory(path, ownerOnly);
        } else {
            Files.createDirectories(path);
        }
    }
}
