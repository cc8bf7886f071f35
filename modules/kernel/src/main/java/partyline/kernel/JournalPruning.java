package partyline.kernel;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The loop that lets the journal forget: every ten minutes it removes what is older than the retention, in batches so
/// small that no write waits for it. A retention of zero keeps everything. Thread-safe.
public final class JournalPruning implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JournalPruning.class);
    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final EventLog log;
    private final InstantSource clock;
    private final Duration retention;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    public JournalPruning(EventLog log, InstantSource clock, Duration retention) {
        this.log = log;
        this.clock = clock;
        this.retention = retention;
        this.thread = Thread.ofVirtual().name("journal-pruning").unstarted(this::loop);
    }

    /// Begins to look.
    public void start() {
        if (!retention.isZero()) {
            thread.start();
        }
    }

    /// Removes all that is due now.
    public void run() {
        boolean more;
        do {
            more = log.prune(clock.instant().minus(retention));
        } while (more && closing.getCount() > 0);
    }

    /// Ends the loop after the batch in progress.
    @Override
    public void close() {
        closing.countDown();
        try {
            if (thread.isAlive() && !thread.join(PATIENCE)) {
                LOG.warn("event=journal_pruning_still_busy");
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
            LOG.error("event=journal_pruning_failed", e);
        }
    }
}
