package partyline.webhooks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Backlog;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Symbols;
import partyline.kernel.Timestamps;
import partyline.kernel.TraceStep;
import partyline.kernel.Tx;

/// The `webhook_delivery` table: what did not go through at the first attempt, what has a body of its own, and
/// samples.
final class DeliveryStore {

    /// A subscription and when it wants to be looked at.
    record Due(Id subscription, Duration in) {}

    /// Keeps a delivery whose first attempt began at `at`, unless it is kept already.
    void insert(Tx tx, Id id, Delivery delivery, String state, Instant at) {
        Subscription subscription = delivery.target().subscription();
        Delivery.Payload payload = delivery.payload();
        tx.run(
                """
                INSERT INTO webhook_delivery (id, subscription_id, organization_id, identity_id, person, seq, event_id,
                                              event_salt, event_type, body, state, created_at, tried_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (subscription_id, event_id) DO NOTHING
                """,
                id.text(),
                subscription.id().text(),
                subscription.organization().text(),
                subscription.identity().text(),
                delivery.person().map(PhoneNumber::text).orElse(null),
                payload.seq(),
                payload.event().key(),
                payload.event().salt(),
                payload.eventType(),
                payload.body(),
                state,
                Timestamps.micros(payload.at()),
                Timestamps.micros(at));
    }

    /// Keeps an event that was told again by hand, for as long as the log says so.
    void keep(Tx tx, Id id, Delivery delivery, Instant at) {
        insert(tx, id, delivery, "succeeded", at);
        tx.run(
                "UPDATE webhook_delivery SET tried_at = ? WHERE subscription_id = ? AND event_id = ?",
                Timestamps.micros(at),
                delivery.target().subscription().id().text(),
                delivery.payload().event().key());
    }

    /// Removes the samples of a subscription but for the newest, with what the log says of them.
    void forgetSamples(Tx tx, Id subscription, int kept) {
        String old = """
                IN (SELECT event_id FROM webhook_delivery
                     WHERE subscription_id = ?1 AND state = 'sample'
                       AND id <= (SELECT id FROM webhook_delivery
                                   WHERE subscription_id = ?1 AND state = 'sample'
                                   ORDER BY id DESC LIMIT 1 OFFSET ?2))
                """;
        tx.run(
                "DELETE FROM webhook_attempt WHERE subscription_no = " + Symbols.of("?1") + " AND event_id " + old,
                subscription.text(),
                kept);
        tx.run(
                "DELETE FROM webhook_delivery WHERE subscription_id = ?1 AND event_id " + old,
                subscription.text(),
                kept);
    }

    /// Those of the events that are stored as deliveries of the subscription already: a crash came right after
    /// that.
    Set<Id> stored(Handle handle, Id subscription, List<Event> events) {
        if (events.isEmpty()) {
            return Set.of();
        }
        return Set.copyOf(Rows.list(
                handle,
                "SELECT event_id, event_salt FROM webhook_delivery WHERE subscription_id = ? AND event_id BETWEEN ? AND ?",
                row -> Id.of(row.getLong(1), row.getLong(2)),
                subscription.text(),
                events.getFirst().event().key(),
                events.getLast().event().key()));
    }

    /// The deliveries of a subscription whose next attempts are due longest.
    List<Id> ready(Handle handle, Id subscription, Instant now, int most) {
        return Rows.list(
                handle, """
                SELECT id FROM webhook_delivery
                 WHERE subscription_id = ? AND state = 'pending' AND next_attempt_at <= ?
                 ORDER BY next_attempt_at, id LIMIT ?
                """, row -> Id.parse(row.getString(1)), subscription.text(), Timestamps.micros(now), most);
    }

    /// A delivery to `target` whose next attempt is due, unless that was made or called off meanwhile.
    Optional<Delivery> due(Handle handle, Delivery.Target target, Id delivery, Instant now) {
        return Rows.first(handle, """
                SELECT id, person, seq, event_id, event_salt, event_type, body, created_at, attempts, request, replayed
                  FROM webhook_delivery WHERE id = ? AND state = 'pending' AND next_attempt_at <= ?
                """, row -> delivery(row, target), delivery.text(), Timestamps.micros(now));
    }

    /// A retry, or a replay by hand, got through.
    void succeed(Tx tx, Delivery delivery) {
        tx.run(
                """
                UPDATE webhook_delivery SET state = 'succeeded'
                 WHERE subscription_id = ? AND event_id = ? AND state IN ('failed', 'pending')
                """,
                delivery.target().subscription().id().text(),
                delivery.payload().event().key());
    }

    /// Called off: the subscription does not want it any more.
    void cancel(Tx tx, Id delivery) {
        tx.run("UPDATE webhook_delivery SET state = 'cancelled' WHERE id = ? AND state = 'pending'", delivery.text());
    }

    /// Ends what a deleted subscription was still owed.
    void cancelAll(Tx tx, Id subscription) {
        tx.run("""
                UPDATE webhook_delivery SET state = 'cancelled' WHERE subscription_id = ? AND state = 'pending'
                """, subscription.text());
    }

    /// An attempt that began at `tried` failed: the next one is due at `next`, or it is given up at `now`.
    void fail(Tx tx, Id delivery, Optional<Instant> next, Instant now, int request, Instant tried) {
        tx.run(
                """
                UPDATE webhook_delivery
                   SET state = ?, attempts = attempts + 1, next_attempt_at = ?, ended_at = ?, request = ?, tried_at = ?
                 WHERE id = ? AND state = 'pending'
                """,
                next.isPresent() ? "pending" : "failed",
                next.map(Timestamps::micros).orElse(null),
                next.isPresent() ? null : Timestamps.micros(now),
                request,
                Timestamps.micros(tried),
                delivery.text());
    }

