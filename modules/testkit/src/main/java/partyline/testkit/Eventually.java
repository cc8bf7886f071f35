package partyline.testkit;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Waits for what other threads do. It takes as long as that takes; only a test that fails waits for the whole minute,
/// which is long, since a machine may be busy.
public final class Eventually {

    public static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final long SHORTEST_PAUSE = Duration.ofNanos(500_000).toNanos();
    private static final long LONGEST_PAUSE = Duration.ofMillis(50).toNanos();

    private Eventually() {}

    /// Looks again until it sees what is expected.
    public static <T> void assertEventually(Supplier<T> actual, T expected) {
        until(PATIENCE, actual, seen -> Objects.equals(seen, expected), "wanted " + expected);
    }

    /// Looks again until what it sees is as wished, for `patience` at most, and returns it.
    public static <T> T until(Duration patience, Supplier<T> look, Predicate<T> wish) {
        return until(patience, look, wish, "that is not what was waited for");
    }

    private static <T> T until(Duration patience, Supplier<T> look, Predicate<T> wish, String wanted) {
        long start = System.nanoTime();
        while (true) {
            T seen = look.get();
            if (wish.test(seen)) {
                return seen;
            }
            long waited = System.nanoTime() - start;
            if (waited > patience.toNanos()) {
                throw new AssertionError("after " + patience.toSeconds() + " s it still is " + seen + ", " + wanted);
            }
            LockSupport.parkNanos(pause(waited));
        }
    }

    /// A tenth of what it took so far: looking often costs the processor that the others need to get on.
    private static long pause(long waited) {
        return Math.clamp(waited / 10, SHORTEST_PAUSE, LONGEST_PAUSE);
    }
}
