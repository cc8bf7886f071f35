package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import partyline.identities.Caller;
import partyline.kernel.Event;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.Storage;
import partyline.kernel.Timestamps;
import partyline.kernel.TraceStep;
import partyline.kernel.Tx;
import partyline.outbound.Exchange;
import partyline.webhooks.ResultWriter.Result;
import tools.jackson.databind.node.ObjectNode;

/// Every attempt to tell a receiver of an event, for those who own the subscription; and the means to have one
/// made again. At most sixteen calls by hand run at a time, four of one organization, apart from all others.
/// Thread-safe.
public final class DeliveryLog {

    private static final int MOST_AT_ONCE = 16;
    private static final int SHARE = 4;
    private static final Delivery.Progress BY_HAND = new Delivery.Progress(0, 0, true);
    private static final int SAMPLES_KEPT = 100;
    /// As long as a call may take.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /// Narrows the log; what is empty does not matter. `success` is a 2xx answer, and its contrary everything
    /// else. `before` is the last row that was seen, `limit` is 1 to 200.
    public record Filter(
            Optional<Id> subscription,
            Optional<String> eventType,
            Optional<Boolean> success,
            Optional<Id> before,
            int limit,
            int offset) {}

    /// Some rows, and whether the filter lets more through.
    public record Page(List<Attempt> rows, boolean more) {

        public Page {
            rows = List.copyOf(rows);
        }
    }

    /// What became of a wish to post an event once more.
    public sealed interface Outcome {

        /// It was posted; the new row tells how that ended.
        record Made(Attempt attempt) implements Outcome {}

        /// The caller sees no such row, or for a test no such subscription.
        record NotFound() implements Outcome {}

        /// The subscription is gone, or does not name this type of event any more.
        record NotSubscribed() implements Outcome {}

        /// As many such calls as the organization may make at once are on; `pause` is the time to wait.
        record Busy(Duration pause) implements Outcome {}
    }

    private final Storage storage;
    private final WebhookSender sender;
    private final Deliveries deliveries;
    private final BooleanSupplier still;
    private final Shares places = new Shares(MOST_AT_ONCE, SHARE);
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final DeliveryStore store = new DeliveryStore();
    private final AttemptStore attempts;

    /// While it is `still`, nothing is posted.
    public DeliveryLog(Storage storage, WebhookSender sender, Deliveries deliveries, BooleanSupplier still) {
        this.storage = storage;
        this.sender = sender;
        this.deliveries = deliveries;
        this.still = still;
        this.attempts = new AttemptStore(new EventLog(storage.database(), storage.journal()));
    }

    /// What the caller sees, newest first: as many rows as wished, or fewer when their bodies are large.
    public Page list(Caller caller, Filter filter) {
        deliveries.flush();
        return storage.database().read(handle -> attempts.list(handle, caller, filter));
    }

    /// Posts the event of a row again, to where the subscription points now: same event id and body, fresh
    /// request id, timestamp and signature. Waits for the answer, which may take ten seconds.
    public Outcome replay(Caller caller, Id attempt) {
        return inPlace(
                caller,
                () -> storage.database()
                        .read(handle -> attempts.again(handle, caller, attempt))
                        .map(again -> storage.database()
                                .read(handle -> subscriptions.target(handle, again.subscription()))
                                .filter(it ->
                                        it.subscription().wants(again.payload().eventType()))
                                .map(target -> make(
                                        caller,
                                        new Delivery(
                                                Optional.empty(), target, again.payload(), again.person(), BY_HAND)))
                                .orElseGet(Outcome.NotSubscribed::new))
                        .orElseGet(Outcome.NotFound::new));
    }

    /// Posts a signed sample event of the first type that the subscription names, of those that happen here
    /// if there is one, and waits for the answer. The newest hundred samples of a subscription are kept.
    public Outcome test(Caller caller, Id subscription) {
        return inPlace(
                caller,
                () -> storage.database()
                        .read(handle -> subscriptions
                                .find(handle, caller, subscription)
                                .flatMap(found -> subscriptions.target(handle, found.id())))
                        .map(target -> make(caller, sample(target)))
                        .orElseGet(Outcome.NotFound::new));
    }

