package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostponementTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");

    private final Postponement hour = new Postponement(Optional.of(NOON.plus(Duration.ofHours(1))), Optional.of(NOON));

    @Test
    void a_wait_is_as_long_as_it_was_made_however_long_that_is() {
        assertThat(hour.left(NOON)).isEqualTo(Duration.ofHours(1));
        assertThat(hour.left(NOON.plus(Duration.ofMinutes(59)))).isEqualTo(Duration.ofMinutes(1));
        assertThat(hour.left(NOON.plus(Duration.ofHours(1)))).isZero();
    }

    @Test
    void nothing_waits_for_a_clock_that_went_back() {
        assertThat(hour.left(NOON.minus(Duration.ofDays(1)))).isZero();
    }

    @Test
    void what_does_not_know_since_when_it_waits_is_due() {
        assertThat(new Postponement(hour.until(), Optional.empty()).left(NOON)).isZero();
        assertThat(new Postponement(Optional.empty(), Optional.of(NOON)).left(NOON))
                .isZero();
    }
}
