package partyline.transport.internal;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.transport.Driver;
import partyline.transport.Hooked;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;

/// Finds the driver of a line and calls it. A driver that throws has told nothing, and no caller gets to see it.
public final class Switchboard implements AutoCloseable {

    /// One call to a driver about one of its lines.
    @FunctionalInterface
    public interface Call<T> extends BiFunction<Driver, Line, T> {}

    private static final Logger LOG = LoggerFactory.getLogger(Switchboard.class);
    private static final SendResult LINE_GONE =
            new SendResult.Refused("line_gone", "The line that carried this conversation is no longer configured.");

    private final Map<String, Line> lines = new LinkedHashMap<>();
    private final Map<String, Driver> drivers;

    /// `drivers` has the driver of each line, by the line's id; one may speak for several.
    ///
    /// @throws IllegalArgumentException when two lines share an id or a line has no driver.
    public Switchboard(List<Line> lines, Map<String, Driver> drivers) {
        this.drivers = Map.copyOf(drivers);
        for (Line line : lines) {
            if (this.lines.put(line.id(), line) != null) {
                throw new IllegalArgumentException("two lines have the id " + line.id());
            }
            if (!drivers.containsKey(line.id())) {
                throw new IllegalArgumentException("line " + line.id() + " has no driver");
            }
        }
    }

    public List<Line> lines() {
        return List.copyOf(lines.values());
    }

    public Optional<Line> line(String id) {
        return Optional.ofNullable(lines.get(id));
    }

    public void start(Driver.Inbound inbound) {
        each(driver -> driver.start(inbound));
    }

    public SendResult send(String line, Outgoing message) {
        SendResult silence = new SendResult.Unknown("The driver failed while it sent.");
        return call(line, "send", LINE_GONE, silence, (driver, found) -> driver.send(found, message));
    }

    public SendResult reconcile(String line, Outgoing message) {
        SendResult silence = new SendResult.Unknown("The driver failed while it looked for the message.");
        return call(line, "reconcile", LINE_GONE, silence, (driver, found) -> driver.reconcile(found, message));
    }

    /// What `call` answers, or `fallback` when the line is gone or its driver throws.
    public <T> T ask(String line, String what, T fallback, Call<T> call) {
        return call(line, what, fallback, fallback, call);
    }

    public Driver.Download download(String id, String media) throws IOException {
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

    public boolean isHooked(Line line) {
        return driverOf(line) instanceof Hooked;
    }

    public Hooked.Answer hook(Line line, Hooked.Request request) {
        Hooked.Answer silence = new Hooked.Answer(500, "text/plain", "try again");
        return ask(line.id(), "hook", silence, (driver, found) -> ((Hooked) driver).hook(found, request));
    }

    @Override
    public void close() {
        each(Driver::close);
    }

    private void each(Consumer<Driver> action) {
        drivers.values().stream().distinct().forEach(action);
    }

    private Driver driverOf(Line line) {
        return Objects.requireNonNull(drivers.get(line.id()));
    }

    private <T> T call(String id, String what, T gone, T silence, Call<T> call) {
        Line line = lines.get(id);
        if (line == null) {
            return gone;
        }
        try {
            return call.apply(driverOf(line), line);
        } catch (RuntimeException e) {
            LOG.error("event=driver_failed call={} line={} driver={}", what, id, line.driver(), e);
            return silence;
        }
    }
}
