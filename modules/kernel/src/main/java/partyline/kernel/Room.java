package partyline.kernel;

import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Whether there is room on the disk, as far as the last writes tell; says so in the log when that changes, once.
/// Used by the writer's thread alone.
final class Room {

    private static final Logger LOG = LoggerFactory.getLogger(Room.class);

    private final Path file;
    private boolean full;

    Room(Path file) {
        this.file = file;
    }

    void lacks(StorageFull cause) {
        if (!full) {
            LOG.error("event=storage_full file={} detail=\"writes are refused until there is room\"", file, cause);
        }
        full = true;
    }

    void suffices() {
        if (full) {
            LOG.warn("event=storage_has_room file={} detail=\"writes are taken again\"", file);
        }
        full = false;
    }
}
