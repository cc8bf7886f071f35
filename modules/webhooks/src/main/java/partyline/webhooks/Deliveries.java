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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Backlog;
import partyline.kernel.Event;
import partyline.kernel.EventFilter;
import partyline.kernel.EventLog;
import partyline.kernel.Id;
import partyline.kernel.KeyedExecutor;
import partyline.kernel.Meters;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Pruning;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.outbound.Exchange;
import partyline.webhooks.ConcurrencyLimit.End;
import partyline.webhooks.ResultWriter.Result;
import partyline.webhooks.WebhookConsumer.Call;
import partyline.webhooks.WebhookConsumer.HeldText;

/// Tells subscriptions of events: each reads the journal from its own position, and what fails is tried again
/// until it is taken or given up. What a crash cut short, or left unwritten, is told again with the same
/// request id: every event arrives at least once.
///
/// It posts what each [WebhookConsumer] says is next: each call on a virtual thread, few at once per
/// subscription ([ConcurrencyLimit]) and at most 112 in all: 48 for receivers that answer fast, 48 for others,
/// and 16 for those that have been failing or take seconds, so however many of them hang, the others have their
/// own. Of each kind one organization has a share at most, so none of them can take the places of another. A
/// subscription's lane only reads what it is owed, so nothing that a receiver does holds it up. Thread-safe.
public final class Deliveries implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
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
    private static final Set<String> FIRED = EventTypes.firedOf(EventTypes.all());
    private static final Duration QUICK = Duration.ofMillis(500);
    private static final int PRUNED_AT_ONCE = 500;
    private static final Meters.Subject LAG = new Meters.Subject(
            "webhook_lag_seconds", "Time from an event until it is first posted to one of its receivers.");

    private final Storage storage;
    private final EventLog journal;
    private final ContextWriter context;
    private final WebhookSender sender;
    private final RetrySchedule schedule;
    private final Duration kept;
    private final Pruning pruning;
    private final ResultWriter results;
    private final Meters.Distribution lag;
    private final SubscriptionStore subscriptions = new SubscriptionStore();
    private final DeliveryStore store = new DeliveryStore();
    private final Map<Id, WebhookConsumer> consumers = new ConcurrentHashMap<>();
    private final Set<WebhookConsumer> moved = ConcurrentHashMap.newKeySet();
    private final HeldText held = new HeldText();
    private final Shares places = new Shares(MOST_AT_ONCE, SHARE);
    private final Shares placesOfPrompt = new Shares(MOST_AT_ONCE, SHARE_OF_PROMPT);
    private final Shares placesOfFailing = new Shares(MOST_FAILING_AT_ONCE, SHARE_OF_FAILING);
    private final KeyedExecutor<Id> lanes = new KeyedExecutor<>("webhook", this::read);
    private final ExecutorService attempts = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("webhook-attempt-", 0).factory());
    private volatile boolean started;
    private volatile boolean closing;

    /// Every attempt to tell of a person, and what is kept of that beside the journal. To be forgotten before
    /// the journal is, which knows whom an attempt is about.
    public static List<PersonalTable> personalTables() {
        return List.of(
                PersonalTable.deleted("webhook_attempt", """
                        (organization_no, seq) IN (SELECT organization_no, seq FROM journal WHERE person = :person)
                         OR (subscription_no, event_id) IN (
                               SELECT s.no, d.event_id FROM webhook_delivery d JOIN symbol s ON s.text = d.subscription_id
                                WHERE d.person = :person)
                        """),
                PersonalTable.deleted("webhook_delivery", "person = :person"));
    }

    /// `schedule` says when to try again; `kept` how long the log is kept, and how late after it happened an
    /// event is still told.
    public Deliveries(
            Storage storage,
            WebhookSender sender,
            ContextSource context,
            PersonNames names,
            RetrySchedule schedule,
            Duration kept) {
        this.storage = storage;
        this.journal = new EventLog(storage.database(), storage.journal());
        AttemptStore log = new AttemptStore(journal);
        this.context = new ContextWriter(context, names);
        this.sender = sender;
        this.schedule = schedule;
        this.kept = kept;
        this.lag = storage.database().meters().distribution(Meters.Scale.TIME, LAG);
        this.results = new ResultWriter(storage, this::reached, this::changed);
        this.pruning = new Pruning(
                "webhook-pruning",
                storage.clock(),
                Duration.ofMinutes(1),
                Duration.ofHours(1),
                now -> storage.database().write(tx -> log.prune(tx, now.minus(kept), PRUNED_AT_ONCE)),
                now -> storage.database().write(tx -> store.prune(tx, now.minus(kept), PRUNED_AT_ONCE)));
    }

    /// Takes up what an earlier run left, looks again now and then, and keeps the log short. Nothing is posted before.
    public void start() {
        started = true;
        storage.database().read(subscriptions::behind).forEach(lanes::wake);
        look();
        lanes.sweep(SWEEP, this::look);
        pruning.start();
    }

    /// Offers an event to whoever subscribed to it, in the transaction that appends it, once that is on disk.
    /// The journal has events that are for streams alone; those are nobody's here.
    public void enqueue(Tx tx, Event event) {
        Optional<Id> identity = event.draft().identity().filter(_ -> FIRED.contains(event.type()));
        List<Id> takers =
                identity.map(it -> subscriptions.takers(tx, it, event.type())).orElse(List.of());
        if (!takers.isEmpty()) {
            tx.onCommit(() -> takers.forEach(taker -> consumer(taker).offer(event)));
            tx.afterCommit(() -> takers.forEach(taker -> go(consumer(taker))));
        }
    }

    /// Takes what an owner changed of a subscription, or of what it is owed, or that it is gone.
    public void changed(Id subscription) {
        consumer(subscription).forgetTarget();
        lanes.wake(subscription);
    }

    /// Lets what waits about this person go untold, and writes down what was told; called before the person is
    /// erased, and after.
    public void forget(PhoneNumber person) {
        consumers.values().forEach(consumer -> consumer.drop(person));
        results.flush();
    }

    /// Writes down every attempt that has ended by now; usually that takes a tenth of a second.
    public void flush() {
        results.flush();
    }

    /// Wakes who is overdue, and whoever falls due before the next sweep in time. What a clock that has gone
    /// back since put off for too long is due as well.
    public void look() {
        consumers.values().forEach(this::go);
        Instant now = storage.clock().instant();
        Instant latest = now.plus(schedule.longest());
        if (storage.database().read(handle -> store.isPutOffTooLong(handle, latest))) {
            storage.database().update(tx -> store.hurry(tx, now, latest));
        }
        storage.database()
                .read(handle -> store.due(handle, now, now.plus(SWEEP)))
                .forEach(due -> lanes.wakeAfter(due.subscription(), due.in()));
    }

    /// What active subscriptions are still to be told the first time, as far as it was read from the journal.
    public Backlog untold() {
        return consumers.values().stream().map(WebhookConsumer::waiting).reduce(Backlog.NONE, Backlog::plus);
    }

    /// What failed and is tried again, of all subscriptions.
    public Backlog retrying() {
        return storage.database().read(store::retrying);
    }

    /// Removes what is older than it is kept, as the background does.
    void prune() {
        pruning.run();
    }

    /// Lets the attempts in progress end for a few seconds; what is owed is taken up at the next start.
    @Override
    public void close() {
        closing = true;
        pruning.close();
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

    /// Reads from the database what a subscription is, and what it is owed.
    private void read(Id subscription) {
        WebhookConsumer consumer = consumer(subscription);
        while (consumer.isUnknown()) {
            int version = consumer.version();
            Optional<Delivery.Target> found =
                    storage.database().read(handle -> subscriptions.target(handle, subscription));
            if (found.isEmpty()) {
                consumers.remove(subscription);
                consumer.end();
                return;
            }
            consumer.know(version, found.get());
        }
        Optional<Subscription> active =
                consumer.target().map(Delivery.Target::subscription).filter(it -> !it.isPaused());
        if (active.isEmpty()) {
            return;
        }
        for (int room = consumer.hunger(); room > 0; room = consumer.hunger()) {
            readJournal(consumer, active.get(), room);
        }
        Instant now = storage.clock().instant();
        consumer.retry(storage.database().read(handle -> store.ready(handle, subscription, now, RETRIES_AT_ONCE)));
        go(consumer);
    }

    private void readJournal(WebhookConsumer consumer, Subscription subscription, int room) {
        WebhookConsumer.Gap gap = consumer.gap();
        EventFilter filter = new EventFilter(
                subscription.organization(),
                Optional.of(subscription.identity()),
                EventTypes.firedOf(subscription.terms().eventTypes()));
        EventLog.Stretch page = journal.owed(filter, gap.read(), room);
        Set<Id> done = storage.database().read(handle -> store.stored(handle, subscription.id(), page.events()));
        consumer.take(page.events(), done, page.all(), gap);
    }

    /// Posts what was offered, as far as the receiver has room.
    private void go(WebhookConsumer consumer) {
        Instant now = storage.clock().instant();
        for (Optional<Call> call = next(consumer, now); call.isPresent(); call = next(consumer, now)) {
            launch(consumer, call.get());
        }
        if (started && !closing && (consumer.isUnknown() || consumer.hunger() > 0)) {
            lanes.wake(consumer.subscription());
        }
    }

    private Optional<Call> next(WebhookConsumer consumer, Instant now) {
        return started && !closing ? consumer.next(now) : Optional.empty();
    }

    private void launch(WebhookConsumer consumer, Call call) {
        try {
            attempts.execute(() -> run(consumer, call));
        } catch (RejectedExecutionException e) {
            LOG.debug("event=webhook_attempt_after_close subscription={}", consumer.subscription());
        }
    }

    private void run(WebhookConsumer consumer, Call first) {
        Optional<Call> call = Optional.of(first);
        while (call.isPresent()) {
            attempt(consumer, call.get());
            call = next(consumer, storage.clock().instant());
            go(consumer);
        }
    }

    /// An event that cannot be put together, which is done in memory alone, never will be: it is let go rather
    /// than to hold up its subscription for ever.
    private void attempt(WebhookConsumer consumer, Call call) {
        End end = End.NONE;
        Duration took = Duration.ZERO;
        boolean told = false;
        try {
            Optional<Result> made = make(consumer, call);
            if (made.isPresent()) {
                took = made.get().exchange().took();
                end = store(made.get());
                told = true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            end = End.BAD;
            told = true;
            String about = switch (call) {
                case Call.First(var event, var _) -> event.id();
                case Call.Retry(var delivery, var _) -> delivery.text();
            };
            LOG.error(
                    "event=webhook_attempt_lost subscription={} about={}"
                            + " fix=\"report this, it is a bug; the event may not have been told\"",
                    consumer.subscription(),
                    about,
                    e);
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
        shares.acquire(call.target().subscription().organization());
        try {
            Instant at = storage.clock().instant();
            Optional<Delivery> found = closing ? Optional.empty() : delivery(call, at);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            Delivery delivery = found.get();
            String requestId = sender.requestId(delivery);
            if (call instanceof Call.First(var event, var _)) {
                lag.add(Duration.between(event.occurredAt(), at).toNanos());
            }
            Exchange exchange = sender.post(delivery, requestId, at);
            Optional<Instant> next = exchange.success() ? Optional.empty() : retry(delivery, exchange);
            return Optional.of(new Result(storage.ids().next(), delivery, requestId, exchange, at, next));
        } finally {
            shares.release(call.target().subscription().organization());
        }
    }

    private Optional<Instant> retry(Delivery delivery, Exchange exchange) {
        return schedule.next(
                delivery.progress().attempts() + 1, exchange, storage.clock().instant());
    }

    private Shares placesFor(WebhookConsumer consumer) {
        if (consumer.failing()) {
            return placesOfFailing;
        }
        return consumer.prompt() ? placesOfPrompt : places;
    }

    private Optional<Delivery> delivery(Call call, Instant now) {
        return switch (call) {
            case Call.First(var event, var target) -> Optional.of(context.delivery(event, target, now));
            case Call.Retry(var id, var target) -> {
                Optional<Delivery> due = storage.database().read(handle -> store.due(handle, target, id, now));
                if (due.isPresent()
                        && !target.subscription().wants(due.get().payload().eventType())) {
                    storage.database().update(tx -> store.cancel(tx, id));
                    yield Optional.empty();
                }
                yield due;
            }
        };
    }

    /// A success at the first attempt is written soon. A failure is on disk before the next event of its
    /// conversation goes, and the end of a retry before anybody looks for more.
    private End store(Result result) throws InterruptedException {
        if (result.success() && result.delivery().row().isEmpty()) {
            results.later(result);
        } else {
            results.now(result);
        }
        if (result.success()) {
            return result.exchange().took().compareTo(QUICK) <= 0 ? End.QUICK : End.SLOW;
        }
        Optional<Duration> wait =
                result.next().map(next -> Duration.between(storage.clock().instant(), next));
        wait.filter(it -> it.compareTo(SWEEP) <= 0).ifPresent(it -> lanes.wakeAfter(result.subscription(), it));
        LOG.info(
                "event=webhook_attempt_failed subscription={} about={} result={} attempt={} retry_in={}",
                result.subscription(),
                result.delivery().payload().eventId(),
                switch (result.exchange()) {
                    case Exchange.NoAnswer _ -> "no_answer";
                    case Exchange.Answered answer -> answer.status();
                },
                result.delivery().progress().attempts() + 1,
                wait.map(Duration::toString).orElse("never"));
        return End.BAD;
    }
}
