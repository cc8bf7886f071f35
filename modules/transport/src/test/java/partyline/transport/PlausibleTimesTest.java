package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Times as lines tell them.
class PlausibleTimesTest {

    private static final Instant NOW = Instant.parse("2026-06-09T14:30:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"2026-06-09T14:30:00Z", "2026-06-10T14:29:59Z", "2007-06-29T00:00:00Z"})
    void what_can_be_is_kept(String at) {
        assertThat(LineContract.isPlausible(Instant.parse(at), NOW)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2026-06-10T14:30:01Z", "+24907341-01-01T00:00:00Z", "1970-01-01T00:00:00Z"})
    void what_cannot_be_is_told_apart(String at) {
        assertThat(LineContract.isPlausible(Instant.parse(at), NOW)).isFalse();
    }

    @Test
    void no_time_is_so_far_off_that_it_cannot_be_judged() {
        assertThat(LineContract.isPlausible(Instant.MAX, NOW)).isFalse();
        assertThat(LineContract.isPlausible(Instant.MIN, NOW)).isFalse();
    }
}
