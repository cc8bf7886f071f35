package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryScheduleTest {

    @Test
    void the_usual_delays_are_the_documented_ones() {
        assertThat(RetrySchedule.parse(RetrySchedule.USUAL).delays())
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(10),
                        Duration.ofHours(1),
                        Duration.ofHours(3),
                        Duration.ofHours(6),
                        Duration.ofHours(12));
    }

    @Test
    void a_wait_is_the_delay_and_at_most_a_fifth_more() {
        var schedule = RetrySchedule.parse(List.of("10s"));

        assertThat(schedule.after(1, 0)).contains(Duration.ofSeconds(10));
        assertThat(schedule.after(1, 0.5)).contains(Duration.ofSeconds(11));
        assertThat(schedule.after(1, 1)).contains(Duration.ofSeconds(12));
        assertThat(schedule.after(2, 0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "0s", "-5s", "5 s", "1.5h", "2d", "9999999s"})
    void what_is_no_delay_is_quoted(String text) {
        assertThatThrownBy(() -> RetrySchedule.parse(List.of("5s", text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + text + "\"");
    }
}
