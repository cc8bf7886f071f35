import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;

/// Drives a number of clients for a while, each on its own virtual thread, and measures what they did.
final class Load {

    /// What a client does over and over; `number` is never the same, and `number % clients` is the client.
    interface Trip {
        void go(int number) throws Exception;
    }

    /// Makes a client's trip, with the connection that it keeps.
    interface Client {
        Trip of(int client) throws Exception;
    }

    /// How much was done in the measured time, and how long each took.
    record Result(double perSecond, double p50, double p99, long count) {

        static Result of(long[] nanos, double seconds) {
            Arrays.sort(nanos);
            int count = nanos.length;
            return count == 0
                    ? new Result(0, Double.NaN, Double.NaN, 0)
                    : new Result(
                            count / seconds, nanos[count / 2] / 1e6, nanos[(int) (count * 0.99)] / 1e6, count);
        }
    }

    private Load() {}

    /// A closed loop: every client goes again as soon as it is back.
    static Result closed(int clients, Duration warmUp, Duration measured, Client client) throws Exception {
        long from = System.nanoTime() + warmUp.toNanos();
        long until = from + measured.toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<long[]>> running = new ArrayList<>();
            for (int index = 0; index < clients; index++) {
                Trip trip = client.of(index);
                int first = index;
                running.add(threads.submit(() -> loop(trip, first, clients, from, until)));
            }
            return Result.of(all(running), measured.toNanos() / 1e9);
        }
    }

    private static long[] loop(Trip trip, int first, int step, long from, long until) throws Exception {
        long[] nanos = new long[1_024];
        int count = 0;
        int number = first;
        for (long begun = System.nanoTime(); begun < until; number += step) {
            trip.go(number);
            long ended = System.nanoTime();
            if (begun >= from && ended <= until) {
                nanos = count == nanos.length ? Arrays.copyOf(nanos, 2 * count) : nanos;
                nanos[count++] = ended - begun;
            }
            begun = ended;
        }
        return Arrays.copyOf(nanos, count);
    }

    /// An open loop: one trip every `1 / perSecond`, whatever became of the others. `arrived` says when a number was
    /// heard of; what counts is the time since it should have left.
    static Result steady(int clients, int perSecond, Duration warmUp, Duration measured, Client client, Echo echo)
            throws Exception {
        int skipped = (int) (warmUp.toSeconds() * perSecond);
        int total = skipped + (int) (measured.toSeconds() * perSecond);
        AtomicLongArray took = new AtomicLongArray(total);
        long start = System.nanoTime() + 50_000_000;
        long gap = 1_000_000_000L / perSecond;
        Semaphore heard = new Semaphore(0);
        echo.listen(number -> {
            if (number < total && took.compareAndSet(number, 0, System.nanoTime() - start - number * gap)) {
                heard.release();
            }
        });
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<long[]>> running = new ArrayList<>();
            for (int index = 0; index < clients; index++) {
                Trip trip = client.of(index);
                int first = index;
                running.add(threads.submit(() -> {
                    for (int number = first; number < total; number += clients) {
                        LockSupport.parkNanos(start + number * gap - System.nanoTime());
                        trip.go(number);
                    }
                    return new long[0];
                }));
            }
            all(running);
        }
        if (!heard.tryAcquire(total, 20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("only " + heard.availablePermits() + " of " + total + " were heard of");
        }
        long[] nanos = new long[total - skipped];
        Arrays.setAll(nanos, at -> took.get(at + skipped));
        return Result.of(nanos, measured.toSeconds());
    }

    /// Who tells of numbers that came out at the other end.
    interface Echo {
        void listen(java.util.function.IntConsumer listener);
    }

    private static long[] all(List<Future<long[]>> running) throws InterruptedException, ExecutionException {
        List<long[]> parts = new ArrayList<>();
        for (Future<long[]> each : running) {
            parts.add(each.get());
        }
        return parts.stream().flatMapToLong(Arrays::stream).toArray();
    }
}
