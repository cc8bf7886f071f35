package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import partyline.testkit.FakeClock;
import partyline.webhooks.ConcurrencyLimit.End;

class ConcurrencyLimitTest {

    private static final Duration SOON = Duration.ofMillis(3);

    private final FakeClock clock = new FakeClock();
    private final ConcurrencyLimit limit = new ConcurrencyLimit();

    @Test
    void four_calls_run_at_once() {
        assertThat(free()).isEqualTo(4);

        begin(4);
        assertThat(free()).isZero();

        end(End.NONE, SOON);
        assertThat(free()).isEqualTo(1);
    }

    @Test
    void quick_answers_allow_more_calls_at_once_and_a_slow_one_as_few_as_at_first() {
        begin(1);
        for (int call = 0; call < 50; call++) {
            begin(1);
            end(End.QUICK, SOON);
        }
        assertThat(free()).isEqualTo(31);

        begin(31);
        for (int call = 0; call < 31; call++) {
            end(End.SLOW, SOON);
        }
        assertThat(free()).isEqualTo(3);
    }

    @Test
    void after_some_failures_there_is_one_call_at_a_time_and_a_growing_rest_until_it_answers() {
        List<Duration> rests =
                Stream.generate(() -> fail(Duration.ofSeconds(2))).limit(30).toList();

        assertThat(rests.subList(0, 3)).containsOnly(Duration.ZERO);
        assertThat(rests.get(3)).isEqualTo(Duration.ofMillis(50));
        assertThat(rests.get(29)).isEqualTo(Duration.ofSeconds(1));
        fail(Duration.ofMillis(999));
        assertThat(free()).isZero();
        clock.advance(Duration.ofMillis(1));
        assertThat(free()).isEqualTo(1);

        begin(1);
        assertThat(end(End.QUICK, SOON)).isZero();

        assertThat(free()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void a_receiver_that_takes_seconds_counts_as_failing_until_it_answers_sooner() {
        assertThat(limit.failing()).isFalse();

        begin(1);
        end(End.SLOW, Duration.ofMillis(2_001));
        assertThat(limit.failing()).isTrue();

        begin(1);
        end(End.SLOW, Duration.ofMillis(2_000));
        assertThat(limit.failing()).isFalse();
    }

    @Test
    void a_receiver_is_prompt_while_it_answers_fast() {
        begin(2);
        assertThat(limit.prompt()).isFalse();

        end(End.QUICK, SOON);
        assertThat(limit.prompt()).isTrue();

        end(End.SLOW, SOON);
        assertThat(limit.prompt()).isFalse();
    }

    private Duration fail(Duration then) {
        begin(1);
        Duration rest = end(End.BAD, SOON);
        clock.advance(then);
        return rest;
    }

    private int free() {
        return limit.free(clock.instant());
    }

    private void begin(int calls) {
        for (int call = 0; call < calls; call++) {
            limit.begin();
        }
    }

    private Duration end(End end, Duration took) {
        return limit.end(end, took, clock.instant());
    }
}
