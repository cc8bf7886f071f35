package partyline.webhooks;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import partyline.identities.Caller;
import partyline.kernel.Event;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Symbols;
import partyline.kernel.Timestamps;
import partyline.kernel.TraceStep;
import partyline.kernel.Tx;
import partyline.outbound.Exchange;
import tools.jackson.databind.node.ArrayNode;

/// The `webhook_attempt` table, the delivery log: one row per attempt, never changed.
final class AttemptStore {

    /// What one attempt posted, to be posted again: to which subscription, and about whom.
    record Again(Id subscription, Delivery.Payload payload, Optional<PhoneNumber> person) {}

    /// The answer's part of a row: status and body, or why there was none.
    private record Answer(
            @Nullable Integer status,
            @Nullable String body,
            boolean inside,
            @Nullable String error) {

        static Answer of(Exchange exchange) {
            return switch (exchange) {
                case Exchange.Answered answered ->
                    new Answer(answered.status(), answered.body(), answered.inside(), null);
                case Exchange.NoAnswer none -> new Answer(null, null, false, none.detail());
            };
        }
    }

    /// What all bodies of one answer may hold together, in characters.
    private static final int LARGEST = 512 * 1_024;

    /// What an address inside answered is shown to admins alone: an identity's key would read the operator's
    /// networks with it.
    private static final String SELECT =
            """
            SELECT a.id, a.salt, sn.text AS subscription_id, a.seq, a.url, d.body,
                   a.event_id, coalesce(d.event_salt, j.event_salt) AS event_salt,
                   coalesce(d.event_type, j.type) AS event_type,
                   coalesce(d.created_at, j.occurred_at) AS happened_at,
                   coalesce(d.person, j.person) AS person,
                   a.response_status, CASE WHEN a.inside = 0 OR :own IS NULL THEN a.response_body END AS response_body,
                   a.error_detail, a.duration_ms, a.is_replay, a.created_at,
                   CASE WHEN s.id IS NULL THEN 'subscription_deleted'
                        WHEN coalesce(d.event_type, j.type) NOT IN (SELECT value FROM json_each(s.event_types))
                        THEN 'event_not_subscribed' END AS unreplayable
              FROM webhook_attempt a
                   CROSS JOIN symbol sn ON sn.no = a.subscription_no
                   LEFT JOIN webhook_delivery d ON d.subscription_id = sn.text AND d.event_id = a.event_id
                   LEFT JOIN journal j ON j.organization_no = a.organization_no AND j.seq = a.seq
                   LEFT JOIN webhook_subscription s ON s.id = sn.text
             WHERE a.organization_no = <organization> AND (:own IS NULL OR a.identity_no = <own>)
               AND (d.id IS NOT NULL OR j.event_id = a.event_id)
            """.replace("<organization>", Symbols.of(":organization")).replace("<own>", Symbols.of(":own"));

    private final EventLog events;

    AttemptStore(EventLog events) {
        this.events = events;
    }

    /// Logs an attempt; false when its event is not kept any more, since the person was erased: then nothing
    /// may repeat it.
    boolean log(Tx tx, ResultWriter.Result result) {
        Answer answer = Answer.of(result.exchange());
        Subscription target = result.delivery().target().subscription();
        Delivery.Payload payload = result.delivery().payload();
        return tx.run(
                        """
                INSERT INTO webhook_attempt (id, salt, organization_no, identity_no, subscription_no, seq, event_id,
                                             url, response_status, response_body, error_detail, duration_ms, is_replay,
                                             inside, created_at)
                SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15
                 WHERE EXISTS (SELECT 1 FROM journal WHERE organization_no = ?3 AND seq = ?6 AND type = ?16)
                    OR EXISTS (SELECT 1 FROM webhook_delivery WHERE subscription_id = ?17 AND event_id = ?7)
                """,
                        result.id().key(),
                        result.id().salt(),
                        Symbols.number(tx, target.organization().text()),
                        Symbols.number(tx, target.identity().text()),
                        Symbols.number(tx, target.id().text()),
                        payload.seq(),
                        payload.event().key(),
                        target.terms().url(),
                        answer.status(),
                        answer.body(),
                        answer.error(),
                        result.exchange().took().toMillis(),
                        result.delivery().progress().replayed(),
                        answer.inside(),
                        Timestamps.micros(result.at()),
                        payload.eventType(),
                        target.id().text())
                > 0;
    }

    /// Every attempt to tell of these events, all about something that was made with the id `since`.
    List<TraceStep> trace(Handle reader, OrganizationId organization, Id since, List<Id> events) {
        return Rows.list(
                reader,
                "SELECT a.created_at, s.text, a.response_status, a.error_detail, a.duration_ms, a.is_replay"
                        + " FROM webhook_attempt a JOIN symbol s ON s.no = a.subscription_no WHERE a.organization_no = "
                        + Symbols.of("?1")
                        + " AND a.id > ?2 AND a.event_id IN (SELECT value FROM json_each(?3)) ORDER BY a.id",
                row -> new TraceStep(
                        Timestamps.instant(row.getLong(1)),
                        "webhook %s  %s in %d ms%s"
                                .formatted(
                                        row.getString(2),
                                        row.getString(3) == null
                                                ? "no answer (" + row.getString(4) + ")"
                                                : "answered " + row.getString(3),
                                        row.getLong(5),
                                        row.getBoolean(6) ? ", by hand" : "")),
                organization.text(),
                since.key(),
                Json.write(keys(events)));
    }

