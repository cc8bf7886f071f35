package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.testkit.FakeClock;
import partyline.testkit.Seeds;

class IdsTest {

    private final FakeClock clock = new FakeClock();
    private final Ids ids = new Ids(clock);

    @Test
    void ids_grow_whatever_the_clock_does() {
        Seeds.each(200, random -> {
            List<String> made = new ArrayList<>();

            for (int millis : Seeds.list(random, 300, it -> it.nextInt(-5_000, 5_001))) {
                clock.advance(Duration.ofMillis(millis));
                made.add(ids.next().text());
            }

            assertThat(made).isSorted().doesNotHaveDuplicates();
        });
    }

    @Test
    void ids_grow_while_the_clock_stands_still_for_longer_than_its_counter_counts() {
        List<String> made =
                IntStream.range(0, 20_000).mapToObj(_ -> ids.next().text()).toList();

        assertThat(made).isSorted().doesNotHaveDuplicates();
    }

    @Test
    void ids_made_at_once_all_differ() throws InterruptedException {
        Set<Id> made = ConcurrentHashMap.newKeySet();

        List<Thread> makers = IntStream.range(0, 20)
                .mapToObj(_ -> Thread.startVirtualThread(() -> {
                    for (int i = 0; i < 500; i++) {
                        made.add(ids.next());
                    }
                }))
                .toList();
        for (Thread maker : makers) {
            maker.join();
        }

        assertThat(made).hasSize(10_000);
    }

    @Test
    void ids_grow_beyond_those_of_an_earlier_run_whose_clock_was_ahead() {
        clock.advance(Duration.ofDays(2));
        Id newest = ids.next();
        clock.advance(Duration.ofDays(-2));

        Ids later = Ids.after(newest.key(), clock);

        assertThat(later.next().text()).isGreaterThan(newest.text());
    }

    @Test
    void an_id_is_a_uuid_of_version_7_that_tells_its_millisecond() {
        for (int i = 0; i < 500; i++) {
            Instant now = clock.instant();
            Id id = ids.next();

            assertThat(id.value().version()).isEqualTo(7);
            assertThat(id.value().variant()).isEqualTo(2);
            assertThat(id.value().getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
            clock.advance(Duration.ofMillis(1));
        }
    }

    @Test
    void an_id_is_read_back_from_its_text_in_any_case() {
        Id id = ids.next();

        assertThat(Id.parse(id.text())).isEqualTo(id);
        assertThat(Id.tryParse(id.text().toUpperCase(Locale.ROOT))).contains(id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1-1-1-1-1",
                "01a20cff7d0076f796fed7af128f4111",
                " 01a20cff-7d00-76f7-96fe-d7af128f4111",
                "01a20cff-7d00-76f7-96fe-d7af128f4111\n",
                "{01a20cff-7d00-76f7-96fe-d7af128f4111}",
                "01a20cff-7d00-76f7-96fe-d7af128f411g",
                "٠1a20cff-7d00-76f7-96fe-d7af128f4111"
            })
    void other_texts_are_no_ids(String text) {
        assertThat(Id.tryParse(text)).isEmpty();
    }

    @Test
    void an_id_is_two_numbers_of_which_the_first_has_its_order() {
        Id first = ids.next();
        Id second = ids.next();

        assertThat(Id.of(first.key(), first.salt())).isEqualTo(first);
        assertThat(first.key()).isPositive().isLessThan(second.key());
    }

    @Test
    void an_id_that_was_not_made_here_has_the_key_of_no_row() {
        Id own = ids.next();
        Id foreign = Id.parse(own.text().substring(0, 14) + "4" + own.text().substring(15));

        assertThat(foreign.key()).isEqualTo(-1);
    }
}
