package partyline.kernel;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Files and folders that are their owner's alone from their first byte on, whatever the umask says. Where
/// the disk knows no such permissions they are made without.
public final class OwnerOnly {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerOnly.class);

    private OwnerOnly() {}

    /// What to make a file with.
    public static FileAttribute<?>[] file(Path file) {
        return attributes(file, "rw-------");
    }

    /// Makes the folder, and those above it as usual; one that is there is closed to others, if it is ours.
    ///
    /// @throws IOException when it cannot be made.
    public static void folder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            close(folder);
            return;
        }
        Path above = folder.toAbsolutePath().getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        Files.createDirectory(folder, attributes(folder, "rwx------"));
        // Where it may be made but not listed, or cannot be opened as a file, the start does not end for that.
        if (above != null && isPosix(above) && Files.isReadable(above)) {
            flush(above);
        }
    }

    /// Makes last, a power cut included, what a folder lists.
    ///
    /// @throws IOException when it cannot.
    public static void flush(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void close(Path folder) throws IOException {
        if (isPosix(folder)) {
            var wished = PosixFilePermissions.fromString("rwx------");
            if (!Files.getPosixFilePermissions(folder).equals(wished)) {
                try {
                    Files.setPosixFilePermissions(folder, wished);
                } catch (FileSystemException e) {
                    LOG.warn(
                            "event=folder_open_to_others folder={} detail=\"it belongs to somebody else\""
                                    + " fix=\"make it the folder of the user that runs the server\"",
                            folder);
                }
            }
        }
    }

    private static FileAttribute<?>[] attributes(Path path, String permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
