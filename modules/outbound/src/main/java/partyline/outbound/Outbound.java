package partyline.outbound;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import partyline.outbound.Downloaded.Failed.Why;

/// Calls addresses that users name, and only those that may be called: https to public addresses for everybody, and
/// for the operator's organization the allowed networks too, also over http.
///
/// A call takes at most ten seconds, its answer's body included, of which 64 KiB are read; a download as long and as
/// many bytes as it says. Redirects are answers like any other. The operator and the others use connections of their
/// own, since a connection that stays open was checked for whoever opened it. Nothing is built before the first
/// call. Thread-safe.
public final class Outbound implements AutoCloseable {

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Networks networks;
    private final String userAgent;
    private final GuardedResolver.Names names;
    private final Duration deadline;
    private final UrlCheck urls;
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("outbound-", 0).factory());
    /// Platform threads: a slow name server holds the thread that asks it, and a virtual one would hold its carrier.
    private final ExecutorService lookUps = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("look-up-", 0).factory());

    private @Nullable Client forOperator;
    private @Nullable Client forOthers;

    /// A client that opens the networks `allowed` (each such as `127.0.0.0/8`) to the operator, and calls itself
    /// `userAgent`.
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
    }

    /// Why `url` can never be called, as words that follow "url" ("must start with https://"); empty when it may be
    /// tried. Resolves no name: what a name points to is checked with every call.
    public Optional<String> refusal(String url, boolean operator) {
        return urls.refusal(url, operator);
    }

    /// Sends the request once and waits for the whole answer.
    ///
    /// @throws InterruptedException when the caller was interrupted; the receiver may have seen the request.
    public Exchange post(Request request) throws InterruptedException {
        Optional<String> refusal = refusal(request.url(), request.operator());
        if (refusal.isPresent()) {
            return new Exchange.NoAnswer("the url " + refusal.get(), Duration.ZERO);
        }
        Call call = client(request.operator()).prepare(request);
        Future<Exchange> running = threads.submit(call::run);
        try {
            return running.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            call.abort();
            return new Exchange.NoAnswer("no complete answer within " + deadline.toMillis() + " ms", call.took());
        } catch (InterruptedException e) {
            call.abort();
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("an outbound call failed unexpectedly", e.getCause());
        }
    }

    /// Gets a file, once, and writes it to `sink` as it comes. A failure of the sink counts as one of the connection.
    /// The sink may be written to for a moment after a failure; a closed one ends that.
    ///
    /// @throws InterruptedException when the caller was interrupted; the transfer is cut.
    public Downloaded download(Download wish, OutputStream sink) throws InterruptedException {
        Optional<String> refusal = refusal(wish.url(), wish.operator());
        if (refusal.isPresent()) {
            return new Downloaded.Failed(Why.REFUSED, "the url " + refusal.get());
        }
        Transfer transfer = client(wish.operator()).prepare(wish, sink);
        Future<Downloaded> running = threads.submit(transfer::run);
        try {
            return running.get(wish.patience().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            transfer.abort();
            String detail = "not complete within " + wish.patience().toMillis() + " ms";
            return new Downloaded.Failed(Why.TOO_SLOW, detail);
        } catch (InterruptedException e) {
            transfer.abort();
            throw e;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a download failed unexpectedly", e.getCause());
        }
    }

    /// Cuts the calls in progress.
    @Override
    public synchronized void close() {
        threads.shutdown();
        lookUps.shutdown();
        if (forOperator != null) {
            forOperator.close();
        }
        if (forOthers != null) {
            forOthers.close();
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
            throw new IllegalStateException("a look-up failed unexpectedly", e.getCause());
        }
    }

    private synchronized Client client(boolean operator) {
        Client made = operator ? forOperator : forOthers;
        if (made == null) {
            made = new Client(new GuardedResolver(names, networks, operator), userAgent, deadline);
            if (operator) {
                forOperator = made;
            } else {
                forOthers = made;
            }
        }
        return made;
    }
}
