package partyline.webhooks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `webhook_delivery` table as the dispatcher uses it: a queue per subscription, ordered by when an
/// attempt is due. What ends a delivery is in [EndingStore].
final class DeliveryStore {

    /// A subscription and when it wants to be looked at.
    record Due(Id subscription, Duration in) {}

    /// A delivery whose attempt is due, and whose share of the calls that takes.
    record Ready(Id id, OrganizationId organization) {}

    private static final String SELECT = """
            SELECT d.id, d.subscription_id, d.identity_id, d.conversation_id, d.person, s.url, s.operator,
                   s.event_types, s.auth_token, d.event_id, d.event_type, d.body, d.context_config, d.created_at,
                   d.request_id, d.attempts, d.tried, d.replayed
              FROM webhook_delivery d JOIN webhook_subscription s ON s.id = d.subscription_id
            """;

    private static final String PUT_OFF_TOO_LONG =
            "WHERE state = 'pending' AND next_attempt_at > CASE tried WHEN 0 THEN :now ELSE :latest END";

    /// Due at once, with its history still to come where `history` says so, unless an earlier event of its
    /// conversation still waits for its first attempt.
    void owe(Tx tx, Ids ids, Subscription subscription, Event event, boolean history) {
        tx.run(
                """
                INSERT INTO webhook_delivery (subscription_id, conversation_id, created_at, next_attempt_at,
                                              context_config, id,
                                              organization_id, identity_id, person, event_id, event_type, body,
                                              request_id, state)
                VALUES (?1, ?2, ?3,
                        CASE WHEN EXISTS (SELECT 1 FROM webhook_delivery
                                           WHERE subscription_id = ?1 AND conversation_id = ?2
                                             AND state = 'pending' AND tried = 0)
                             THEN NULL ELSE ?3 END,
                        CASE WHEN ?4 THEN (SELECT context_config FROM webhook_subscription WHERE id = ?1) END,
                        ?, ?, ?, ?, ?, ?, ?, ?, 'pending')
                """,
                subscription.id().text(),
                event.draft().conversation().map(Id::text).orElse(null),
                Timestamps.micros(event.occurredAt()),
                history,
                ids.next().text(),
                subscription.organization().text(),
                subscription.identity().text(),
                event.draft().person().map(PhoneNumber::text).orElse(null),
                event.id(),
                event.type(),
                event.envelope(),
                ids.next().text());
    }

    /// Keeps the whole body, so that every attempt sends the same bytes.
    void complete(Tx tx, Delivery delivery) {
        tx.run(
                "UPDATE webhook_delivery SET body = ?, context_config = NULL WHERE id = ?",
                delivery.payload().body(),
                delivery.id().text());
    }

    /// Stores a sample event, which is owed to nobody; returns its id.
    Id sample(Tx tx, Ids ids, Subscription subscription, Delivery.Payload payload, Instant at) {
        Id id = ids.next();
        tx.handle()
                .createUpdate("""
                        INSERT INTO webhook_delivery (id, subscription_id, organization_id, identity_id, event_id,
                                                      event_type, body, request_id, state, tried, created_at)
                        VALUES (:id, :subscription, :organization, :identity, :event, :type, :body, :request, 'sample',
                                1, :at)
                        """)
                .bind("id", id.text())
                .bind("subscription", subscription.id().text())
                .bind("organization", subscription.organization().text())
                .bind("identity", subscription.identity().text())
                .bind("event", payload.eventId())
                .bind("type", payload.eventType())
                .bind("body", payload.body())
                .bind("request", ids.next().text())
                .bind("at", Timestamps.micros(at))
                .execute();
        return id;
    }

