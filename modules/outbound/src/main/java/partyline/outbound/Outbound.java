package partyline.outbound;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import partyline.outbound.Download.Outcome.Failed.Why;

/// Calls addresses that users name, and only those that may be called: https to public addresses for
/// everybody, and for the operator's organization the allowed networks too, also over http: a name over http
/// may have no address outside them.
///
/// A call takes at most ten seconds, its answer's body included, of which 64 KiB are read; a download as long
/// and as many bytes as it says. Redirects are answers like any other. The operator and the others use
/// connections of their own, since a connection that stays open was checked for whoever opened it. Nothing is
/// built before the first call, and what an `Error` broke is built anew for the next. Thread-safe.
public final class Outbound implements AutoCloseable {

    /// For whom a client calls, and so where its connections may go.
    enum Trust {
        /// Public addresses, as everybody may.
        PUBLIC,
        /// The operator's networks too.
        OPERATOR,
        /// The operator's networks alone, since nothing protects what is said.
        OPERATOR_PLAIN;

        /// The trust for a URL in normal form.
        static Trust of(String url, boolean operator) {
            if (!operator) {
                return PUBLIC;
            }
            return url.regionMatches(true, 0, "http:", 0, "http:".length()) ? OPERATOR_PLAIN : OPERATOR;
        }
    }

    /// Cuts a call, whatever it waits for: its connection, or with the thread a look-up.
    private static final class Alarm implements Runnable {

        private final Call<?> call;
        private final Thread caller = Thread.currentThread();
        private boolean over;
        private boolean rang;

        private Alarm(Call<?> call) {
            this.call = call;
        }

        @Override
        public synchronized void run() {
            if (!over) {
                rang = true;
                call.abort();
                caller.interrupt();
            }
        }

        /// The call is over; whether it was cut, of which the thread then knows nothing any more.
        private synchronized boolean off() {
            over = true;
            if (rang) {
                Thread.interrupted();
            }
            return rang;
        }
    }

    private record Wish(String url, boolean operator) {}

    /// What can be said of a URL before anything is called or looked up, and what it is then.
    private sealed interface Judgement {

        record Refused(String why) implements Judgement {}

        record Open(URI url, Trust trust) implements Judgement {}
    }

    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final int MOST_JUDGEMENTS = 256;

