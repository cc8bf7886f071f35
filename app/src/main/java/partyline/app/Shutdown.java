package partyline.app;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the process well on SIGTERM and Ctrl-C: what is in flight finishes, and the exit code is 0. What does
/// not end in time is on disk and goes on at the next start. The exit code is 1 when something could not be
/// closed.
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final Duration PATIENCE = Duration.ofSeconds(9);

    private final Wiring wiring;
    private final Optional<ServiceManager> manager;

    Shutdown(Wiring wiring, Optional<ServiceManager> manager) {
        this.wiring = wiring;
        this.manager = manager;
    }

    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "shutdown"));
    }

    /// Halts, since the exit code after a signal would otherwise be 143.
    private void run() {
        System.out.println("Stopping: what is under way ends first.");
        AtomicInteger code = new AtomicInteger(1);
        manager.ifPresent(ServiceManager::close);
        Thread closing = Thread.ofPlatform().daemon().name("closing").start(() -> {
            wiring.close();
            code.set(wiring.closedWell() ? 0 : 1);
        });
        try {
            if (!closing.join(PATIENCE)) {
                LOG.warn(
                        "event=shutdown_cut_short after={} detail=\"what is left is on disk, for the next start\"",
                        PATIENCE);
                code.set(0);
            }
        } catch (InterruptedException e) {
            LOG.warn("event=shutdown_interrupted");
        }
        Runtime.getRuntime().halt(code.get());
    }
}
