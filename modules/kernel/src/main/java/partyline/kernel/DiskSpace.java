package partyline.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether there is room on the disk, as far as the last writes tell; says so in the log when that changes, once.
/// Told by the writer's thread alone; whoever asks writes nothing.
final class DiskSpace {

    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);

    /// With less than this the next write or the one after it fails.
    private static final long LEAST = 1 << 20;

    private final Path file;
    private volatile boolean full;

    DiskSpace(Path file) {
        this.file = file;
    }

    /// Whether the last write found room, and the next one will.
    boolean isThere() {
        try {
            return !full && Files.getFileStore(file).getUsableSpace() >= LEAST;
        } catch (IOException e) {
            return false;
        }
    }

    void lacks(StorageFull cause) {
        if (!full) {
            LOG.error(
                    "event=storage_full file={}"
                            + " fix=\"make room; until then writes are refused, and nothing has to be started again\"",
                    file,
                    cause);
        }
        full = true;
    }

    void suffices() {
        if (full) {
            LOG.warn("event=storage_has_room file={} detail=\"writes are taken again\"", file);
            full = false;
        }
    }
}
