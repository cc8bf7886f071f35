package partyline.transport;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// The configured lines and the drivers behind them: the one room between whoever wants something of a line and its
/// driver.
///
/// Each call runs on a thread of its own, so that a driver that hangs holds nobody for longer than its patience; one
/// that throws, or does not answer in time, has told nothing, and no caller gets to see it. News runs on the thread
/// that brings it, which holds nobody else. Calls to a driver may block
/// and must not be made inside a transaction; how a line is, is known, and may be asked anywhere. Thread-safe.
public final class DriverRegistry implements AutoCloseable {

    /// One call to a driver about one of its lines.
    @FunctionalInterface
    private interface Call<T> extends BiFunction<Driver, Line, T> {}

    private static final Logger LOG = LoggerFactory.getLogger(DriverRegistry.class);
    private static final Capabilities NONE = new Capabilities(false, false, false, false, false, false);
    private static final SendResult LINE_GONE =
            new SendResult.Refused("line_gone", "The line that carried this conversation is no longer configured.");

    private static final SendResult SEND_FAILED = new SendResult.Unknown("The driver failed while it sent.");
    private static final SendResult LOOK_FAILED =
            new SendResult.Unknown("The driver failed while it looked for the message.");

    private static final Driver.Health FAILED =
            new Driver.Health(Driver.Health.State.DOWN, "The driver failed: see the log.");
    private static final Driver.Health NOT_ASKED = new Driver.Health(Driver.Health.State.UNKNOWN, "");
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(2);

    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final Map<String, Driver> drivers;
    private final LineHealth health;
    private final LineTraffic traffic;
    private final SendRateLimiter rates;
    private final NumberMask numbers;
    /// By the line that others fall back to: the ids of [#carriedBy].
    private final Map<String, List<String>> carried = new HashMap<>();
    /// What each driver said last.
    private final Map<String, Driver.Health> known = new ConcurrentHashMap<>();

    private volatile boolean started;

