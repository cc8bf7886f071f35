package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.kernel.EventLog.Reading;

/// Reading the journal in pages, waiting for it, and its forgetting.
class EventLogTest {

    private static final OrganizationId ORG = new OrganizationId("org_one");
    private static final OrganizationId OTHER = new OrganizationId("org_two");

    @TempDir
    Path folder = Path.of("");

    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private final Ids ids = new Ids(() -> now);
    private final Journal journal = new Journal(ids, () -> now);
    private final Id ann = ids.next();
    private final Id bob = ids.next();
    private Optional<Database> opened = Optional.empty();

    @BeforeEach
    void open() {
        opened = Optional.of(Database.open(folder.resolve("test.db")));
    }

    @AfterEach
    void close() {
        database().close();
    }

    @Test
    void a_page_has_the_events_after_a_number_in_order_and_says_where_to_go_on() {
        append(ORG, ann, "a", 5);
        append(OTHER, bob, "a", 2);

        Reading.Page first = page(of("a"), 1, 3);
        Reading.Page second = page(of("a"), first.next(), 3);

        assertThat(numbers(first)).containsExactly(2L, 3L, 4L);
        assertThat(first.more()).isTrue();
        assertThat(numbers(second)).containsExactly(5L);
        assertThat(second.next()).isEqualTo(5);
        assertThat(second.more()).isFalse();
        assertThat(log().head(OTHER)).isEqualTo(2);
        assertThat(log().head(new OrganizationId("org_new"))).isZero();
    }

    @Test
    void a_page_ends_before_its_events_grow_large_and_the_next_goes_on_behind_it() {
        String data = "{\"x\":\"" + "x".repeat(200_000) + "\"}";
        database().update(tx -> {
            for (int at = 0; at < 4; at++) {
                journal.append(
                        tx, new Event.Draft(ORG, Optional.of(ann), Optional.empty(), Optional.empty(), "a", data));
            }
        });

        Reading.Page first = page(of("a"), 0, 10);
        EventLog.Stretch owed = log().owed(of("a"), 0, 10);

        assertThat(numbers(first)).containsExactly(1L, 2L, 3L);
        assertThat(first.more()).isTrue();
        assertThat(numbers(page(of("a"), first.next(), 10))).containsExactly(4L);
        assertThat(numbers(owed.events())).containsExactly(1L, 2L, 3L);
        assertThat(owed.all()).isFalse();
        assertThat(log().owed(of("a"), 3, 10).all()).isTrue();
    }

    @Test
    void an_event_is_read_as_it_was_appended() {
        Event.Draft draft = new Event.Draft(
                ORG,
                Optional.of(ann),
                Optional.of(ids.next()),
                Optional.of(new PhoneNumber("+12025550140")),
                "a",
                "{\"x\":1}");
        Event appended = database().write(tx -> journal.append(tx, draft));

        assertThat(page(of("a"), 0, 10).events()).containsExactly(appended);
    }

    @Test
    void an_event_of_the_organization_itself_is_for_those_who_read_it_all() throws Exception {
        Event.Draft draft = new Event.Draft(ORG, Optional.empty(), Optional.empty(), Optional.empty(), "a", "{}");
        EventFilter anns = new EventFilter(ORG, Optional.of(ann), Set.of("a"));
        try (StreamListener all = journal.watch(of("a"));
                StreamListener one = journal.watch(anns)) {
            Event appended = database().write(tx -> journal.append(tx, draft));

            assertThat(page(of("a"), 0, 10).events()).containsExactly(appended);
            assertThat(page(anns, 0, 10).events()).isEmpty();
            assertThat(all.await(Duration.ofSeconds(60))).isTrue();
            assertThat(one.await(Duration.ZERO)).isFalse();
        }
    }

    @Test
    void a_filter_passes_over_others_and_still_moves_on() {
        append(ORG, ann, "a", 2);
        append(ORG, bob, "a", 2);
        append(ORG, bob, "b", 2);

        Reading.Page anns = page(new EventFilter(ORG, Optional.of(ann), Set.of("a", "b")), 0, 10);
        Reading.Page bobs = page(new EventFilter(ORG, Optional.of(bob), Set.of("b")), 0, 10);

        assertThat(numbers(anns)).containsExactly(1L, 2L);
        assertThat(anns.next()).isEqualTo(6);
        assertThat(numbers(bobs)).containsExactly(5L, 6L);
        assertThat(page(of("c"), 0, 10).events()).isEmpty();
    }

