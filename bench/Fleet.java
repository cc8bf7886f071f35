import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// Clients of one server, each with a connection that it keeps, all driven by the thread of one loop, as
/// often as is asked and one measurement at a time. A trip is over when its answer and so many webhooks of
/// its number came.
final class Fleet {

    /// What a client asks for next; `number` is never the same, and `number % clients` is the client.
    interface Requests {
        Wire.Request of(int client, int number);
    }

    /// What becomes of a trip that is over, its last webhook heard at `heard`; told on the loop's thread.
    private interface Trips {
        void over(Client client, long begun, long heard);
    }

    private static final long PATIENCE_SECONDS = 30;

    private final Loop loop;
    private final int port;
    private final int webhooks;
    private final Requests requests;
    private final Client[] clients;
    private Trips trips;
    private CompletableFuture<Void> end = new CompletableFuture<>();
    private volatile long count;

    Fleet(Loop loop, int port, int clients, int webhooks, Requests requests) {
        this.loop = loop;
        this.port = port;
        this.webhooks = webhooks;
        this.requests = requests;
        this.clients = new Client[clients];
        for (int index = 0; index < clients; index++) {
            this.clients[index] = new Client(index);
        }
    }

    /// A webhook of this number came; on the loop's thread.
    void heard(int number) {
        clients[number % clients.length].heard(number);
    }

    /// How many trips were ever over.
    long count() {
        return count;
    }

    /// A closed loop: the first `inFlight` clients go again as soon as they are back. Ends when all are
    /// back.
    Load.Result closed(int inFlight, Duration warmUp, Duration measured) throws InterruptedException {
        long from = System.nanoTime() + warmUp.toNanos();
        long until = from + measured.toNanos();
        Times times = new Times();
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.execute(() -> {
            int[] back = {0};
            end = over;
            trips = (client, begun, _) -> {
                long ended = System.nanoTime();
                if (begun >= from && ended <= until) {
                    times.add(ended - begun);
                }
                if (ended < until) {
                    client.go(ended);
                } else if (++back[0] == inFlight) {
                    over.complete(null);
                }
            };
            Arrays.stream(clients, 0, inFlight).forEach(client -> client.go(System.nanoTime()));
        });
        await(over, until);
        return Load.Result.of(times.all(), measured);
    }

    /// An open loop: one trip every `1 / perSecond`, the clients in turn, whatever became of the others.
    /// What counts is the time since a trip should have left until its last webhook came.
    Load.Result steady(int perSecond, Duration warmUp, Duration measured) throws InterruptedException {
        int skipped = (int) (warmUp.toMillis() * perSecond / 1_000);
        int total = skipped + (int) (measured.toMillis() * perSecond / 1_000);
        long start = System.nanoTime() + 10_000_000;
        long gap = 1_000_000_000L / perSecond;
        Times times = new Times();
        CompletableFuture<Void> over = new CompletableFuture<>();
        loop.execute(() -> {
            int[] back = {0};
            end = over;
            trips = (_, begun, heard) -> {
                if (begun >= start + skipped * gap) {
                    times.add(heard - begun);
                }
                if (++back[0] == total) {
                    over.complete(null);
                }
            };
        });
        for (int at = 0; at < total; at++) {
            Client client = clients[at % clients.length];
            long due = start + at * gap;
            LockSupport.parkNanos(due - System.nanoTime());
            loop.execute(() -> client.go(due));
        }
        await(over, start + total * gap);
        return Load.Result.of(times.all(), measured);
    }

    private static void await(CompletableFuture<Void> over, long until) throws InterruptedException {
        try {
            over.get(until - System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the load was refused", e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("answers or webhooks are missing", e);
        }
    }

    /// Used by the loop's thread alone.
    private final class Client implements Link.Reader {

        private final Queue<Long> due = new ArrayDeque<>();
        private final int index;
        private Link link;
        private int number;
        private boolean away;
        private long begun;
        private boolean answered;
        private int heard;
        private long heardAt;

        Client(int index) {
            this.index = index;
            this.number = index;
            this.link = loop.connect(port, this);
        }

        /// Leaves, as soon as it is back.
        void go(long when) {
            if (away) {
                due.add(when);
                return;
            }
            away = true;
            begun = when;
            answered = false;
            heard = 0;
            link = link.isOpen() ? link : loop.connect(port, this);
            link.write(requests.of(index, number).bytes());
        }

        @Override
        public void closed() {
            if (away && !answered) {
                end.completeExceptionally(new EOFException("a connection was closed instead of an answer"));
            }
        }

        @Override
        public void read(Link from, byte[] bytes, int body, int length) {
            if (!Link.success(bytes)) {
                end.completeExceptionally(
                        new Wire.Refused(new String(bytes, 0, body + length, StandardCharsets.UTF_8)));
                return;
            }
            answered = true;
            back();
        }

        void heard(int which) {
            if (away && which == number) {
                heard++;
                heardAt = System.nanoTime();
                back();
            }
        }

        private void back() {
            if (!answered || heard < webhooks) {
                return;
            }
            away = false;
            number += clients.length;
            count++;
            trips.over(this, begun, heardAt);
            if (!away && !due.isEmpty()) {
                go(due.poll());
            }
        }
    }

    /// How long each took, in nanoseconds.
    private static final class Times {

        private long[] nanos = new long[1_024];
        private int count;

        void add(long each) {
            nanos = count == nanos.length ? Arrays.copyOf(nanos, 2 * count) : nanos;
            nanos[count++] = each;
        }

        long[] all() {
            return Arrays.copyOf(nanos, count);
        }
    }
}
