package partyline.kernel;

import java.time.Duration;
import java.time.InstantSource;

/// The loop that lets the journal forget: every ten minutes it removes what is older than the retention, in batches so
/// small that no write waits for it. A retention of zero keeps everything. Thread-safe.
public final class JournalPruning implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final EventLog log;
    private final InstantSource clock;
    private final Duration retention;
    private final Chore chore = new Chore("journal-pruning", Duration.ZERO, PAUSE, this::run);

    public JournalPruning(EventLog log, InstantSource clock, Duration retention) {
        this.log = log;
        this.clock = clock;
        this.retention = retention;
    }

    /// Begins to look.
    public void start() {
        if (!retention.isZero()) {
            chore.start();
        }
    }

    /// Removes all that is due now.
    public void run() {
        boolean more;
        do {
            more = log.prune(clock.instant().minus(retention));
        } while (more && chore.goesOn());
    }

    /// Ends the loop after the batch in progress.
    @Override
    public void close() {
        chore.close();
    }
}
