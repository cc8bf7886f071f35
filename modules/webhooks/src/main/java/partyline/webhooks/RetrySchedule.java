package partyline.webhooks;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import partyline.outbound.Exchange;

/// Whether and when to try again after a failed attempt; after the last delay's attempt a delivery is given up.
/// A wait is drawn from the delay and a fifth more, so that what failed together does not come back together.
public record RetrySchedule(List<Duration> delays) {

    /// The usual delays, over 22 hours in all.
    public static final List<String> USUAL = List.of("5s", "30s", "2m", "10m", "1h", "3h", "6h", "12h");

    private static final Duration LONGEST_ASKED = Duration.ofHours(1);
    /// How long a status that only says "not now" behind a proxy, and mostly "never" elsewhere, is tried again.
    private static final Duration DOUBT = Duration.ofHours(1);

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

    /// Whether another attempt may fare better.
    private enum Worth {
        ALWAYS,
        AT_FIRST,
        NEVER
    }

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

    /// When another attempt is due after number `attempts` (from 1) ended so at `now`; empty when that would be
    /// in vain.
    Optional<Instant> next(int attempts, Exchange exchange, Instant now) {
        double random = ThreadLocalRandom.current().nextDouble();
        Optional<Duration> wait = switch (worth(exchange)) {
            case ALWAYS -> after(attempts, random);
            case AT_FIRST ->
                after(attempts, random).filter(_ -> planned(attempts).compareTo(DOUBT) <= 0);
            case NEVER -> Optional.empty();
        };
        return wait.map(planned -> now.plus(longer(planned, asked(exchange, now))));
    }

    /// The longest wait there is.
    Duration longest() {
        return IntStream.rangeClosed(1, delays.size())
                .mapToObj(attempts -> after(attempts, 1).orElseThrow())
                .reduce(LONGEST_ASKED, RetrySchedule::longer);
    }

    /// The wait after the failed attempt number `attempts`; empty when that was the last. `random` is from 0 to
    /// 1.
    Optional<Duration> after(int attempts, double random) {
        if (attempts > delays.size()) {
            return Optional.empty();
        }
        long nanos = delays.get(attempts - 1).toNanos();
        return Optional.of(Duration.ofNanos(nanos + (long) (nanos * JITTER * random)));
    }

    /// All waits up to that one together.
    private Duration planned(int attempts) {
        return delays.stream().limit(attempts).reduce(Duration.ZERO, Duration::plus);
    }

    /// A proxy answers 404, or sends elsewhere, while what is behind it starts anew.
    private static Worth worth(Exchange exchange) {
        if (!(exchange instanceof Exchange.Answered answer)) {
            return Worth.ALWAYS;
        }
        return switch (answer.status()) {
            case 408, 425, 429 -> Worth.ALWAYS;
            case 404 -> Worth.AT_FIRST;
            default ->
                switch (Math.min(5, answer.status() / 100)) {
                    case 2, 4 -> Worth.NEVER;
                    case 5 -> Worth.ALWAYS;
                    default -> Worth.AT_FIRST;
                };
        };
    }

    /// What a busy receiver asked for with `Retry-After`, in seconds or as a date; an hour at most.
    private static Duration asked(Exchange exchange, Instant now) {
        if (!(exchange instanceof Exchange.Answered answer) || answer.status() != 429 && answer.status() != 503) {
            return Duration.ZERO;
        }
        String text = answer.headers().getOrDefault("retry-after", "").strip();
        try {
            Duration asked = text.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(text))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? other : one;
    }

    private static Duration delay(String text) {
        Matcher matcher = DELAY.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("has \"" + text + "\": write a delay like 5s, 2m or 1h");
        }
        return UNITS.getOrDefault(matcher.group(2), Duration.ZERO).multipliedBy(Long.parseLong(matcher.group(1)));
    }
}
