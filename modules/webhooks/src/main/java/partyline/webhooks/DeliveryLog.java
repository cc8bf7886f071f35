package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import partyline.identities.Caller;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.Storage;
import partyline.kernel.Timestamps;
import partyline.outbound.Exchange;

/// Every attempt to tell a receiver of an event, for those who own the subscription; and the means to make
/// one more at once. At most sixteen such calls run at a time, four of one organization, apart from those of
/// the dispatcher. Thread-safe.
public final class DeliveryLog {

    private static final int MOST_AT_ONCE = 16;
    private static final int SHARE = 4;
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
    private final WebhookSender postman;
    private final Deliveries deliveries;
    private final Shares places = new Shares(MOST_AT_ONCE, SHARE);
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final DeliveryStore store = new DeliveryStore();
    private final AttemptStore attempts;

    public DeliveryLog(Storage storage, WebhookSender postman, Deliveries deliveries) {
        this.storage = storage;
        this.postman = postman;
        this.deliveries = deliveries;
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
                                .filter(target -> target.wants(again.payload().eventType()))
                                .map(target -> new Delivery(
                                        Optional.empty(),
                                        target,
                                        again.payload(),
                                        again.person(),
                                        Delivery.Progress.NONE))
                                .map(delivery -> make(caller, delivery, true))
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
                        .map(target -> make(caller, sample(target), false))
                        .orElseGet(Outcome.NotFound::new));
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

    private Delivery sample(Target target) {
        Instant now = storage.clock().instant();
        String id = "evt_" + storage.ids().next().text().replace("-", "");
        String type = target.eventTypes().stream()
                .filter(EventTypes::isFired)
                .findFirst()
                .orElse(target.eventTypes().getFirst());
        Delivery.Payload payload =
                new Delivery.Payload(0, id, type, Sample.envelope(id, type, Timestamps.iso(now)), true, now);
        return storage.database().write(tx -> {
            Delivery made = store.sample(
                    tx,
                    storage.ids(),
                    new Delivery(Optional.empty(), target, payload, Optional.empty(), Delivery.Progress.NONE),
                    now);
            store.forgetSamples(tx, target.subscription(), SAMPLES_KEPT);
            return made;
        });
    }

    private Outcome make(Caller caller, Delivery delivery, boolean replay) {
        String requestId = storage.ids().next().text();
        Instant at = storage.clock().instant();
        Exchange exchange = post(delivery, requestId, at);
        ResultWriter.Result result =
                new ResultWriter.Result(storage.ids().next(), delivery, requestId, exchange, at, Optional.empty());
        return storage.database().write(tx -> {
            if (attempts.log(tx, result, replay)) {
                store.keep(tx, storage.ids(), delivery, at);
            }
            if (result.success()) {
                store.settle(
                        tx, delivery.target().subscription(), delivery.payload().eventId());
            }
            return attempts.find(tx.handle(), caller, result.id())
                    .<Outcome>map(Outcome.Made::new)
                    .orElseGet(Outcome.NotFound::new);
        });
    }

    private Exchange post(Delivery delivery, String requestId, Instant at) {
        try {
            return postman.post(delivery, requestId, at);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Exchange.NoAnswer("the server is stopping", Duration.ZERO);
        }
    }
}
