package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.testkit.FakeClock;
import partyline.webhooks.ConcurrencyLimit.End;

class ConcurrencyLimitTest {

    private final FakeClock clock = new FakeClock();
    private final Ids ids = new Ids(clock);
    private final Id subscription = ids.next();
    private final ConcurrencyLimit pace = new ConcurrencyLimit();

    @Test
    void four_calls_run_at_once_and_no_delivery_twice() {
        List<Id> deliveries = Stream.generate(ids::next).limit(5).toList();

        assertThat(take(deliveries.get(0))).isTrue();
        assertThat(take(deliveries.get(0))).isFalse();
        assertThat(deliveries.subList(1, 4)).allMatch(this::take);
        assertThat(take(deliveries.get(4))).isFalse();
        assertThat(pace.take(ids.next(), deliveries.get(4), clock.instant())).isTrue();

        pace.answered(subscription, deliveries.get(0));

        assertThat(take(deliveries.get(0))).isFalse();
        assertThat(take(deliveries.get(4))).isTrue();
    }

    @Test
    void quick_answers_allow_more_calls_at_once_and_a_slow_one_as_few_as_at_first() {
        Id other = ids.next();
        assertThat(take(other)).isTrue();

        Stream.generate(ids::next).limit(50).forEach(delivery -> {
            assertThat(take(delivery)).isTrue();
            free(delivery, End.QUICK);
        });

        List<Id> many = Stream.generate(ids::next).limit(32).toList();
        assertThat(many.subList(0, 31)).allMatch(this::take);
        assertThat(take(many.get(31))).isFalse();
        many.subList(0, 31).forEach(delivery -> free(delivery, End.SLOW));
        assertThat(many.subList(0, 3)).allMatch(this::take);
        assertThat(take(many.get(3))).isFalse();
    }

    @Test
    void after_some_failures_there_is_one_call_at_a_time_and_a_growing_rest_until_it_answers() {
        List<Duration> rests =
                Stream.generate(() -> fail(Duration.ofSeconds(2))).limit(30).toList();

        assertThat(rests.subList(0, 3)).containsOnly(Duration.ZERO);
        assertThat(rests.get(3)).isEqualTo(Duration.ofMillis(50));
        assertThat(rests.get(29)).isEqualTo(Duration.ofSeconds(1));
        fail(Duration.ofMillis(999));
        assertThat(take(ids.next())).isFalse();
        clock.advance(Duration.ofMillis(1));
        Id probe = ids.next();
        assertThat(take(probe)).isTrue();
        assertThat(take(ids.next())).isFalse();

        assertThat(free(probe, End.QUICK)).isZero();

        assertThat(Stream.generate(ids::next).limit(4)).allMatch(this::take);
    }

    @Test
    void a_receiver_that_takes_seconds_counts_as_failing_until_it_answers_sooner() {
        assertThat(pace.failing(subscription)).isFalse();

        pace.took(subscription, Duration.ofMillis(2_001));
        free(ids.next(), End.SLOW);
        assertThat(pace.failing(subscription)).isTrue();

        pace.took(subscription, Duration.ofMillis(2_000));
        assertThat(pace.failing(subscription)).isFalse();
    }

    @Test
    void a_receiver_is_prompt_while_it_answers_fast() {
        Id waiting = ids.next();
        assertThat(take(waiting)).isTrue();
        assertThat(pace.prompt(subscription)).isFalse();

        assertThat(take(ids.next())).isTrue();
        free(ids.next(), End.QUICK);
        assertThat(pace.prompt(subscription)).isTrue();

        free(ids.next(), End.SLOW);
        assertThat(pace.prompt(subscription)).isFalse();
    }

    private Duration fail(Duration then) {
        Id delivery = ids.next();
        assertThat(take(delivery)).isTrue();
        Duration rest = free(delivery, End.BAD);
        clock.advance(then);
        return rest;
    }

    private boolean take(Id delivery) {
        return pace.take(subscription, delivery, clock.instant());
    }

    private Duration free(Id delivery, End end) {
        return pace.free(subscription, delivery, end, clock.instant());
    }
}
