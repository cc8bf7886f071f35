package partyline.transport;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;

/// Polls until what other threads do has shown, or a minute is over.
final class Eventually {

    private Eventually() {}

    static <T> void assertEventually(Supplier<T> actual, T expected) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!actual.get().equals(expected) && System.nanoTime() < deadline) {
            LockSupport.parkNanos(500_000);
        }
        Assertions.assertThat(actual.get()).isEqualTo(expected);
    }
}
