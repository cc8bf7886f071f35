package partyline.kernel;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The SQLite file, behind two doors: [#write] and [#read].
///
/// When `write` returns, the change is on disk (WAL, `synchronous=FULL`). All writes run on one platform
/// thread, which puts the units that wait at the same moment into one transaction: they share one disk flush,
/// and a unit that fails takes nobody with it. Reads run on the caller's thread over at most four connections,
/// each in a transaction of its own, so a read sees one state. Thread-safe.
public final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);

    /// What is known of a file that is opened, and so how well it must be looked through.
    public enum History {
        /// It is new, or just as this program left it: not at all.
        LEFT_WELL,
        /// It is the file that this program used, and did not close: while others work. SQLite repairs what
        /// that leaves.
        INTERRUPTED,
        /// It may be a copy, from whenever: before anything else.
        UNKNOWN
    }

    /// How long a write may wait for its turn, such as while the file is rewritten.
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int STRIPES = 256;

    private final Writer writer;
    private final Readers readers;
    private final Integrity integrity;
    private final DiskSpace room;
    private final Meters meters;
    /// People share a few locks, so that they cost the same memory however many there are.
    private final List<Stripe> people = Stream.generate(
                    () -> new Stripe(new ReentrantReadWriteLock(), new AtomicLong()))
            .limit(STRIPES)
            .toList();

    /// A lock, and how often somebody was alone with it.
    private record Stripe(ReentrantReadWriteLock lock, AtomicLong alone) {}

    private Database(Writer writer, Readers readers, Integrity integrity, DiskSpace room, Meters meters) {
        this.meters = meters;
        this.room = room;
        this.writer = writer;
        this.readers = readers;
        this.integrity = integrity;
    }

    /// [#open(Path, History)] of a file that needs no look.
    public static Database open(Path file) {
        return open(file, History.LEFT_WELL);
    }

    /// Opens `file`, creating or upgrading it. An older schema is copied to a file beside it first.
    ///
    /// @throws StartupFailure when the file is newer than this program, not a database, damaged, or cannot be
    /// written.
    public static Database open(Path file, History history) {
        return open(file, history, WriteAheadLog.Lengths.USUAL);
    }

    static Database open(Path file, History history, WriteAheadLog.Lengths lengths) {
        Handle handle = SqliteConnections.writer(file);
        try {
            if (Migrations.refuseForeign(handle, file) > 0 && history == History.UNKNOWN) {
                refuseDamaged(handle, file);
            }
            Migrations.apply(handle, file);
            SqliteConnections.useWriteAheadLog(handle, file);
            Readers readers = new Readers(file);
            DiskSpace room = new DiskSpace(file);
            Meters meters = new Meters();
            Writer writer = new Writer(handle, room, new WriteAheadLog(handle, readers, lengths), PATIENCE, meters);
            Integrity integrity = new Integrity(file);
            if (history == History.INTERRUPTED) {
                integrity.lookInBackground(what -> LOG.error(
                        "event=database_damaged file={} what=\"{}\""
                                + " fix=\"stop the server and restore the newest backup\"",
                        file,
                        what));
            }
            return new Database(writer, readers, integrity, room, meters);
        } catch (RuntimeException e) {
            handle.close();
            throw e;
        }
    }

    private static void refuseDamaged(Handle handle, Path file) {
        LOG.info(
                "event=database_checked file={} detail=\"it is not as it was left here: a copy, or an upgrade\"", file);
        Integrity.damage(handle).ifPresent(what -> {
            throw new StartupFailure(
                    "The database " + file + " is damaged (" + what + "): restore it from a backup"
                            + " (partyline restore BACKUP --data NEW_FOLDER), or save what can be read with sqlite3's .recover.");
        });
    }

    /// What is known to be wrong with the file; empty when nothing is.
    public Optional<String> damage() {
        return integrity.found();
    }

    /// Runs `work` in a write transaction and returns its result once that is on disk; an exception rolls it back.
    /// `work` must be quick, must not call the network, and must not call this database again.
    ///
    /// @throws StorageFull when the disk is full.
    /// @throws Overloaded when too much is waiting already, or its turn did not come in time; nothing was
    /// changed then.
    public <T> T write(Function<Tx, T> work) {
        refuseNesting();
        Writer.Unit<T> unit = writer.submit(work);
        T result = unit.await();
        unit.wakes().forEach(Database::wake);
        return result;
    }

    /// [#write] without a result.
    public void update(Consumer<Tx> work) {
        write(tx -> {
            work.accept(tx);
            return Boolean.TRUE;
        });
    }

    /// Where what is done with this database is counted.
    public Meters meters() {
        return meters;
    }

    /// How many writes wait for their turn.
    public int writesWaiting() {
        return writer.waiting();
    }

    /// Whether the disk has room for writes, as far as is known without one.
    public boolean hasRoom() {
        return room.isThere();
    }

    /// Runs `query` on a read-only snapshot.
    public <T> T read(Function<Handle, T> query) {
        refuseNesting();
        return readers.run(query);
    }

    /// Runs `work` about a person that takes several transactions with something between them, such as a call to a
    /// driver. Any number may run at once; [#alone] waits for them, so that a person is forgotten after them.
    public <T> T during(PhoneNumber person, Supplier<T> work) {
        return locked(stripe(person).lock().readLock(), work);
    }

    /// Runs `work` while nothing is [#during] about this person.
    public <T> T alone(PhoneNumber person, Supplier<T> work) {
        Stripe stripe = stripe(person);
        return locked(stripe.lock().writeLock(), () -> {
            try {
                return work.get();
            } finally {
                stripe.alone().incrementAndGet();
            }
        });
    }

    /// How often work [#alone] with this person has ended, or with others who share their lock. While it is
    /// what it was in a write that stored or found something of theirs, and something is `during` them, that
    /// was not forgotten.
    public long timesAlone(PhoneNumber person) {
        return stripe(person).alone().get();
    }

    private Stripe stripe(PhoneNumber person) {
        return people.get(Math.floorMod(person.hashCode(), STRIPES));
    }

    private static <T> T locked(Lock lock, Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /// Rewrites the file and empties its log, so that what was deleted is in neither: SQLite overwrites what it
    /// deletes, but not where that once lay before a page was split.
    ///
    /// Writes wait for it, a second or two for each 100 MB. False when the disk has no room for a copy, or somebody
    /// reads for so long that the log cannot be emptied.
    public boolean scrub() {
        refuseNesting();
        try {
            return writer.submitAlone(Database::rewrite).await();
        } catch (JdbiException | StorageFull | Overloaded e) {
            LOG.warn("event=scrub_failed fix=\"make room, or end what reads the database, and erase once more\"", e);
            return false;
        }
    }

    private static boolean rewrite(Tx outside) {
        SqliteConnections.forgetStatements(outside.handle());
        SqliteConnections.keepTemporaryInMemory(outside.handle(), false);
        try {
            outside.handle().execute("VACUUM");
        } finally {
            SqliteConnections.keepTemporaryInMemory(outside.handle(), true);
        }
        return outside.handle()
                .createQuery("PRAGMA wal_checkpoint(TRUNCATE)")
                .map((row, _) -> row.getInt("busy") == 0)
                .one();
    }

    /// Finishes the reads and writes that were accepted, then closes every connection. Later ones are refused; closing
    /// again changes nothing.
    @Override
    public void close() {
        integrity.close();
        readers.close();
        writer.close();
    }

    private void refuseNesting() {
        if (writer.isCurrentThread()) {
            throw new IllegalStateException("a write may not open another transaction: pass its Tx on instead");
        }
    }

    private static void wake(Runnable wake) {
        try {
            wake.run();
        } catch (RuntimeException | Error e) {
            LOG.error("event=wake_failed fix=\"report this, it is a bug; the next sweep begins what was to begin\"", e);
        }
    }
}
