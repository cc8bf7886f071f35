package partyline.transport;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Id;

/// Finds the driver of a line and calls it. A driver that throws, or does not answer within its patience, has told
/// nothing, and no caller gets to see it. Thread-safe.
final class Switchboard implements AutoCloseable {

    /// One call to a driver about one of its lines.
    @FunctionalInterface
    interface Call<T> extends BiFunction<Driver, Line, T> {}

    private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);
    private static final SendResult LINE_GONE =
            new SendResult.Refused("line_gone", "The line that carried this conversation is no longer configured.");

    private static final Driver.Health FAILED =
            new Driver.Health(Driver.Health.State.DOWN, "The driver failed: see the log.");
    private static final Driver.Health NOT_ASKED = new Driver.Health(Driver.Health.State.UNKNOWN, "");
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(2);

    private final DriverCalls calls = new DriverCalls();
    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final Map<String, Driver> drivers;
    private final Vitals vitals;
    private final Pacing pacing;
    private final LineNumbers numbers;
    /// What each driver said last.
    private final Map<String, Driver.Health> known = new ConcurrentHashMap<>();

    /// `drivers` has the driver of each line, by the line's id; one may speak for several.
    ///
    /// @throws IllegalArgumentException when two lines share an id or a line has no driver.
    Switchboard(List<Line> lines, Map<String, Driver> drivers, Vitals vitals, InstantSource clock) {
        this.vitals = vitals;
        this.pacing = new Pacing(clock);
        this.drivers = Map.copyOf(drivers);
        for (Line line : lines) {
            if (this.lines.put(line.id(), line) != null) {
                throw new IllegalArgumentException("two lines have the id " + line.id());
            }
            if (!drivers.containsKey(line.id())) {
                throw new IllegalArgumentException("line " + line.id() + " has no driver");
            }
        }
        this.numbers = new LineNumbers(lines);
    }

    List<Line> lines() {
        return List.copyOf(lines.values());
    }

    Optional<Line> line(String id) {
        return Optional.ofNullable(lines.get(id));
    }

    void start(Driver.Inbound inbound) {
        each(driver -> driver.start(inbound));
    }

    SendResult send(String line, Outgoing message) {
        SendResult silence = new SendResult.Unknown("The driver failed while it sent.");
        Duration patience =
                line(line).map(found -> driverOf(found).patience(message)).orElse(Duration.ZERO);
        SendResult result =
                call(line, "send", patience, LINE_GONE, silence, (driver, found) -> driver.send(found, message));
        vitals.sent(line, result);
        return result;
    }

    SendResult reconcile(String line, Outgoing message, Instant since) {
        SendResult silence = new SendResult.Unknown("The driver failed while it looked for the message.");
        return call(
                line,
                "reconcile",
                patience(line),
                LINE_GONE,
                silence,
                (driver, found) -> driver.reconcile(found, message, since));
    }

    /// What `call` answers, or `fallback` when the line is gone or its driver throws.
    <T> T ask(String line, String what, T fallback, Call<T> call) {
        return call(line, what, patience(line), fallback, fallback, call);
    }

    Driver.Download download(String id, String media) throws IOException {
        Line line = lines.get(id);
        if (line == null) {
            throw new IOException("the line is no longer configured");
        }
        try {
            return driverOf(line).download(line, media);
        } catch (RuntimeException e) {
            LOG.error("event=driver_failed call=download line={} driver={}", id, line.driver(), e);
            throw new IOException("the driver failed", e);
        }
    }

    /// [Pacing#take] on a line.
    Optional<Duration> takeTurn(String line, Id send) {
        return line(line).flatMap(it -> pacing.take(it, send));
    }

    /// How every line is: its driver is asked now.
    List<LineStatus> statuses() {
        lines.keySet().forEach(line -> {
            Driver.Health said = ask(line, "health", FAILED, Driver::health);
            known.put(line, new Driver.Health(said.state(), masked(said.detail())));
        });
        return known();
    }

    /// How every line was when it was last asked; this asks nobody. One that never was is neither up nor down.
    List<LineStatus> known() {
        return lines.values().stream()
                .map(line -> vitals.status(line, known.getOrDefault(line.id(), NOT_ASKED)))
                .toList();
    }

    /// What a service said, without the number of any line.
    String masked(String words) {
        return numbers.masked(words);
    }

    boolean isHooked(Line line) {
        return driverOf(line) instanceof Hooked;
    }

    Hooked.Answer hook(Line line, Hooked.Request request) {
        Hooked.Answer silence = new Hooked.Answer(500, "text/plain", "try again");
        return ask(line.id(), "hook", silence, (driver, found) -> ((Hooked) driver).hook(found, request));
    }

    /// Closes the drivers, each within a few seconds, and calls off what they still have not answered.
    @Override
    public void close() {
        each(driver -> calls.answer("call=close", PATIENCE_AT_CLOSE, false, () -> {
            driver.close();
            return true;
        }));
        calls.close();
    }

    private void each(Consumer<Driver> action) {
        drivers.values().stream().distinct().forEach(action);
    }

    private Driver driverOf(Line line) {
        return Objects.requireNonNull(drivers.get(line.id()));
    }

    private Duration patience(String line) {
        return line(line).map(found -> driverOf(found).patience()).orElse(Duration.ZERO);
    }

    private <T> T call(String id, String what, Duration patience, T gone, T silence, Call<T> call) {
        Line line = lines.get(id);
        if (line == null) {
            return gone;
        }
        Driver driver = driverOf(line);
        String asked = "call=" + what + " line=" + id + " driver=" + line.driver();
        return calls.answer(asked, patience, silence, () -> call.apply(driver, line));
    }
}
