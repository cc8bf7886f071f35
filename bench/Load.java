import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/// Drives clients that block, each on its own virtual thread, for a while, and measures what they did.
/// Many requests at once are a `Fleet`'s.
final class Load {

    /// What a client does over and over; `number` is never the same, and `number % clients` is the client.
    interface Trip {
        void go(int number) throws Exception;
    }

    /// Makes a client's trip, with the connection that it keeps.
    interface Client {
        Trip of(int client) throws Exception;
    }

    /// How long each trip took that began and ended in the measured time, shortest first.
    record Result(long[] nanos, double seconds) {

        static Result of(long[] nanos, Duration measured) {
            Arrays.sort(nanos);
            return new Result(nanos, measured.toNanos() / 1e9);
        }

        /// Both as one measurement.
        Result and(Result other) {
            long[] all = LongStream.concat(Arrays.stream(nanos), Arrays.stream(other.nanos))
                    .sorted()
                    .toArray();
            return new Result(all, seconds + other.seconds);
        }

        double perSecond() {
            return nanos.length / seconds;
        }

        /// In milliseconds, as `p99` is.
        double p50() {
            return at(0.5);
        }

        double p99() {
            return at(0.99);
        }

        private double at(double part) {
            return nanos.length == 0 ? Double.NaN : nanos[(int) (nanos.length * part)] / 1e6;
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
            return Result.of(all(running), measured);
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

    private static long[] all(List<Future<long[]>> running) throws InterruptedException, ExecutionException {
        List<long[]> parts = new ArrayList<>();
        for (Future<long[]> each : running) {
            parts.add(each.get());
        }
        return parts.stream().flatMapToLong(Arrays::stream).toArray();
    }
}