    static ArrayNode keys(List<Id> ids) {
        ArrayNode keys = Json.array();
        ids.forEach(id -> keys.add(id.key()));
        return keys;
    }

    /// What the caller sees, newest first, up to a bound for all bodies together: the rows are read one by
    /// one, so what is beyond it is never in memory. One subscription's rows are found by its own index.
    DeliveryLog.Page list(Handle handle, Caller caller, DeliveryLog.Filter filter) {
        String one = filter.subscription().isPresent() ? " AND a.subscription_no = " + Symbols.of(":subscription") : "";
        String before = filter.before().isPresent() ? " AND a.id < :before" : "";
        Query query = query(handle, caller, one + before + """
                   AND (:type IS NULL OR coalesce(d.event_type, j.type) = :type)
                   AND (:success IS NULL
                        OR :success = coalesce(a.response_status BETWEEN 200 AND 299, 0))
                 ORDER BY a.id DESC LIMIT :limit OFFSET :offset
                """)
                .bind("type", filter.eventType().orElse(null))
                .bind("success", filter.success().orElse(null))
                .bind("limit", filter.limit() + 1)
                .bind("offset", filter.offset());
        filter.subscription().ifPresent(id -> query.bind("subscription", id.text()));
        filter.before().ifPresent(id -> query.bind("before", id.key()));
        try (ResultIterator<Attempt> rows = query.map((row, _) -> attempt(handle, caller.organization(), row))
                .iterator()) {
            return page(rows, filter.limit());
        }
    }

    private static DeliveryLog.Page page(Iterator<Attempt> rows, int limit) {
        List<Attempt> found = new ArrayList<>();
        long size = 0;
        while (rows.hasNext()) {
            Attempt row = rows.next();
            size += row.size();
            if (found.size() == limit || !found.isEmpty() && size > LARGEST) {
                return new DeliveryLog.Page(found, true);
            }
            found.add(row);
        }
        return new DeliveryLog.Page(found, false);
    }

    Optional<Attempt> find(Handle handle, Caller caller, Id id) {
        return one(handle, caller, id)
                .map((row, _) -> attempt(handle, caller.organization(), row))
                .findOne();
    }

    /// What an attempt of the caller's posted.
    Optional<Again> again(Handle handle, Caller caller, Id attempt) {
        return one(handle, caller, attempt)
                .map((row, _) -> new Again(
                        Id.parse(row.getString("subscription_id")),
                        new Delivery.Payload(
                                row.getLong("seq"),
                                event(row),
                                row.getString("event_type"),
                                body(handle, caller.organization(), row),
                                row.getString("body") != null,
                                Timestamps.instant(row.getLong("happened_at"))),
                        Optional.ofNullable(row.getString("person")).map(PhoneNumber::new)))
                .findOne();
    }

    /// Removes some of what was tried before `until`, and returns how many.
    int prune(Tx tx, Instant until, int most) {
        return tx.run("""
                DELETE FROM webhook_attempt
                 WHERE id IN (SELECT id FROM webhook_attempt WHERE created_at < ? ORDER BY created_at LIMIT ?)
                """, Timestamps.micros(until), most);
    }

    private static Query one(Handle handle, Caller caller, Id attempt) {
        return query(handle, caller, " AND a.id = :id AND a.salt = :salt")
                .bind("id", attempt.key())
                .bind("salt", attempt.salt());
    }

    private static Query query(Handle handle, Caller caller, String which) {
        return handle.createQuery(SELECT + which)
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull());
    }

    /// A body of its own, or else the event's envelope.
    private String body(Handle handle, OrganizationId organization, ResultSet row) throws SQLException {
        String own = row.getString("body");
        return own != null
                ? own
                : events.find(handle, organization, row.getLong("seq"))
                        .orElseThrow()
                        .envelope();
    }

    private static Id event(ResultSet row) throws SQLException {
        return Id.of(row.getLong("event_id"), row.getLong("event_salt"));
    }

    private Attempt attempt(Handle handle, OrganizationId organization, ResultSet row) throws SQLException {
        int status = row.getInt("response_status");
        Optional<Integer> answered = row.wasNull() ? Optional.empty() : Optional.of(status);
        return new Attempt(
                Id.of(row.getLong("id"), row.getLong("salt")),
                organization,
                Id.parse(row.getString("subscription_id")),
                new Attempt.Sent(
                        Event.id(event(row)),
                        row.getString("event_type"),
                        row.getString("url"),
                        body(handle, organization, row)),
                new Attempt.Result(
                        answered,
                        Optional.ofNullable(row.getString("response_body")),
                        Optional.ofNullable(row.getString("error_detail")),
                        Duration.ofMillis(row.getLong("duration_ms"))),
                row.getBoolean("is_replay"),
                Optional.ofNullable(row.getString("unreplayable")),
                Timestamps.instant(row.getLong("created_at")));
    }
}
