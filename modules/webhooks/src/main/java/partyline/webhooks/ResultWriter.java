package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Event;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.KeyedExecutor;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.outbound.Exchange;
import tools.jackson.databind.node.ObjectNode;

/// Writes how attempts ended, many in one unit: successes within a tenth of a second, failures at once, each
/// together with how far the consumers are by then. So a success costs no write of its own, and what a crash
/// leaves unwritten is told once more.
///
/// An attempt is a line of the log; a failure is a row of the delivery as well, with its next attempt or with
/// its end. A receiver that is gone, or has only failed for three days, is paused. Thread-safe.
final class ResultWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResultWriter.class);
    private static final String ALL = "all";
    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);
    private static final int MOST = 500;
    private static final Duration WHEN_REFUSED = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofDays(3);
    private static final int GONE = 410;

    /// An attempt that began at `at` and ended so; after a failure the next one is due at `next`, if there is
    /// one. `id` is that of its row in the log.
    record Result(Id id, Delivery delivery, String requestId, Exchange exchange, Instant at, Optional<Instant> next) {

        boolean success() {
            return exchange.success();
        }

        Id subscription() {
            return delivery.target().subscription().id();
        }
    }

    private final Storage storage;
    private final Supplier<Map<Id, Long>> positions;
    private final Consumer<Id> paused;
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final DeliveryStore deliveries = new DeliveryStore();
    private final AttemptStore attempts;

    /// One writes at a time, so whoever comes next finds that what was there before is on disk.
    private final ReentrantLock writing = new ReentrantLock();

    private final LinkedBlockingQueue<Result> waiting = new LinkedBlockingQueue<>();
    private final Map<Id, Long> reached = new HashMap<>();
    private final KeyedExecutor<String> lane = new KeyedExecutor<>("webhook-results", _ -> flush());

    /// `positions` says how far the consumers are that moved since it was asked last; `paused` is told, on the
    /// writer's thread, of a subscription that was paused.
    ResultWriter(Storage storage, Supplier<Map<Id, Long>> positions, Consumer<Id> paused) {
        this.storage = storage;
        this.positions = positions;
        this.paused = paused;
        this.attempts = new AttemptStore(new EventLog(storage.database(), storage.journal()));
    }

    /// Writes it soon.
    void later(Result result) {
        waiting.add(result);
        if (waiting.size() >= MOST) {
            lane.wake(ALL);
        } else {
            lane.rest(ALL, LONGEST_WAIT);
        }
    }

    /// Writes it at once and returns when it is on disk.
    ///
    /// @throws InterruptedException when the server stops before; then nobody knows.
    void now(Result result) throws InterruptedException {
        waiting.add(result);
        while (!flush()) {
            Thread.sleep(WHEN_REFUSED);
        }
    }

    /// Writes what is there by now; false when the disk does not take it, which is tried again.
    boolean flush() {
        writing.lock();
        try {
            // First how far they are, then the results: so none of those is missing.
            reached.putAll(positions.get());
            List<Result> batch = List.copyOf(waiting);
            if (!batch.isEmpty() || !reached.isEmpty()) {
                storage.database().update(tx -> store(tx, batch));
                reached.clear();
                batch.forEach(_ -> waiting.remove());
            }
            return true;
        } catch (RuntimeException e) {
            LOG.warn("event=webhook_results_refused results={} detail=\"tried again\"", waiting.size(), e);
            lane.rest(ALL, WHEN_REFUSED);
            return false;
        } finally {
            writing.unlock();
        }
    }

    /// Writes what is left.
    @Override
    public void close() {
        lane.close();
        if (!flush()) {
            LOG.warn("event=webhook_results_unwritten detail=\"they are told again after the next start\"");
        }
    }

    /// Of an event that was erased meanwhile nothing stays.
    private void store(Tx tx, List<Result> batch) {
        Set<Id> well = new HashSet<>();
        for (Result result : batch) {
            if (!attempts.log(tx, result)) {
                continue;
            }
            if (!result.success()) {
                well.remove(result.subscription());
                fail(tx, result);
                continue;
            }
            succeed(tx, result);
            if (well.add(result.subscription())) {
                subscriptions.succeeded(tx, result.subscription());
            }
        }
        reached.forEach((subscription, position) -> subscriptions.reach(tx, subscription, position));
    }

    private void succeed(Tx tx, Result result) {
        Delivery delivery = result.delivery();
        if (delivery.row().isPresent()) {
            deliveries.succeed(tx, delivery);
        } else if (delivery.payload().own()) {
            deliveries.insert(tx, storage.ids().next(), delivery, "succeeded", result.at());
        }
    }

    /// A subscription that is gone is owed nothing.
    private void fail(Tx tx, Result result) {
        Delivery delivery = result.delivery();
        Instant now = storage.clock().instant();
        Optional<Instant> failingSince = subscriptions.failed(tx, result.subscription(), now);
        if (failingSince.isEmpty()) {
            return;
        }
        Id row = delivery.row().orElseGet(() -> {
            Id made = storage.ids().next();
            deliveries.insert(tx, made, delivery, "pending", result.at());
            return made;
        });
        int request = delivery.progress().request() + (result.exchange() instanceof Exchange.Answered ? 1 : 0);
        deliveries.fail(tx, row, result.next(), now, request, result.at());
        if (result.exchange() instanceof Exchange.Answered answer && answer.status() == GONE) {
            pause(tx, result, new Subscription.Pause(now, "The receiver answered 410 Gone."));
        } else if (!now.isBefore(failingSince.get().plus(PATIENCE))) {
            pause(tx, result, new Subscription.Pause(now, "Every attempt of the last three days failed."));
        }
    }

    private void pause(Tx tx, Result result, Subscription.Pause pause) {
        if (!subscriptions.pause(tx, result.subscription(), pause)) {
            return;
        }
        tx.onCommit(() -> paused.accept(result.subscription()));
        subscriptions
                .target(tx.handle(), result.subscription())
                .map(Delivery.Target::subscription)
                .ifPresent(found -> {
                    ObjectNode data = Json.object().putNull("message").putNull("reaction");
                    data.set("subscription", found.json());
                    storage.journal()
                            .append(
                                    tx,
                                    new Event.Draft(
                                            found.organization(),
                                            Optional.of(found.identity()),
                                            Optional.empty(),
                                            Optional.empty(),
                                            "subscription.paused",
                                            Json.write(data)));
                });
    }
}
