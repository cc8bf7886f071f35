package partyline.webhooks;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import partyline.identities.Caller;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.Organizations;
import partyline.identities.ServerKey;
import partyline.identities.SigningKeys;
import partyline.kernel.Database;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.Json;
import partyline.kernel.Storage;
import partyline.kernel.Timestamps;
import partyline.outbound.Outbound;

/// The module on a real database in `folder`, with retries that hardly wait. Opening a second one on the same
/// folder, after closing the first, is a restart.
final class Server implements AutoCloseable {

    static final RetrySchedule SOON = new RetrySchedule(Collections.nCopies(5, Duration.ofMillis(2)));

    static final Duration OVERLAP = Duration.ofHours(1);
    static final Duration KEPT = Duration.ofDays(30);

    final Storage storage;
    final Identities identities;
    final SigningKeys keys;
    final Subscriptions subscriptions;
    private final Outbound outbound = new Outbound(List.of("127.0.0.0/8"), "Partyline/test");
    final Deliveries deliveries;
    final DeliveryLog deliveryLog;
    private final Organizations organizations;

    Server(Path folder, RetrySchedule schedule) {
        this(folder, schedule, () -> Instant.now().truncatedTo(ChronoUnit.MICROS), ContextSource.NONE);
    }

    Server(Path folder, RetrySchedule schedule, InstantSource clock, ContextSource context) {
        Ids ids = new Ids(clock);
        Database database = Database.open(folder.resolve("partyline.db"));
        storage = new Storage(database, new Journal(ids, clock), ids, clock);
        identities = new Identities(database, ids, clock);
        organizations = new Organizations(database, clock);
        ServerKey serverKey = ServerKey.open(folder.resolve("server.key"), true);
        keys = new SigningKeys(database, clock, serverKey, OVERLAP);
        subscriptions = new Subscriptions(storage, identities, keys, serverKey, outbound);
        WebhookSender postman = new WebhookSender(keys, serverKey, outbound, database.meters());
        deliveries = new Deliveries(storage, postman, context, PersonNames.NONE, schedule, KEPT);
        storage.journal().subscribe(deliveries::enqueue);
        subscriptions.listen(deliveries::changed);
        deliveryLog = new DeliveryLog(storage, postman, deliveries, () -> false);
        deliveries.start();
    }

    /// The admin of a new organization; the first is the operator's.
    Caller organization(String name) {
        var made = storage.database().write(tx -> organizations.create(tx, name));
        return new Caller(made.id(), Optional.empty(), made.operator(), "key");
    }

    Identity identity(Caller caller, String handle) {
        var outcome = identities.create(caller, new Handle(handle), new Identity.Profile(null, null), true);
        return ((Identities.Outcome.Stored) outcome).identity();
    }

    /// Subscribes to what arrives.
    Subscription subscribe(Caller caller, Identity identity, String url) {
        return subscribe(caller, identity, url, Optional.empty());
    }

    /// Subscribes to what arrives, at a receiver that wants to see this token.
    Subscription subscribe(Caller caller, Identity identity, String url, Optional<String> token) {
        var wish = new Subscriptions.Change(
                Optional.of(url), Optional.of(List.of("imessage.received")), Optional.empty(), token.map(Json::text));
        return ((Subscriptions.Outcome.Done) subscriptions.create(caller, identity.id(), wish)).subscription();
    }

    /// Changes a subscription, whatever its revision and however many families it has.
    Subscriptions.Outcome update(Caller caller, Subscription subscription, Subscriptions.Change change) {
        return subscriptions.update(
                caller, subscription.id(), change, new Subscriptions.Condition(true, Optional.empty()));
    }

    /// The events that a subscription is to name instead.
    static Subscriptions.Change names(String... types) {
        return new Subscriptions.Change(
                Optional.empty(), Optional.of(List.of(types)), Optional.empty(), Optional.empty());
    }

    /// Appends an event of `type` and returns it.
    Event happens(Identity identity, String type) {
        return storage.database().write(tx -> storage.journal().append(tx, draft(identity, type)));
    }

