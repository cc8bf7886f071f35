package partyline.webhooks;

import java.time.Instant;
import org.jdbi.v3.core.statement.Update;
import partyline.kernel.Id;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `webhook_delivery` table as attempts change it, and as hands queue again what had failed.
final class EndingStore {

    void succeed(Tx tx, Delivery delivery) {
        tx.run("""
                UPDATE webhook_delivery SET state = 'succeeded', attempts = attempts + 1, tried = 1
                 WHERE id = ? AND state = 'pending'
                """, delivery.id().text());
    }

    /// A replay by hand got through.
    void settle(Tx tx, Delivery delivery) {
        update(tx, delivery.id(), "state = 'succeeded'", "(state = 'failed' OR state = 'pending' AND tried = 1)")
                .execute();
    }

    /// Called off before it was attempted: the subscription does not want it any more.
    void cancel(Tx tx, Delivery delivery) {
        update(tx, delivery.id(), "state = 'cancelled', tried = 1", "state = 'pending'")
                .execute();
    }

    void fail(Tx tx, Delivery delivery, Instant at, String requestId) {
        update(
                        tx,
                        delivery.id(),
                        "state = 'failed', attempts = attempts + 1, tried = 1, ended_at = :at, request_id = :request",
                        "state = 'pending'")
                .bind("at", Timestamps.micros(at))
                .bind("request", requestId)
                .execute();
    }

    void postpone(Tx tx, Delivery delivery, Instant next, String requestId) {
        update(
                        tx,
                        delivery.id(),
                        "attempts = attempts + 1, tried = 1, next_attempt_at = :at, request_id = :request",
                        "state = 'pending'")
                .bind("at", Timestamps.micros(next))
                .bind("request", requestId)
                .execute();
    }

    /// After the first attempt of a delivery: lets the next event of its conversation go; false when there is none.
    boolean release(Tx tx, Delivery.Place place, Instant now) {
        return tx.run(
                        """
                UPDATE webhook_delivery SET next_attempt_at = ?
                 WHERE next_attempt_at IS NULL
                   AND id = (SELECT min(id) FROM webhook_delivery
                              WHERE subscription_id = ? AND conversation_id = ? AND state = 'pending' AND tried = 0)
                """,
                        Timestamps.micros(now),
                        place.subscription().text(),
                        place.conversation().map(Id::text).orElse(null))
                > 0;
    }

    /// [#release] for every conversation whose foremost event waits for one that was pruned meanwhile.
    void releaseOrphans(Tx tx, Id subscription, Instant now) {
        tx.handle()
                .createUpdate("""
                        UPDATE webhook_delivery SET next_attempt_at = :now
                         WHERE subscription_id = :subscription AND state = 'pending' AND tried = 0
                           AND next_attempt_at IS NULL
                           AND NOT EXISTS (SELECT 1 FROM webhook_delivery earlier
                                            WHERE earlier.subscription_id = :subscription
                                              AND earlier.conversation_id = webhook_delivery.conversation_id
                                              AND earlier.state = 'pending' AND earlier.tried = 0
                                              AND earlier.id < webhook_delivery.id)
                        """)
                .bind("now", Timestamps.micros(now))
                .bind("subscription", subscription.text())
                .execute();
    }

    /// Ends what a deleted subscription was still owed.
    void cancel(Tx tx, Id subscription) {
        tx.handle().createUpdate("""
                        UPDATE webhook_delivery SET state = 'cancelled'
                         WHERE subscription_id = :subscription AND state = 'pending'
                        """).bind("subscription", subscription.text()).execute();
    }

    /// Makes every waiting retry of a subscription due now.
    void hurry(Tx tx, Id subscription, Instant now) {
        tx.handle()
                .createUpdate("""
                        UPDATE webhook_delivery SET next_attempt_at = :now, attempts = 0
                         WHERE subscription_id = :subscription AND state = 'pending' AND next_attempt_at > :now
                        """)
                .bind("now", Timestamps.micros(now))
                .bind("subscription", subscription.text())
                .execute();
    }

    /// Queues again what was given up at or after `since`.
    int requeueEnded(Tx tx, Id subscription, Instant since, Instant now) {
        return requeue(tx, subscription, "replayed = 0", "ended_at >= :since", since, now);
    }

    /// Queues again, as replays, what happened at or after `since` and was given up.
    int requeueCreated(Tx tx, Id subscription, Instant since, Instant now) {
        return requeue(tx, subscription, "replayed = 1", "created_at >= :since", since, now);
    }

    private static int requeue(Tx tx, Id subscription, String mark, String which, Instant since, Instant now) {
        return tx.handle()
                .createUpdate("""
                        UPDATE webhook_delivery
                           SET state = 'pending', attempts = 0, next_attempt_at = :now, ended_at = NULL, %s
                         WHERE subscription_id = :subscription AND state = 'failed' AND %s
                        """.formatted(mark, which))
                .bind("now", Timestamps.micros(now))
                .bind("subscription", subscription.text())
                .bind("since", Timestamps.micros(since))
                .execute();
    }

    private static Update update(Tx tx, Id delivery, String change, String condition) {
        return tx.handle()
                .createUpdate("UPDATE webhook_delivery SET %s WHERE id = :id AND %s".formatted(change, condition))
                .bind("id", delivery.text());
    }
}
