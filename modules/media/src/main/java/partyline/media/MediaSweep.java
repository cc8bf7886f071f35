package partyline.media;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Chore;
import partyline.kernel.Id;
import partyline.kernel.Storage;

/// The loop that removes files: what no message referred to for a day after it came, and what none referred to for as
/// long as the retention says. The row stays, so that the address can say what became of it. Thread-safe.
final class MediaSweep implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MediaSweep.class);
    private static final Duration PAUSE = Duration.ofMinutes(30);
    private static final Duration UNUSED = Duration.ofHours(24);

    private final Storage storage;
    private final MediaStore store;
    private final MediaFolder folder;
    private final Duration retention;
    private final Chore chore = new Chore("media-sweep", Duration.ZERO, PAUSE, this::run);

    MediaSweep(Storage storage, MediaStore store, MediaFolder folder, Duration retention) {
        this.storage = storage;
        this.store = store;
        this.folder = folder;
        this.retention = retention;
    }

    void start() {
        folder.deleteOrphans(storage.database().read(store::alive));
        chore.start();
    }

    @Override
    public void close() {
        chore.close();
    }

    private void run() {
        Instant now = storage.clock().instant();
        Instant used = retention.isZero() ? Instant.EPOCH : now.minus(retention);
        int all = 0;
        List<Id> removed;
        do {
            removed = storage.database().write(tx -> store.removeDue(tx, used, now.minus(UNUSED), now));
            folder.delete(removed);
            all += removed.size();
        } while (!removed.isEmpty() && chore.goesOn());
        if (all > 0) {
            LOG.info("event=media_removed files={}", all);
        }
    }
}
