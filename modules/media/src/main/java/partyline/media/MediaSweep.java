package partyline.media;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Id;
import partyline.kernel.Storage;

/// The loop that removes files: what no message referred to for a day after it came, and what none referred to for as
/// long as the retention says. The row stays, so that the address can say what became of it. Thread-safe.
final class MediaSweep implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MediaSweep.class);
    private static final Duration PAUSE = Duration.ofMinutes(30);
    private static final Duration UNUSED = Duration.ofHours(24);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final Storage storage;
    private final MediaStore store;
    private final MediaFolder folder;
    private final Duration retention;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread = Thread.ofVirtual().name("media-sweep").unstarted(this::loop);

    MediaSweep(Storage storage, MediaStore store, MediaFolder folder, Duration retention) {
        this.storage = storage;
        this.store = store;
        this.folder = folder;
        this.retention = retention;
    }

    void start() {
        folder.deleteOrphans(storage.database().read(store::alive));
        thread.start();
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            if (thread.isAlive() && !thread.join(PATIENCE)) {
                LOG.warn("event=media_sweep_still_busy");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void loop() {
        try {
            do {
                guarded();
            } while (!closing.await(PAUSE.toSeconds(), TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void guarded() {
        try {
            run();
        } catch (RuntimeException e) {
            LOG.error("event=media_sweep_failed", e);
        }
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
        } while (!removed.isEmpty() && closing.getCount() > 0);
        if (all > 0) {
            LOG.info("event=media_removed files={}", all);
        }
    }
}
