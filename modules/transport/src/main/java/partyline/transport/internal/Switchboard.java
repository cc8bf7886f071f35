package partyline.transport.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.transport.Driver;
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

    /// @throws IllegalArgumentException when two lines share an id or a line names an unknown driver.
    public Switchboard(List<Line> lines, Map<String, Driver> drivers) {
        this.drivers = Map.copyOf(drivers);
        for (Line line : lines) {
            if (this.lines.put(line.id(), line) != null) {
                throw new IllegalArgumentException("two lines have the id " + line.id());
            }
            if (!drivers.containsKey(line.driver())) {
                throw new IllegalArgumentException("line " + line.id() + " names no known driver: " + line.driver());
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
        drivers.values().forEach(driver -> driver.start(inbound));
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

    @Override
    public void close() {
        drivers.values().forEach(Driver::close);
    }

    private <T> T call(String id, String what, T gone, T silence, Call<T> call) {
        Line line = lines.get(id);
        if (line == null) {
            return gone;
        }
        Driver driver = drivers.get(line.driver());
        if (driver == null) {
            return gone;
        }
        try {
            return call.apply(driver, line);
        } catch (RuntimeException e) {
            LOG.error("event=driver_failed call={} line={} driver={}", what, id, line.driver(), e);
            return silence;
        }
    }
}
