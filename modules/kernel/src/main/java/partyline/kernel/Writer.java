package partyline.kernel;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread that writes, with group commit.
///
/// It takes what waits in the queue, runs it in one transaction, commits, and only then tells the callers. When a unit
/// fails, its whole group is rolled back and runs once more with a savepoint per unit, so that the others succeed:
/// savepoints cost much and failures are rare. So every unit bears to run twice, and changes memory in
/// [Tx#onCommit] and [Tx#afterCommit] alone. It is a platform thread because SQLite holds its carrier while it waits
/// for the disk.
final class Writer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final int LARGEST_GROUP = 256;
    private static final int LONGEST_QUEUE = 8_192;
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int LOOKS = 20;
    private static final Meters.Subject SIZES =
            new Meters.Subject("writer_group_writes", "Writes that shared a transaction, and its disk flush.");
    private static final Meters.Subject TIMES = new Meters.Subject(
            "writer_group_seconds", "Time that a transaction of the writer took, with its disk flush.");

    private final Handle handle;
    private final DiskSpace room;
    private Bounds bounds;
    private final WriteAheadLog log;
    private final Tx.Cache memory = new Tx.Cache();
    private final WriteQueue<Unit<?>> queue = new WriteQueue<>(LONGEST_QUEUE, PATIENCE);
    private final Thread thread;
    private final Duration patience;
    private final PeriodicTask looks;
    private final Meters.Distribution sizes;
    private final Meters.Distribution times;

    /// What is not begun within `patience` is refused.
    Writer(Handle handle, DiskSpace room, WriteAheadLog log, Duration patience, Meters meters) {
        this.sizes = meters.distribution(Meters.Scale.SIZE, SIZES);
        this.times = meters.distribution(Meters.Scale.TIME, TIMES);
        this.handle = handle;
        this.room = room;
        this.log = log;
        this.bounds = Bounds.of(handle.getConnection());
        this.patience = patience;
        this.thread = Thread.ofPlatform().name("database-writer").daemon().start(this::run);
        Duration pause = patience.dividedBy(LOOKS);
        this.looks = new PeriodicTask("write-patience", pause, pause, this::refuseOverdue);
        looks.start();
    }

    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /// @throws Overloaded when the queue stays full.
    <T> Unit<T> submit(Function<Tx, T> work) {
        return enqueued(new Unit<>(work, false));
    }

    /// For what SQLite does outside a transaction only; nothing else is written meanwhile.
    <T> Unit<T> submitAlone(Function<Tx, T> work) {
        return enqueued(new Unit<>(work, true));
    }

    /// How many writes wait for their turn.
    int waiting() {
        return queue.size();
    }

    private <T> Unit<T> enqueued(Unit<T> unit) {
        if (!queue.add(unit)) {
            throw new IllegalStateException("the database is closed");
        }
        return unit;
    }

    /// Runs what was accepted, then ends.
    @Override
    public void close() {
        queue.end();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        looks.close();
        handle.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<Unit<?>> group = new ArrayList<>();
        while (!queue.isOver()) {
            group.clear();
            queue.take(group, LARGEST_GROUP, log.pause());
            group.removeIf(unit -> !unit.claim());
            if (group.isEmpty()) {
                log.rest();
            } else {
                long begun = System.nanoTime();
                commit(group.stream().filter(unit -> !unit.alone).toList());
                sizes.add(group.size());
                times.add(System.nanoTime() - begun);
                group.stream().filter(unit -> unit.alone).forEach(this::runAlone);
                log.grown();
            }
        }
    }

    /// A look now and then costs less than a timer for each unit, which is set and taken back for every write.
    private void refuseOverdue() {
        long oldest = System.nanoTime() - patience.toNanos();
        queue.look(unit -> unit.refuseSince(oldest));
    }

    private void commit(List<Unit<?>> group) {
        try {
            bounds.begin.execute();
            if (!runAll(group)) {
                bounds.begin.execute();
                for (Unit<?> unit : group) {
                    runInSavepoint(unit);
                }
            }
            bounds.commit.execute();
            if (group.stream().noneMatch(Unit::failed)) {
                room.suffices();
            }
            group.stream().filter(unit -> !unit.failed()).forEach(Unit::note);
            group.forEach(Unit::succeed);
        } catch (SQLException | RuntimeException | Error e) {
            rollback(e);
            group.forEach(unit -> fail(unit, e));
        }
    }

    /// False when a unit failed; then nothing of the group has happened.
    private boolean runAll(List<Unit<?>> group) {
        try {
            for (Unit<?> unit : group) {
                unit.run(new Tx(handle, memory));
            }
            return true;
        } catch (Throwable e) {
            memory.forgetAll();
            rollback(e);
            return false;
        }
    }

    private void runAlone(Unit<?> unit) {
        try {
            unit.run(new Tx(handle, memory));
            unit.succeed();
        } catch (RuntimeException | Error e) {
            fail(unit, e);
        }
    }

    private void runInSavepoint(Unit<?> unit) throws SQLException {
        bounds.savepoint.execute();
        try {
            unit.run(new Tx(handle, memory));
        } catch (Throwable e) {
            fail(unit, e);
            rollbackUnit(e);
        }
        bounds.release.execute();
    }

    private void fail(Unit<?> unit, Throwable cause) {
        memory.forgetAll();
        Throwable told = StorageFull.or(cause);
        if (told instanceof StorageFull full) {
            room.lacks(full);
        }
        unit.fail(told);
    }

    /// After some failures (a full disk) SQLite has given up the whole transaction; then `cause` is why all must fail.
    private void rollbackUnit(Throwable cause) throws SQLException {
        try {
            execute("ROLLBACK TO unit");
        } catch (SQLException e) {
            e.addSuppressed(cause);
            throw e;
        }
    }

    private void rollback(Throwable cause) {
        try {
            execute("ROLLBACK");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
        renewBounds(cause);
    }

    /// A statement that failed badly, such as a COMMIT on a full disk, is closed by the driver for good.
    private void renewBounds(Throwable cause) {
        try {
            bounds.close();
            bounds = Bounds.of(handle.getConnection());
        } catch (SQLException | RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var statement = handle.getConnection().createStatement()) {
            statement.execute(sql);
        }
    }

    /// What stands around every group and every unit.
    private record Bounds(
            PreparedStatement begin, PreparedStatement savepoint, PreparedStatement release, PreparedStatement commit) {

        void close() throws SQLException {
            for (PreparedStatement statement : List.of(begin, savepoint, release, commit)) {
                statement.close();
            }
        }

        static Bounds of(Connection connection) {
            try {
                return new Bounds(
                        connection.prepareStatement("BEGIN IMMEDIATE"),
                        connection.prepareStatement("SAVEPOINT unit"),
                        connection.prepareStatement("RELEASE unit"),
                        connection.prepareStatement("COMMIT"));
            } catch (SQLException e) {
                throw new IllegalStateException("SQLite refuses to prepare a transaction", e);
            }
        }
    }

    /// One piece of work and the promise of its result.
    static final class Unit<T> {

        private final Function<Tx, T> work;
        private final boolean alone;
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private final AtomicBoolean claimed = new AtomicBoolean();
        private final long since = System.nanoTime();
        private @Nullable Tx ran;
        private @Nullable T result;

        Unit(Function<Tx, T> work, boolean alone) {
            this.work = work;
            this.alone = alone;
        }

        private void run(Tx tx) {
            result = work.apply(tx);
            ran = tx;
        }

        /// It is on disk, whatever becomes of its notes.
        private void note() {
            for (Runnable note : Objects.requireNonNull(ran).notes()) {
                try {
                    note.run();
                } catch (RuntimeException | Error e) {
                    LOG.error(
                            "event=commit_note_failed"
                                    + " fix=\"report this, it is a bug; what was written is on disk\"",
                            e);
                }
            }
        }

        private void succeed() {
            done.complete(true);
        }

        private boolean failed() {
            return done.isCompletedExceptionally();
        }

        private void fail(Throwable cause) {
            done.completeExceptionally(cause);
        }

        /// Whoever claims it decides what becomes of it: the writer runs it, its caller withdraws it.
        boolean claim() {
            return claimed.compareAndSet(false, true);
        }

        /// Refuses it if it waits since before `oldest` and is not begun; whether it has waited that long.
        private boolean refuseSince(long oldest) {
            boolean overdue = since - oldest < 0;
            if (overdue && claim()) {
                done.completeExceptionally(new Overloaded());
            }
            return overdue;
        }

        /// Waits until it is over, without heeding interrupts: its caller must know how it ended.
        ///
        /// @throws Overloaded when it was not begun in time; it never will be.
        @SuppressWarnings("NullAway")
        T await() {
            try {
                done.join();
                return result;
            } catch (CompletionException e) {
                throw rethrow(e.getCause());
            }
        }

        List<Runnable> wakes() {
            return Objects.requireNonNull(ran).wakes();
        }

        private static RuntimeException rethrow(@Nullable Throwable cause) {
            return switch (cause) {
                case RuntimeException e -> e;
                case Error e -> throw e;
                case null, default -> new IllegalStateException("the database refused the transaction", cause);
            };
        }
    }
}
