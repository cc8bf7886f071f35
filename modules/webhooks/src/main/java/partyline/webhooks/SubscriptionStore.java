package partyline.webhooks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.identities.Caller;
import partyline.kernel.Backlog;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.Rows;
import partyline.kernel.Symbols;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.webhooks.Delivery.Target;
import partyline.webhooks.Subscriptions.ReceiverCounts;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// The `webhook_subscription` table: what owners want, and how their receivers do.
final class SubscriptionStore {

    /// Which subscriptions of an identity want events of this type.
    record Takers(Id identity, String type) {}

    private static final String SELECT = """
            SELECT id, organization_id, identity_id, operator, url, event_types, context_config, auth_token, revision,
                   position, paused_at, paused_reason, created_at, updated_at
              FROM webhook_subscription
            """;
    private static final String COUNTS = """
            SELECT count(*) FILTER (WHERE paused_at IS NULL AND failing_since IS NULL),
                   count(*) FILTER (WHERE paused_at IS NULL AND failing_since IS NOT NULL),
                   count(*) FILTER (WHERE paused_at IS NOT NULL)
              FROM webhook_subscription
            """;
    /// In how many events of an identity what a subscription waits for is looked for.
    private static final int NEXT = 20_000;
    private static final String VISIBLE = " WHERE organization_id = ?1 AND (?2 IS NULL OR identity_id = ?2)";

    /// What the caller sees, newest first.
    List<Subscription> list(Handle handle, Caller caller) {
        return Rows.list(
                handle,
                SELECT + VISIBLE + " ORDER BY id DESC",
                SubscriptionStore::subscription,
                caller.organization().text(),
                caller.identityOrNull());
    }

    Optional<Subscription> find(Handle handle, Caller caller, Id id) {
        return Rows.first(
                handle,
                SELECT + VISIBLE + " AND id = ?3",
                SubscriptionStore::subscription,
                caller.organization().text(),
                caller.identityOrNull(),
                id.text());
    }

    /// For the machinery: where one points.
    Optional<Target> target(Handle handle, Id id) {
        return Rows.first(handle, SELECT + " WHERE id = ?", SubscriptionStore::target, id.text());
    }

    /// For the machinery: every subscription of an identity.
    List<Subscription> ofIdentity(Tx tx, Id identity) {
        return Rows.list(
                tx.handle(),
                SELECT + " WHERE identity_id = ? ORDER BY id",
                SubscriptionStore::subscription,
                identity.text());
    }

    /// For the machinery: those of an identity that want events of this type, remembered.
    List<Id> takers(Tx tx, Id identity, String type) {
        return tx.remembered(
                new Takers(identity, type),
                () -> ofIdentity(tx, identity).stream()
                        .filter(it -> it.wants(type))
                        .map(Subscription::id)
                        .toList());
    }

    /// For the machinery: those that are not paused and have events before them.
    List<Id> behind(Handle handle) {
        return Rows.list(
                handle, """
                SELECT id FROM webhook_subscription s
                 WHERE paused_at IS NULL
                   AND EXISTS (SELECT 1 FROM journal j
                                WHERE j.identity_no = <identity> AND j.seq > s.position)
                """.replace("<identity>", Symbols.of("s.identity_id")), row -> Id.parse(row.getString(1)));
    }

    /// How the receivers of an organization do, without whom there is nobody to tell.
    ReceiverCounts counts(Handle handle, OrganizationId organization) {
        return Rows.first(
                        handle,
                        COUNTS + " WHERE organization_id = ?",
                        row -> new ReceiverCounts(row.getInt(1), row.getInt(2), row.getInt(3)),
                        organization.text())
                .orElseThrow();
    }

    /// Of all organizations.
    ReceiverCounts counts(Handle handle) {
        return Rows.first(handle, COUNTS, row -> new ReceiverCounts(row.getInt(1), row.getInt(2), row.getInt(3)))
                .orElseThrow();
    }

    Subscriptions.ReceiverHealth health(Handle handle, Id id) {
        return new Subscriptions.ReceiverHealth(failingSince(handle, id), backlog(handle, id));
    }

