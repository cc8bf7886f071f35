package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Id;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.outbound.Exchange;

/// Writes how attempts ended, many in one unit: successes within a tenth of a second, failures at once, each together
/// with how far the consumers are by then. So a success costs no write of its own, and what a crash leaves unwritten is
/// told once more. Thread-safe.
final class ResultWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ResultWriter.class);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);
    private static final int MOST = 500;
    private static final Duration WHEN_REFUSED = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /// An attempt that began at `at` and ended so; after a failure the next one is due at `next`, if there is one. `id`
    /// is that of its row in the log.
    record Result(Id id, Delivery delivery, String requestId, Exchange exchange, Instant at, Optional<Instant> next) {

        boolean success() {
            return exchange instanceof Exchange.Answered answer && answer.success();
        }
    }

    private final Storage storage;
    private final AttemptResult results;
    private final Supplier<Map<Id, Long>> positions;
    private final SubscriptionStore subscriptions = new SubscriptionStore();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private List<Result> waiting = new ArrayList<>();
    /// What comes true when those are on disk, and when those before them are.
    private CompletableFuture<Boolean> written = new CompletableFuture<>();

    private CompletableFuture<Boolean> before = CompletableFuture.completedFuture(true);
    private boolean urgent;
    private boolean closing;
    private long oldest;
    private final Thread thread;

    /// `positions` says how far the consumers are that moved since it was asked last.
    ResultWriter(Storage storage, AttemptResult results, Supplier<Map<Id, Long>> positions) {
        this.storage = storage;
        this.results = results;
        this.positions = positions;
        this.thread = Thread.ofVirtual().name("webhook-results").start(this::loop);
    }

    /// Writes it soon.
    void later(Result result) {
        add(result, false);
    }

    /// Writes it at once and returns when it is on disk.
    ///
    /// @throws InterruptedException when the server stops before; then nobody knows.
    void now(Result result) throws InterruptedException {
        try {
            add(result, true).get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a result was not written", e);
        }
    }

    /// Writes what is there by now; gives up after a few seconds when the disk has no room.
    void flush() {
        CompletableFuture<Boolean> done;
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                done = before;
            } else {
                done = written;
                urgent = true;
                news.signal();
            }
        } finally {
            lock.unlock();
        }
        try {
            done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("event=webhook_results_wait", e);
        }
    }

    /// Writes what is left.
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            news.signal();
        } finally {
            lock.unlock();
        }
        try {
            if (!thread.join(PATIENCE)) {
                LOG.warn("event=webhook_results_unwritten detail=\"they are told again after the next start\"");
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Boolean> add(Result result, boolean now) {
        lock.lock();
        try {
            if (waiting.isEmpty()) {
                oldest = System.nanoTime();
            }
            waiting.add(result);
            urgent |= now;
            if (urgent || waiting.size() == 1 || waiting.size() >= MOST) {
                news.signal();
            }
            return written;
        } finally {
            lock.unlock();
        }
    }

    private void loop() {
        try {
            while (awaitWork()) {
                // First how far they are, then the results: so none of those is missing.
                Map<Id, Long> reached = positions.get();
                lock.lock();
                List<Result> batch = waiting;
                CompletableFuture<Boolean> done = written;
                waiting = new ArrayList<>();
                written = new CompletableFuture<>();
                before = done;
                urgent = false;
                lock.unlock();
                write(batch, reached);
                done.complete(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// False when it is to end and nothing is left.
    private boolean awaitWork() throws InterruptedException {
        lock.lock();
        try {
            while (!closing && !urgent && waiting.size() < MOST) {
                long rest = waiting.isEmpty() ? Long.MAX_VALUE : LONGEST_WAIT.toNanos() - (System.nanoTime() - oldest);
                if (rest <= 0) {
                    break;
                }
                news.awaitNanos(rest);
            }
            return !closing || !waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void write(List<Result> batch, Map<Id, Long> reached) throws InterruptedException {
        while (true) {
            try {
                storage.database().update(tx -> store(tx, batch, reached));
                return;
            } catch (RuntimeException e) {
                LOG.warn("event=webhook_results_refused results={} detail=\"tried again\"", batch.size(), e);
                Thread.sleep(WHEN_REFUSED);
            }
        }
    }

    private void store(Tx tx, List<Result> batch, Map<Id, Long> reached) {
        Set<Id> well = new HashSet<>();
        for (Result result : batch) {
            Id subscription = result.delivery().target().subscription();
            if (result.success()) {
                results.succeed(tx, result, well.add(subscription));
            } else {
                well.remove(subscription);
                results.fail(tx, result);
            }
        }
        reached.forEach((subscription, position) -> subscriptions.reach(tx, subscription, position));
    }
}
