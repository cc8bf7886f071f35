package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Database;
import partyline.kernel.Failures;
import partyline.kernel.Ids;
import partyline.kernel.Lanes;
import partyline.kernel.Overloaded;
import partyline.kernel.PhoneNumber;
import partyline.kernel.StorageFull;
import partyline.kernel.Tx;

/// What the router says, sent in order per person and with the honesty of messages: marked as handed before the driver
/// gets it, and never simply sent again when nobody knows whether it went out. Thread-safe.
final class Outbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    /// After these, words that a line will not take are given up: an answer that comes an hour late answers nothing.
    private static final List<Duration> RETRIES = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10),
            Duration.ofMinutes(30));
    private static final Duration ASK_EVERY = Duration.ofSeconds(5);
    private static final Duration ASK_FOR = Duration.ofMinutes(10);
    private static final Duration SWEEP = Duration.ofSeconds(30);
    /// How long receipts of said words are recognized.
    private static final Duration MEMORY = Duration.ofDays(7);

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final Switchboard switchboard;
    private final Receipts receipts;
    private final OutboxStore store = new OutboxStore();
    private final Lanes<PhoneNumber> lanes = new Lanes<>("outbox", this::run);
    private final Failures<PhoneNumber> failures = new Failures<>();
    private volatile boolean started;

    Outbox(Database database, Ids ids, InstantSource clock, Switchboard switchboard, Receipts receipts) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
        this.switchboard = switchboard;
        this.receipts = receipts;
    }

    /// Begins to send, with what an earlier run of the program left.
    void start() {
        started = true;
        look();
        lanes.sweep(SWEEP, this::sweep);
    }

    void say(Tx tx, Words words) {
        store.insert(tx, ids.next(), words, clock.instant());
        tx.afterCommit(() -> lanes.wake(words.to()));
    }

    @Override
    public void close() {
        lanes.close();
    }

    private void run(PhoneNumber person) {
        if (!started) {
            return;
        }
        try {
            database.during(person, () -> {
                Optional<OutboxStore.Unsaid> next = database.read(handle -> store.next(handle, person));
                next.ifPresent(this::advance);
                return next;
            });
            failures.clear(person);
        } catch (StorageFull | Overloaded e) {
            throw e;
        } catch (RuntimeException e) {
            database.read(handle -> store.first(handle, person)).ifPresent(first -> failed(person, first, e));
        }
    }

    /// A few times it may be an accident; then these words are given up, so that the rest can be said.
    private void failed(PhoneNumber person, String first, RuntimeException cause) {
        Optional<Duration> pause = failures.failed(person, first);
        if (pause.isPresent()) {
            LOG.warn("event=words_failed outbox_id={}", first, cause);
            lanes.rest(person, pause.get());
        } else {
            LOG.error("event=words_given_up outbox_id={} code=internal_error", first, cause);
            database.update(tx -> store.delete(tx, first));
            lanes.wake(person);
        }
    }

    /// One step for the person's first unsaid words; the lane goes round again for the next.
    private void advance(OutboxStore.Unsaid unsaid) {
        Instant now = clock.instant();
        PhoneNumber person = unsaid.words().to();
        Optional<Duration> rest = rest(unsaid, now);
        if (rest.isPresent()) {
            lanes.rest(person, rest.get());
            return;
        }
        if (unsaid.handedAt().isPresent()) {
            Instant since = new Handover(unsaid.madeAt(), unsaid.handedAt().get()).since(now);
            SendResult found = switchboard.reconcile(unsaid.words().line(), unsaid.outgoing(), since);
            database.update(tx -> settle(tx, unsaid, found));
        } else {
            OutboxStore.Unsaid handed = unsaid.handed(now);
            database.update(tx -> store.hand(tx, unsaid.id(), now));
            SendResult result = switchboard.send(unsaid.words().line(), unsaid.outgoing());
            database.update(tx -> settle(tx, handed, result));
        }
        lanes.wake(person);
    }

    /// How long these words have to wait, for their time or for their line.
    private Optional<Duration> rest(OutboxStore.Unsaid unsaid, Instant now) {
        Duration wait = unsaid.postponed().left(now);
        if (wait.isPositive()) {
            return Optional.of(wait);
        }
        return unsaid.handedAt().isPresent()
                ? Optional.empty()
                : switchboard.takeTurn(unsaid.words().line(), unsaid.id());
    }

    private void settle(Tx tx, OutboxStore.Unsaid unsaid, SendResult result) {
        Instant now = clock.instant();
        switch (result) {
            // An id that the line has used for other words tells nothing about these.
            case SendResult.Accepted(String id, var _, var _, var _)
            when wasSaid(tx, unsaid.words().line(), id) ->
                settle(tx, unsaid, new SendResult.Unknown("The line named other words."));
            case SendResult.Accepted(String providerId, var _, var _, var _) -> {
                store.said(tx, unsaid.id(), providerId, now);
                receipts.claim(tx, unsaid.words().line(), providerId);
            }
            case SendResult.Refused(String code, var _) -> giveUp(tx, unsaid, code);
            case SendResult.NotSent _ when unsaid.attempts() >= RETRIES.size() -> giveUp(tx, unsaid, "not_sent");
            case SendResult.NotSent(var _, Optional<Duration> pause) ->
                store.retry(tx, unsaid.id(), now, now.plus(longer(RETRIES.get(unsaid.attempts()), pause)));
            case SendResult.Unknown _ when isAskedLongEnough(unsaid, now) -> giveUp(tx, unsaid, "outcome_unknown");
            case SendResult.Unknown _ -> store.askAgain(tx, unsaid.id(), now, now.plus(ASK_EVERY));
        }
    }

    boolean wasSaid(Tx tx, String line, String providerId) {
        return store.wasSaid(tx, line, providerId);
    }

    private static Duration longer(Duration usual, Optional<Duration> pause) {
        return pause.filter(wanted -> wanted.compareTo(usual) > 0).orElse(usual);
    }

    private static boolean isAskedLongEnough(OutboxStore.Unsaid unsaid, Instant now) {
        return unsaid.handedAt().filter(at -> at.plus(ASK_FOR).isAfter(now)).isEmpty();
    }

    private void giveUp(Tx tx, OutboxStore.Unsaid unsaid, String code) {
        store.delete(tx, unsaid.id().text());
        LOG.error(
                "event=words_given_up outbox_id={} line={} code={}",
                unsaid.id(),
                unsaid.words().line(),
                code);
    }

    private void sweep() {
        database.update(tx -> store.prune(tx, clock.instant().minus(MEMORY)));
        look();
    }

    /// Wakes everybody to whom something is due.
    void look() {
        Instant now = clock.instant();
        database.read(handle -> store.people(handle, now)).forEach(lanes::wake);
    }
}
