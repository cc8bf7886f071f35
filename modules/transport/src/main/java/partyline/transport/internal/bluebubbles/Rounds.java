package partyline.transport.internal.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Inbound;
import partyline.transport.internal.remote.Reply;

/// The one background loop of a line: asks how the Mac is, repairs the webhook, reads what is new when the Mac says so
/// or when it is time, and asks what became of what was sent. [#close] ends it at once.
final class Rounds implements Runnable, AutoCloseable {

    /// What the loop goes round with.
    record Parts(MacApi api, MacStatus status, Registration registration, CatchUp catchUp, Intake intake) {}

    /// A row that the Mac told of and that its database does not show yet, or not whole.
    private record Awaited(MacMessage row, boolean news, int tries, Instant dueAt) {}

    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);
    /// How often the clock is looked at; the waits themselves are the clock's.
    private static final Duration PULSE = Duration.ofMillis(200);
    private static final Duration STATUS = Duration.ofMinutes(1);
    private static final List<Duration> AGAIN =
            List.of(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(5));
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int NUDGES = 10_000;

    private final Parts parts;
    private final MacSettings settings;
    private final InstantSource clock;
    private final Runnable others;
    private final Inbound inbound;
    private final LinkedBlockingQueue<MacMessage> told = new LinkedBlockingQueue<>(NUDGES);
    private final Map<String, Awaited> awaited = new LinkedHashMap<>();
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean hello = true;
    private Instant statusDue = Instant.MIN;
    private Instant sweepDue = Instant.MIN;

    /// `others` is done in every round as well.
    Rounds(Parts parts, MacSettings settings, InstantSource clock, Runnable others, Inbound inbound) {
        this.parts = parts;
        this.settings = settings;
        this.clock = clock;
        this.others = others;
        this.inbound = inbound;
        this.thread = Thread.ofVirtual().name("bluebubbles").unstarted(this);
    }

    void start() {
        thread.start();
    }

    /// The Mac told of a row. What does not fit is found with everything else.
    void tell(MacMessage row) {
        if (!told.offer(row)) {
            hello = true;
        }
    }

    /// The Mac's server started, or is elsewhere now: everything is looked at again.
    void hello() {
        hello = true;
    }

    @Override
    public void run() {
        while (!closed) {
            try {
                round(told.poll(PULSE.toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                if (!closed) {
                    LOG.error("event=bluebubbles_round_failed", e);
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round(@Nullable MacMessage first) {
        List<MacMessage> news = new ArrayList<>();
        if (first != null) {
            news.add(first);
        }
        told.drainTo(news);
        Instant now = clock.instant();
        boolean anew = hello;
        hello = false;
        if (anew || !statusDue.isAfter(now)) {
            statusDue = now.plus(look() ? STATUS : SOON);
        }
        news.forEach(row -> hear(row, now));
        if (anew
                || !sweepDue.isAfter(now)
                || awaited.values().stream().anyMatch(it -> !it.dueAt().isAfter(now))) {
            boolean read = parts.catchUp().run(row -> read(row, now));
            sweepDue = now.plus(read ? settings.pollEvery() : SOON);
            List.copyOf(awaited.values()).stream()
                    .filter(it -> !it.dueAt().isAfter(now))
                    .forEach(it -> settle(it, now));
        }
        others.run();
    }

    /// False when something is wrong that may soon be right.
    private boolean look() {
        boolean up = parts.status().refresh().health().state() != Health.State.DOWN;
        String trouble = up && settings.webhook() ? parts.registration().repair() : "";
        parts.status().newsTrouble(trouble);
        return up && trouble.isEmpty();
    }

    /// Our own rows tell how far they got; those of others are read from the database, in their order.
    private void hear(MacMessage row, Instant now) {
        if (row.fromMe()) {
            parts.intake().take(row, inbound);
        } else if (!parts.intake().hasSeen(row)) {
            awaited.putIfAbsent(
                    row.guid(), new Awaited(row, row.rowId() > parts.catchUp().cursor(), 0, now));
        }
    }

    private void read(MacMessage row, Instant now) {
        if (row.fromMe() || !row.isEmpty() || row.chat().group() || row.state().kind() != 0) {
            parts.intake().take(row, inbound);
        } else if (!parts.intake().hasSeen(row)) {
            awaited.putIfAbsent(row.guid(), new Awaited(row, true, 0, now));
        }
    }

    /// The row came by now, or is asked for once more, or is taken as it was told. What was told although it lies
    /// behind
    /// us, and is not there now either, is an old row that turned up again.
    private void settle(Awaited waiting, Instant now) {
        MacMessage row = waiting.row();
        if (parts.intake().hasSeen(row)) {
            awaited.remove(row.guid());
            return;
        }
        if (row.isEmpty() && waiting.tries() > 0) {
            row = asked(row);
        }
        if (!row.isEmpty() && waiting.row().isEmpty() || waiting.tries() == AGAIN.size()) {
            awaited.remove(row.guid());
            if (waiting.news()) {
                parts.intake().take(row, inbound);
            } else {
                parts.intake().drop(row, "replay", inbound);
            }
            return;
        }
        awaited.put(
                row.guid(),
                new Awaited(row, waiting.news(), waiting.tries() + 1, now.plus(AGAIN.get(waiting.tries()))));
    }

    private MacMessage asked(MacMessage row) {
        Reply reply = parts.api().get("/message/" + MacApi.part(row.guid()), Map.of("with", "chats,attachment"));
        return reply instanceof Reply.Answered answer && answer.success()
                ? MacMessage.of(answer.json().path("data"))
                : row;
    }
}
