package partyline.drivers.simulator;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Database;
import partyline.kernel.KeyedExecutor;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.transport.Driver;
import partyline.transport.InboundEvent;
import partyline.transport.Receipt;

/// Brings receipts and news to the server when they are due, in order per person.
///
/// What is due is on disk and is crossed off after it was brought, so a crash in between brings it again; the inbox and
/// the status ranks make that harmless. What needs a phone that is offline waits, and comes in its old order once the
/// phone is back. Thread-safe.
final class DeliveryScheduler implements AutoCloseable {

    /// What is due later than this was put off by a clock that has gone back since, and is due now.
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private static final Duration SWEEP = Duration.ofSeconds(30);
    private static final String FAILURE = "The simulator was told to let this text fail on its way.";

    private final Database database;
    private final InstantSource clock;
    private final Duration latency;
    private final Watchers watchers;
    private final TypingBubbles typing;
    private final DueStore store = new DueStore();
    private final BubbleStore bubbles = new BubbleStore();
    private final PhoneStore phones = new PhoneStore();
    private final KeyedExecutor<PhoneNumber> lanes = new KeyedExecutor<>("simulator", this::run);
    private volatile Driver.@Nullable Inbound inbound;
    private volatile boolean closing;

    DeliveryScheduler(
            Database database, InstantSource clock, Duration latency, Watchers watchers, TypingBubbles typing) {
        this.database = database;
        this.clock = clock;
        this.latency = latency;
        this.watchers = watchers;
        this.typing = typing;
    }

    /// Begins to bring what is due, also what an earlier run of the program left.
    void start(Driver.Inbound inbound) {
        this.inbound = inbound;
        look();
        lanes.sweep(SWEEP, this::look);
    }

    @Override
    public void close() {
        closing = true;
        lanes.close();
    }

    /// Schedules a receipt for a line's bubble, after so many latencies.
    void report(Tx tx, String line, Bubble bubble, Receipt.Kind kind, int latencies) {
        report(tx, line, bubble, kind, latency.multipliedBy(latencies));
    }

    /// Schedules what becomes of a text that a line sent: it arrives, or it fails and is never seen on the phone.
    void carry(Tx tx, String line, Bubble bubble, OutboundPhone.Course course) {
        if (course.failure() == null) {
            report(tx, line, bubble, Receipt.Kind.SENT, course.late().plus(latency));
            report(tx, line, bubble, Receipt.Kind.DELIVERED, course.late().plus(latency.multipliedBy(2)));
        } else {
            Duration late = course.late().plus(latency);
            schedule(tx, bubble, late, Receipt.Kind.FAILED, line, course.failure());
        }
    }

    private void report(Tx tx, String line, Bubble bubble, Receipt.Kind kind, Duration delay) {
        schedule(tx, bubble, delay, kind, line, null);
    }

    private void schedule(
            Tx tx, Bubble bubble, Duration delay, Receipt.Kind kind, String line, @Nullable String failure) {
        PhoneNumber person = bubble.thread().person();
        store.report(tx, person, new Due.Report(0, clock.instant().plus(delay), line, bubble.id(), kind, failure));
        tx.afterCommit(() -> lanes.wakeAfter(person, delay));
    }

    /// Schedules the news of what a person did, after one latency.
    void news(Tx tx, InboundEvent event) {
        store.news(tx, event, clock.instant().plus(latency));
        tx.afterCommit(() -> lanes.wakeAfter(event.from(), latency));
    }

    /// Looks what is due for this person, now or after `delay`.
    void visit(PhoneNumber person, Duration delay) {
        lanes.wakeAfter(person, delay);
    }

    private void run(PhoneNumber person) {
        Driver.Inbound server = inbound;
        if (server == null) {
            return;
        }
        Instant now = clock.instant();
        if (typing.expire(person, now)) {
            watchers.changed(person);
        }
        Optional<Due> told = Optional.empty();
        do {
            Optional<Due> before = told;
            told = database.during(person, () -> {
                Optional<Due> due = database.write(tx -> next(tx, person, before));
                due.ifPresent(it -> tell(it, server));
                return due;
            });
        } while (told.isPresent() && !closing);
    }

    /// Crosses off what was told before, and returns what is due now; a bubble is on the phone before anybody hears so.
    private Optional<Due> next(Tx tx, PhoneNumber person, Optional<Due> told) {
        told.ifPresent(due -> crossOff(tx, person, due));
        Optional<Due> next = store.next(tx.handle(), person);
        Duration wait =
                next.map(due -> Duration.between(clock.instant(), due.dueAt())).orElse(Duration.ZERO);
        if (wait.isPositive() && wait.compareTo(LONGEST_WAIT) <= 0) {
            tx.afterCommit(() -> lanes.wakeAfter(person, wait));
            return Optional.empty();
        }
        if (next.orElse(null) instanceof Due.Report report && report.kind() == Receipt.Kind.DELIVERED) {
            arrive(tx, report.providerId());
        }
        return next;
    }

    private void tell(Due due, Driver.Inbound server) {
        switch (due) {
            case Due.News(var _, var _, InboundEvent event) -> server.accept(event);
            case Due.Report(var _, var _, String line, String providerId, Receipt.Kind kind, var code) -> {
                Optional<Receipt.Failure> failure =
                        Optional.ofNullable(code).map(it -> new Receipt.Failure(it, FAILURE));
                server.receipt(new Receipt(line, providerId, kind, clock.instant(), failure));
            }
        }
    }

    private void crossOff(Tx tx, PhoneNumber person, Due due) {
        if (due instanceof Due.News(var _, var _, InboundEvent.TextReceived text)) {
            arrive(tx, text.providerId());
        }
        store.delete(tx, person, due);
    }

    private void arrive(Tx tx, String providerId) {
        bubbles.find(tx.handle(), providerId).ifPresent(bubble -> {
            PhoneNumber person = bubble.thread().person();
            bubbles.arrive(tx, bubble, clock.instant());
            String card = bubble.content().contactCard();
            if (card != null && !bubble.mine()) {
                SimulatedContactCard.parse(card).ifPresent(parsed -> phones.learn(tx, person, parsed));
            }
            tx.afterCommit(() -> watchers.changed(person));
        });
    }

    /// Wakes everybody for whom something is due, or will be.
    void look() {
        database.read(store::people).forEach(lanes::wake);
    }
}
