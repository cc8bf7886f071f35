package partyline.transport;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.PeriodicTask;

/// Looks at the lines every second, so that it is known how they are, and tells when one goes down or comes
/// back.
final class HealthMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HealthMonitor.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Supplier<List<LineStatus>> look;
    private final Consumer<LineStatus> changed;
    private final Map<String, Boolean> down = new HashMap<>();
    private final PeriodicTask chore = new PeriodicTask("health-monitor", EVERY, EVERY, this::run);

    HealthMonitor(Supplier<List<LineStatus>> look, Consumer<LineStatus> changed) {
        this.look = look;
        this.changed = changed;
    }

    void start() {
        chore.start();
    }

    /// One look. A line counts as up until it was first seen down; one that was not asked yet tells nothing.
    synchronized void run() {
        for (LineStatus status : look.get()) {
            if (status.known() && down.getOrDefault(status.line().id(), false) != status.down()) {
                down.put(status.line().id(), status.down());
                tell(status);
            }
        }
    }

    private void tell(LineStatus status) {
        LOG.warn(
                "event={} line={} detail=\"{}\"",
                status.down() ? "line_down" : "line_up",
                status.line().id(),
                status.health().detail());
        changed.accept(status);
    }

    @Override
    public void close() {
        chore.close();
    }
}
