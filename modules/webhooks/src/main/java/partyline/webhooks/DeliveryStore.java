package partyline.webhooks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `webhook_delivery` table: what did not go through at the first attempt, what has a body of its own, and samples.
final class DeliveryStore {

    /// A subscription and when it wants to be looked at.
    record Due(Id subscription, Duration in) {}

    private static final String PUT_OFF_TOO_LONG = "WHERE state = 'pending' AND next_attempt_at > :latest";

    /// Keeps a delivery whose first attempt began at `at`, unless it is kept already.
    void insert(Tx tx, Id id, Delivery delivery, String state, Instant at) {
        Delivery.Payload payload = delivery.payload();
        tx.run(
                """
                INSERT INTO webhook_delivery (id, subscription_id, organization_id, identity_id, person, seq, event_id,
                                              event_type, body, state, created_at, tried_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (subscription_id, event_id) DO NOTHING
                """,
                id.text(),
                delivery.target().subscription().text(),
                delivery.target().organization().text(),
                delivery.target().identity().text(),
                delivery.person().map(PhoneNumber::text).orElse(null),
                payload.seq(),
                payload.eventId(),
                payload.eventType(),
                payload.body(),
                state,
                Timestamps.micros(payload.at()),
                Timestamps.micros(at));
    }

    /// Keeps an event that was told again by hand, for as long as the log says so.
    void keep(Tx tx, Ids ids, Delivery delivery, Instant at) {
        insert(tx, ids.next(), delivery, "succeeded", at);
        tx.run(
                "UPDATE webhook_delivery SET tried_at = ? WHERE subscription_id = ? AND event_id = ?",
                Timestamps.micros(at),
                delivery.target().subscription().text(),
                delivery.payload().eventId());
    }

    /// Stores a sample event, which is owed to nobody; returns the delivery with its row.
    Delivery sample(Tx tx, Ids ids, Delivery delivery, Instant at) {
        Id id = ids.next();
        insert(tx, id, delivery, "sample", at);
        return new Delivery(
                Optional.of(id), delivery.target(), delivery.payload(), delivery.person(), delivery.progress());
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
        tx.run("DELETE FROM webhook_attempt WHERE subscription_id = ?1 AND event_id " + old, subscription.text(), kept);
        tx.run(
                "DELETE FROM webhook_delivery WHERE subscription_id = ?1 AND event_id " + old,
                subscription.text(),
                kept);
    }

    /// Those of the events that are stored as deliveries of the subscription already: a crash came right after that.
    Set<String> stored(Handle handle, Id subscription, List<Event> events) {
        if (events.isEmpty()) {
            return Set.of();
        }
        return Set.copyOf(Rows.list(
                handle,
                "SELECT event_id FROM webhook_delivery WHERE subscription_id = ? AND event_id BETWEEN ? AND ?",
                row -> row.getString(1),
                subscription.text(),
                events.getFirst().id(),
                events.getLast().id()));
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
    Optional<Delivery> due(Handle handle, Target target, Id delivery, Instant now) {
        return Rows.first(handle, """
                SELECT id, person, seq, event_id, event_type, body, created_at, attempts, request, replayed
                  FROM webhook_delivery WHERE id = ? AND state = 'pending' AND next_attempt_at <= ?
                """, row -> delivery(row, target), delivery.text(), Timestamps.micros(now));
    }

    void succeed(Tx tx, Delivery delivery) {
        tx.run("""
                UPDATE webhook_delivery SET state = 'succeeded', attempts = attempts + 1
                 WHERE id = ? AND state = 'pending'
                """, text(delivery.row()));
    }

    /// A replay by hand of an event got through.
    void settle(Tx tx, Id subscription, String event) {
        tx.run("""
                UPDATE webhook_delivery SET state = 'succeeded'
                 WHERE subscription_id = ? AND event_id = ? AND state IN ('failed', 'pending')
                """, subscription.text(), event);
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

    /// Given up at `now`, after an attempt that began at `tried`.
    void fail(Tx tx, Id delivery, Instant now, int request, Instant tried) {
        tx.run("""
                UPDATE webhook_delivery
                   SET state = 'failed', attempts = attempts + 1, ended_at = ?, request = ?, tried_at = ?
                 WHERE id = ? AND state = 'pending'
                """, Timestamps.micros(now), request, Timestamps.micros(tried), delivery.text());
    }

    void postpone(Tx tx, Id delivery, Instant next, int request, Instant tried) {
        tx.run("""
                UPDATE webhook_delivery SET attempts = attempts + 1, next_attempt_at = ?, request = ?, tried_at = ?
                 WHERE id = ? AND state = 'pending'
                """, Timestamps.micros(next), request, Timestamps.micros(tried), delivery.text());
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
        return handle.createQuery("""
                        SELECT DISTINCT d.subscription_id, (max(d.next_attempt_at - :now, 0) + 999999) / 1000000 AS seconds
                          FROM webhook_delivery d JOIN webhook_subscription s ON s.id = d.subscription_id
                         WHERE d.state = 'pending' AND d.next_attempt_at <= :horizon AND s.paused_at IS NULL
                        """)
                .bind("now", Timestamps.micros(now))
                .bind("horizon", Timestamps.micros(horizon))
                .map((row, _) ->
                        new Due(Id.parse(row.getString("subscription_id")), Duration.ofSeconds(row.getLong("seconds"))))
                .list();
    }

    /// Whether an attempt is due after `latest`: no working clock does that.
    boolean isPutOffTooLong(Handle handle, Instant latest) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM webhook_delivery " + PUT_OFF_TOO_LONG + ")")
                .bind("latest", Timestamps.micros(latest))
                .mapTo(boolean.class)
                .one();
    }

    /// Makes what [#isPutOffTooLong] due now.
    void hurry(Tx tx, Instant now, Instant latest) {
        tx.handle()
                .createUpdate("UPDATE webhook_delivery SET next_attempt_at = :now " + PUT_OFF_TOO_LONG)
                .bind("now", Timestamps.micros(now))
                .bind("latest", Timestamps.micros(latest))
                .execute();
    }

    private static Delivery delivery(ResultSet row, Target target) throws SQLException {
        return new Delivery(
                Optional.of(Id.parse(row.getString("id"))),
                target,
                new Delivery.Payload(
                        row.getLong("seq"),
                        row.getString("event_id"),
                        row.getString("event_type"),
                        row.getString("body"),
                        true,
                        Timestamps.instant(row.getLong("created_at"))),
                Optional.ofNullable(row.getString("person")).map(PhoneNumber::new),
                new Delivery.Progress(row.getInt("attempts"), row.getInt("request"), row.getBoolean("replayed")));
    }

    private static String text(Optional<Id> id) {
        return id.map(Id::text).orElseThrow();
    }
}
