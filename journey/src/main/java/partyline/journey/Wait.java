package partyline.journey;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/// Ways to wait.
final class Wait {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Wait() {}

    static void of(Duration duration) {
        until(Instant.now().plus(duration));
    }

    static void until(Instant end) {
        for (Instant now = Instant.now(); now.isBefore(end); now = Instant.now()) {
            LockSupport.parkNanos(Duration.between(now, end).toNanos());
        }
    }

    /// Looks again and again until there is something.
    static <T> T untilFound(String what, Supplier<Optional<T>> look) {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            of(Duration.ofMillis(30));
        }
        throw new IllegalStateException("waited in vain for " + what);
    }
}
