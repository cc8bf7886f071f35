package partyline.app;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the process well on SIGTERM and Ctrl-C: what is in flight finishes, and the exit code is 0. What does not
/// finish
/// in time is on disk and goes on at the next start.
final class Shutdown {

    private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);
    private static final long PATIENCE_MILLIS = 9_000;

    private final Wiring wiring;

    Shutdown(Wiring wiring) {
        this.wiring = wiring;
    }

    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::run, "shutdown"));
    }

    /// Halts, since the exit code after a signal would otherwise be 143.
    private void run() {
        Thread closing = Thread.ofPlatform().daemon().name("closing").start(wiring::close);
        try {
            closing.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            LOG.warn("event=shutdown_interrupted");
        }
        Runtime.getRuntime().halt(0);
    }
}
