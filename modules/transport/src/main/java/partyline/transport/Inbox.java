package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Database;
import partyline.kernel.KeyedExecutor;
import partyline.kernel.Meters;
import partyline.kernel.Overloaded;
import partyline.kernel.PhoneNumber;
import partyline.kernel.StorageFull;
import partyline.kernel.Tx;

/// What people did, on disk before a driver hears that we have it, and handled one at a time per person in the order in
/// which it came, over all lines.
///
/// Handling an event and taking it off are one transaction. An event that cannot be handled is tried again, and
/// given up in the end, so that one bad text does not silence its sender for ever; one that only lacked room on
/// the disk is not given up. Thread-safe.
final class Inbox implements Driver.Inbound, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
    private static final List<Duration> RETRIES =
            List.of(Duration.ofMillis(200), Duration.ofSeconds(2), Duration.ofSeconds(15), Duration.ofMinutes(1));
    private static final Duration SWEEP = Duration.ofSeconds(30);
    private static final Duration LONGEST_PARKING = Duration.ofHours(24);
    private static final Meters.Subject GIVEN_UP = new Meters.Subject(
            "inbox_given_up", "What people did that could not be handled, however often it was tried.");

    /// What one look at a person's events came to.
    private sealed interface Step {

        record Rest() implements Step {}

        record Done() implements Step {}

        record Prepare(InboxStore.Waiting waiting, InboundEvent event) implements Step {}
    }

    private final Database database;
    private final InstantSource clock;
    private final InboundHandler handler;
    private final InboxStore store = new InboxStore();
    private final LineContract contract;
    private final WrittenTapbacks written;
    private final DriverRegistry lines;
    private final LineTraffic traffic;
    private final LongAdder givenUp;
    private final EarlyStore early;
    private final SystemMessages messages;
    private final KeyedExecutor<PhoneNumber> lanes = new KeyedExecutor<>("inbox", this::run);

    Inbox(
            Database database,
            InstantSource clock,
            InboundHandler handler,
            DriverRegistry lines,
            LineTraffic traffic,
            EarlyStore early,
            SystemMessages messages) {
        this.lines = lines;
        this.traffic = traffic;
        this.givenUp = database.meters().counter(GIVEN_UP);
        this.early = early;
        this.messages = messages;
        this.database = database;
        this.clock = clock;
        this.handler = handler;
        this.contract = new LineContract(clock);
        this.written = new WrittenTapbacks(database, handler, messages);
    }

    /// Takes up what an earlier run of the program left.
    void start() {
        look();
        lanes.sweep(SWEEP, this::sweep);
    }

    @Override
    public News accept(InboundEvent told) {
        long since = System.nanoTime();
        traffic.heard(told.line());
        Optional<InboundEvent> checked = contract.checked(told);
        if (checked.isEmpty()) {
            dropped(told.line(), "reaction");
        }
        return checked.map(
                        event -> written.read(event).map(it -> take(it, since)).orElse(News.REPEATED))
                .orElse(News.NEW);
    }

    /// Most often nothing of this person waits and no file is to be fetched; then the event is handled in
    /// the transaction that stores it. One that cannot be handled is stored alone, and tried again. One
    /// that cannot even be stored is set aside, named in the log: a driver that had to bring it again would
    /// bring nothing after it.
    private News take(InboundEvent event, long since) {
        News news = News.NEW;
        LineTraffic.Text result;
        try {
            news = database.write(tx -> take(tx, event));
            result = news == News.NEW ? LineTraffic.Text.TAKEN : LineTraffic.Text.REPEATED;
        } catch (StorageFull | Overloaded e) {
            throw e;
        } catch (RuntimeException e) {
            Optional<String> json = json(event);
            json.ifPresent(it -> database.update(tx -> {
                await(tx, event, it);
                postpone(tx, event.from(), e);
            }));
            result = json.isPresent() ? LineTraffic.Text.TAKEN : LineTraffic.Text.SET_ASIDE;
        }
        if (event instanceof InboundEvent.TextReceived text) {
            traffic.text(text, result, since);
        }
        return news;
    }

    /// A text that became a message is known by that; of everything else a row remembers that it came.
    private News take(Tx tx, InboundEvent event) {
        Optional<InboundHandler.Came> before = before(tx.handle(), event);
        if (before.isPresent()) {
            return before.get().isAgain(event) ? News.REPEATED : News.MISNAMED;
        }
        if (bringsFile(event) || store.waits(tx, event.from())) {
            await(tx, event, EventJson.write(event));
        } else if (!handler.handle(tx, event)) {
            store.insertHandled(tx, event, clock.instant());
        }
        return News.NEW;
    }

    private Optional<InboundHandler.Came> before(Handle reader, InboundEvent event) {
        Optional<InboundHandler.Came> kept = event instanceof InboundEvent.TextReceived
                ? handler.came(reader, event.line(), event.providerId())
                : Optional.empty();
        return kept.or(() -> store.came(reader, event));
    }

    private void await(Tx tx, InboundEvent event, String json) {
        store.insert(tx, event, json, clock.instant());
        tx.afterCommit(() -> lanes.wake(event.from()));
    }

    private Optional<String> json(InboundEvent event) {
        try {
            return Optional.of(EventJson.write(event));
        } catch (RuntimeException e) {
            LOG.error(
                    "event=inbound_set_aside line={} provider_id={}"
                            + " fix=\"report this, it is a bug; this text is lost, those after it come\"",
                    event.line(),
                    event.providerId(),
                    e);
            dropped(event.line(), "unreadable");
            return Optional.empty();
        }
    }

    private static boolean bringsFile(InboundEvent event) {
        return event instanceof InboundEvent.TextReceived text && text.mediaUrl() != null;
    }

    /// One may overtake the answer to its own send: it is parked until the provider id is recorded; so is one that
    /// cannot be handled. Receipts of the router's texts have told all that they can, and end here.
    ///
    /// @throws StorageFull when neither can be done now: the driver brings it again.
    @Override
    public void receipt(Receipt told) {
        Receipt receipt = contract.checked(told);
        traffic.receipt(receipt);
        try {
            database.update(tx -> {
                if (!handler.receipt(tx, receipt) && !isOfSystemMessage(tx, receipt)) {
                    early.park(tx, receipt, clock.instant());
                }
            });
        } catch (StorageFull e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error(
                    "event=receipt_failed line={} provider_id={}"
                            + " fix=\"report this, it is a bug; the receipt is kept for a day\"",
                    receipt.line(),
                    receipt.providerId(),
                    e);
            database.update(tx -> early.park(tx, receipt, clock.instant()));
        }
    }

    private boolean isOfSystemMessage(Tx tx, Receipt receipt) {
        boolean ours = messages.wasSaid(tx, receipt.line(), receipt.providerId());
        if (ours && receipt.kind() == Receipt.Kind.FAILED) {
            LOG.warn(
                    "event=words_failed line={} provider_id={} fix=\"look how the line is (GET /api/v1/lines)\"",
                    receipt.line(),
                    receipt.providerId());
        }
        return ours;
    }

    @Override
    public void typing(String line, PhoneNumber from, boolean typing) {
        try {
            handler.typing(line, from, typing);
        } catch (RuntimeException e) {
            LOG.error(
                    "event=inbound_typing_failed line={}"
                            + " fix=\"report this, it is a bug; nothing is lost but a bubble\"",
                    line,
                    e);
        }
    }

    @Override
    public void stranger(String line, Stranger stranger) {
        dropped(line, stranger.kind().reason());
        if (!lines.answers(line, stranger)) {
            return;
        }
        try {
            database.update(tx -> handler.stranger(tx, line, stranger)
                    .ifPresent(words -> tx.afterCommit(() -> lines.answer(line, stranger, words))));
        } catch (StorageFull | Overloaded e) {
            LOG.info("event=stranger_not_answered line={} cause=\"{}\"", line, e.getMessage());
        } catch (RuntimeException e) {
            LOG.error(
                    "event=stranger_not_answered line={} fix=\"report this, it is a bug; nothing else is lost\"",
                    line,
                    e);
        }
    }

    @Override
    public void dropped(String line, String reason) {
        traffic.dropped(line, reason);
        LOG.debug("event=inbound_dropped line={} reason={}", line, reason);
    }

    @Override
    public void close() {
        lanes.close();
    }

    /// One event, during which nobody erases the person; the lane goes round again as long as there is one.
    private void run(PhoneNumber person) {
        if (database.during(person, () -> handleOne(person))) {
            lanes.wake(person);
        }
    }

    /// Whether there may be more.
    private boolean handleOne(PhoneNumber person) {
        try {
            return switch (database.write(tx -> handleNext(tx, person))) {
                case Step.Done _ -> true;
                case Step.Rest _ -> false;
                case Step.Prepare(var waiting, var event) -> handlePrepared(waiting, event);
            };
        } catch (StorageFull | Overloaded e) {
            throw e;
        } catch (RuntimeException e) {
            return database.write(tx -> postpone(tx, person, e));
        }
    }

    /// Handles what comes next, unless it brings a file: a transaction must not wait for the network.
    private Step handleNext(Tx tx, PhoneNumber person) {
        Optional<InboxStore.Waiting> next = store.next(tx.handle(), person);
        if (next.isEmpty()) {
            return new Step.Rest();
        }
        InboxStore.Waiting waiting = next.get();
        Duration wait = waiting.postponed().left(clock.instant());
        if (wait.isPositive()) {
            tx.afterCommit(() -> lanes.rest(person, wait));
            return new Step.Rest();
        }
        InboundEvent event = EventJson.read(waiting.event());
        if (bringsFile(event)) {
            return new Step.Prepare(waiting, event);
        }
        handler.handle(tx, event);
        store.settle(tx, waiting.id());
        return new Step.Done();
    }

    /// Nothing else of this person is handled meanwhile, so the event is still the next.
    private boolean handlePrepared(InboxStore.Waiting waiting, InboundEvent event) {
        Consumer<Tx> rest = handler.prepare(event);
        database.update(tx -> {
            rest.accept(tx);
            store.settle(tx, waiting.id());
        });
        return true;
    }

    private boolean postpone(Tx tx, PhoneNumber person, RuntimeException cause) {
        store.next(tx.handle(), person).ifPresent(waiting -> {
            int attempt = waiting.attempts() + 1;
            if (attempt > RETRIES.size()) {
                store.giveUp(tx, waiting.id());
                tx.onCommit(givenUp::increment);
                LOG.error(
                        "event=inbound_given_up inbox_id={} attempts={}"
                                + " fix=\"report this, it is a bug; what this person did is lost\"",
                        waiting.id(),
                        attempt,
                        cause);
            } else {
                Instant now = clock.instant();
                store.postpone(tx, waiting.id(), now, now.plus(RETRIES.get(attempt - 1)));
                LOG.warn("event=inbound_failed inbox_id={} attempt={}", waiting.id(), attempt, cause);
            }
        });
        return true;
    }

    private void sweep() {
        Instant now = clock.instant();
        database.update(tx -> {
            store.prune(tx, now.minus(Transport.MEMORY), now);
            early.prune(tx, now.minus(LONGEST_PARKING));
            messages.prune(tx, now);
        });
        look();
    }

    /// Wakes everybody of whom something is due.
    void look() {
        Instant now = clock.instant();
        database.read(handle -> store.people(handle, now)).forEach(lanes::wake);
    }
}
