package partyline.kernel;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Leaves the machine to others: long work in small pieces, after each of which it rests for some times as long as the
/// piece took. On a busy machine pieces take longer, and so do the rests. For one thread at a time.
public final class Throttle {

    private static final long SHORTEST_NANOS = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_NANOS = Duration.ofSeconds(1).toNanos();

    private final int times;
    private long rested = System.nanoTime();

    private Throttle(int times) {
        this.times = times;
    }

    /// Never rests.
    public static Throttle none() {
        return new Throttle(0);
    }

    /// Takes a twentieth of a processor, and of what the disk can do.
    public static Throttle twentieth() {
        return new Throttle(19);
    }

    /// A piece is done. Pieces of less than a millisecond are taken together; a rest is a second at most.
    public void rest() {
        long worked = System.nanoTime() - rested;
        if (times > 0 && worked >= SHORTEST_NANOS) {
            LockSupport.parkNanos(Math.min(LONGEST_NANOS, times * worked));
            rested = System.nanoTime();
        }
    }
}