    private final Networks networks;
    private final String userAgent;
    private final GuardedResolver.Names names;
    private final Duration deadline;
    private final UrlCheck urls;
    private final Cache<Wish, Judgement> judgements =
            Caffeine.newBuilder().maximumSize(MOST_JUDGEMENTS).build();
    /// Tells when a call has taken too long. A call runs on its caller's thread: handing each to another one, and
    /// waiting for it with a time-out, took a tenth of what a webhook costs.
    private final ScheduledThreadPoolExecutor alarms = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("outbound-alarm").factory());
    /// Platform threads: a slow name server holds the thread that asks it, and a virtual one would hold its
    /// carrier.
    private final ExecutorService lookUps = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("look-up-", 0).factory());

    private final Map<Trust, Client> clients = new EnumMap<>(Trust.class);

    /// A client that opens the networks `allowed` (each such as `127.0.0.0/8`) to the operator, and calls
    /// itself `userAgent`.
    ///
    /// @throws IllegalArgumentException with a sentence that quotes the first bad network.
    public Outbound(List<String> allowed, String userAgent) {
        this(allowed, userAgent, InetAddress::getAllByName, DEADLINE);
    }

    Outbound(List<String> allowed, String userAgent, GuardedResolver.Names names, Duration deadline) {
        this.networks = Networks.parse(allowed);
        this.userAgent = userAgent;
        this.names = host -> lookUp(names, host);
        this.deadline = deadline;
        this.urls = new UrlCheck(networks);
        alarms.setRemoveOnCancelPolicy(true);
    }

    /// The one form in which a URL is judged, stored and called: letters beyond ASCII as percent-encoded
    /// UTF-8, such a host in its `xn--` form. What is not a URL stays as it is.
    public static String normal(String url) {
        return UrlCheck.normal(url);
    }

    /// Why `url` can never be called, as words that follow "url" ("must start with https://"); empty when it
    /// may be tried. Resolves no name: what a name points to is checked with every call.
    public Optional<String> refusal(String url, boolean operator) {
        return urls.refusal(UrlCheck.normal(url), operator);
    }

    /// Sends the request once and waits for the whole answer. Once, but for a connection that was used before
    /// and ends without a byte: the same request goes out again on another.
    ///
    /// @throws InterruptedException when the caller was interrupted; the receiver may have seen the request.
    public Exchange post(Request request) throws InterruptedException {
        return switch (judged(request.url(), request.operator())) {
            case Judgement.Refused(var why) -> new Exchange.NoAnswer("the url " + why, Duration.ZERO);
            case Judgement.Open(var url, var trust) -> run(trust, client -> client.prepare(url, request), deadline);
        };
    }

    /// Gets a file, once, and writes it to `sink` as it comes. A failure of the sink counts as one of the
    /// connection. The sink may be written to for a moment after a failure; a closed one ends that.
    ///
    /// @throws InterruptedException when the caller was interrupted; the transfer is cut.
    public Download.Outcome download(Download wish, OutputStream sink) throws InterruptedException {
        return switch (judged(wish.url(), wish.operator())) {
            case Judgement.Refused(var why) -> new Download.Outcome.Failed(Why.REFUSED, "the url " + why);
            case Judgement.Open(var url, var trust) ->
                run(trust, client -> client.prepare(url, wish.largest(), sink), wish.patience());
        };
    }

    /// Cuts the calls in progress.
    @Override
    public synchronized void close() {
        alarms.shutdownNow();
        lookUps.shutdown();
        clients.values().forEach(Client::close);
    }

    private Judgement judged(String url, boolean operator) {
        return judgements.get(new Wish(url, operator), wish -> {
            String normal = UrlCheck.normal(wish.url());
            return urls.refusal(normal, wish.operator())
                    .<Judgement>map(Judgement.Refused::new)
                    .orElseGet(() -> new Judgement.Open(URI.create(normal), Trust.of(normal, wish.operator())));
        });
    }

    private <T> T run(Trust trust, Function<Client, Call<T>> prepare, Duration patience) throws InterruptedException {
        Client client = client(trust);
        try {
            return once(prepare.apply(client), patience);
        } catch (RuntimeException | Error e) {
            if (!broken(e)) {
                throw new IllegalStateException("an outbound call failed unexpectedly", e);
            }
            replace(trust, client);
            if (e instanceof Error) {
                throw new IllegalStateException("an outbound call ended in an error", e);
            }
        }
        try {
            return once(prepare.apply(client(trust)), patience);
        } catch (RuntimeException | Error e) {
            throw new IllegalStateException("an outbound call failed unexpectedly", e);
        }
    }

    private <T> T once(Call<T> job, Duration patience) throws InterruptedException {
        Alarm alarm = new Alarm(job);
        Future<?> set =
                alarms.schedule(() -> Thread.startVirtualThread(alarm), patience.toNanos(), TimeUnit.NANOSECONDS);
        T done;
        try {
            done = job.run();
        } catch (RuntimeException e) {
            if (alarm.off()) {
                return job.late(patience);
            }
            throw e;
        } finally {
            set.cancel(false);
        }
        if (alarm.off()) {
            return job.late(patience);
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return done;
    }

    /// Apache's client closes its connections for good after any `Error` in one of its calls; every later
    /// call finds its pool shut, before anything is sent.
    private static boolean broken(@Nullable Throwable failure) {
        return failure instanceof Error || failure instanceof IllegalStateException;
    }

    private synchronized void replace(Trust trust, Client broken) {
        if (clients.remove(trust, broken)) {
            broken.close();
        }
    }

    private InetAddress[] lookUp(GuardedResolver.Names system, String host) throws UnknownHostException {
        try {
            return lookUps.submit(() -> system.resolve(host)).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnknownHostException(host);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownHostException unknown) {
                throw unknown;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("a look-up failed unexpectedly", e.getCause());
        }
    }

    private synchronized Client client(Trust trust) {
        return clients.computeIfAbsent(
                trust, _ -> new Client(new GuardedResolver(names, networks, trust), userAgent, deadline));
    }
}
