package partyline.webhooks;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// How long to wait after each failed attempt; after the last delay's attempt a delivery is given up. A wait
/// is drawn from the delay and a fifth more, so that what failed together does not come back together.
public record RetrySchedule(List<Duration> delays) {

    /// The usual delays, over 22 hours in all.
    public static final List<String> USUAL = List.of("5s", "30s", "2m", "10m", "1h", "3h", "6h", "12h");

    private static final double JITTER = 0.2;
    private static final Pattern DELAY = Pattern.compile("([1-9][0-9]{0,5})(ms|s|m|h)");
    private static final Map<String, Duration> UNITS = Map.of(
            "ms",
            Duration.ofMillis(1),
            "s",
            Duration.ofSeconds(1),
            "m",
            Duration.ofMinutes(1),
            "h",
            Duration.ofHours(1));

    public RetrySchedule {
        delays = List.copyOf(delays);
    }

    /// The schedule that a configuration spells, each delay such as `5s`, `2m` or `1h`; an empty list never
    /// retries.
    ///
    /// @throws IllegalArgumentException with words that quote the first wrong delay, to be read after its
    /// key.
    public static RetrySchedule parse(List<String> delays) {
        return new RetrySchedule(delays.stream().map(RetrySchedule::delay).toList());
    }

    /// The wait after the failed attempt number `attempts` (from 1); empty when that was the last. `random`
    /// is from 0 to 1.
    Optional<Duration> after(int attempts, double random) {
        if (attempts > delays.size()) {
            return Optional.empty();
        }
        long nanos = delays.get(attempts - 1).toNanos();
        return Optional.of(Duration.ofNanos(nanos + (long) (nanos * JITTER * random)));
    }

    /// As [#after], but only while the waits up to then are no more than `span` together.
    Optional<Duration> after(int attempts, double random, Duration span) {
        Duration planned = delays.stream().limit(attempts).reduce(Duration.ZERO, Duration::plus);
        return planned.compareTo(span) <= 0 ? after(attempts, random) : Optional.empty();
    }

    /// The longest wait there is.
    Duration longest() {
        return IntStream.rangeClosed(1, delays.size())
                .mapToObj(attempts -> after(attempts, 1).orElseThrow())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private static Duration delay(String text) {
        Matcher matcher = DELAY.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("has \"" + text + "\": write a delay like 5s, 2m or 1h");
        }
        return UNITS.getOrDefault(matcher.group(2), Duration.ZERO).multipliedBy(Long.parseLong(matcher.group(1)));
    }
}
