package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.testkit.FakeClock;
import partyline.testkit.WriteGroup;

class JournalTest {

    private static final OrganizationId ONE = new OrganizationId("org_one");
    private static final OrganizationId TWO = new OrganizationId("org_two");

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private final Ids ids = new Ids(clock);
    private final Id identity = ids.next();
    private Database database;
    private Notes notes;
    private Journal journal;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("test.db"));
        notes = Notes.in(database);
        journal = new Journal(ids, clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void every_organization_counts_its_own_events_from_one() {
        assertThat(append(ONE).seq()).isEqualTo(1);
        assertThat(append(ONE).seq()).isEqualTo(2);
        assertThat(append(TWO).seq()).isEqualTo(1);
        assertThat(append(ONE).seq()).isEqualTo(3);

        assertThat(stored(ONE)).containsExactly(1L, 2L, 3L);
        assertThat(stored(TWO)).containsExactly(1L);
    }

    @Test
    void one_unit_may_append_several_events() {
        List<Event> events = database.write(tx -> List.of(
                journal.append(tx, draft(ONE)), journal.append(tx, draft(TWO)), journal.append(tx, draft(ONE))));

        assertThat(events).extracting(Event::seq).containsExactly(1L, 1L, 2L);
        assertThat(events).extracting(Event::id).doesNotHaveDuplicates().allMatch(id -> id.matches("evt_[0-9a-f]{32}"));
    }

    @Test
    void a_unit_that_is_rolled_back_leaves_no_hole() {
        append(ONE);

        assertThatThrownBy(() -> database.update(tx -> {
                    journal.append(tx, draft(ONE));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");

        assertThat(append(ONE).seq()).isEqualTo(2);
        assertThat(stored(ONE)).containsExactly(1L, 2L);
    }

    @Test
    void many_writers_of_which_some_fail_leave_no_hole() throws InterruptedException {
        List<Thread> writers = IntStream.range(0, 200)
                .mapToObj(i -> Thread.startVirtualThread(() -> {
                    try {
                        database.update(tx -> {
                            journal.append(tx, draft(ONE));
                            if (i % 4 == 0) {
                                throw new IllegalStateException("rolled back");
                            }
                        });
                    } catch (IllegalStateException e) {
                        assertThat(e).hasMessage("rolled back");
                    }
                }))
                .toList();
        for (Thread writer : writers) {
            writer.join();
        }

        assertThat(stored(ONE))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 150).boxed().toList());
    }

    /// The second organization's place in the journal goes with the group, that of the first with the unit that made
    /// it.
    @Test
    void units_that_fail_beside_others_leave_no_hole() {
        WriteGroup.run(
                work -> database.update(_ -> work.run()),
                List.of(
                        () -> append(TWO),
                        this::appendAndFail,
                        () -> append(ONE),
                        this::appendAndFail,
                        () -> append(ONE)));

        assertThat(append(ONE).seq()).isEqualTo(3);
        assertThat(stored(ONE)).containsExactly(1L, 2L, 3L);
        assertThat(stored(TWO)).containsExactly(1L);
    }

    @Test
    void a_group_that_cannot_be_committed_leaves_no_hole() {
        append(TWO);

        assertThatThrownBy(() -> database.update(tx -> {
                    journal.append(tx, draft(ONE));
                    journal.append(tx, draft(TWO));
                    Notes.refuseCommit(tx);
                }))
                .hasStackTraceContaining("FOREIGN KEY");

        assertThat(append(ONE).seq()).isEqualTo(1);
        assertThat(append(TWO).seq()).isEqualTo(2);
        assertThat(stored(ONE)).containsExactly(1L);
        assertThat(stored(TWO)).containsExactly(1L, 2L);
    }

    @Test
    void numbering_goes_on_after_reopening() {
        append(ONE);
        database.close();
        database = Database.open(folder.resolve("test.db"));

        assertThat(append(ONE).seq()).isEqualTo(2);
    }

    @Test
    void what_a_subscriber_stores_is_atomic_with_the_event() {
        journal.subscribe((tx, event) -> notes.add(tx, event.type() + " " + event.seq()));

        append(ONE);
        assertThatThrownBy(() -> database.update(tx -> {
                    journal.append(tx, draft(ONE));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");

        assertThat(notes.all()).containsExactly("imessage.received 1");
    }

    @Test
    void what_a_subscriber_throws_rolls_back_the_change_and_the_event() {
        journal.subscribe((_, _) -> {
            throw new IllegalStateException("no room for deliveries");
        });

        assertThatThrownBy(() -> database.update(tx -> {
                    notes.add(tx, "the change");
                    journal.append(tx, draft(ONE));
                }))
                .hasMessage("no room for deliveries");

        assertThat(notes.all()).isEmpty();
        assertThat(stored(ONE)).isEmpty();
    }

    @Test
    void what_is_noted_on_commit_comes_in_the_order_of_the_events_and_when_they_can_be_read() throws Exception {
        List<Long> noted = new CopyOnWriteArrayList<>();
        List<Integer> readable = new CopyOnWriteArrayList<>();
        journal.subscribe((tx, event) -> {
            tx.onCommit(() -> noted.add(event.seq()));
            tx.afterCommit(() -> readable.add(stored(ONE).size()));
        });

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int at = 0; at < 200; at++) {
                threads.submit(() -> append(ONE));
            }
        }

        assertThat(noted).hasSize(200).isSorted();
        assertThat(readable).hasSize(200).allMatch(rows -> rows > 0);
    }

    @Test
    void nothing_is_noted_of_what_was_rolled_back() {
        List<Event> noted = new ArrayList<>();
        journal.subscribe((tx, event) -> tx.onCommit(() -> noted.add(event)));

        assertThatThrownBy(() -> database.update(tx -> {
                    journal.append(tx, draft(ONE));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");

        assertThat(noted).isEmpty();
    }

    @Test
    void a_note_that_throws_keeps_the_event_from_nobody() {
        List<Event> noted = new ArrayList<>();
        journal.subscribe((tx, event) -> {
            tx.onCommit(() -> {
                throw new IllegalStateException("expected by this test");
            });
            tx.onCommit(() -> noted.add(event));
        });

        Event event = append(ONE);

        assertThat(noted).containsExactly(event);
    }

    @Test
    void the_envelope_is_what_agents_see() {
        journal = new Journal(ids, clock, EventRenderer.NONE, (_, id) -> Optional.of("echo-" + id.text()));

        Event event = append(ONE);

        assertThat(event.envelope())
                .isEqualTo("{\"id\":\"" + event.id() + "\",\"event_type\":\"imessage.received\","
                        + "\"timestamp\":\"2026-11-24T10:00:00Z\",\"agent_identity\":{\"id\":\"" + identity
                        + "\",\"agent_handle\":\"echo-" + identity + "\"},\"data\":{\"text\":\"héllo\"}}");
        assertThat(event.json()).hasToString(event.envelope());
        Optional<Event> found = database.read(reader -> new EventLog(database, journal).find(reader, ONE, event.seq()));
        assertThat(found.orElseThrow().envelope()).isEqualTo(event.envelope());
    }

    private void appendAndFail() {
        assertThatThrownBy(() -> database.update(tx -> {
                    journal.append(tx, draft(ONE));
                    throw new IllegalStateException("rolled back");
                }))
                .hasMessage("rolled back");
    }

    private Event append(OrganizationId organization) {
        return database.write(tx -> journal.append(tx, draft(organization)));
    }

    private Event.Draft draft(OrganizationId organization) {
        return new Event.Draft(
                organization,
                Optional.of(identity),
                Optional.empty(),
                Optional.empty(),
                "imessage.received",
                "{\"text\":\"héllo\"}");
    }

    private List<Long> stored(OrganizationId organization) {
        return database.read(handle -> handle.createQuery("""
                        SELECT j.seq FROM journal j JOIN symbol o ON o.no = j.organization_no
                         WHERE o.text = :organization ORDER BY j.seq
                        """)
                .bind("organization", organization.text())
                .mapTo(Long.class)
                .list());
    }
}
