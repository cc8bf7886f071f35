package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Chore;
import partyline.kernel.Storage;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// Removes the attempts and deliveries that are older than they are kept, by the time that each has of its
/// own, a few hundred at a time so that others write in between. What is still owed stays, but for what a
/// paused subscription left lying that long. Thread-safe.
final class Pruning implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pruning.class);
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final int BATCH = 500;

    private final Storage storage;
    private final Duration kept;
    private final Chore chore = new Chore("webhook-pruning", FIRST, EVERY, this::run);

    Pruning(Storage storage, Duration kept) {
        this.storage = storage;
        this.kept = kept;
    }

    void start() {
        chore.start();
    }

    @Override
    public void close() {
        chore.close();
    }

    void run() {
        Instant until = storage.clock().instant().minus(kept);
        int removed = inBatches(tx -> removeAttempts(tx, until)) + inBatches(tx -> removeDeliveries(tx, until));
        if (removed > 0) {
            LOG.info("event=webhook_log_pruned removed={}", removed);
        }
    }

    private int inBatches(ToIntFunction<Tx> batch) {
        int all = 0;
        int removed;
        do {
            removed = storage.database().write(batch::applyAsInt);
            all += removed;
        } while (removed == BATCH && chore.goesOn());
        return all;
    }

    private static int removeAttempts(Tx tx, Instant until) {
        return tx.handle()
                .createUpdate("""
                        DELETE FROM webhook_attempt
                         WHERE id IN (SELECT id FROM webhook_attempt WHERE created_at < :until
                                       ORDER BY created_at LIMIT :most)
                        """)
                .bind("until", Timestamps.micros(until))
                .bind("most", BATCH)
                .execute();
    }

    private static int removeDeliveries(Tx tx, Instant until) {
        return tx.handle()
                .createUpdate("""
                        DELETE FROM webhook_delivery
                         WHERE id IN (SELECT d.id FROM webhook_delivery d
                                       WHERE d.created_at < :until
                                         AND NOT EXISTS (SELECT 1 FROM webhook_attempt WHERE delivery_id = d.id)
                                         AND (d.state <> 'pending'
                                              OR EXISTS (SELECT 1 FROM webhook_subscription s
                                                          WHERE s.id = d.subscription_id AND s.paused_at < :until))
                                       ORDER BY d.created_at LIMIT :most)
                        """)
                .bind("until", Timestamps.micros(until))
                .bind("most", BATCH)
                .execute();
    }
}
