package partyline.webhooks;

import java.time.Instant;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The columns of `webhook_subscription` that tell how its receiver does.
final class HealthStore {

    void succeeded(Tx tx, Id subscription) {
        tx.run(
                "UPDATE webhook_subscription SET failing_since = NULL WHERE id = ? AND failing_since IS NOT NULL",
                subscription.text());
    }

    /// Marks a failure and returns when the first one since the last success was; empty when the subscription is gone.
    Optional<Instant> failed(Tx tx, Id subscription, Instant at) {
        return tx.handle()
                .createQuery("""
                        UPDATE webhook_subscription SET failing_since = coalesce(failing_since, :at)
                         WHERE id = :id RETURNING failing_since
                        """)
                .bind("id", subscription.text())
                .bind("at", Timestamps.micros(at))
                .map((row, _) -> Timestamps.instant(row.getLong("failing_since")))
                .findOne();
    }

    /// False when it is paused already.
    boolean pause(Tx tx, Id subscription, Subscription.Pause pause) {
        tx.forget(SubscriptionStore.OfIdentity.class);
        return tx.handle()
                        .createUpdate("""
                        UPDATE webhook_subscription SET paused_at = :at, paused_reason = :reason, updated_at = :at
                         WHERE id = :id AND paused_at IS NULL
                        """)
                        .bind("id", subscription.text())
                        .bind("at", Timestamps.micros(pause.at()))
                        .bind("reason", pause.reason())
                        .execute()
                > 0;
    }

    /// Ends a pause, and returns since when there had been nothing but failures; empty when there were none.
    Optional<Instant> resume(Tx tx, Id subscription, Instant at) {
        tx.forget(SubscriptionStore.OfIdentity.class);
        Optional<Instant> since = tx.handle()
                .createQuery("SELECT failing_since FROM webhook_subscription WHERE id = :id")
                .bind("id", subscription.text())
                .map((row, _) -> Timestamps.read(row, "failing_since"))
                .one();
        tx.handle()
                .createUpdate("""
                        UPDATE webhook_subscription
                           SET paused_at = NULL, paused_reason = NULL, failing_since = NULL, updated_at = :at
                         WHERE id = :id AND (paused_at IS NOT NULL OR failing_since IS NOT NULL)
                        """)
                .bind("id", subscription.text())
                .bind("at", Timestamps.micros(at))
                .execute();
        return since;
    }
}
