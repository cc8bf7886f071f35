package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.testkit.Eventually.assertEventually;
import static partyline.transport.TransportRun.ANN;
import static partyline.transport.TransportRun.BOB;
import static partyline.transport.TransportRun.ROUTER;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.kernel.Database;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.testkit.FakeClock;

/// What is added to an empty queue is handed over by the write that adds it.
class HandOverTest {

    @TempDir
    Path folder;

    private static final String WAITING = "due_at IS NOT NULL";
    private static final String HANDED = WAITING + " AND handed_at IS NOT NULL";

    private final FakeClock clock = new FakeClock();

    @Test
    void what_is_added_to_an_empty_queue_is_handed_over_on_disk_before_its_driver_is_called() {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = message -> {
                seen.add(handed(server.database()));
                return FakeDriver.accept(message);
            };

            int handedAtOnce = server.database().write(tx -> {
                server.transport().say(tx, words(ANN, "first"));
                server.transport().say(tx, words(ANN, "behind it"));
                return count(tx.handle(), HANDED);
            });

            assertThat(handedAtOnce).isEqualTo(1);
            assertEventually(() -> List.copyOf(server.driver().sent), List.of("first", "behind it"));
            assertEventually(() -> List.copyOf(seen), List.of(1, 1));
        }
    }

    @Test
    void what_was_handed_over_and_whose_driver_was_not_called_before_a_crash_is_asked_about_and_not_sent()
            throws IOException {
        Path crashed = folder.resolve("crashed");
        CountDownLatch copied = new CountDownLatch(1);
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = message -> {
                await(copied);
                return FakeDriver.accept(message);
            };
            server.say(ANN, "said");
            assertThat(crashed.toFile().mkdir()).isTrue();
            for (String file : List.of("test.db", "test.db-wal")) {
                Files.copy(folder.resolve(file), crashed.resolve(file));
            }
            copied.countDown();
        }

        try (var server = TransportRun.open(crashed, clock).started()) {
            assertEventually(() -> List.copyOf(server.driver().reconciled), List.of("said"));
            assertEventually(() -> waiting(server.database()), 0);
            assertThat(server.driver().sent).isEmpty();
        }
    }

    @Test
    void what_is_added_while_the_driver_is_busy_waits_its_turn() {
        CountDownLatch busy = new CountDownLatch(1);
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = message -> {
                await(busy);
                return FakeDriver.accept(message);
            };

            server.say(ANN, "first");
            server.say(ANN, "second");
            server.say(ANN, "third");

            assertThat(handed(server.database())).isEqualTo(1);
            busy.countDown();
            assertEventually(() -> waiting(server.database()), 0);
            assertThat(server.driver().sent).containsExactly("first", "second", "third");
            assertThat(server.driver().reconciled).isEmpty();
        }
    }

    @Test
    void what_is_added_behind_what_rests_waits_for_it() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = _ -> new SendResult.NotSent("slower", Optional.of(Duration.ofMinutes(5)));
            server.say(ANN, "first");
            assertEventually(() -> server.postponed(clock), 1);
            server.driver().onSend = FakeDriver::accept;

            server.say(ANN, "second");

            assertThat(handed(server.database())).isZero();
            clock.advance(Duration.ofMinutes(5));
            server.transport().look();
            assertEventually(() -> List.copyOf(server.driver().sent), List.of("first", "first", "second"));
        }
    }

    @Test
    void a_line_with_a_pace_gives_turns_only_to_what_it_gets() {
        Line paced = paced(2);
        try (var server = TransportRun.open(folder, clock, List.of(paced)).started()) {
            PhoneNumber third = new PhoneNumber("+12025550142");

            server.say(ANN, "one");
            server.say(BOB, "two");
            assertEventually(() -> waiting(server.database()), 0);
            server.say(third, "three");

            assertThat(handed(server.database())).isZero();
            assertThat(waiting(server.database())).isEqualTo(1);
            clock.advance(Duration.ofMinutes(1));
            server.transport().look();
            assertEventually(() -> List.copyOf(server.driver().sent).contains("three"), true);
        }
    }

    @Test
    void beside_a_write_that_fails_it_is_sent_once_and_takes_one_turn() {
        for (Line line : List.of(ROUTER, paced(2))) {
            Path own = folder.resolve("pace-" + line.terms().pace().sendsPerMinute());
            assertThat(own.toFile().mkdir()).isTrue();
            try (var server = TransportRun.open(own, clock, List.of(line)).started()) {
                List<Integer> runs = new CopyOnWriteArrayList<>();

                asOneGroup(
                        server.database(),
                        () -> server.database().update(tx -> {
                            runs.add(1);
                            server.transport().say(tx, words(ANN, "one"));
                        }),
                        () -> server.database().update(_ -> {
                            throw new IllegalStateException("refused");
                        }));

                assertEventually(() -> List.copyOf(server.driver().sent), List.of("one"));
                assertThat(runs).as("the group ran again").hasSize(2);
                server.say(BOB, "two");
                assertEventually(() -> List.copyOf(server.driver().sent), List.of("one", "two"));
                assertEventually(() -> waiting(server.database()), 0);
                assertThat(server.driver().reconciled).isEmpty();
            }
        }
    }

    @Test
    void who_is_forgotten_before_the_driver_is_called_gets_nothing_any_more() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.database().alone(ANN, () -> {
                server.say(ANN, "too late");
                server.database().update(tx -> Transport.personalTables().forEach(table -> table.erase(tx, ANN)));
                return true;
            });
            server.database().alone(ANN, () -> {
                server.say(ANN, "after it");
                return true;
            });

            assertEventually(() -> List.copyOf(server.driver().sent), List.of("after it"));
            assertEventually(() -> waiting(server.database()), 0);
        }
    }

    @Test
    void what_many_say_at_once_is_sent_once_each_in_the_order_of_the_queue_and_never_asked_about() throws Exception {
        try (var server = TransportRun.open(folder, clock).started();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> talking = new ArrayList<>();
            for (int speaker = 0; speaker < 4; speaker++) {
                String name = "speaker " + speaker + ": ";
                talking.add(threads.submit(() -> IntStream.range(0, 100).forEach(i -> {
                    server.say(ANN, name + i);
                    server.transport().look();
                })));
            }
            for (Future<?> each : talking) {
                each.get();
            }

            assertEventually(() -> waiting(server.database()), 0);
            assertThat(server.driver().sent).containsExactlyElementsOf(said(server.database()));
            assertThat(server.driver().sent).hasSize(400);
            assertThat(server.driver().reconciled).isEmpty();
        }
    }

    @Test
    void what_is_still_in_hand_at_the_end_is_sent_by_the_next_run_without_asking() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.database().update(tx -> {
                tx.afterCommit(server.transport()::close);
                server.transport().say(tx, words(ANN, "said"));
            });

            assertThat(server.driver().sent).isEmpty();
            assertThat(waiting(server.database())).isEqualTo(1);
        }

        try (var server = TransportRun.open(folder, clock).started()) {
            assertEventually(() -> List.copyOf(server.driver().sent), List.of("said"));
            assertThat(server.driver().reconciled).isEmpty();
        }
    }

    private static Transport.SystemMessage words(PhoneNumber to, String text) {
        return new Transport.SystemMessage(ROUTER.id(), to, text, null);
    }

    private static Line paced(int sendsPerMinute) {
        Line.Pace pace = new Line.Pace(sendsPerMinute, 0, 0);
        Line.Terms terms = new Line.Terms(Line.Fallback.SMS, Optional.empty(), false, pace);
        return new Line(ROUTER.id(), ROUTER.number(), ROUTER.roles(), ROUTER.driver(), terms);
    }

    private static int handed(Database database) {
        return database.read(reader -> count(reader, HANDED));
    }

    private static int waiting(Database database) {
        return database.read(reader -> count(reader, WAITING));
    }

    private static int count(Handle handle, String condition) {
        return Rows.list(handle, "SELECT 1 FROM transport_outbox WHERE " + condition, _ -> 1)
                .size();
    }

    private static List<String> said(Database database) {
        return database.read(
                reader -> Rows.list(reader, "SELECT text FROM transport_outbox ORDER BY id", row -> row.getString(1)));
    }

    /// Runs `good` and `bad` while the writer is held, so that they are one group.
    private static void asOneGroup(Database database, Runnable good, Runnable bad) {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Thread holder = Thread.startVirtualThread(() -> database.update(_ -> {
            held.countDown();
            await(goOn);
        }));
        await(held);
        Thread first = Thread.startVirtualThread(good);
        assertEventually(first::getState, Thread.State.WAITING);
        Thread second =
                Thread.startVirtualThread(() -> assertThatThrownBy(bad::run).hasMessage("refused"));
        assertEventually(second::getState, Thread.State.WAITING);
        goOn.countDown();
        for (Thread each : List.of(holder, first, second)) {
            try {
                each.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