    /// What a subscription waits for: failed attempts that are made again, and events that it was not told yet, of
    /// the next ones of its identity.
    Backlog backlog(Handle handle, Id id) {
        return Rows.first(handle, """
                        SELECT count(*), min(at)
                          FROM (SELECT d.created_at AS at
                                  FROM webhook_subscription s JOIN webhook_delivery d ON d.subscription_id = s.id
                                 WHERE s.id = ?1 AND d.state = 'pending' AND d.next_attempt_at > 0
                                   AND d.seq <= s.position
                                UNION ALL
                                SELECT occurred_at
                                  FROM journal
                                 WHERE (organization_no, seq) IN
                                       (SELECT organization_no, seq
                                          FROM (SELECT organization_no, seq, type FROM journal
                                                 WHERE identity_no = (SELECT no FROM symbol JOIN webhook_subscription s
                                                                                      ON text = s.identity_id WHERE s.id = ?1)
                                                   AND seq > (SELECT position FROM webhook_subscription WHERE id = ?1)
                                                 ORDER BY seq LIMIT ?3)
                                         WHERE type IN (SELECT value FROM webhook_subscription s, json_each(s.event_types)
                                                         WHERE s.id = ?1))
                                 LIMIT ?2)
                        """, Backlog::of, id.text(), Backlog.MOST, NEXT)
                .orElseThrow();
    }

    int count(Handle handle, OrganizationId organization) {
        return Rows.first(
                        handle,
                        "SELECT count(*) FROM webhook_subscription WHERE organization_id = ?",
                        row -> row.getInt(1),
                        organization.text())
                .orElseThrow();
    }

    /// `position` is the newest number of the journal: what happened before is not told.
    void insert(Tx tx, Subscription subscription, Optional<String> sealed, boolean operator, long position) {
        tx.forget(Takers.class);
        tx.handle()
                .createUpdate("""
                        INSERT INTO webhook_subscription (id, organization_id, identity_id, operator, url, event_types,
                                                          context_config, auth_token, position, created_at, updated_at)
                        VALUES (:id, :organization, :identity, :operator, :url, :types, :context, :sealed, :position,
                                :at, :at)
                        """)
                .bind("position", position)
                .bind("organization", subscription.organization().text())
                .bind("identity", subscription.identity().text())
                .bind("operator", operator)
                .bindMap(changing(subscription, sealed))
                .execute();
    }

    /// Stores what an owner may change; a token stays unless another one is given, or the terms have none
    /// any more. A new URL has not failed yet.
    void update(Tx tx, Subscription subscription, Optional<String> sealed) {
        tx.forget(Takers.class);
        tx.handle()
                .createUpdate("""
                        UPDATE webhook_subscription
                           SET failing_since = CASE WHEN url = :url OR paused_at IS NOT NULL THEN failing_since END,
                               url = :url, event_types = :types, context_config = :context,
                               auth_token = CASE WHEN :token THEN coalesce(:sealed, auth_token) END,
                               revision = :revision, updated_at = :at
                         WHERE id = :id
                        """)
                .bind("token", subscription.terms().token())
                .bind("revision", subscription.version().revision())
                .bindMap(changing(subscription, sealed))
                .execute();
    }

    /// Passes over what happened up to number `head`, unless some of it is still to be told by the terms of `before`:
    /// what a subscription did not name then it does not hear of now.
    void pass(Tx tx, Subscription before, long head) {
        tx.run(
                """
                UPDATE webhook_subscription SET position = ?1
                 WHERE id = ?2 AND position < ?1
                   AND NOT EXISTS (SELECT 1 FROM journal j
                                    WHERE j.identity_no = <identity> AND j.seq > webhook_subscription.position
                                      AND j.type IN (SELECT value FROM json_each(?3)))
                """.replace("<identity>", Symbols.of("identity_id")),
                head,
                before.id().text(),
                Json.write(types(before.terms())));
    }

    void delete(Tx tx, Id id) {
        tx.forget(Takers.class);
        tx.handle().execute("DELETE FROM webhook_subscription WHERE id = ?", id.text());
    }

