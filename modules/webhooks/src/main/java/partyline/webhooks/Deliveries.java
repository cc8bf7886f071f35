package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.identities.Caller;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Pruning;
import partyline.kernel.Storage;
import partyline.kernel.Tx;

/// Tells subscriptions of events: each reads the journal from its own position, and what fails is tried again until it
/// is taken or given up.
///
/// A slow or dead receiver delays nobody else, and a failed attempt does not hold up later events; those of
/// one conversation are first attempted in order. What a crash cut short, or left unwritten, is told again with the
/// same request id: every event arrives at least once. Thread-safe.
public final class Deliveries implements AutoCloseable {

    private final Storage storage;
    private final Dispatcher dispatcher;
    private final Pruning pruning;
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final HealthStore health = new HealthStore();
    private final DeliveryStore store = new DeliveryStore();

    /// Every attempt to tell of a person, and what is kept of that beside the journal. To be forgotten before the
    /// journal is, which knows whom an attempt is about.
    public static List<PersonalTable> personalTables() {
        return List.of(
                PersonalTable.deleted("webhook_attempt", """
                        (organization_id, seq) IN (
                               SELECT h.organization_id, j.seq FROM journal j JOIN journal_head h ON h.no = j.organization_no
                                WHERE j.person = :person)
                         OR (subscription_id, event_id) IN (SELECT subscription_id, event_id FROM webhook_delivery
                                                             WHERE person = :person)
                        """),
                PersonalTable.deleted("webhook_delivery", "person = :person"));
    }

    /// `schedule` says when to try again, `kept` how long the log and what it tells of are kept.
    public Deliveries(
            Storage storage, WebhookSender postman, ContextSource context, RetrySchedule schedule, Duration kept) {
        this.storage = storage;
        this.dispatcher = new Dispatcher(storage, new ContextWriter(context), postman, schedule, kept);
        this.pruning = LogPruning.of(storage, kept);
    }

    /// Takes up what an earlier run left, looks again now and then, and keeps the log short.
    public void start() {
        dispatcher.start();
        pruning.start();
    }

    /// Ends a pause and queues what failed in the stretch of failures that led to it; what waits goes at
    /// once. Does nothing to a subscription that does well. Empty when the caller sees no such subscription.
    public Optional<Subscription> resume(Caller caller, Id id) {
        return storage.database().write(tx -> {
            if (subscriptions.find(tx.handle(), caller, id).isEmpty()) {
                return Optional.empty();
            }
            Instant now = storage.clock().instant();
            health.resume(tx, id, now).ifPresent(since -> {
                store.requeueEnded(tx, id, since, now);
                store.hurry(tx, id, now);
            });
            tx.onCommit(() -> dispatcher.changed(id));
            return subscriptions.find(tx, id);
        });
    }

    /// Queues, as replays, everything that happened at or after `since` and was given up; returns how much
    /// that is, empty when the caller sees no such subscription.
    public Optional<Integer> replayFailed(Caller caller, Id id, Instant since) {
        return storage.database().write(tx -> {
            if (subscriptions.find(tx.handle(), caller, id).isEmpty()) {
                return Optional.empty();
            }
            tx.onCommit(() -> dispatcher.changed(id));
            return Optional.of(
                    store.requeueCreated(tx, id, since, storage.clock().instant()));
        });
    }

    /// Lets the attempts in progress end for a few seconds; what is owed is taken up at the next start.
    @Override
    public void close() {
        pruning.close();
        dispatcher.close();
    }

    /// Looks for what is due, as the sweep does.
    public void look() {
        dispatcher.look();
    }

    /// Removes what is older than it is kept, as the background does.
    void prune() {
        pruning.run();
    }

    /// Takes what an owner changed of a subscription, or that it is gone.
    public void changed(Id subscription) {
        dispatcher.changed(subscription);
    }

    /// Writes down every attempt that has ended by now; usually that takes a tenth of a second.
    public void flush() {
        dispatcher.flush();
    }

    /// Lets what waits about this person go untold; called before the person is erased, and after.
    public void forget(PhoneNumber person) {
        dispatcher.forget(person);
    }

    /// Offers an event to whoever subscribed to it, in the transaction that appends it, once that is on disk. The
    /// journal has events that are for streams alone; those are nobody's here.
    public void enqueue(Tx tx, Event event) {
        if (!EventTypes.isFired(event.type())) {
            return;
        }
        List<Id> takers = event.draft().identity().stream()
                .flatMap(identity -> subscriptions.ofIdentity(tx, identity).stream())
                .filter(subscription -> subscription.wants(event.type()))
                .map(Subscription::id)
                .toList();
        if (!takers.isEmpty()) {
            tx.onCommit(() -> takers.forEach(taker -> dispatcher.offer(taker, event)));
            tx.afterCommit(() -> takers.forEach(dispatcher::go));
        }
    }
}