    /// For the operator: how receivers were told of these events, which are about something with the id `since`, and
    /// what they are still owed. The newest answers are there.
    public List<TraceStep> trace(OrganizationId organization, Id since, List<Id> events) {
        deliveries.flush();
        return storage.database()
                .read(handle -> Stream.concat(
                                attempts.trace(handle, organization, since, events).stream(),
                                store.trace(handle, organization, events).stream())
                        .toList());
    }

    /// Ends a pause and queues what failed in the stretch of failures that led to it; what waits goes at
    /// once. Does nothing to a subscription that does well. Empty when the caller sees no such subscription.
    public Optional<Subscription> resume(Caller caller, Id id) {
        return changed(caller, id, tx -> {
            Instant now = storage.clock().instant();
            subscriptions.resume(tx, id, now).ifPresent(since -> {
                store.requeueEnded(tx, id, since, now);
                store.hurry(tx, id, now);
            });
            return subscriptions.find(tx.handle(), caller, id).orElseThrow();
        });
    }

    /// Queues, as replays, everything that happened at or after `since` and was given up; returns how much
    /// that is, empty when the caller sees no such subscription.
    public Optional<Integer> replayFailed(Caller caller, Id id, Instant since) {
        return changed(
                caller,
                id,
                tx -> store.requeueCreated(tx, id, since, storage.clock().instant()));
    }

    private <T> Optional<T> changed(Caller caller, Id id, Function<Tx, T> change) {
        return storage.database()
                .write(tx -> subscriptions.find(tx.handle(), caller, id).map(_ -> {
                    tx.onCommit(() -> deliveries.changed(id));
                    return change.apply(tx);
                }));
    }

    private Outcome inPlace(Caller caller, Supplier<Outcome> call) {
        try {
            if (!places.tryAcquire(caller.organization(), PATIENCE)) {
                return new Outcome.Busy(PATIENCE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Busy(PATIENCE);
        }
        try {
            return call.get();
        } finally {
            places.release(caller.organization());
        }
    }

    private Delivery sample(Delivery.Target target) {
        List<String> types = target.subscription().terms().eventTypes();
        String type = types.stream().filter(EventTypes::isFired).findFirst().orElse(types.getFirst());
        Instant now = storage.clock().instant();
        Id id = storage.ids().next();
        ObjectNode identity = storage.database().read(handle -> {
            Id owner = target.subscription().identity();
            return Event.identity(owner, storage.journal().handle(handle, owner));
        });
        String body = Sample.envelope(Event.id(id), type, Timestamps.iso(now), identity);
        Delivery.Payload payload = new Delivery.Payload(0, id, type, body, true, now);
        return new Delivery(Optional.empty(), target, payload, Optional.empty(), Delivery.Progress.NONE);
    }

    private Outcome make(Caller caller, Delivery delivery) {
        String requestId = storage.ids().next().text();
        Instant at = storage.clock().instant();
        Exchange exchange = post(delivery, requestId, at);
        Result result = new Result(storage.ids().next(), delivery, requestId, exchange, at, Optional.empty());
        return storage.database().write(tx -> {
            if (!delivery.progress().replayed()) {
                store.insert(tx, storage.ids().next(), delivery, "sample", at);
                store.forgetSamples(tx, result.subscription(), SAMPLES_KEPT);
            }
            if (attempts.log(tx, result)) {
                store.keep(tx, storage.ids().next(), delivery, at);
            }
            if (result.success()) {
                store.succeed(tx, delivery);
            }
            return attempts.find(tx.handle(), caller, result.id())
                    .<Outcome>map(Outcome.Made::new)
                    .orElseGet(Outcome.NotFound::new);
        });
    }

    private Exchange post(Delivery delivery, String requestId, Instant at) {
        if (still.getAsBoolean()) {
            return new Exchange.NoAnswer("the server is in quarantine and posts nothing", Duration.ZERO);
        }
        try {
            return sender.post(delivery, requestId, at);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Exchange.NoAnswer("the server is stopping", Duration.ZERO);
        }
    }
}
