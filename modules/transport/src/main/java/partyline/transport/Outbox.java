package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Database;
import partyline.kernel.KeyedExecutor;
import partyline.kernel.Meters;
import partyline.kernel.Overloaded;
import partyline.kernel.StorageFull;
import partyline.kernel.Tx;
import partyline.transport.OutgoingQueue.Head;

/// Sends what an [OutgoingQueue] holds: in order for each key, keys independent of each other.
///
/// What goes out is marked as handed over, on disk, before its driver sees it. From then on it is never
/// simply sent again: after a restart, or when the driver does not know, the driver is asked by the client
/// id what became of it, for ten minutes at most. What came of it is stored together with the next step.
///
/// What is added to an empty queue is handed over by the write that adds it. From the commit until its
/// lane takes it, it is *in hand*, in memory: so long it was certainly not sent. Thread-safe.
public final class Outbox<K, H extends Head> implements AutoCloseable {

    /// Nobody could find out whether it was sent.
    public static final String OUTCOME_UNKNOWN = "outcome_unknown";
    /// The line could not take it for as long as the queue has patience.
    public static final String NOT_SENT = "not_sent";
    /// The server could not handle it.
    public static final String INTERNAL = "internal_error";

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final Duration SWEEP = Duration.ofSeconds(30);
    private static final Meters.Subject HANDOVER = new Meters.Subject(
            "send_handover_seconds", "Time from accepting a send until its line gets it the first time.", "queue");
    private static final Meters.Subject GIVEN_UP = new Meters.Subject(
            "sends_given_up", "Sends that no line took, or of which nobody found out whether one did.", "queue");
    private static final Duration ASK_FOR = Duration.ofMinutes(10);
    /// After a send that certainly did not happen; the last delay repeats.
    private static final List<Duration> RETRY = List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10));
    /// Between two questions about a send that may have happened; the last delay repeats.
    private static final List<Duration> ASK =
            List.of(Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofMinutes(1));

    /// Between two tries of a head that fails with an exception; then it is set aside.
    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(5));

    /// How often in a row the head of a queue failed with an exception.
    private record Failing(String head, int times) {

        static Failing onceMore(@Nullable Failing before, String head) {
            return new Failing(head, before != null && before.head.equals(head) ? before.times + 1 : 1);
        }
    }

    /// The head of a queue, and the [Database#timesAlone] of its person when it was read or added: while
    /// that is the same, it is still there. `last`: nothing was behind it.
    private record Taken<H>(H head, long timesAlone, boolean last) {}

    /// What to do with the head of a queue now.
    private sealed interface Step<H> {

        record Rest<H>() implements Step<H> {}

        record Wait<H>(Duration delay) implements Step<H> {}

        record GoOn<H>() implements Step<H> {}

        record Send<H>(Taken<H> taken) implements Step<H> {}

        record Ask<H>(Taken<H> taken) implements Step<H> {}
    }

    private final Database database;
    private final InstantSource clock;
    private final DriverRegistry drivers;
    private final EarlyStore early;
    private final OutgoingQueue<K, H> queue;
    private final Duration patience;
    private final Meters.Distribution handover;
    private final LongAdder givenUp;
    /// Kept in memory: a restart tries anew.
    private final ConcurrentMap<K, Failing> failing = new ConcurrentHashMap<>();

    private final ConcurrentMap<K, Taken<H>> inHand = new ConcurrentHashMap<>();
    private final KeyedExecutor<K> lanes;
    private volatile boolean started;

    /// `patience` is how long what a line does not take is tried; `name` that of the threads.
    Outbox(
            String name,
            Database database,
            InstantSource clock,
            DriverRegistry drivers,
            EarlyStore early,
            OutgoingQueue<K, H> queue,
            Duration patience) {
        this.database = database;
        this.clock = clock;
        this.drivers = drivers;
        this.early = early;
        this.queue = queue;
        this.patience = patience;
        this.handover = database.meters().distribution(Meters.Scale.TIME, HANDOVER, name);
        this.givenUp = database.meters().counter(GIVEN_UP, name);
        this.lanes = new KeyedExecutor<>(name, this::drain);
    }

    /// Takes up what an earlier run left, and looks again now and then.
    public void start() {
        started = true;
        look();
        lanes.sweep(SWEEP, this::look);
    }

    /// Adds what is new, and may go, to the queue of `key`, and sends it once `tx` is committed. Where
    /// nothing is before it, `tx` hands it over as well, so that its driver gets it without another write.
    /// Not where its line has a pace: `tx` may run twice, and each time would take a turn.
    public void add(Tx tx, K key, H added) {
        boolean goes = started
                && !drivers.isPaced(added.line())
                && queue.first(tx.handle(), key).isEmpty();
        H head = queue.add(tx, added, goes ? Optional.of(clock.instant()) : Optional.empty());
        if (goes) {
            Taken<H> taken = taken(head, true);
            tx.onCommit(() -> inHand.put(key, taken));
        }
        tx.afterCommit(() -> wake(key));
    }

    /// There is something for `key`, or it may go out now. Before the start it waits for that.
    public void wake(K key) {
        if (started) {
            lanes.wake(key);
        }
    }

    /// Wakes every key that has something due, once it is started.
    public void look() {
        Instant now = clock.instant();
        database.read(reader -> queue.due(reader, now)).forEach(this::wake);
    }

    /// Ends the sends in progress. What is still in hand then goes back into its queue.
    @Override
    public void close() {
        started = false;
        lanes.close();
        inHand.keySet().forEach(this::putBack);
    }

    /// What cannot be put back is asked about at the next start.
    private void putBack(K key) {
        Instant now = clock.instant();
        try {
            Optional.ofNullable(inHand.remove(key))
                    .ifPresent(taken -> database.update(tx -> queue.putBack(tx, taken.head(), now, now)));
        } catch (StorageFull | Overloaded e) {
            LOG.warn("event=send_not_put_back", e);
        }
    }

    private void drain(K key) {
        try {
            sendWhatIsDue(key);
            failing.remove(key);
        } catch (StorageFull | Overloaded e) {
            throw e;
        } catch (RuntimeException e) {
            database.read(reader -> queue.first(reader, key)).ifPresent(first -> failed(key, first, e));
        }
    }

    /// A few times it may be an accident; then the head is set aside, so that what is behind it can go.
    private void failed(K key, String first, RuntimeException cause) {
        int times = failing.compute(key, (_, before) -> Failing.onceMore(before, first))
                .times();
        if (times <= PAUSES.size()) {
            LOG.warn("event=send_failed id={}", first, cause);
            lanes.rest(key, PAUSES.get(times - 1));
            return;
        }
        LOG.error(
                "event=send_set_aside id={}"
                        + " fix=\"report this, it is a bug; the message ended as an error, and its agent was told\"",
                first,
                cause);
        Instant now = clock.instant();
        try {
            database.update(tx -> {
                H head = queue.head(tx, key)
                        .filter(it -> it.id().text().equals(first))
                        .orElseThrow();
                String code = head.handedAt().isPresent() ? OUTCOME_UNKNOWN : INTERNAL;
                giveUp(tx, head, code, "set aside", now);
            });
        } catch (RuntimeException unreadable) {
            database.update(tx -> queue.setAside(tx, first, now));
        }
        lanes.wake(key);
    }

    private void sendWhatIsDue(K key) {
        Step<H> step = look(key);
        while (!Thread.currentThread().isInterrupted()) {
            switch (step) {
                case Step.Rest<H> _ -> {
                    return;
                }
                case Step.Wait<H>(var delay) -> {
                    lanes.rest(key, delay);
                    return;
                }
                case Step.GoOn<H> _ -> step = look(key);
                case Step.Send<H>(var taken) -> step = carryOut(key, taken, this::send);
                case Step.Ask<H>(var taken) ->
                    step = carryOut(key, taken, isInHand(key, taken.head()) ? this::send : this::ask);
            }
        }
    }

    private Step<H> look(K key) {
        Taken<H> added = inHand.remove(key);
        return added == null ? database.write(tx -> next(tx, key)) : new Step.Send<>(added);
    }

    /// Whether the head that was just read as handed over came in hand meanwhile; it is taken from there.
    private boolean isInHand(K key, H head) {
        Taken<H> added = inHand.get(key);
        return added != null && added.head().id().equals(head.id()) && inHand.remove(key, added);
    }

    private Taken<H> taken(H head, boolean last) {
        return new Taken<>(head, database.timesAlone(head.outgoing().to()), last);
    }

    private Step<H> next(Tx tx, K key) {
        Optional<H> found = queue.head(tx, key);
        if (found.isEmpty()) {
            return new Step.Rest<>();
        }
        H head = found.get();
        Instant now = clock.instant();
        Duration wait = head.postponed().left(now);
        if (wait.isPositive()) {
            return new Step.Wait<>(wait);
        }
        if (head.handedAt().isPresent()) {
            return new Step.Ask<>(taken(head, false));
        }
        if (!queue.mayGo(tx, head, now)) {
            return new Step.GoOn<>();
        }
        return drivers.takeTurn(head.line(), head.outgoing().clientId())
                .<Step<H>>map(Step.Wait::new)
                .orElseGet(() -> new Step.Send<>(taken(queue.handOver(tx, head, now), false)));
    }

    /// Sends or asks, and stores what came of it together with the next step. The person may have been forgotten
    /// meanwhile; then there is nothing left to send.
    private Step<H> carryOut(K key, Taken<H> taken, Function<H, SendResult> call) {
        H head = taken.head();
        return database.during(head.outgoing().to(), () -> {
            if (isForgotten(taken)) {
                return new Step.GoOn<>();
            }
            SendResult result = call.apply(head);
            try {
                return database.write(tx -> {
                    boolean gone = conclude(tx, head, result);
                    // What was added behind it meanwhile has woken this lane, or will.
                    return gone && taken.last() && !lanes.isWoken(key) ? new Step.Rest<>() : next(tx, key);
                });
            } catch (StorageFull | Overloaded e) {
                throw e;
            } catch (RuntimeException e) {
                // What came of this one is known, whatever is wrong with the one behind it.
                database.update(tx -> conclude(tx, head, result));
                return new Step.GoOn<>();
            }
        });
    }

    private boolean isForgotten(Taken<H> taken) {
        H head = taken.head();
        return taken.timesAlone() != database.timesAlone(head.outgoing().to())
                && !database.read(reader -> queue.exists(reader, head.id()));
    }

    private SendResult send(H head) {
        if (head.attempts() == 0) {
            handover.add(Duration.between(head.madeAt(), clock.instant()).toNanos());
        }
        return drivers.send(head.line(), head.outgoing());
    }

    private SendResult ask(H head) {
        Instant now = clock.instant();
        Instant since = OutgoingQueue.since(head.notBefore(), head.handedAt().orElse(now), now);
        return drivers.reconcile(head.line(), head.outgoing(), since);
    }

    /// Whether the line took it.
    private boolean conclude(Tx tx, H head, SendResult result) {
        Instant now = clock.instant();
        switch (result) {
            case SendResult.Accepted accepted -> {
                String providerId = accepted.providerId();
                if (queue.accepted(tx, head, accepted, () -> early.take(tx, head.line(), providerId), now)) {
                    return true;
                }
                // An id that the line has used for something else tells nothing about this.
                drivers.misnamed(head.line(), head.id());
                ask(tx, head, "The line named another message.", now);
            }
            case SendResult.Refused refused -> queue.refused(tx, head, refused, now);
            case SendResult.NotSent(var detail, var pause) -> retry(tx, head, detail, pause, now);
            case SendResult.Unknown(var detail) -> ask(tx, head, detail, now);
        }
        return false;
    }

    private void retry(Tx tx, H head, String detail, Optional<Duration> pause, Instant now) {
        if (Duration.between(head.madeAt(), now).compareTo(patience) > 0) {
            giveUp(tx, head, NOT_SENT, detail, now);
            return;
        }
        LOG.info("event=send_postponed id={} detail=\"{}\"", head.id(), drivers.masked(detail));
        queue.putBack(tx, head, now, now.plus(pause.orElseGet(() -> delay(RETRY, head.attempts()))));
    }

    private void ask(Tx tx, H head, String detail, Instant now) {
        if (Duration.between(head.handedAt().orElse(now), now).compareTo(ASK_FOR) > 0) {
            giveUp(tx, head, OUTCOME_UNKNOWN, detail, now);
            return;
        }
        LOG.info("event=send_unknown id={} detail=\"{}\"", head.id(), drivers.masked(detail));
        queue.askAgain(tx, head, now, now.plus(delay(ASK, head.attempts())));
    }

    private void giveUp(Tx tx, H head, String code, String detail, Instant now) {
        queue.failed(tx, head, code, detail, now);
        tx.onCommit(givenUp::increment);
    }

    private static Duration delay(List<Duration> schedule, int attempt) {
        return schedule.get(Math.min(attempt, schedule.size() - 1));
    }
}
