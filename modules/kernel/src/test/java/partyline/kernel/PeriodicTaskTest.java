package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {

    private final Semaphore rounds = new Semaphore(0);

    @Test
    void who_knows_of_work_ends_the_pause() throws InterruptedException {
        try (PeriodicTask task = new PeriodicTask("long", Duration.ZERO, Duration.ofHours(1), rounds::release)) {
            task.start();
            assertComes();

            task.wake();

            assertComes();
        }
    }

    @Test
    void a_wake_before_the_start_and_one_during_a_round_are_not_lost() throws InterruptedException {
        Semaphore begun = new Semaphore(0);
        Semaphore go = new Semaphore(0);
        try (PeriodicTask task = new PeriodicTask("long", Duration.ofHours(1), Duration.ofHours(1), () -> {
            begun.release();
            go.acquireUninterruptibly();
            rounds.release();
        })) {
            task.wake();
            task.start();
            assertThat(begun.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
            task.wake();
            go.release(2);

            assertComes();
            assertComes();
        }
    }

    @Test
    void a_round_that_the_disk_refuses_is_followed_by_the_next() throws InterruptedException {
        try (PeriodicTask task = new PeriodicTask("short", Duration.ZERO, Duration.ofMillis(1), () -> {
            rounds.release();
            throw new Overloaded();
        })) {
            task.start();

            assertComes();
            assertComes();
        }
    }

    private void assertComes() throws InterruptedException {
        assertThat(rounds.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
    }
}
