package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.testkit.Eventually.assertEventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WriteAheadLogTest {

    private static final long PAGE = 4_096;

    @TempDir
    Path folder;

    @Test
    void the_log_stays_short_also_while_somebody_always_reads() throws InterruptedException {
        AtomicBoolean done = new AtomicBoolean();
        try (var database = open(new WriteAheadLog.Lengths(10, 50, 300))) {
            Notes notes = Notes.in(database);
            Semaphore one = new Semaphore(0);
            Semaphore other = new Semaphore(0);
            Thread first = Thread.startVirtualThread(() -> readInTurn(database, one, other, done));
            Thread second = Thread.startVirtualThread(() -> readInTurn(database, other, one, done));

            for (int i = 0; i < 1_500; i++) {
                notes.add("x".repeat(4_000));
            }

            assertThat(length()).isLessThan(700 * PAGE);
            done.set(true);
            first.join();
            second.join();
            assertThat(notes.all()).hasSize(1_500);
        }
    }

    @Test
    void a_pause_brings_the_log_into_the_database() {
        try (var database = open(new WriteAheadLog.Lengths(10, 1_000, 2_000))) {
            Notes notes = Notes.in(database);

            for (int i = 0; i < 20; i++) {
                notes.add("x".repeat(4_000));
            }

            assertEventually(() -> size("test.db") > 20 * PAGE, true);
        }
    }

    @Test
    void a_long_read_holds_up_no_write() {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (var database = open(new WriteAheadLog.Lengths(10, 20, 40))) {
            Notes notes = Notes.in(database);
            Thread reader = Thread.startVirtualThread(() -> database.read(handle -> {
                handle.createQuery("SELECT count(*) FROM note").mapTo(int.class).one();
                reading.countDown();
                return await(goOn);
            }));
            await(reading);

            for (int i = 0; i < 200; i++) {
                notes.add("x".repeat(4_000));
            }

            assertThat(reader.isAlive()).isTrue();
            goOn.countDown();
            assertThat(notes.all()).hasSize(200);
        }
    }

    /// Reads so that each read overlaps with the next one of the other reader.
    private static void readInTurn(Database database, Semaphore mine, Semaphore others, AtomicBoolean done) {
        while (!done.get()) {
            database.read(handle -> {
                int count = handle.createQuery("SELECT count(*) FROM note")
                        .mapTo(int.class)
                        .one();
                others.release();
                try {
                    mine.tryAcquire(5, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return count;
            });
        }
    }

    private Database open(WriteAheadLog.Lengths lengths) {
        return Database.open(folder.resolve("test.db"), Database.History.LEFT_WELL, lengths);
    }

    private long length() {
        return size("test.db-wal");
    }

    private long size(String name) {
        try {
            return Files.size(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
