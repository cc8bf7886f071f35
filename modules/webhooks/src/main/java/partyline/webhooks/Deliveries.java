package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.identities.Caller;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.PersonalTable;
import partyline.kernel.Pruning;
import partyline.kernel.Storage;
import partyline.kernel.Tx;

/// What an event owes to its subscriptions: stored with the event, then posted until it is taken or given up.
///
/// A slow or dead receiver delays nobody else, and a failed attempt does not hold up later events; those of
/// one conversation are first attempted in order. An attempt that a crash cut short is made again with the
/// same request id: every event arrives at least once. Thread-safe.
public final class Deliveries implements AutoCloseable {

    private final Storage storage;
    private final Dispatcher dispatcher;
    private final Pruning pruning;
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final HealthStore health = new HealthStore();
    private final DeliveryStore store = new DeliveryStore();
    private final EndingStore endings = new EndingStore();

    /// What was told of a person, and every attempt to.
    public static List<PersonalTable> personalTables() {
        return List.of(
                PersonalTable.deleted(
                        "webhook_attempt", "delivery_id IN (SELECT id FROM webhook_delivery WHERE person = :person)"),
                PersonalTable.deleted("webhook_delivery", "person = :person"));
    }

    /// `schedule` says when to try again, `kept` how long the log and what it tells of are kept.
    public Deliveries(
            Storage storage, WebhookSender postman, ContextSource context, RetrySchedule schedule, Duration kept) {
        this.storage = storage;
        this.dispatcher =
                new Dispatcher(storage, new ContextWriter(context), postman, new AttemptResult(storage, schedule));
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
                endings.requeueEnded(tx, id, since, now);
                endings.hurry(tx, id, now);
                endings.releaseOrphans(tx, id, now);
            });
            tx.afterCommit(() -> dispatcher.wake(id));
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
            tx.afterCommit(() -> dispatcher.wake(id));
            return Optional.of(
                    endings.requeueCreated(tx, id, since, storage.clock().instant()));
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

    /// Owes an event to whoever subscribed to it, in the transaction that appends it; [#start] begins to pay.
    /// The journal has events that are for streams alone; those are nobody's here.
    public void enqueue(Tx tx, Event event) {
        if (!EventTypes.isFired(event.type())) {
            return;
        }
        List<Subscription> takers = event.draft().identity().stream()
                .flatMap(identity -> subscriptions.ofIdentity(tx, identity).stream())
                .filter(subscription -> subscription.wants(event.type()))
                .toList();
        for (Subscription taker : takers) {
            store.owe(tx, storage.ids(), taker, event, ContextWriter.isWanted(event, taker));
            tx.afterCommit(() -> dispatcher.wake(taker.id()));
        }
    }
}
