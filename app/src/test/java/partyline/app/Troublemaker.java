package partyline.app;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import partyline.kernel.Database;
import partyline.kernel.Tx;
import partyline.testkit.Eventually;

/// Makes other writes run twice: its own come behind them in their group, and fail, so that the group is rolled back.
///
/// It holds the writer up with a write that does nothing, until it has queued another one; whatever came to the queue
/// in between shares the next group with that one. Nobody is sure to be caught, so it tells what it has undone.
final class Troublemaker implements AutoCloseable {

    /// What tells that somebody wrote, by what they did.
    private static final Map<String, String> TRACES = new TreeMap<>(Map.ofEntries(
            Map.entry("connection", "SELECT count(*) FROM connection"),
            Map.entry("message", "SELECT count(*) FROM message"),
            Map.entry("conversation", "SELECT count(*) FROM conversation"),
            Map.entry("event", "SELECT count(*) FROM journal"),
            Map.entry("hand-over", "SELECT count(handed_at) FROM message"),
            Map.entry("answer of the line", "SELECT count(*) FROM message WHERE status = 'accepted'"),
            Map.entry("receipt", "SELECT count(sent_at) + count(delivered_at) FROM message"),
            Map.entry("mark-read", "SELECT count(*) FROM message WHERE is_read = 1"),
            Map.entry("tapback", "SELECT count(*) FROM tapback"),
            Map.entry("words of the router", "SELECT count(*) FROM transport_outbox"),
            Map.entry("file", "SELECT count(*) FROM media"),
            Map.entry("rule", "SELECT count(*) FROM contact_rule"),
            Map.entry("subscription", "SELECT count(*) FROM webhook_subscription"),
            Map.entry("attempt", "SELECT count(*) FROM webhook_attempt"),
            Map.entry("erasure", "SELECT count(*) FROM journal WHERE type = 'erased'")));

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private static final class Trouble extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    private final Database database;
    /// Sees what is committed.
    private final Handle committed;

    private final Set<String> undone = new ConcurrentSkipListSet<>();
    private final Writer one = new Writer();
    private final Writer other = new Writer();
    private volatile boolean ended;

    Troublemaker(Database database, Path file) {
        this.database = database;
        committed = Jdbi.open("jdbc:sqlite:" + file);
        one.start(other);
        other.start(one);
        one.turn.release();
    }

    static Set<String> kinds() {
        return TRACES.keySet();
    }

    /// What ran twice at least once.
    Set<String> undone() {
        return new TreeSet<>(undone);
    }

    @Override
    public void close() {
        ended = true;
        one.end();
        other.end();
        committed.close();
    }

    private Set<String> uncommitted(Handle writer) {
        Set<String> traces = new TreeSet<>();
        TRACES.forEach((name, query) -> {
            if (number(writer, query) != number(committed, query)) {
                traces.add(name);
            }
        });
        return traces;
    }

    private static long number(Handle handle, String query) {
        return handle.createQuery(query).mapTo(long.class).one();
    }

    /// One of two who write in turn.
    private final class Writer {

        private final Semaphore turn = new Semaphore(0);
        private volatile boolean queued;
        private Thread thread = Thread.currentThread();

        void start(Writer next) {
            thread = Thread.ofVirtual().start(() -> {
                while (!ended) {
                    turn.acquireUninterruptibly();
                    // Time for others to come to the queue.
                    LockSupport.parkNanos(PAUSE_NANOS);
                    queued = true;
                    write(new Write(next));
                    queued = false;
                }
            });
        }

        private void write(Write write) {
            try {
                database.update(write::run);
            } catch (Trouble e) {
                // As it was meant.
            }
        }

        boolean waits() {
            return ended || queued && thread.getState() == Thread.State.WAITING;
        }

        void end() {
            turn.release();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// Fails, and at its first run at once, if somebody has written before it in its group. Ends when the next one is
    /// queued.
    private final class Write {

        private final Writer next;
        private boolean ran;
        private boolean fails;
        private boolean passed;

        Write(Writer next) {
            this.next = next;
        }

        void run(Tx tx) {
            if (!ran) {
                ran = true;
                Set<String> traces = uncommitted(tx.handle());
                undone.addAll(traces);
                fails = !traces.isEmpty();
                if (fails) {
                    throw new Trouble();
                }
            }
            if (!passed) {
                passed = true;
                next.turn.release();
            }
            Eventually.assertEventually(next::waits, true);
            if (fails) {
                throw new Trouble();
            }
        }
    }
}
