package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ThrottleTest {

    private static final Duration PIECE = Duration.ofMillis(2);

    @Test
    void work_beside_others_rests_for_many_times_as_long_as_it_worked() {
        Throttle throttle = Throttle.twentieth();
        work();

        assertThat(timed(throttle::rest)).isGreaterThan(PIECE.multipliedBy(10));
    }

    private static void work() {
        long end = System.nanoTime() + PIECE.toNanos();
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }

    private static Duration timed(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
