package partyline.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// Writes that a database with one writer takes up together, hence in one transaction: they all wait while it is held
/// up.
public final class WriteGroup {

    private WriteGroup() {}

    /// Runs `writers`, each of which writes once and waits for that, in this order. `write` runs what it is given in a
    /// write of its own.
    public static void run(Consumer<Runnable> write, List<Runnable> writers) {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        threads.add(Thread.startVirtualThread(() -> write.accept(() -> {
            held.countDown();
            await(goOn);
        })));
        await(held);
        for (Runnable writer : writers) {
            Thread waiting = Thread.startVirtualThread(writer);
            threads.add(waiting);
            Eventually.assertEventually(waiting::getState, Thread.State.WAITING);
        }
        goOn.countDown();
        threads.forEach(WriteGroup::join);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