    /// Removes the samples of a subscription but for the newest, with what the log says of them.
    void forgetSamples(Tx tx, Id subscription, int kept) {
        String old = """
                IN (SELECT id FROM webhook_delivery
                     WHERE subscription_id = ?1 AND state = 'sample'
                       AND id <= (SELECT id FROM webhook_delivery
                                   WHERE subscription_id = ?1 AND state = 'sample'
                                   ORDER BY id DESC LIMIT 1 OFFSET ?2))
                """;
        tx.run("DELETE FROM webhook_attempt WHERE delivery_id " + old, subscription.text(), kept);
        tx.run("DELETE FROM webhook_delivery WHERE id " + old, subscription.text(), kept);
    }

    /// The deliveries of a subscription that is not paused whose attempts are due longest.
    List<Ready> ready(Handle handle, Id subscription, Instant now, int most) {
        return Rows.list(
                handle,
                """
                SELECT d.id, s.organization_id
                  FROM webhook_subscription s JOIN webhook_delivery d ON d.subscription_id = s.id
                 WHERE s.id = ? AND s.paused_at IS NULL AND d.state = 'pending' AND d.next_attempt_at <= ?
                 ORDER BY d.next_attempt_at, d.id LIMIT ?
                """,
                row -> new Ready(Id.parse(row.getString(1)), new OrganizationId(row.getString(2))),
                subscription.text(),
                Timestamps.micros(now),
                most);
    }

    /// A delivery whose attempt is due, unless that was made or called off meanwhile.
    Optional<Delivery> due(Handle handle, Id delivery, Instant now) {
        return Rows.first(
                handle,
                SELECT + "WHERE d.id = ? AND d.state = 'pending' AND d.next_attempt_at <= ? AND s.paused_at IS NULL",
                DeliveryStore::delivery,
                delivery.text(),
                Timestamps.micros(now));
    }

    /// A delivery in any state, to the subscription as it is now; empty when that is gone.
    Optional<Delivery> find(Handle handle, Id delivery) {
        return Rows.first(handle, SELECT + "WHERE d.id = ?", DeliveryStore::delivery, delivery.text());
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

    /// Whether a first attempt is due in the future, or another after `latest`: no working clock does that.
    boolean isPutOffTooLong(Handle handle, Instant now, Instant latest) {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM webhook_delivery " + PUT_OFF_TOO_LONG + ")")
                .bind("now", Timestamps.micros(now))
                .bind("latest", Timestamps.micros(latest))
                .mapTo(boolean.class)
                .one();
    }

    void hurry(Tx tx, Instant now, Instant latest) {
        tx.handle()
                .createUpdate("UPDATE webhook_delivery SET next_attempt_at = :now " + PUT_OFF_TOO_LONG)
                .bind("now", Timestamps.micros(now))
                .bind("latest", Timestamps.micros(latest))
                .execute();
    }

    private static Delivery delivery(ResultSet row) throws SQLException {
        String type = row.getString("event_type");
        long created = row.getLong("created_at");
        boolean wanted = Json.read(row.getString("event_types"))
                .valueStream()
                .anyMatch(it -> it.stringValue().equals(type));
        return new Delivery(
                Id.parse(row.getString("id")),
                new Delivery.Place(
                        Id.parse(row.getString("subscription_id")),
                        Id.parse(row.getString("identity_id")),
                        id(row.getString("conversation_id")),
                        Optional.ofNullable(row.getString("person")).map(PhoneNumber::new)),
                new Delivery.Destination(
                        row.getString("url"),
                        row.getBoolean("operator"),
                        wanted,
                        Optional.ofNullable(row.getString("auth_token"))),
                new Delivery.Payload(row.getString("event_id"), type, row.getString("body")),
                row.getString("request_id"),
                new Delivery.Progress(row.getInt("attempts"), row.getBoolean("tried"), row.getBoolean("replayed")),
                Optional.ofNullable(row.getString("context_config"))
                        .map(config -> new Delivery.Lacking(
                                ContextConfig.read(Json.read(config)), Timestamps.instant(created))));
    }

    private static Optional<Id> id(@Nullable String text) {
        return Optional.ofNullable(text).map(Id::parse);
    }
}
