package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Id;
import partyline.kernel.KeyedExecutor;
import partyline.kernel.OrganizationId;
import partyline.kernel.Storage;
import partyline.outbound.Exchange;

/// Makes the attempts that are due: each on a virtual thread, few at once per subscription ([ConcurrencyLimit]) and at
/// most 112 in all: 48 for receivers that answer fast, 48 for others, and 16 for those that have been
/// failing or take seconds, so however many of them hang, the others have their own. Of each kind one
/// organization has a share at most, so none of them can take the places of another. A subscription's lane
/// only picks what goes next, so nothing that a receiver does holds it up. Thread-safe.
final class Dispatcher implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final Duration SWEEP = Duration.ofSeconds(30);
    private static final Duration GRACE = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final int MOST_AT_ONCE = 48;
    private static final int SHARE = 12;
    /// Calls of receivers that answer fast are over soon, so one organization may have most of their places.
    private static final int SHARE_OF_PROMPT = 36;
    private static final int MOST_FAILING_AT_ONCE = 16;
    private static final int SHARE_OF_FAILING = 8;
    private static final Duration QUICK = Duration.ofMillis(500);

    private final Storage storage;
    private final ContextWriter context;
    private final WebhookSender postman;
    private final AttemptResult conclusion;
    private final DeliveryStore store = new DeliveryStore();
    private final ConcurrencyLimit pace = new ConcurrencyLimit();
    private final Shares places = new Shares(MOST_AT_ONCE, SHARE);
    private final Shares placesOfPrompt = new Shares(MOST_AT_ONCE, SHARE_OF_PROMPT);
    private final Shares placesOfFailing = new Shares(MOST_FAILING_AT_ONCE, SHARE_OF_FAILING);
    private final KeyedExecutor<Id> lanes = new KeyedExecutor<>("webhook", this::fill);
    private final ExecutorService attempts = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("webhook-attempt-", 0).factory());
    private volatile boolean closing;

    Dispatcher(Storage storage, ContextWriter context, WebhookSender postman, AttemptResult conclusion) {
        this.storage = storage;
        this.context = context;
        this.postman = postman;
        this.conclusion = conclusion;
    }

    /// Takes up what an earlier run left, and looks again now and then.
    void start() {
        look();
        lanes.sweep(SWEEP, this::look);
    }

    void wake(Id subscription) {
        lanes.wake(subscription);
    }

    /// Wakes who is overdue, and whoever falls due before the next sweep in time.
    void look() {
        Instant now = storage.clock().instant();
        hurry(now, now.plus(conclusion.longestWait()));
        storage.database()
                .read(handle -> store.due(handle, now, now.plus(SWEEP)))
                .forEach(due -> lanes.wakeAfter(due.subscription(), due.in()));
    }

    /// Lets the attempts in progress end for a few seconds; what is owed is taken up at the next start.
    @Override
    public void close() {
        closing = true;
        lanes.close();
        attempts.shutdown();
        try {
            if (!attempts.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                attempts.shutdownNow();
                attempts.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            attempts.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /// Takes up what a clock that has gone back since put off for too long.
    private void hurry(Instant now, Instant latest) {
        if (storage.database().read(handle -> store.isPutOffTooLong(handle, now, latest))) {
            storage.database().update(tx -> store.hurry(tx, now, latest));
        }
    }

    private void fill(Id subscription) {
        Instant now = storage.clock().instant();
        int most = pace.lookAhead(subscription, now);
        if (most == 0) {
            return;
        }
        List<DeliveryStore.Ready> ready =
                storage.database().read(handle -> store.ready(handle, subscription, now, most));
        ready.stream()
                .filter(delivery -> pace.take(subscription, delivery.id(), now))
                .forEach(delivery -> launch(subscription, delivery));
        if (ready.size() < most) {
            pace.sawAll(subscription, now);
        }
    }

    private void launch(Id subscription, DeliveryStore.Ready ready) {
        try {
            attempts.execute(() -> run(subscription, ready));
        } catch (RejectedExecutionException e) {
            LOG.debug("event=webhook_attempt_after_close delivery={}", ready.id());
        }
    }

    private void run(Id subscription, DeliveryStore.Ready ready) {
        Id delivery = ready.id();
        ConcurrencyLimit.End end = ConcurrencyLimit.End.BAD;
        try {
            end = attempt(ready, placesFor(subscription));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.error("event=webhook_attempt_lost delivery={}", delivery, e);
        }
        Instant now = storage.clock().instant();
        Duration rest = pace.free(subscription, delivery, end, now);
        if (end == ConcurrencyLimit.End.BAD || end == ConcurrencyLimit.End.NONE || pace.hasRoom(subscription, now)) {
            lanes.wakeAfter(subscription, rest.isZero() ? rest : rest.plus(GRACE));
        }
    }

    private Shares placesFor(Id subscription) {
        if (pace.failing(subscription)) {
            return placesOfFailing;
        }
        return pace.prompt(subscription) ? placesOfPrompt : places;
    }

    private ConcurrencyLimit.End attempt(DeliveryStore.Ready ready, Shares shares) throws InterruptedException {
        shares.acquire(ready.organization());
        Instant now = storage.clock().instant();
        Delivery delivery;
        Exchange exchange;
        try {
            Optional<Delivery> found =
                    closing ? Optional.empty() : storage.database().read(handle -> store.due(handle, ready.id(), now));
            if (found.isEmpty()) {
                return ConcurrencyLimit.End.NONE;
            }
            delivery = found.get();
            if (!delivery.destination().wanted()) {
                conclusion.cancel(delivery);
                return ConcurrencyLimit.End.NONE;
            }
            delivery = whole(delivery, ready.organization());
            exchange = postman.post(delivery, delivery.requestId(), now);
        } finally {
            shares.release(ready.organization());
        }
        return conclude(delivery, exchange, now);
    }

    private Delivery whole(Delivery delivery, OrganizationId organization) {
        Optional<Delivery> whole = context.body(delivery, organization).map(delivery::complete);
        whole.ifPresent(it -> storage.database().update(tx -> store.complete(tx, it)));
        return whole.orElse(delivery);
    }

    /// Stores how an attempt ended. After a good one the next call need not wait for that.
    private ConcurrencyLimit.End conclude(Delivery delivery, Exchange exchange, Instant at) {
        Id subscription = delivery.place().subscription();
        boolean success = AttemptResult.success(exchange);
        pace.took(subscription, exchange.took());
        if (success && pace.answered(subscription, delivery.id())) {
            lanes.wake(subscription);
        }
        AttemptResult.Stored stored = conclusion.store(delivery, exchange, at);
        if (stored.released()) {
            lanes.wake(subscription);
        }
        Optional<Duration> wait = stored.pause();
        wait.filter(it -> it.compareTo(SWEEP) <= 0).ifPresent(it -> lanes.wakeAfter(subscription, it));
        if (success) {
            return exchange.took().compareTo(QUICK) <= 0 ? ConcurrencyLimit.End.QUICK : ConcurrencyLimit.End.SLOW;
        }
        report(delivery, exchange, wait);
        return ConcurrencyLimit.End.BAD;
    }

    private static void report(Delivery delivery, Exchange exchange, Optional<Duration> wait) {
        String result = switch (exchange) {
            case Exchange.NoAnswer _ -> "no_answer";
            case Exchange.Answered answer -> Integer.toString(answer.status());
        };
        LOG.info(
                "event=webhook_attempt_failed subscription={} delivery={} result={} attempt={} retry_in={}",
                delivery.place().subscription(),
                delivery.id(),
                result,
                delivery.progress().attempts() + 1,
                wait.map(Duration::toString).orElse("never"));
    }
}
