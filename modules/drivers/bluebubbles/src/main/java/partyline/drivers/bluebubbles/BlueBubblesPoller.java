package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Overloaded;
import partyline.kernel.PeriodicTask;
import partyline.kernel.StorageFull;
import partyline.transport.LineSetup;

/// In which a line hears: reads what is new when the Mac says so or when it is time. A row is taken as the Mac's
/// database shows it, never as it was told, and one that cannot be taken in stops nobody else's. After a round that
/// fails it rests.
final class BlueBubblesPoller implements AutoCloseable {

    /// A row that the Mac's database does not show yet, or not whole, or that could not be taken in. `news` when it
    /// lies before us; else only a change of it is.
    private record Awaited(MacMessage row, boolean news, int tries, Instant dueAt) {}

    private static final Logger LOG = LoggerFactory.getLogger(BlueBubblesPoller.class);
    /// How often the clock is looked at; the waits themselves are the clock's.
    private static final Duration PULSE = Duration.ofMillis(200);
    private static final List<Duration> AGAIN =
            List.of(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(5));
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final int NUDGES = 10_000;

    private final LineSetup setup;
    private final MacApi api;
    private final BlueBubblesCatchUp catchUp;
    private final BlueBubblesInboundTranslator intake;
    private final Duration pollEvery;
    private final LinkedBlockingQueue<MacMessage> told = new LinkedBlockingQueue<>(NUDGES);
    private final Map<String, Awaited> awaited = new LinkedHashMap<>();
    private final PeriodicTask rounds;
    private volatile boolean hello = true;
    private Instant sweepDue = Instant.MIN;
    private Instant restUntil = Instant.MIN;

    BlueBubblesPoller(
            LineSetup setup,
            MacApi api,
            BlueBubblesCatchUp catchUp,
            BlueBubblesInboundTranslator intake,
            Duration pollEvery) {
        this.setup = setup;
        this.api = api;
        this.catchUp = catchUp;
        this.intake = intake;
        this.pollEvery = pollEvery;
        this.rounds = new PeriodicTask("bluebubbles-poller", Duration.ZERO, PULSE, this::round);
    }

    void start() {
        rounds.start();
    }

    /// The Mac told of a row. What does not fit is found with everything else.
    void tell(MacMessage row) {
        if (!told.offer(row)) {
            hello = true;
        }
        rounds.wake();
    }

    /// The Mac's server started, or is elsewhere now: everything is looked at again.
    void hello() {
        hello = true;
        rounds.wake();
    }

    @Override
    public void close() {
        rounds.close();
    }

    private void round() {
        Instant now = setup.now();
        if (restUntil.isAfter(now)) {
            return;
        }
        restUntil = now.plus(SOON);
        List<MacMessage> news = new ArrayList<>();
        told.drainTo(news);
        news.forEach(row -> hear(row, now));
        boolean sweep = hello || !sweepDue.isAfter(now);
        hello = false;
        if (sweep || awaited.values().stream().anyMatch(it -> !it.dueAt().isAfter(now))) {
            boolean read = catchUp.run(row -> read(row, now));
            sweepDue = now.plus(read ? pollEvery : SOON);
            List.copyOf(awaited.values()).stream()
                    .filter(it -> !it.dueAt().isAfter(now))
                    .forEach(it -> look(it, now));
        }
        restUntil = Instant.MIN;
    }

    /// Our own rows tell how far they got; those of others are read from the database, in their order.
    private void hear(MacMessage row, Instant now) {
        if (row.fromMe()) {
            take(row, now);
        } else if (intake.isNews(row)) {
            await(row, row.rowId() > catchUp.cursor(), now);
        }
    }

    private void read(MacMessage row, Instant now) {
        if (row.fromMe() || row.isWhole()) {
            take(row, now);
        } else if (intake.isNews(row)) {
            await(row, true, now);
        }
    }

    private void await(MacMessage row, boolean news, Instant now) {
        awaited.putIfAbsent(row.guid(), new Awaited(row, news, 0, now));
    }

    private void take(MacMessage row, Instant now) {
        try {
            intake.take(row);
        } catch (StorageFull | Overloaded e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn(
                    "event=row_failed line={} rowid={} guid={} cause=\"{}\"",
                    setup.id(),
                    row.rowId(),
                    row.guid(),
                    e.toString());
            await(row, true, now);
        }
    }

    /// The row came by now, or is asked for once more; in the end it is taken as far as it goes.
    private void look(Awaited waiting, Instant now) {
        MacMessage told = waiting.row();
        awaited.remove(told.guid());
        if (!told.fromMe() && !intake.isNews(told)) {
            return;
        }
        Optional<MacMessage> row = waiting.tries() == 0 ? Optional.empty() : asked(told);
        boolean last = waiting.tries() == AGAIN.size();
        try {
            if (row.isPresent() && (last || row.get().isWhole())) {
                end(row.get(), waiting.news());
                return;
            }
            if (last) {
                intake.passOver("unknown_row");
                return;
            }
        } catch (StorageFull | Overloaded e) {
            awaited.put(told.guid(), waiting);
            throw e;
        } catch (RuntimeException e) {
            if (last) {
                LOG.error(
                        "event=row_set_aside line={} rowid={} guid={}"
                                + " fix=\"report this, it is a bug; what this row of the Mac tells is lost\"",
                        setup.id(),
                        told.rowId(),
                        told.guid(),
                        e);
                intake.drop(told, "failed");
                return;
            }
        }
        awaited.put(
                told.guid(),
                new Awaited(told, waiting.news(), waiting.tries() + 1, now.plus(AGAIN.get(waiting.tries()))));
    }

    /// What lies behind us, and was not heard when it came, is an old row that turned up again.
    private void end(MacMessage row, boolean news) {
        if (news || intake.knows(row) || row.fromMe()) {
            intake.take(row);
        } else {
            intake.takeChange(row, "replay");
        }
    }

    private Optional<MacMessage> asked(MacMessage row) {
        return api.message(row.guid(), Map.of("with", "chats,attachment"));
    }
}