    @Test
    void one_identitys_events_are_found_by_an_index() {
        List<String> plan = database()
                .read(handle -> handle.createQuery("""
                        EXPLAIN QUERY PLAN SELECT * FROM journal
                         WHERE organization_no = 1 AND seq IN (
                               SELECT seq FROM journal
                                WHERE identity_no = (SELECT no FROM symbol WHERE text = 'i') AND seq BETWEEN 1 AND 9
                                  AND type IN ('a', 'b') ORDER BY seq LIMIT 3)
                         ORDER BY seq
                        """)
                        .map((row, _) -> row.getString("detail"))
                        .list());

        assertThat(plan)
                .anyMatch(step -> step.contains("COVERING INDEX journal_of_identity") && step.contains("seq>"))
                .noneMatch(step -> step.contains("SCAN") || step.contains("TEMP"));
    }

    @Test
    void a_number_that_was_never_given_out_is_refused() {
        append(ORG, ann, "a", 3);

        assertThat(log().after(of("a"), 4, 10)).isEqualTo(new Reading.Foreign(3));
    }

    @Test
    void each_start_leaps_over_every_number_that_was_ever_given_out_and_readers_go_on_over_the_gap() {
        append(ORG, ann, "a", 3);
        journal.leap(database());
        append(ORG, ann, "a", 1);
        long first = log().head(ORG);
        now = now.plus(Duration.ofSeconds(1));
        journal.leap(database());
        append(ORG, ann, "a", 1);
        append(OTHER, bob, "a", 1);

        assertThat(first).isGreaterThan(now.minusSeconds(1).getEpochSecond() << 20);
        assertThat(log().head(ORG)).isGreaterThanOrEqualTo(first + (1 << 20)).isLessThan(1L << 53);
        assertThat(log().head(OTHER)).as("also one without events").isGreaterThan(first);
        Reading.Page beyond = page(of("a"), 3, 10);
        assertThat(numbers(beyond)).containsExactly(first);
        assertThat(beyond.more()).isTrue();
        assertThat(numbers(page(of("a"), beyond.next(), 10))).containsExactly(log().head(ORG));
        assertThat(log().after(of("a"), first + 1, 10)).isEqualTo(new Reading.Foreign(first));
    }

    @Test
    void a_clock_behind_the_newest_number_leaps_over_that() {
        journal.leap(database());
        append(ORG, ann, "a", 1);
        long newest = log().head(ORG);
        now = now.minus(Duration.ofDays(400));

        journal.leap(database());
        append(ORG, ann, "a", 1);

        assertThat(log().head(ORG)).isGreaterThan(newest + (1 << 20));
    }

    @Test
    void a_reader_that_goes_on_from_what_it_saw_misses_nothing_while_many_write_at_once() throws Exception {
        int writers = 8;
        int each = 100;
        List<Long> seen = new ArrayList<>();

        try (StreamListener watch = journal.watch(of("a"));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<? extends Future<?>> writing = IntStream.range(0, writers)
                    .mapToObj(_ ->
                            threads.submit(() -> IntStream.range(0, each).forEach(_ -> append(ORG, ann, "a", 1))))
                    .toList();
            long cursor = 0;
            while (cursor < writers * each) {
                assertThat(watch.await(Duration.ofSeconds(60))).isTrue();
                Reading.Page page;
                do {
                    page = page(of("a"), cursor, 7);
                    seen.addAll(numbers(page));
                    cursor = page.next();
                } while (page.more());
            }
            for (Future<?> future : writing) {
                future.get();
            }
        }

        assertThat(seen)
                .isEqualTo(LongStream.rangeClosed(1, writers * each).boxed().toList());
    }

