package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import partyline.kernel.Pruning;
import partyline.kernel.Storage;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// Removes the attempts and deliveries that are older than they are kept, by the time that each has of its own. What is
/// still owed stays, but for what a paused subscription left lying that long.
final class LogPruning {

    private static final int BATCH = 500;

    private LogPruning() {}

    static Pruning of(Storage storage, Duration kept) {
        return new Pruning(
                "webhook-pruning",
                storage.clock(),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                now -> storage.database().write(tx -> removeAttempts(tx, now.minus(kept))),
                now -> storage.database().write(tx -> removeDeliveries(tx, now.minus(kept))));
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
                                       WHERE d.tried_at < :until
                                         AND (d.state <> 'pending'
                                              OR EXISTS (SELECT 1 FROM webhook_subscription s
                                                          WHERE s.id = d.subscription_id AND s.paused_at < :until))
                                       ORDER BY d.tried_at LIMIT :most)
                        """)
                .bind("until", Timestamps.micros(until))
                .bind("most", BATCH)
                .execute();
    }
}
