package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import partyline.testkit.Seeds;

class TimestampsTest {

    private static final int TRIES = 1_000;
    private static final long FIRST = Instant.EPOCH.getEpochSecond();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();
    private static final List<Integer> EDGES = List.of(0, 999, 1_000, 999_000_000, 999_999_999);

    @Test
    void an_instant_comes_back_from_the_database_to_the_microsecond() {
        Seeds.each(TRIES, random -> {
            Instant instant = instant(random);

            Instant back = Timestamps.instant(Timestamps.micros(instant));

            assertThat(back).isEqualTo(instant.truncatedTo(ChronoUnit.MICROS));
        });
    }

    @Test
    void the_wire_shows_utc_with_at_most_six_fractional_digits() {
        Seeds.each(TRIES, random -> {
            Instant instant = instant(random);

            String text = Timestamps.iso(instant);

            assertThat(text).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3}|\\.\\d{6})?Z");
            assertThat(Instant.parse(text)).isEqualTo(instant.truncatedTo(ChronoUnit.MICROS));
        });
    }

    @Test
    void the_wire_and_the_database_tell_the_same_instant() {
        Seeds.each(TRIES, random -> {
            Instant instant = instant(random);

            assertThat(Timestamps.iso(Timestamps.instant(Timestamps.micros(instant))))
                    .isEqualTo(Timestamps.iso(instant));
        });
    }

    @Test
    void an_instant_that_no_column_holds_is_refused_and_never_another_one() {
        assertThatThrownBy(() -> Timestamps.micros(Instant.parse("+24907341-01-01T00:00:00Z")))
                .isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Timestamps.micros(Instant.MIN)).isInstanceOf(ArithmeticException.class);
        assertThat(Timestamps.micros(Timestamps.instant(Long.MAX_VALUE))).isEqualTo(Long.MAX_VALUE);
    }

    private static Instant instant(Random random) {
        int nano = random.nextBoolean() ? Seeds.oneOf(random, EDGES) : random.nextInt(1_000_000_000);
        return Instant.ofEpochSecond(random.nextLong(FIRST, LAST + 1), nano);
    }
}