    /// Makes every waiting retry of a subscription due now.
    void hurry(Tx tx, Id subscription, Instant now) {
        tx.run("""
                UPDATE webhook_delivery SET next_attempt_at = ?1, attempts = 0
                 WHERE subscription_id = ?2 AND state = 'pending' AND next_attempt_at > ?1
                """, Timestamps.micros(now), subscription.text());
    }

    /// Queues again what was given up at or after `since`.
    int requeueEnded(Tx tx, Id subscription, Instant since, Instant now) {
        return requeue(tx, subscription, "replayed = 0", "ended_at >= ?", since, now);
    }

    /// Queues again, as replays, what happened at or after `since` and was given up.
    int requeueCreated(Tx tx, Id subscription, Instant since, Instant now) {
        return requeue(tx, subscription, "replayed = 1", "created_at >= ?", since, now);
    }

    private static int requeue(Tx tx, Id subscription, String mark, String which, Instant since, Instant now) {
        return tx.run(
                """
                UPDATE webhook_delivery SET state = 'pending', attempts = 0, next_attempt_at = ?, ended_at = NULL, %s
                 WHERE subscription_id = ? AND state = 'failed' AND %s
                """.formatted(mark, which), Timestamps.micros(now), subscription.text(), Timestamps.micros(since));
    }

    /// What falls due until `horizon`: per subscription one entry for all that is overdue, and one for each
    /// second to come.
    List<Due> due(Handle handle, Instant now, Instant horizon) {
        return Rows.list(
                handle,
                """
                SELECT DISTINCT d.subscription_id, (max(d.next_attempt_at - ?1, 0) + 999999) / 1000000 AS seconds
                  FROM webhook_delivery d JOIN webhook_subscription s ON s.id = d.subscription_id
                 WHERE d.state = 'pending' AND d.next_attempt_at <= ?2 AND s.paused_at IS NULL
                """,
                row -> new Due(Id.parse(row.getString(1)), Duration.ofSeconds(row.getLong(2))),
                Timestamps.micros(now),
                Timestamps.micros(horizon));
    }

    /// What these events still owe, or could not tell.
    List<TraceStep> trace(Handle reader, OrganizationId organization, List<Id> events) {
        return Rows.list(
                reader,
                """
                SELECT coalesce(ended_at, next_attempt_at), subscription_id, state, attempts FROM webhook_delivery
                 WHERE state IN ('pending', 'failed') AND coalesce(ended_at, next_attempt_at) > 0
                   AND subscription_id IN (SELECT id FROM webhook_subscription WHERE organization_id = ?1)
                   AND event_id IN (SELECT value FROM json_each(?2))
                """,
                row -> new TraceStep(
                        Timestamps.instant(row.getLong(1)),
                        "webhook %s  %s after %d attempts"
                                .formatted(
                                        row.getString(2),
                                        row.getString(3).equals("pending") ? "due again" : "given up",
                                        row.getInt(4))),
                organization.text(),
                Json.write(AttemptStore.keys(events)));
    }

    /// What is tried again, of all subscriptions.
    Backlog retrying(Handle handle) {
        return Rows.first(
                        handle,
                        "SELECT count(*), min(created_at) FROM (SELECT created_at FROM webhook_delivery"
                                + " WHERE state = 'pending' AND next_attempt_at > 0 LIMIT ?)",
                        Backlog::of,
                        Backlog.MOST)
                .orElseThrow();
    }

    /// Whether something is put off until after `latest`: no working clock does that.
    boolean isPutOffTooLong(Handle handle, Instant latest) {
        return Rows.exist(
                handle,
                "SELECT 1 FROM webhook_delivery WHERE state = 'pending' AND next_attempt_at > ? LIMIT 1",
                Timestamps.micros(latest));
    }

    /// Makes that due now.
    void hurry(Tx tx, Instant now, Instant latest) {
        tx.run(
                "UPDATE webhook_delivery SET next_attempt_at = ? WHERE state = 'pending' AND next_attempt_at > ?",
                Timestamps.micros(now),
                Timestamps.micros(latest));
    }

    /// Removes some of what was last tried before `until`, and returns how many. What is still owed stays, but
    /// for what a subscription that has been paused for as long left lying.
    int prune(Tx tx, Instant until, int most) {
        return tx.run("""
                DELETE FROM webhook_delivery
                 WHERE id IN (SELECT d.id FROM webhook_delivery d
                               WHERE d.tried_at < ?1
                                 AND (d.state <> 'pending'
                                      OR EXISTS (SELECT 1 FROM webhook_subscription s
                                                  WHERE s.id = d.subscription_id AND s.paused_at < ?1))
                               ORDER BY d.tried_at LIMIT ?2)
                """, Timestamps.micros(until), most);
    }

    private static Delivery delivery(ResultSet row, Delivery.Target target) throws SQLException {
        return new Delivery(
                Optional.of(Id.parse(row.getString("id"))),
                target,
                new Delivery.Payload(
                        row.getLong("seq"),
                        Id.of(row.getLong("event_id"), row.getLong("event_salt")),
                        row.getString("event_type"),
                        row.getString("body"),
                        true,
                        Timestamps.instant(row.getLong("created_at"))),
                Optional.ofNullable(row.getString("person")).map(PhoneNumber::new),
                new Delivery.Progress(row.getInt("attempts"), row.getInt("request"), row.getBoolean("replayed")));
    }
}