    /// Appends an event of `type` that happened in `conversation`.
    Event happens(Identity identity, String type, Id conversation) {
        return storage.database()
                .write(tx -> storage.journal().append(tx, draft(identity, type, Optional.of(conversation))));
    }

    /// Appends an event of `type` that says `content`.
    Event happensWith(Identity identity, String type, String content) {
        Event.Draft draft = draft(identity, type);
        return storage.database()
                .write(tx -> storage.journal()
                        .append(
                                tx,
                                new Event.Draft(
                                        draft.organization(),
                                        draft.identity(),
                                        draft.conversation(),
                                        draft.person(),
                                        type,
                                        "{\"message\":{\"content\":\"" + content + "\"},\"reaction\":null}")));
    }

    static Event.Draft draft(Identity identity, String type) {
        return draft(identity, type, Optional.empty());
    }

    static Event.Draft draft(Identity identity, String type, Optional<Id> conversation) {
        return new Event.Draft(
                identity.organization(),
                Optional.of(identity.id()),
                conversation,
                Optional.empty(),
                type,
                "{\"message\":{\"id\":\"0190163d-8694-739b-aea5-966c26f8ad91\",\"content\":\"grüß dich 🌴\"},\"reaction\":null}");
    }

    List<String> states(Subscription subscription) {
        deliveries.flush();
        return storage.database()
                .read(handle -> handle.createQuery("""
                SELECT state FROM (
                    SELECT event_id, state FROM webhook_delivery WHERE subscription_id = :subscription
                    UNION
                    SELECT event_id, 'succeeded' FROM webhook_attempt a
                     WHERE subscription_no = (SELECT no FROM symbol WHERE text = :subscription)
                       AND NOT EXISTS (SELECT 1 FROM webhook_delivery d
                                        WHERE d.subscription_id = :subscription AND d.event_id = a.event_id)
                    UNION
                    SELECT event_id, 'pending' FROM journal j JOIN symbol i ON i.no = j.identity_no
                           JOIN webhook_subscription s ON s.identity_id = i.text
                     WHERE s.id = :subscription
                       AND j.seq > s.position AND j.type IN (SELECT value FROM json_each(s.event_types))
                       AND NOT EXISTS (SELECT 1 FROM webhook_attempt a
                                        WHERE a.subscription_no = (SELECT no FROM symbol WHERE text = :subscription)
                                          AND a.event_id = j.event_id))
                 ORDER BY event_id
                """)
                        .bind("subscription", subscription.id().text())
                        .mapTo(String.class)
                        .list());
    }

    /// Status or error of every attempt, oldest first.
    List<String> log(Subscription subscription) {
        deliveries.flush();
        return query(
                "SELECT coalesce(response_status, error_detail) FROM webhook_attempt JOIN symbol ON no = subscription_no WHERE text = ? ORDER BY id",
                subscription.id());
    }

    /// When the pending deliveries go next.
    List<Instant> nextAttempts(Subscription subscription) {
        return query(
                        "SELECT next_attempt_at FROM webhook_delivery WHERE subscription_id = ? AND state = 'pending'",
                        subscription.id())
                .stream()
                .map(micros -> Timestamps.instant(Long.parseLong(micros)))
                .toList();
    }

    /// The data of the journal's events of a type.
    List<String> journal(String type) {
        return storage.database()
                .read(handle -> handle.select("SELECT payload FROM journal WHERE type = ? ORDER BY seq", type)
                        .mapTo(String.class)
                        .list());
    }

    /// What is signed and sent, oldest first.
    List<String> bodies(Subscription subscription) {
        return deliveryLog
                .list(
                        new Caller(subscription.organization(), Optional.empty(), true, "key"),
                        new DeliveryLog.Filter(
                                Optional.of(subscription.id()),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                200,
                                0))
                .rows()
                .reversed()
                .stream()
                .map(attempt -> attempt.sent().payload())
                .toList();
    }

    private List<String> query(String sql, Id subscription) {
        return storage.database()
                .read(handle -> handle.select(sql, subscription.text())
                        .mapTo(String.class)
                        .list());
    }

    @Override
    public void close() {
        deliveries.close();
        outbound.close();
        storage.database().close();
    }
}