    @Test
    void a_watch_rings_for_what_its_filter_takes_and_never_for_what_was_rolled_back() throws Exception {
        try (StreamListener watch = journal.watch(new EventFilter(ORG, Optional.of(ann), Set.of("a")))) {
            append(ORG, bob, "a", 1);
            append(ORG, ann, "b", 1);
            append(OTHER, ann, "a", 1);
            assertThatThrownBy(() -> database().update(tx -> {
                        journal.append(tx, draft(ORG, ann, "a"));
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            assertThat(watch.await(Duration.ZERO)).isFalse();
            assertThat(journal.watched(ORG, ann, "a")).isTrue();
            assertThat(journal.watched(ORG, bob, "a")).isFalse();

            append(ORG, ann, "a", 3);
            assertThat(watch.await(Duration.ofSeconds(60))).isTrue();
            assertThat(watch.await(Duration.ZERO)).isFalse();
        }
        assertThat(journal.watched(ORG, ann, "a")).isFalse();
    }

    @Test
    void pruning_removes_what_is_old_in_batches_and_asking_for_it_says_so() {
        append(ORG, ann, "a", 1_203);
        now = now.plus(Duration.ofDays(2));
        append(ORG, ann, "a", 2);
        append(OTHER, bob, "a", 1);

        log().pruning(() -> now, Duration.ofDays(1), Duration.ZERO).run();

        assertThat(log().oldest(ORG)).isEqualTo(1_204);
        assertThat(log().oldest(OTHER)).isEqualTo(1);
        assertThat(log().after(of("a"), 1_202, 10)).isEqualTo(new Reading.Expired(1_204));
        assertThat(numbers(page(of("a"), 1_203, 10))).containsExactly(1_204L, 1_205L);
    }

    @Test
    void after_everything_is_pruned_numbers_go_on_where_they_were() {
        append(ORG, ann, "a", 4);
        now = now.plus(Duration.ofDays(2));

        log().pruning(() -> now, Duration.ofDays(1), Duration.ZERO).run();

        assertThat(log().oldest(ORG)).isEqualTo(5);
        assertThat(log().after(of("a"), 3, 10)).isEqualTo(new Reading.Expired(5));
        assertThat(page(of("a"), 4, 10).events()).isEmpty();
        append(ORG, ann, "a", 1);
        assertThat(numbers(page(of("a"), 4, 10))).containsExactly(5L);
    }

    @Test
    void what_is_forgotten_is_still_there_for_who_owes_it_as_long_as_it_is_kept() {
        append(ORG, ann, "a", 3);
        now = now.plus(Duration.ofDays(2));

        log().pruning(() -> now, Duration.ofDays(1), Duration.ofDays(5)).run();

        assertThat(log().after(of("a"), 2, 10)).isEqualTo(new Reading.Expired(4));
        assertThat(numbers(log().owed(of("a"), 1, 10).events())).containsExactly(2L, 3L);
        now = now.plus(Duration.ofDays(4));
        log().pruning(() -> now, Duration.ofDays(1), Duration.ofDays(5)).run();
        assertThat(log().owed(of("a"), 1, 10).events()).isEmpty();
    }

    @Test
    void a_clock_that_steps_back_makes_no_hole() {
        append(ORG, ann, "a", 2);
        now = now.minus(Duration.ofDays(3));
        append(ORG, ann, "a", 1);
        now = now.plus(Duration.ofDays(3));

        log().pruning(() -> now, Duration.ofDays(1), Duration.ZERO).run();

        assertThat(numbers(page(of("a"), 0, 10))).containsExactly(1L, 2L, 3L);
    }

    private Database database() {
        return opened.orElseThrow();
    }

    private EventLog log() {
        return new EventLog(database(), journal);
    }

    private Reading.Page page(EventFilter filter, long after, int limit) {
        return (Reading.Page) log().after(filter, after, limit);
    }

    private void append(OrganizationId organization, Id identity, String type, int count) {
        database().update(tx -> {
            for (int at = 0; at < count; at++) {
                journal.append(tx, draft(organization, identity, type));
            }
        });
    }

    private static Event.Draft draft(OrganizationId organization, Id identity, String type) {
        return new Event.Draft(organization, Optional.of(identity), Optional.empty(), Optional.empty(), type, "{}");
    }

    private static EventFilter of(String... types) {
        return new EventFilter(ORG, Optional.empty(), Set.of(types));
    }

    private static List<Long> numbers(List<Event> events) {
        return events.stream().map(Event::seq).toList();
    }

    private static List<Long> numbers(Reading.Page page) {
        return page.events().stream().map(Event::seq).toList();
    }
}
