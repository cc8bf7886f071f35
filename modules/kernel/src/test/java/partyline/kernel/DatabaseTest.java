package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.testkit.Eventually.assertEventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import partyline.testkit.WriteGroup;

@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DatabaseTest {

    @TempDir
    Path folder;

    private Database database;
    private Notes notes;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("test.db"));
        notes = Notes.in(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_unit_that_throws_is_rolled_back_and_its_caller_gets_that_very_exception() {
        IllegalArgumentException bug = new IllegalArgumentException("a bug");

        assertThatThrownBy(() -> database.update(tx -> {
                    notes.add(tx, "lost");
                    throw bug;
                }))
                .isSameAs(bug);

        assertThat(notes.all()).isEmpty();
    }

    @Test
    void a_unit_that_throws_takes_nobody_of_its_group_with_it() {
        ConcurrentLinkedQueue<String> failed = new ConcurrentLinkedQueue<>();

        WriteGroup.run(
                this::within,
                IntStream.range(0, 60)
                        .<Runnable>mapToObj(i -> () -> {
                            try {
                                database.update(tx -> {
                                    notes.add(tx, "note " + i);
                                    if (i % 3 == 0) {
                                        throw new IllegalStateException("refused " + i);
                                    }
                                });
                            } catch (IllegalStateException e) {
                                failed.add(e.getMessage());
                            }
                        })
                        .toList());

        assertThat(failed)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "refused " + 3 * i).toList());
        assertThat(notes.all())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 60)
                        .filter(i -> i % 3 != 0)
                        .mapToObj(i -> "note " + i)
                        .toList());
    }

    @Test
    void units_beside_one_that_fails_are_done_once_and_wake_once() {
        ConcurrentLinkedQueue<String> woken = new ConcurrentLinkedQueue<>();

        WriteGroup.run(
                this::within,
                IntStream.range(0, 9)
                        .<Runnable>mapToObj(i -> i == 4
                                ? () -> assertThatThrownBy(() -> database.update(tx -> notes.add(tx, null)))
                                        .hasMessageContaining("NOT NULL")
                                : () -> database.update(tx -> {
                                    notes.add(tx, "note " + i);
                                    tx.afterCommit(() -> woken.add("note " + i));
                                }))
                        .toList());

        assertThat(notes.all()).hasSize(8).doesNotHaveDuplicates();
        assertThat(woken).containsExactlyInAnyOrderElementsOf(notes.all());
    }

    @Test
    void a_query_without_names_answers_what_its_values_ask_for() {
        notes.add("one");
        notes.add("two");

        List<String> found = database.read(handle -> Rows.list(
                handle, "SELECT text FROM note WHERE text <> ? ORDER BY rowid", row -> row.getString(1), "one"));

        assertThat(found).containsExactly("two");
        assertThat(database.<Boolean>read(
                        handle -> Rows.exist(handle, "SELECT 1 FROM note WHERE text = ?", (Object) null)))
                .isFalse();
        assertThatThrownBy(() -> database.read(
                        handle -> Rows.first(handle, "SELECT text FROM nowhere", row -> row.getString(1))))
                .hasStackTraceContaining("nowhere");
    }

    @Test
    void a_checked_exception_that_slipped_through_fails_its_unit_alone() {
        assertThatThrownBy(() -> database.update(tx -> {
                    notes.add(tx, "lost");
                    throw DatabaseTest.<RuntimeException>slipped(new IOException("unplugged"));
                }))
                .hasRootCauseMessage("unplugged");

        notes.add("kept");
        assertThat(notes.all()).containsExactly("kept");
    }

    @Test
    void when_there_is_no_room_left_the_unit_fails_and_smaller_ones_go_on() {
        database.update(tx -> tx.handle().execute("PRAGMA max_page_count = 100"));

        assertThatThrownBy(() -> notes.add("x".repeat(1_000_000)))
                .isInstanceOf(StorageFull.class)
                .hasMessageContaining("full");

        notes.add("small");
        assertThat(notes.all()).containsExactly("small");
    }

    @Test
    void a_statement_that_was_refused_works_the_next_time() {
        database.update(tx -> tx.handle().execute("CREATE UNIQUE INDEX one_of_each ON note (text)"));
        notes.add("first");

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> notes.add("first")).hasMessageContaining("UNIQUE");
            notes.add("good " + i);
        }

        assertThat(notes.all()).containsExactly("first", "good 0", "good 1", "good 2");
    }

    @Test
    void after_a_transaction_that_could_not_be_ended_the_next_one_works() {
        assertThatThrownBy(() -> database.update(tx -> tx.handle().execute("COMMIT")))
                .hasStackTraceContaining("no transaction is active");

        notes.add("after");

        assertThat(notes.all()).containsExactly("after");
    }

    @Test
    void after_a_read_that_could_not_be_ended_the_next_ones_work() {
        notes.add("one");
        for (int time = 0; time < 10; time++) {
            assertThatThrownBy(() -> database.read(handle -> handle.execute("ROLLBACK")))
                    .isInstanceOf(IllegalStateException.class);
        }

        assertThat(notes.all()).containsExactly("one");
    }

    @Test
    void what_is_remembered_is_read_once_until_it_is_forgotten() {
        database.update(tx -> notes.add(tx, "one"));
        assertThat(rememberedNotes()).isEqualTo(1);
        database.update(tx -> notes.add(tx, "two"));
        assertThat(rememberedNotes()).isEqualTo(1);

        database.update(tx -> tx.forget(HowMany.class));

        assertThat(rememberedNotes()).isEqualTo(2);
    }

    @Test
    void what_a_unit_read_of_its_own_change_is_not_remembered_when_that_is_rolled_back() {
        assertThat(rememberedNotes()).isZero();

        assertThatThrownBy(() -> database.update(tx -> {
                    notes.add(tx, "lost");
                    tx.forget(HowMany.class);
                    assertThat(rememberedNotes(tx)).isEqualTo(1);
                    throw new IllegalStateException("refused");
                }))
                .isInstanceOf(IllegalStateException.class);

        assertThat(rememberedNotes()).isZero();
    }

    @Test
    void what_a_unit_read_of_its_own_change_is_not_remembered_when_another_of_its_group_fails() {
        List<Integer> seen = new ArrayList<>();

        WriteGroup.run(
                this::within,
                List.of(
                        () -> database.update(tx -> {
                            seen.add(rememberedNotes(tx));
                            notes.add(tx, "kept");
                            tx.forget(HowMany.class);
                            seen.add(rememberedNotes(tx));
                        }),
                        () -> assertThatThrownBy(() -> database.update(tx -> notes.add(tx, null)))
                                .hasMessageContaining("NOT NULL")));

        assertThat(seen).containsExactly(0, 1, 0, 1);
        assertThat(rememberedNotes()).isEqualTo(1);
    }

    @Test
    void what_a_unit_read_of_its_own_change_is_not_remembered_when_it_cannot_be_committed() {
        assertThat(rememberedNotes()).isZero();

        assertThatThrownBy(() -> database.update(tx -> {
                    notes.add(tx, "lost");
                    tx.forget(HowMany.class);
                    assertThat(rememberedNotes(tx)).isEqualTo(1);
                    Notes.refuseCommit(tx);
                }))
                .hasStackTraceContaining("FOREIGN KEY");

        assertThat(rememberedNotes()).isZero();
    }

    private record HowMany() {}

    private int rememberedNotes() {
        return database.write(DatabaseTest::rememberedNotes);
    }

    private static int rememberedNotes(Tx tx) {
        return tx.remembered(
                new HowMany(),
                () -> tx.handle()
                        .createQuery("SELECT count(*) FROM note")
                        .mapTo(int.class)
                        .one());
    }

    @Test
    void a_statement_without_names_changes_what_its_values_say() {
        int changed = database.write(tx -> tx.run("INSERT INTO note (text) VALUES (?2), (?1)", "second", "first"));

        assertThat(changed).isEqualTo(2);
        assertThat(notes.all()).containsExactly("first", "second");
        assertThatThrownBy(() -> database.update(tx -> tx.run("INSERT INTO nowhere VALUES (?)", 1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void many_writers_all_commit_and_each_sees_its_own_result() {
        database.update(tx -> tx.handle().execute("CREATE TABLE counter (n INTEGER NOT NULL)"));
        database.update(tx -> tx.handle().execute("INSERT INTO counter VALUES (0)"));
        ConcurrentLinkedQueue<Integer> results = new ConcurrentLinkedQueue<>();

        join(IntStream.range(0, 500)
                .mapToObj(_ -> Thread.startVirtualThread(() -> results.add(database.write(tx -> tx.handle()
                        .createQuery("UPDATE counter SET n = n + 1 RETURNING n")
                        .mapTo(int.class)
                        .one()))))
                .toList());

        assertThat(results)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 500).boxed().toList());
    }

    @Test
    void a_wake_runs_after_the_commit_on_the_thread_that_asked_for_the_write() {
        AtomicReference<List<String>> seen = new AtomicReference<>();
        AtomicReference<Thread> thread = new AtomicReference<>();

        database.update(tx -> {
            notes.add(tx, "told");
            tx.afterCommit(() -> {
                seen.set(notes.all());
                thread.set(Thread.currentThread());
            });
            assertThat(seen).hasNullValue();
        });

        assertThat(seen.get()).containsExactly("told");
        assertThat(thread).hasValue(Thread.currentThread());
    }

    @Test
    void a_wake_of_a_unit_that_was_rolled_back_never_runs() {
        AtomicBoolean woken = new AtomicBoolean();

        assertThatThrownBy(() -> database.update(tx -> {
                    tx.afterCommit(() -> woken.set(true));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
        notes.add("another");

        assertThat(woken).isFalse();
    }

    @Test
    void a_wake_that_fails_keeps_no_other_from_running_and_the_write_has_succeeded() {
        List<String> woken = new ArrayList<>();

        String result = database.write(tx -> {
            tx.afterCommit(() -> woken.add("first"));
            tx.afterCommit(() -> {
                throw new IllegalStateException("expected by this test");
            });
            tx.afterCommit(() -> {
                throw new AssertionError("expected by this test");
            });
            tx.afterCommit(() -> woken.add("last"));
            return "done";
        });

        assertThat(result).isEqualTo("done");
        assertThat(woken).containsExactly("first", "last");
    }

    @Test
    void a_wake_may_write() {
        database.update(tx -> tx.afterCommit(() -> notes.add("by the wake")));

        assertThat(notes.all()).containsExactly("by the wake");
    }

    @Test
    void a_write_or_a_read_inside_a_write_is_refused_and_rolls_back() {
        assertThatThrownBy(() -> database.update(tx -> {
                    notes.add(tx, "outer");
                    notes.add("inner");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pass its Tx");
        assertThatThrownBy(() -> database.update(tx -> {
                    notes.add(tx, "outer");
                    notes.all();
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pass its Tx");

        assertThat(notes.all()).isEmpty();
    }

    @Test
    void a_read_sees_one_state_whatever_is_written_meanwhile() {
        notes.add("before");

        List<Integer> counts = database.read(handle -> {
            String count = "SELECT count(*) FROM note";
            int first = handle.createQuery(count).mapTo(int.class).one();
            notes.add("meanwhile");
            return List.of(first, handle.createQuery(count).mapTo(int.class).one());
        });

        assertThat(counts).containsExactly(1, 1);
        assertThat(notes.all()).containsExactly("before", "meanwhile");
    }

    @Test
    void a_read_cannot_write() {
        assertThatThrownBy(() -> database.read(handle -> handle.execute("INSERT INTO note VALUES ('sneaked in')")))
                .hasMessageContaining("readonly");

        assertThat(notes.all()).isEmpty();
    }

    @Test
    void a_read_that_throws_gives_its_connection_back() {
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> database.read(_ -> {
                        throw new IllegalStateException("a bug");
                    }))
                    .hasMessage("a bug");
        }

        assertThat(notes.all()).isEmpty();
    }

    @Test
    void an_interrupted_caller_learns_how_its_write_ended_and_stays_interrupted() {
        Thread.currentThread().interrupt();

        String result = database.write(tx -> {
            notes.add(tx, "kept");
            return "done";
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(result).isEqualTo("done");
        assertThat(notes.all()).containsExactly("kept");
    }

    @Test
    void after_close_writes_and_reads_are_refused() {
        database.close();

        assertThatThrownBy(() -> notes.add("too late"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> notes.all())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void closing_twice_is_closing_once() {
        database.close();

        assertThatCode(() -> database.close()).doesNotThrowAnyException();
    }

    @Test
    void what_was_accepted_before_the_close_is_written() {
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread writer = Thread.startVirtualThread(() -> database.update(tx -> {
            writing.countDown();
            awaitQuietly(goOn);
            notes.add(tx, "first");
        }));
        awaitQuietly(writing);
        Thread second = Thread.startVirtualThread(() -> notes.add("second"));
        assertEventually(second::getState, Thread.State.WAITING);
        Thread closing = Thread.startVirtualThread(database::close);
        assertEventually(closing::getState, Thread.State.WAITING);

        goOn.countDown();
        join(List.of(writer, second, closing));

        try (var again = Database.open(folder.resolve("test.db"))) {
            assertThat(new Notes(again).all()).containsExactly("first", "second");
        }
    }

    @Test
    void a_write_whose_turn_does_not_come_in_time_is_refused_and_never_done() {
        Path file = folder.resolve("busy.db");
        Database.open(file).close();
        var handle = SqliteConnections.writer(file);
        var log = new WriteAheadLog(handle, new Readers(file), WriteAheadLog.Lengths.USUAL);
        var begun = new CountDownLatch(1);
        var goOn = new CountDownLatch(1);
        var done = new AtomicBoolean();
        try (var writer = new Writer(handle, new DiskSpace(file), log, Duration.ofMillis(20), new Meters())) {
            var busy = CompletableFuture.supplyAsync(() -> inItsTurn(writer, _ -> {
                begun.countDown();
                awaitQuietly(goOn);
                return "first";
            }));
            awaitQuietly(begun);
            var late = writer.submit(_ -> done.getAndSet(true));

            assertThatThrownBy(late::await).isInstanceOf(Overloaded.class);

            goOn.countDown();
            assertThat(busy.join()).isEqualTo("first");
            String next = inItsTurn(writer, _ -> "third");
            assertThat(next).isEqualTo("third");
        }
        assertThat(done).as("was done after all").isFalse();
    }

    @Test
    void what_was_written_is_there_after_reopening() {
        notes.add("kept");
        database.close();

        try (var again = Database.open(folder.resolve("test.db"))) {
            assertThat(new Notes(again).all()).containsExactly("kept");
        }
    }

    /// On a busy machine the writer may be late for the first tries.
    private static <T> T inItsTurn(Writer writer, Function<Tx, T> work) {
        while (true) {
            try {
                return writer.submit(work).await();
            } catch (Overloaded _) {
                Thread.onSpinWait();
            }
        }
    }

    private void within(Runnable work) {
        database.update(_ -> work.run());
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void join(List<Thread> threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException slipped(Throwable checked) throws E {
        throw (E) checked;
    }
}
