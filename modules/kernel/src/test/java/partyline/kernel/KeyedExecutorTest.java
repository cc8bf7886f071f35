package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.testkit.Eventually.assertEventually;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KeyedExecutorTest {

    @Test
    void a_key_has_one_run_at_a_time_and_no_wake_is_lost() throws InterruptedException {
        AtomicInteger due = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (var lanes = new KeyedExecutor<String>("test", _ -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            done.addAndGet(due.getAndSet(0));
            Thread.yield();
            inside.decrementAndGet();
        })) {
            List<Thread> wakers = IntStream.range(0, 50)
                    .mapToObj(_ -> Thread.startVirtualThread(() -> {
                        for (int i = 0; i < 200; i++) {
                            due.incrementAndGet();
                            lanes.wake("ann");
                        }
                    }))
                    .toList();
            for (Thread waker : wakers) {
                waker.join();
            }

            assertEventually(done::get, 10_000);
            assertThat(most).hasValue(1);
        }
    }

    @Test
    void wakes_during_a_run_make_one_more_run() {
        AtomicInteger runs = new AtomicInteger();
        Semaphore go = new Semaphore(0);
        try (var lanes = new KeyedExecutor<String>("test", _ -> {
            runs.incrementAndGet();
            go.acquireUninterruptibly();
        })) {
            lanes.wake("ann");
            assertEventually(runs::get, 1);
            for (int i = 0; i < 100; i++) {
                lanes.wake("ann");
            }

            go.release();

            assertEventually(runs::get, 2);
            go.release(100);
        }
        assertThat(runs).hasValue(2);
    }

    @Test
    void work_for_which_too_much_waits_takes_itself_up_again() {
        AtomicInteger runs = new AtomicInteger();
        try (var lanes = new KeyedExecutor<String>("test", _ -> {
            if (runs.incrementAndGet() == 1) {
                throw new Overloaded();
            }
        })) {
            lanes.wake("ann");

            assertEventually(runs::get, 2);
        }
    }

    @Test
    void other_keys_go_on_while_one_blocks() {
        CountDownLatch release = new CountDownLatch(1);
        ConcurrentLinkedQueue<String> ran = new ConcurrentLinkedQueue<>();
        try (var lanes = new KeyedExecutor<String>("test", key -> {
            if (key.equals("ann")) {
                await(release);
            }
            ran.add(key);
        })) {
            lanes.wake("ann");
            lanes.wake("bob");
            lanes.wake("cleo");

            assertEventually(() -> List.copyOf(ran).containsAll(List.of("bob", "cleo")), true);
            assertThat(ran).doesNotContain("ann");
            release.countDown();
            assertEventually(() -> ran.contains("ann"), true);
        }
    }

    @Test
    void work_that_fails_leaves_its_lane_usable() {
        AtomicInteger runs = new AtomicInteger();
        try (var lanes = new KeyedExecutor<String>("test", _ -> {
            switch (runs.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("expected by this test");
                case 2 -> throw new AssertionError("expected by this test");
                default -> {}
            }
        })) {
            for (int run = 1; run <= 3; run++) {
                lanes.wake("ann");
                assertEventually(runs::get, run);
            }
        }
    }

    @Test
    void a_wake_during_a_run_that_fails_is_not_lost() {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch release = new CountDownLatch(1);
        try (var lanes = new KeyedExecutor<String>("test", _ -> {
            if (runs.incrementAndGet() == 1) {
                await(release);
                throw new IllegalStateException("expected by this test");
            }
        })) {
            lanes.wake("ann");
            assertEventually(runs::get, 1);
            lanes.wake("ann");

            release.countDown();

            assertEventually(runs::get, 2);
        }
    }

    @Test
    void a_wake_may_be_put_off() {
        CountDownLatch ran = new CountDownLatch(1);
        try (var lanes = new KeyedExecutor<String>("test", _ -> ran.countDown())) {
            lanes.wakeAfter("ann", Duration.ofMillis(1));

            await(ran);
        }
    }

    @Test
    void the_sweep_comes_again_although_it_failed() {
        CountDownLatch sweeps = new CountDownLatch(3);
        try (var lanes = new KeyedExecutor<String>("test", _ -> {})) {
            lanes.sweep(Duration.ofMillis(1), () -> {
                sweeps.countDown();
                throw new IllegalStateException("expected by this test");
            });

            await(sweeps);
        }
    }

    @Test
    void close_waits_for_the_run_in_progress() throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean finished = new AtomicBoolean();
        var lanes = new KeyedExecutor<String>("test", _ -> {
            running.countDown();
            finished.set(await(release));
        });
        lanes.wake("ann");
        await(running);

        Thread closing = Thread.startVirtualThread(lanes::close);
        assertEventually(closing::getState, Thread.State.TIMED_WAITING);
        release.countDown();
        closing.join();

        assertThat(finished).isTrue();
    }

    @Test
    void close_interrupts_a_run_that_takes_too_long() {
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        AtomicBoolean interrupted = new AtomicBoolean();
        var lanes = new KeyedExecutor<String>(
                "test",
                _ -> {
                    running.countDown();
                    interrupted.set(!await(never));
                },
                Duration.ofMillis(20));
        lanes.wake("ann");
        await(running);

        lanes.close();

        assertEventually(interrupted::get, true);
    }

    @Test
    void after_close_nothing_is_woken() {
        AtomicInteger runs = new AtomicInteger();
        var lanes = new KeyedExecutor<String>("test", _ -> runs.incrementAndGet());
        lanes.wakeAfter("ann", Duration.ofDays(1));

        lanes.close();
        lanes.wake("ann");
        lanes.wakeAfter("ann", Duration.ZERO);
        lanes.close();

        assertThat(runs).hasValue(0);
    }

    /// False when interrupted.
    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    @Test
    void a_key_that_rests_is_woken_once_however_often_it_was_told_to() {
        AtomicInteger ann = new AtomicInteger();
        AtomicInteger bob = new AtomicInteger();
        try (var lanes = new KeyedExecutor<String>("test", key -> (key.equals("ann") ? ann : bob).incrementAndGet())) {
            lanes.rest("ann", Duration.ofHours(1));
            for (int i = 0; i < 100; i++) {
                lanes.rest("ann", Duration.ofMillis(50).plusNanos(i * 100_000L));
            }
            lanes.rest("bob", Duration.ofMillis(300));

            assertEventually(bob::get, 1);
            assertThat(ann).hasValue(1);
        }
    }
}
