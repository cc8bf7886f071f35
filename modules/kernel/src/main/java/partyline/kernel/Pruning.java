package partyline.kernel;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes what is past, now and then, a few hundred rows at a time so that others write in between. Thread-safe.
public final class Pruning implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);

    /// Removes a batch of one kind of rows.
    @FunctionalInterface
    public interface Removal {

        /// How many rows it removed of those that are past at `now`; 0 when there are none left.
        int remove(Instant now);
    }

    private final String name;
    private final InstantSource clock;
    private final List<Removal> removals;
    private final PeriodicTask chore;

    /// Looks first after `first`, and again `every` so long. `name` is that of the thread, and what the log calls it.
    public Pruning(String name, InstantSource clock, Duration first, Duration every, Removal... removals) {
        this.name = name;
        this.clock = clock;
        this.removals = List.of(removals);
        this.chore = new PeriodicTask(name, first, every, this::run);
    }

    /// Begins to look.
    public void start() {
        chore.start();
    }

    /// Removes all that is due now and returns how many rows that were.
    public int run() {
        Instant now = clock.instant();
        int all = removals.stream().mapToInt(removal -> all(removal, now)).sum();
        if (all > 0) {
            LOG.info("event=pruned task={} rows={}", name, all);
        }
        return all;
    }

    private int all(Removal removal, Instant now) {
        int all = 0;
        int removed;
        do {
            removed = removal.remove(now);
            all += removed;
        } while (removed > 0 && chore.goesOn());
        return all;
    }

    /// Ends after the batch in progress.
    @Override
    public void close() {
        chore.close();
    }
}
