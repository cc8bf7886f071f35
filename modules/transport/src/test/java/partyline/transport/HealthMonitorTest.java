package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import partyline.kernel.Id;
import partyline.kernel.Meters;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver.Health;

/// What the transport makes of how its lines do.
class LineWatchTest {

    private static final Instant NOON = Instant.parse("2026-06-01T12:00:00Z");
    private static final SendResult ACCEPTED = new SendResult.Accepted("p1", Service.IMESSAGE, false);
    private static final SendResult UNKNOWN = new SendResult.Unknown("no answer");

    private Instant now = NOON;
    private final LineTraffic traffic = new LineTraffic(new Meters(), () -> now, List.of());
    private final LineHealth vitals = new LineHealth(() -> now, traffic);

    @Test
    void each_change_between_up_and_down_is_told_once() {
        assertThat(told(
                        Health.State.UP,
                        Health.State.DOWN,
                        Health.State.DOWN,
                        Health.State.DEGRADED,
                        Health.State.UP,
                        Health.State.DOWN))
                .containsExactly(true, false, true);
    }

    @Test
    void a_line_that_was_not_asked_yet_is_told_neither_as_down_nor_as_back() {
        assertThat(told(Health.State.UNKNOWN, Health.State.UNKNOWN, Health.State.UP, Health.State.DEGRADED))
                .isEmpty();
        assertThat(told(Health.State.UNKNOWN, Health.State.DOWN, Health.State.UP))
                .containsExactly(true, false);
    }

    @Test
    void a_line_that_was_not_asked_yet_is_not_down() {
        Health health = new Health(Health.State.UNKNOWN, "");

        assertThat(vitals.status(line(Line.Pace.NONE), health).down()).isFalse();
    }

    /// What a watch tells that sees a line in these states, one after the other: true when it is down.
    private List<Boolean> told(Health.State... states) {
        List<Health.State> said = new ArrayList<>(List.of(states));
        List<Boolean> told = new ArrayList<>();
        try (HealthMonitor watch = new HealthMonitor(
                () -> List.of(vitals.status(line(Line.Pace.NONE), new Health(said.removeFirst(), "why"))),
                status -> told.add(status.down()))) {
            for (int look = 0; look < states.length; look++) {
                watch.run();
            }
        }
        return told;
    }

    @Test
    void sends_that_fail_in_a_row_make_a_line_degraded_until_one_succeeds() {
        Line line = line(Line.Pace.NONE);

        for (int send = 0; send < 3; send++) {
            assertThat(state(line)).isEqualTo(Health.State.UP);
            traffic.sent("line", UNKNOWN, 0);
            traffic.sent("line", new SendResult.NotSent("not now", Optional.of(Duration.ofSeconds(1))), 0);
        }

        LineStatus status = vitals.status(line, Health.UP);
        assertThat(status.health().state()).isEqualTo(Health.State.DEGRADED);
        assertThat(status.failuresInARow()).isEqualTo(3);
        traffic.sent("line", ACCEPTED, 0);
        assertThat(state(line)).isEqualTo(Health.State.UP);
    }

    @Test
    void what_was_heard_delivered_and_dropped_is_remembered() {
        traffic.heard("line");
        now = NOON.plusSeconds(5);
        traffic.receipt(new Receipt("line", "p1", Receipt.Kind.DELIVERED, now, Optional.empty(), Optional.empty()));
        traffic.dropped("line", "group");
        traffic.dropped("line", "group");

        LineStatus status = vitals.status(line(Line.Pace.NONE), Health.UP);

        assertThat(status.lastInbound()).contains(NOON);
        assertThat(status.lastDelivered()).contains(NOON.plusSeconds(5));
        assertThat(status.dropped()).containsEntry("group", 2L);
    }

    @Test
    void a_paced_line_gives_so_many_turns_in_any_minute_and_says_how_long_to_wait() {
        SendRateLimiter pacing = new SendRateLimiter(() -> now);
        Line line = line(new Line.Pace(2, 0, 0));

        assertThat(pacing.take(line, send())).isEmpty();
        now = NOON.plusSeconds(20);
        assertThat(pacing.take(line, send())).isEmpty();
        assertThat(pacing.take(line, send())).contains(Duration.ofSeconds(40));
        now = NOON.plusSeconds(60);
        assertThat(pacing.take(line, send())).isEmpty();
        assertThat(pacing.take(line, send())).contains(Duration.ofSeconds(20));
    }

    @Test
    void a_send_whose_write_runs_again_takes_one_turn() {
        SendRateLimiter pacing = new SendRateLimiter(() -> now);
        Line line = line(new Line.Pace(2, 0, 0));
        Id send = send();

        assertThat(pacing.take(line, send)).isEmpty();
        assertThat(pacing.take(line, send)).isEmpty();
        assertThat(pacing.take(line, send())).isEmpty();
        assertThat(pacing.take(line, send)).isEmpty();
        assertThat(pacing.take(line, send())).contains(Duration.ofMinutes(1));
    }

    private static Id send() {
        return new Id(UUID.randomUUID());
    }

    private Health.State state(Line line) {
        return vitals.status(line, Health.UP).health().state();
    }

    private static Line line(Line.Pace pace) {
        Line.Terms terms = new Line.Terms(Line.Fallback.SMS, Optional.empty(), false, pace);
        return new Line("line", new PhoneNumber("+12025550101"), Set.of(Line.Role.POOL), "test", terms);
    }

    @Test
    void a_message_that_waits_for_minutes_makes_a_line_degraded_with_a_sentence() {
        Line line = line(Line.Pace.NONE);
        vitals.queued(Map.of("line", NOON));
        now = NOON.plus(Duration.ofMinutes(5));
        assertThat(state(line)).isEqualTo(Health.State.UP);

        now = NOON.plus(Duration.ofMinutes(12));

        Health seen = vitals.status(line, Health.UP).health();
        assertThat(seen.state()).isEqualTo(Health.State.DEGRADED);
        assertThat(seen.detail()).contains("12 minutes");
        vitals.queued(Map.of());
        assertThat(state(line)).isEqualTo(Health.State.UP);
    }
}
