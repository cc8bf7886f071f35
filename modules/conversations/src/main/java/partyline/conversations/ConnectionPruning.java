package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Chore;
import partyline.kernel.Storage;
import partyline.kernel.Tx;

/// Removes what is long over: connections that ended and tapbacks that were taken back more than 30 days
/// ago, so that who does either again and again leaves no pile, and idempotency keys of more than seven days
/// ago. Looks once a day, and takes a few hundred at a time so that others write in between. Thread-safe.
public final class ConnectionPruning implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionPruning.class);
    private static final Duration KEPT = Duration.ofDays(30);
    /// So long clients may repeat a request.
    private static final Duration KEYS_KEPT = Duration.ofDays(7);
    private static final Duration FIRST = Duration.ofMinutes(2);
    private static final Duration EVERY = Duration.ofDays(1);
    private static final int BATCH = 500;

    private final Storage storage;
    private final ConnectionStore connections = new ConnectionStore();
    private final TapbackStore tapbacks = new TapbackStore();
    private final Chore chore = new Chore("connection-pruning", FIRST, EVERY, this::round);

    public ConnectionPruning(Storage storage) {
        this.storage = storage;
    }

    /// Begins to look.
    public void start() {
        chore.start();
    }

    /// Removes all that is due now and returns how many rows that were.
    public int run() {
        Instant now = storage.clock().instant();
        Instant until = now.minus(KEPT);
        return run(handle -> IdempotencyStore.past(handle, now.minus(KEYS_KEPT), BATCH), IdempotencyStore::delete)
                + run(handle -> connections.past(handle, until, BATCH), connections::delete)
                + run(handle -> tapbacks.past(handle, until, BATCH), tapbacks::delete);
    }

    /// Ends after the batch in progress.
    @Override
    public void close() {
        chore.close();
    }

    private <R> int run(Function<Handle, List<R>> past, BiConsumer<Tx, List<R>> delete) {
        int all = 0;
        while (chore.goesOn()) {
            List<R> batch = storage.database().read(past::apply);
            if (batch.isEmpty()) {
                break;
            }
            storage.database().update(tx -> delete.accept(tx, batch));
            all += batch.size();
        }
        return all;
    }

    private void round() {
        LOG.info("event=connections_pruned count={}", run());
    }
}