    /// Everything up to number `position` is told, or stored as failed.
    void reach(Tx tx, Id id, long position) {
        tx.run("UPDATE webhook_subscription SET position = ?1 WHERE id = ?2 AND position < ?1", position, id.text());
    }

    /// The receiver took something: it is not failing.
    void succeeded(Tx tx, Id id) {
        tx.run(
                "UPDATE webhook_subscription SET failing_since = NULL WHERE id = ? AND failing_since IS NOT NULL",
                id.text());
    }

    /// Marks a failure and returns when the first one since the last success was; empty when the subscription
    /// is gone.
    Optional<Instant> failed(Tx tx, Id id, Instant at) {
        tx.run(
                "UPDATE webhook_subscription SET failing_since = ? WHERE id = ? AND failing_since IS NULL",
                Timestamps.micros(at),
                id.text());
        return failingSince(tx.handle(), id);
    }

    /// False when it is paused already.
    boolean pause(Tx tx, Id id, Subscription.Pause pause) {
        tx.forget(Takers.class);
        return tx.run("""
                UPDATE webhook_subscription SET paused_at = ?1, paused_reason = ?2, updated_at = ?1
                 WHERE id = ?3 AND paused_at IS NULL
                """, Timestamps.micros(pause.at()), pause.reason(), id.text()) > 0;
    }

    /// Ends a pause, and returns since when there had been nothing but failures; empty when there were none.
    Optional<Instant> resume(Tx tx, Id id, Instant at) {
        tx.forget(Takers.class);
        Optional<Instant> since = failingSince(tx.handle(), id);
        tx.run("""
                UPDATE webhook_subscription
                   SET paused_at = NULL, paused_reason = NULL, failing_since = NULL, updated_at = ?
                 WHERE id = ? AND (paused_at IS NOT NULL OR failing_since IS NOT NULL)
                """, Timestamps.micros(at), id.text());
        return since;
    }

    private static Optional<Instant> failingSince(Handle handle, Id id) {
        return Rows.first(
                        handle,
                        "SELECT failing_since FROM webhook_subscription WHERE id = ?",
                        row -> Timestamps.read(row, "failing_since"),
                        id.text())
                .flatMap(since -> since);
    }

    private static Map<String, @Nullable Object> changing(Subscription subscription, Optional<String> sealed) {
        Subscription.Terms terms = subscription.terms();
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("id", subscription.id().text());
        columns.put("url", terms.url());
        columns.put("types", Json.write(types(terms)));
        columns.put("context", terms.context().map(it -> Json.write(it.json())).orElse(null));
        columns.put("sealed", sealed.orElse(null));
        columns.put("at", Timestamps.micros(subscription.version().updatedAt()));
        return columns;
    }

    private static ArrayNode types(Subscription.Terms terms) {
        ArrayNode types = Json.array();
        terms.eventTypes().forEach(types::add);
        return types;
    }

    private static Target target(ResultSet row) throws SQLException {
        return new Target(
                subscription(row),
                row.getBoolean("operator"),
                Optional.ofNullable(row.getString("auth_token")),
                row.getLong("position"));
    }

    private static Subscription subscription(ResultSet row) throws SQLException {
        String reason = row.getString("paused_reason");
        return new Subscription(
                Id.parse(row.getString("id")),
                new OrganizationId(row.getString("organization_id")),
                Id.parse(row.getString("identity_id")),
                new Subscription.Terms(
                        row.getString("url"), types(row), context(row), row.getString("auth_token") != null),
                Timestamps.read(row, "paused_at").map(at -> new Subscription.Pause(at, reason)),
                new Subscription.Version(
                        row.getInt("revision"),
                        Timestamps.instant(row.getLong("created_at")),
                        Timestamps.instant(row.getLong("updated_at"))));
    }

    private static List<String> types(ResultSet row) throws SQLException {
        return Json.read(row.getString("event_types"))
                .valueStream()
                .map(JsonNode::stringValue)
                .toList();
    }

    private static Optional<ContextConfig> context(ResultSet row) throws SQLException {
        return Optional.ofNullable(row.getString("context_config"))
                .map(Json::read)
                .map(ContextConfig::read);
    }
}
