package partyline.drivers;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.PeriodicTask;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.WebhookReceiver;

/// A driver whose service calls it, and which looks after its line now and then all the same, the first time
/// at once: how it is, whether the service can still reach us, and what it did not tell. A round that fails
/// is followed by the next one. Rounds go by our own time, also in tests: they want a key that makes `every` short.
/// Thread-safe, as its children must be.
public abstract class PolledDriver implements WebhookReceiver {

    private static final Logger LOG = LoggerFactory.getLogger(PolledDriver.class);
    private static final Duration FIRST = Duration.ofSeconds(10);

    private record Started(Inbound inbound, PeriodicTask rounds) {}

    protected final LineSetup setup;
    protected final HttpCalls calls;
    protected final HealthCheck health;
    private final Duration every;
    private final CountDownLatch first = new CountDownLatch(1);
    private volatile @Nullable Started started;

    /// `calls` are closed with the driver.
    protected PolledDriver(LineSetup setup, HealthCheck.Profile service, HttpCalls calls, Duration every) {
        this.setup = setup;
        this.calls = calls;
        this.health = new HealthCheck(setup.id(), service);
        this.every = every;
    }

    /// Brings what was not told, and says how the line is. A service that must be told where to call hears that first:
    /// what comes between reading and telling would wait for the next round.
    protected abstract Health look(Inbound inbound);

    /// Takes a call of the service, as [#hook] does, once the driver was started.
    protected abstract Answer take(Request request, Inbound inbound);

    @Override
    public void start(Inbound inbound) {
        PeriodicTask rounds = new PeriodicTask("line-" + setup.id(), Duration.ZERO, every, this::round);
        started = new Started(inbound, rounds);
        rounds.start();
    }

    @Override
    public final Health health(Line line) {
        return health.health();
    }

    @Override
    public final Answer hook(Line line, Request request) {
        Started running = started;
        return running == null ? new Answer(503, "text/plain", "starting") : take(request, running.inbound());
    }

    /// Calls in progress end at once.
    @Override
    public void close() {
        calls.close();
        Optional.ofNullable(started).map(Started::rounds).ifPresent(PeriodicTask::close);
    }

    /// Waits until the first round is over, or as long as a service waits for an answer: what came while nobody
    /// listened is to be heard before what comes now.
    protected final void awaitFirstRound() {
        try {
            if (started != null && !first.await(FIRST.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("event=first_round_slow line={} fix=\"look how the line is (GET /api/v1/lines)\"", setup.id());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void round() {
        Started running = Objects.requireNonNull(started);
        try {
            Health seen = look(running.inbound());
            if (running.rounds().goesOn()) {
                health.is(seen);
            }
        } finally {
            first.countDown();
        }
    }
}