    private final ExecutorService calls = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("driver-call-", 0).factory());

    /// `drivers` has the driver of each line, by the line's id; one may speak for several.
    ///
    /// @throws IllegalArgumentException when two lines share an id or a line has no driver.
    DriverRegistry(
            List<Line> lines,
            Map<String, Driver> drivers,
            LineHealth health,
            LineTraffic traffic,
            InstantSource clock) {
        this.health = health;
        this.traffic = traffic;
        this.rates = new SendRateLimiter(clock);
        this.drivers = Map.copyOf(drivers);
        for (Line line : lines) {
            if (this.lines.put(line.id(), line) != null) {
                throw new IllegalArgumentException("two lines have the id " + line.id());
            }
            if (!drivers.containsKey(line.id())) {
                throw new IllegalArgumentException("line " + line.id() + " has no driver");
            }
            line.terms()
                    .fallbackLine()
                    .ifPresent(it -> carried.computeIfAbsent(it, own -> new ArrayList<>(List.of(own)))
                            .add(line.id()));
        }
        this.numbers = new NumberMask(lines);
    }

    /// All lines, in the order of the configuration.
    public List<Line> all() {
        return List.copyOf(lines.values());
    }

    public Optional<Line> line(String id) {
        return Optional.ofNullable(lines.get(id));
    }

    /// The router line that is advertised: the first configured. The others answer too.
    public Optional<Line> router() {
        return all().stream().filter(line -> line.is(Line.Role.ROUTER)).findFirst();
    }

    /// The lines on which conversations may begin now: those of the pool that were not down when they were last
    /// asked. One that was not asked yet is among them: what is said there waits until it was.
    public List<Line> pool() {
        return up(line -> line.is(Line.Role.POOL));
    }

    /// Those of the `wanted` lines that were not down when they were last asked; see [#pool].
    public List<Line> up(Predicate<Line> wanted) {
        return lines.values().stream()
                .filter(line -> wanted.test(line) && said(line).state() != Driver.Health.State.DOWN)
                .toList();
    }

    /// The line to try when `line` cannot bring a text to somebody without iMessage.
    public Optional<Line> fallback(String line) {
        return line(line).flatMap(found -> found.terms().fallbackLine()).flatMap(this::line);
    }

    /// The ids of the lines whose conversations may use `line`: itself, and those that fall back to it.
    public List<String> carriedBy(String line) {
        return carried.getOrDefault(line, List.of(line));
    }

    /// Whether one person may have conversations with several agents on `line`.
    public boolean isShared(String line) {
        return carriedBy(line).size() > 1 || line(line).filter(Line::shared).isPresent();
    }

    /// What a service said, without the number of any line: for the log.
    public String masked(String words) {
        return numbers.masked(words);
    }

    /// Whether sends on `line` must each have a turn, see [#takeTurn].
    boolean isPaced(String line) {
        return line(line).filter(it -> it.terms().pace().sendsPerMinute() > 0).isPresent();
    }

    /// Takes a turn in the pace of `line` for `send`, once however often it asks within a minute; when there is
    /// none now, how long to wait before asking again.
    public Optional<Duration> takeTurn(String line, Id send) {
        return isPaced(line) ? line(line).flatMap(it -> rates.take(it, send)) : Optional.empty();
    }

    /// What `line` can do for `recipient`; nothing when it is no longer configured.
    public Capabilities capabilities(String line, PhoneNumber recipient) {
        return ask(line, "capabilities", NONE, (driver, found) -> driver.capabilities(found, recipient));
    }

    /// Sends; refused with code `line_gone` when the line is no longer configured, unknown when the driver throws.
    public SendResult send(String line, Outgoing message) {
        long begun = System.nanoTime();
        SendResult result = call(
                line,
                "send",
                driver -> driver.patience(message),
                LINE_GONE,
                SEND_FAILED,
                (driver, found) -> driver.send(found, message));
        traffic.sent(line, result, begun);
        return result;
    }

    /// `line` gave the send `id` the name of something else.
    void misnamed(String line, Id id) {
        traffic.misnamed(line);
        LOG.warn("event=send_misnamed line={} id={}", line, id);
    }

    /// What became of an earlier send of `message`, found by its client id. See [Driver#reconcile].
    public SendResult reconcile(String line, Outgoing message, Instant since) {
        SendResult result = call(
                line,
                "reconcile",
                Driver::patience,
                LINE_GONE,
                LOOK_FAILED,
                (driver, found) -> driver.reconcile(found, message, since));
        traffic.answered(line, result);
        return result;
    }

    /// Sets or (null) takes back our tapback, once the drivers have started; see [Driver#tapback].
    public TapbackResult tapback(
            String line, PhoneNumber to, String targetProviderId, @Nullable String reaction, int partIndex) {
        if (!started) {
            return TapbackResult.NOT_NOW;
        }
        return ask(
                line,
                "tapback",
                TapbackResult.NOT_NOW,
                (driver, found) -> driver.tapback(found, to, targetProviderId, reaction, partIndex));
    }

    /// Shows the person that everything up to `until` was read; best effort.
    public void markRead(String line, PhoneNumber person, Instant until) {
        tell(line, "mark_read", (driver, found) -> driver.markRead(found, person, until));
    }

    /// Shows or hides our typing bubble; best effort.
    public void typing(String line, PhoneNumber person, boolean typing) {
        tell(line, "typing", (driver, found) -> driver.typing(found, person, typing));
    }

    /// Whether `line` reaches somebody who has no number.
    boolean answers(String line, Stranger stranger) {
        return line(line).filter(it -> driverOf(it).answers(it, stranger)).isPresent();
    }

    /// Says `words` to somebody who has no number; nobody waits for it.
    void answer(String line, Stranger stranger, String words) {
        try {
            calls.execute(() -> tell(line, "answer", (driver, found) -> driver.answer(found, stranger, words)));
        } catch (RejectedExecutionException e) {
            LOG.debug("event=driver_called_after_close call=answer line={}", line);
        }
    }

    /// Where the bytes of `media`, the reference in a text that came on `line`, are. See [Driver#download].
    ///
    /// @throws IOException when they cannot be had, or not now.
    public Driver.Download download(String id, String media) throws IOException {
        Line line = line(id).orElseThrow(() -> new IOException("the line is no longer configured"));
        try {
            return driverOf(line).download(line, media);
        } catch (RuntimeException e) {
            LOG.error(
                    "event=driver_failed call=download line={} driver={}"
                            + " fix=\"report this, it is a bug of this driver\"",
                    id,
                    line.driver(),
                    e);
            throw new IOException("the driver failed", e);
        }
    }

    /// What is wrong with `line`, each with its fix; see [Driver#check].
    public List<String> check(String line) {
        return ask(line, "check", List.of("The driver failed: see the log."), Driver::check);
    }

    /// How every line is now, in the order of the configuration: its driver is asked.
    public List<LineStatus> statuses() {
        lines.keySet().forEach(line -> {
            Driver.Health said = ask(line, "health", FAILED, Driver::health);
            known.put(line, new Driver.Health(said.state(), masked(said.detail())));
        });
        return known();
    }

    /// How every line was when it was last asked, a second ago as a rule; this asks nobody. One that never was is
    /// neither up nor down.
    public List<LineStatus> known() {
        return lines.values().stream()
                .map(line -> health.status(line, said(line)))
                .toList();
    }

    private Driver.Health said(Line line) {
        return known.getOrDefault(line.id(), NOT_ASKED);
    }

    /// The line that is called `id`, if its service calls us.
    Optional<Line> called(String id) {
        return line(id).filter(line -> driverOf(line) instanceof WebhookReceiver);
    }

    /// The driver of the line that is called `id`, if its service brings and fetches files by calling us.
    Optional<FileExchange> exchange(String id) {
        return line(id).map(this::driverOf)
                .filter(FileExchange.class::isInstance)
                .map(FileExchange.class::cast);
    }

    WebhookReceiver.Answer hook(Line line, WebhookReceiver.Request request) {
        Driver driver = driverOf(line);
        try {
            return ((WebhookReceiver) driver).hook(line, request);
        } catch (RuntimeException | Error e) {
            LOG.error(
                    "event=driver_failed call=hook line={} driver={}"
                            + " fix=\"report this, it is a bug of this driver\"",
                    line.id(),
                    line.driver(),
                    e);
            return new WebhookReceiver.Answer(500, "text/plain", "try again");
        }
    }

    void start(Driver.Inbound inbound) {
        started = true;
        each(driver -> driver.start(inbound));
    }

    /// Closes the drivers, each within a few seconds, and calls off what they still have not answered.
    @Override
    public void close() {
        each(driver -> answer("call=close", PATIENCE_AT_CLOSE, false, () -> {
            driver.close();
            return true;
        }));
        calls.shutdownNow();
    }

    private void each(Consumer<Driver> action) {
        drivers.values().stream().distinct().forEach(action);
    }

    private Driver driverOf(Line line) {
        return Objects.requireNonNull(drivers.get(line.id()));
    }

    private void tell(String line, String what, BiConsumer<Driver, Line> call) {
        if (started) {
            ask(line, what, false, (driver, found) -> {
                call.accept(driver, found);
                return true;
            });
        }
    }

    /// What `call` answers, or `otherwise` when the line is gone or its driver throws.
    private <T> T ask(String line, String what, T otherwise, Call<T> call) {
        return call(line, what, Driver::patience, otherwise, otherwise, call);
    }

    private <T> T call(String id, String what, Function<Driver, Duration> patience, T gone, T silence, Call<T> call) {
        Line line = lines.get(id);
        if (line == null) {
            return gone;
        }
        Driver driver = driverOf(line);
        String asked = "call=" + what + " line=" + id + " driver=" + line.driver();
        return answer(asked, patience.apply(driver), silence, () -> call.apply(driver, line));
    }

    /// What `call` answers in time, or `silence`: one that throws, comes too late, or is called off since the program
    /// ends has told nothing. `what` names it in the log, as key=value.
    private <T> T answer(String what, Duration patience, T silence, Callable<T> call) {
        Future<T> answer;
        try {
            answer = calls.submit(call);
        } catch (RejectedExecutionException e) {
            LOG.debug("event=driver_called_after_close {}", what);
            return silence;
        }
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.error(
                    "event=driver_silent after={} {}"
                            + " fix=\"look how its service is (GET /api/v1/lines); if that is well, report this\"",
                    patience,
                    what);
        } catch (ExecutionException e) {
            LOG.error("event=driver_failed {} fix=\"report this, it is a bug of this driver\"", what, e.getCause());
        } catch (InterruptedException e) {
            LOG.warn("event=driver_call_interrupted {}", what);
            Thread.currentThread().interrupt();
        }
        answer.cancel(true);
        return silence;
    }
}
