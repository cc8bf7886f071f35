package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Event;
import partyline.kernel.EventFilter;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.KeyedExecutor;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.outbound.Exchange;
import partyline.webhooks.ConcurrencyLimit.End;
import partyline.webhooks.ResultWriter.Result;
import partyline.webhooks.WebhookConsumer.Call;

/// Posts what each [WebhookConsumer] says is next: each call on a virtual thread, few at once per subscription
/// ([ConcurrencyLimit]) and at most 112 in all: 48 for receivers that answer fast, 48 for others, and 16 for those that
/// have been failing or take seconds, so however many of them hang, the others have their own. Of each kind one
/// organization has a share at most, so none of them can take the places of another. A subscription's lane only reads
/// what it is owed, so nothing that a receiver does holds it up. Thread-safe.
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
    private static final int RETRIES_AT_ONCE = 32;
    private static final Duration QUICK = Duration.ofMillis(500);
    /// What is told later than this after it happened is kept as a delivery: the journal forgets it before the log
    /// does.
    private static final Duration LATE = Duration.ofHours(1);

    private final Storage storage;
    private final EventLog journal;
    private final Duration kept;
    private final ContextWriter context;
    private final WebhookSender sender;
    private final AttemptResult attemptResult;
    private final ResultWriter results;
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final DeliveryStore store = new DeliveryStore();
    private final Map<Id, WebhookConsumer> consumers = new ConcurrentHashMap<>();
    private final Set<WebhookConsumer> moved = ConcurrentHashMap.newKeySet();
    private final AtomicLong held = new AtomicLong();
    private final Shares places = new Shares(MOST_AT_ONCE, SHARE);
    private final Shares placesOfPrompt = new Shares(MOST_AT_ONCE, SHARE_OF_PROMPT);
    private final Shares placesOfFailing = new Shares(MOST_FAILING_AT_ONCE, SHARE_OF_FAILING);
    private final KeyedExecutor<Id> lanes = new KeyedExecutor<>("webhook", this::read);
    private final ExecutorService attempts = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("webhook-attempt-", 0).factory());
    private volatile boolean closing;

    /// What happened longer ago than `kept` is not told any more.
    Dispatcher(Storage storage, ContextWriter context, WebhookSender sender, RetrySchedule schedule, Duration kept) {
        this.storage = storage;
        this.journal = new EventLog(storage.database(), storage.journal());
        this.kept = kept;
        this.context = context;
        this.sender = sender;
        this.attemptResult = new AttemptResult(storage, schedule, this::changed);
        this.results = new ResultWriter(storage, attemptResult, this::reached);
    }

    /// Takes up what an earlier run left, and looks again now and then.
    void start() {
        storage.database().read(subscriptions::behind).forEach(lanes::wake);
        look();
        lanes.sweep(SWEEP, this::look);
    }

    /// Takes an event that a subscription wants, on the writer's thread, in the order of the journal.
    void offer(Id subscription, Event event) {
        consumer(subscription).offer(event);
    }

    /// Posts what was offered, as far as the receiver has room.
    void go(Id subscription) {
        go(consumer(subscription));
    }

    /// The subscription is not what it was, or what it is owed has changed.
    void changed(Id subscription) {
        consumer(subscription).forgetTarget();
        lanes.wake(subscription);
    }

    /// Lets what waits about this person go untold, and writes down what was told.
    void forget(PhoneNumber person) {
        consumers.values().forEach(consumer -> consumer.drop(person));
        results.flush();
    }

    /// Writes down what was told by now.
    void flush() {
        results.flush();
    }

    /// Wakes who is overdue, and whoever falls due before the next sweep in time.
    void look() {
        Instant now = storage.clock().instant();
        hurry(now, now.plus(attemptResult.longestWait()));
        consumers.values().forEach(this::go);
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
        results.close();
    }

    private WebhookConsumer consumer(Id subscription) {
        return consumers.computeIfAbsent(subscription, id -> new WebhookConsumer(id, kept, held));
    }

    /// How far those are that moved since this was asked last.
    private Map<Id, Long> reached() {
        Map<Id, Long> reached = new HashMap<>();
        for (WebhookConsumer consumer : List.copyOf(moved)) {
            moved.remove(consumer);
            reached.put(consumer.subscription(), consumer.position());
        }
        return reached;
    }

    /// Takes up what a clock that has gone back since put off for too long.
    private void hurry(Instant now, Instant latest) {
        if (storage.database().read(handle -> store.isPutOffTooLong(handle, latest))) {
            storage.database().update(tx -> store.hurry(tx, now, latest));
        }
    }

    private void go(WebhookConsumer consumer) {
        Instant now = storage.clock().instant();
        Optional<Call> call = next(consumer, now);
        while (call.isPresent()) {
            launch(consumer, call.get());
            call = next(consumer, now);
        }
        if (!closing && (consumer.isUnknown() || consumer.hunger() > 0)) {
            lanes.wake(consumer.subscription());
        }
    }

    private Optional<Call> next(WebhookConsumer consumer, Instant now) {
        return closing ? Optional.empty() : consumer.next(now);
    }

    private void launch(WebhookConsumer consumer, Call call) {
        try {
            attempts.execute(() -> run(consumer, call));
        } catch (RejectedExecutionException e) {
            LOG.debug("event=webhook_attempt_after_close subscription={}", consumer.subscription());
        }
    }

    /// Reads from the database what a subscription is, and what it is owed.
    private void read(Id subscription) {
        WebhookConsumer consumer = consumer(subscription);
        if (consumer.isUnknown()) {
            int version = consumer.version();
            Optional<Target> found = storage.database().read(handle -> subscriptions.target(handle, subscription));
            if (found.isEmpty()) {
                consumers.remove(subscription);
                consumer.end();
                return;
            }
            consumer.know(version, found.get());
        }
        Optional<Target> target = consumer.target().filter(it -> !it.paused());
        if (target.isEmpty()) {
            return;
        }
        for (int room = consumer.hunger(); room > 0; room = consumer.hunger()) {
            readJournal(consumer, target.get(), room);
        }
        Instant now = storage.clock().instant();
        consumer.retry(storage.database().read(handle -> store.ready(handle, subscription, now, RETRIES_AT_ONCE)));
        go(consumer);
    }

    private void readJournal(WebhookConsumer consumer, Target target, int room) {
        WebhookConsumer.Gap gap = consumer.gap();
        EventFilter filter = new EventFilter(
                target.organization(), Optional.of(target.identity()), EventTypes.firedOf(target.eventTypes()));
        List<Event> page = journal.owed(filter, gap.read(), room);
        Set<String> done = storage.database().read(handle -> store.stored(handle, target.subscription(), page));
        consumer.take(page, done, page.size() < room, gap);
    }

    private void run(WebhookConsumer consumer, Call first) {
        Optional<Call> call = Optional.of(first);
        while (call.isPresent()) {
            attempt(consumer, call.get());
            call = next(consumer, storage.clock().instant());
            go(consumer);
        }
    }

    private void attempt(WebhookConsumer consumer, Call call) {
        End end = End.NONE;
        Duration took = Duration.ZERO;
        boolean told = false;
        try {
            Optional<Result> made = make(consumer, call);
            if (made.isPresent()) {
                took = made.get().exchange().took();
                store(consumer.subscription(), made.get());
                end = end(made.get());
                told = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            end = End.BAD;
            LOG.error("event=webhook_attempt_lost subscription={}", consumer.subscription(), e);
        }
        Duration rest = consumer.ended(call, told, end, took, storage.clock().instant());
        moved.add(consumer);
        if (rest.isPositive()) {
            lanes.wakeAfter(consumer.subscription(), rest.plus(GRACE));
        }
        if (call instanceof Call.Retry && consumer.hasTried()) {
            lanes.wake(consumer.subscription());
        }
    }

    private Optional<Result> make(WebhookConsumer consumer, Call call) throws InterruptedException {
        Shares shares = placesFor(consumer);
        shares.acquire(call.target().organization());
        try {
            Instant now = storage.clock().instant();
            Optional<Delivery> found = closing ? Optional.empty() : delivery(call, now);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Delivery delivery = found.get();
            String requestId = sender.requestId(delivery);
            Exchange exchange = sender.post(delivery, requestId, now);
            Optional<Duration> wait = attemptResult.wait(delivery, exchange);
            Optional<Instant> next = wait.map(storage.clock().instant()::plus);
            return Optional.of(new Result(storage.ids().next(), delivery, requestId, exchange, now, next));
        } finally {
            shares.release(call.target().organization());
        }
    }

    private Shares placesFor(WebhookConsumer consumer) {
        if (consumer.failing()) {
            return placesOfFailing;
        }
        return consumer.prompt() ? placesOfPrompt : places;
    }

    private Optional<Delivery> delivery(Call call, Instant now) {
        return switch (call) {
            case Call.First(var event, var target) -> Optional.of(first(event, target, now));
            case Call.Retry(var id, var target) -> {
                Optional<Delivery> due = storage.database().read(handle -> store.due(handle, target, id, now));
                if (due.isPresent() && !target.wants(due.get().payload().eventType())) {
                    storage.database().update(tx -> store.cancel(tx, id));
                    yield Optional.empty();
                }
                yield due;
            }
        };
    }

    private Delivery first(Event event, Target target, Instant now) {
        Optional<String> own = context.body(event, target.context());
        Delivery.Payload payload = new Delivery.Payload(
                event.seq(),
                event.id(),
                event.type(),
                own.orElseGet(event::envelope),
                own.isPresent() || event.occurredAt().isBefore(now.minus(LATE)),
                event.occurredAt());
        return new Delivery(Optional.empty(), target, payload, event.draft().person(), Delivery.Progress.NONE);
    }

    /// A success at the first attempt is written soon. A failure is on disk before the next event of its conversation
    /// goes, and the end of a retry before anybody looks for more.
    private void store(Id subscription, Result result) throws InterruptedException {
        if (result.success() && result.delivery().row().isEmpty()) {
            results.later(result);
            return;
        }
        results.now(result);
        if (result.success()) {
            return;
        }
        Optional<Duration> wait =
                result.next().map(next -> Duration.between(storage.clock().instant(), next));
        wait.filter(it -> it.compareTo(SWEEP) <= 0).ifPresent(it -> lanes.wakeAfter(subscription, it));
        report(result, wait);
    }

    private static End end(Result result) {
        if (!result.success()) {
            return End.BAD;
        }
        return result.exchange().took().compareTo(QUICK) <= 0 ? End.QUICK : End.SLOW;
    }

    private static void report(Result result, Optional<Duration> wait) {
        String how = switch (result.exchange()) {
            case Exchange.NoAnswer _ -> "no_answer";
            case Exchange.Answered answer -> Integer.toString(answer.status());
        };
        LOG.info(
                "event=webhook_attempt_failed subscription={} about={} result={} attempt={} retry_in={}",
                result.delivery().target().subscription(),
                result.delivery().payload().eventId(),
                how,
                result.delivery().progress().attempts() + 1,
                wait.map(Duration::toString).orElse("never"));
    }
}
