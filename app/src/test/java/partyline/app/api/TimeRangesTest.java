package partyline.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.javalin.http.Context;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.conversations.TimeRange;

/// What a range of a list takes in where clocks are changed.
class TimeRangesTest {

    @ParameterizedTest(name = "{0}: {1} to {2} takes in {3} and not {4}")
    @CsvSource({
        // An end that is there twice is the later one, and a beginning the earlier one.
        "America/New_York, 2026-11-01, 2026-11-01T01:45:00, 2026-11-01T06:45:00Z, 2026-11-01T06:45:01Z",
        "America/New_York, 2026-11-01T01:30:00, 2026-11-01, 2026-11-01T05:30:00Z, 2026-11-01T05:29:59Z",
        // What is left out when clocks go forward is the moment at which they do.
        "America/New_York, 2026-03-08T02:30:00, 2026-03-08, 2026-03-08T07:00:00Z, 2026-03-08T06:59:59Z",
        "America/New_York, 2026-03-08, 2026-03-08T02:30:00, 2026-03-08T07:00:00Z, 2026-03-08T07:00:01Z",
        // A day of 25 hours, and one that begins at one o'clock.
        "America/New_York, 2026-11-01, 2026-11-01, 2026-11-02T04:59:59Z, 2026-11-02T05:00:00Z",
        "America/Santiago, 2026-09-06, 2026-09-06, 2026-09-06T04:00:00Z, 2026-09-06T03:59:59Z",
        // An offset says which of the two is meant.
        "America/New_York, 2026-11-01T01:30:00-05:00, 2026-11-01, 2026-11-01T06:30:00Z, 2026-11-01T05:30:00Z"
    })
    void a_change_of_the_clock_takes_no_message_away(String zone, String start, String end, Instant in, Instant out) {
        TimeRange range = range(Map.of("tz", zone, "start_datetime", start, "end_datetime", end));

        assertThat(takes(range, in)).isTrue();
        assertThat(takes(range, out)).isFalse();
    }

    @Test
    void without_a_zone_times_are_utc_and_without_an_end_the_range_is_open() {
        TimeRange range = range(Map.of("start_datetime", "2026-11-01T01:30:00"));

        assertThat(range.from()).contains(Instant.parse("2026-11-01T01:30:00Z"));
        assertThat(range.until()).isEmpty();
        assertThat(range(new HashMap<>())).isEqualTo(new TimeRange(Optional.empty(), Optional.empty()));
    }

    private static boolean takes(TimeRange range, Instant at) {
        return !at.isBefore(range.from().orElseThrow())
                && at.isBefore(range.until().orElseThrow());
    }

    private static TimeRange range(Map<String, String> query) {
        return TimeRanges.of((Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, method, arguments) -> {
                    assertThat(method.getName()).isEqualTo("queryParam");
                    return query.get((String) arguments[0]);
                }));
    }
}
