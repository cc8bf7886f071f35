package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.Storage;
import partyline.kernel.Timestamps;
import partyline.outbound.Exchange;

/// Every attempt to tell a receiver of an event, for those who own the subscription; and the means to make one more at
/// once. At most sixteen such calls run at a time, apart from those of the dispatcher. Thread-safe.
public final class DeliveryLog {

    private static final int MOST_AT_ONCE = 16;

    /// Narrows the log; what is empty does not matter. `success` is a 2xx answer, and its contrary everything else.
    /// `limit` is 1 to 200.
    public record Filter(
            Optional<Id> subscription, Optional<String> eventType, Optional<Boolean> success, int limit, int offset) {}

    /// What became of a wish to post an event once more.
    public sealed interface Outcome {

        /// It was posted; the new row tells how that ended.
        record Made(Attempt attempt) implements Outcome {}

        /// The caller sees no such row, or for a test no such subscription.
        record NotFound() implements Outcome {}

        /// The subscription is gone, or does not name this type of event any more.
        record NotSubscribed() implements Outcome {}
    }

    private final Storage storage;
    private final Postman postman;
    private final Semaphore permits = new Semaphore(MOST_AT_ONCE, true);
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final DeliveryStore deliveries = new DeliveryStore();
    private final EndingStore endings = new EndingStore();
    private final AttemptStore attempts = new AttemptStore();

    public DeliveryLog(Storage storage, Postman postman) {
        this.storage = storage;
        this.postman = postman;
    }

    /// What the caller sees, newest first.
    public List<Attempt> list(Caller caller, Filter filter) {
        return storage.database().read(handle -> attempts.list(handle, caller, filter));
    }

    /// Posts the event of a row again, to where the subscription points now: same event id and body, fresh request id,
    /// timestamp and signature. Waits for the answer, which may take ten seconds.
    public Outcome replay(Caller caller, Id attempt) {
        Optional<Id> delivery = storage.database().read(handle -> attempts.delivery(handle, caller, attempt));
        if (delivery.isEmpty()) {
            return new Outcome.NotFound();
        }
        return storage.database()
                .read(handle -> deliveries.find(handle, delivery.get()))
                .filter(found -> found.destination().wanted())
                .map(found -> make(caller, found, true))
                .orElseGet(Outcome.NotSubscribed::new);
    }

    /// Posts a signed sample event of the first type that the subscription names, and waits for the answer.
    public Outcome test(Caller caller, Id subscription) {
        Optional<Id> sample = storage.database()
                .write(tx -> subscriptions
                        .find(tx.handle(), caller, subscription)
                        .map(found -> {
                            Instant now = storage.clock().instant();
                            String id = "evt_" + storage.ids().next().text().replace("-", "");
                            String type = found.eventTypes().getFirst();
                            String body = Sample.envelope(id, type, Timestamps.iso(now));
                            return deliveries.sample(
                                    tx, storage.ids(), found, new Delivery.Payload(id, type, body), now);
                        }));
        if (sample.isEmpty()) {
            return new Outcome.NotFound();
        }
        return storage.database()
                .read(handle -> deliveries.find(handle, sample.get()))
                .map(found -> make(caller, found, false))
                .orElseGet(Outcome.NotSubscribed::new);
    }

    private Outcome make(Caller caller, Delivery delivery, boolean replay) {
        String requestId = storage.ids().next().text();
        Instant at = storage.clock().instant();
        Exchange exchange = post(delivery, requestId, at);
        AttemptStore.Made made = new AttemptStore.Made(storage.ids().next(), requestId, exchange, replay, at);
        return storage.database().write(tx -> {
            attempts.log(tx, delivery, made);
            if (Conclusion.success(exchange)) {
                endings.settle(tx, delivery);
            }
            return attempts.find(tx.handle(), caller, made.id())
                    .<Outcome>map(Outcome.Made::new)
                    .orElseGet(Outcome.NotFound::new);
        });
    }

    private Exchange post(Delivery delivery, String requestId, Instant at) {
        try {
            permits.acquire();
            try {
                return postman.post(delivery, requestId, at);
            } finally {
                permits.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Exchange.NoAnswer("the server is stopping", Duration.ZERO);
        }
    }
}
