package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import partyline.transport.Driver.Health;

/// What passes over the lines, and what that says about them: a driver may think that all is well while nothing gets
/// through. Thread-safe.
final class LineHealth {

    /// So many sends that failed one after the other make a line a sick one.
    private static final int SICK = 3;
    /// So long may a message wait in a healthy line's queue.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// So long a line that gave a name twice is shown as a sick one.
    private static final Duration MISNAMED = Duration.ofHours(1);

    /// Of one line.
    private static final class Signs {

        private volatile @Nullable Instant inbound;
        private volatile @Nullable Instant delivered;
        private volatile @Nullable Instant queued;
        private volatile @Nullable Instant misnamed;
        private final AtomicInteger failures = new AtomicInteger();
        private final Map<String, LongAdder> dropped = new ConcurrentHashMap<>();
    }

    private final InstantSource clock;
    private final Map<String, Signs> lines = new ConcurrentHashMap<>();

    LineHealth(InstantSource clock) {
        this.clock = clock;
    }

    void heard(String line) {
        of(line).inbound = clock.instant();
    }

    /// It gave something the name of something else.
    void misnamed(String line) {
        of(line).misnamed = clock.instant();
    }

    void delivered(String line) {
        of(line).delivered = clock.instant();
    }

    void dropped(String line, String reason) {
        of(line).dropped.computeIfAbsent(reason, _ -> new LongAdder()).increment();
    }

    /// Since when the oldest message of each line that has any waits to be sent.
    void queued(Map<String, Instant> oldest) {
        oldest.keySet().forEach(this::of);
        lines.forEach((line, signs) -> signs.queued = oldest.get(line));
    }

    void sent(String line, SendResult result) {
        switch (result) {
            case SendResult.Accepted _, SendResult.Refused _ ->
                of(line).failures.set(0);
            case SendResult.NotSent notSent when notSent.pause().isPresent() -> {}
            case SendResult.NotSent _, SendResult.Unknown _ -> of(line).failures.incrementAndGet();
        }
    }

    /// How `line` is, given what its driver says.
    LineStatus status(Line line, Health said) {
        Signs signs = of(line.id());
        int failures = signs.failures.get();
        return new LineStatus(
                line,
                said.state() == Health.State.UP ? trouble(signs).orElse(said) : said,
                Optional.ofNullable(signs.inbound),
                Optional.ofNullable(signs.delivered),
                failures,
                signs.dropped.entrySet().stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, it -> it.getValue().sum())));
    }

    /// What a driver that thinks that all is well does not see.
    private Optional<Health> trouble(Signs signs) {
        int failures = signs.failures.get();
        if (failures >= SICK) {
            return Optional.of(
                    new Health(Health.State.DEGRADED, "The last " + failures + " sends failed: see the log."));
        }
        Instant now = clock.instant();
        return Optional.ofNullable(signs.misnamed)
                .filter(it -> it.isAfter(now.minus(MISNAMED)))
                .map(_ -> new Health(
                        Health.State.DEGRADED,
                        "The line gave an id twice, for different things: its ids must be unique, also over restarts."))
                .or(() -> Optional.ofNullable(signs.queued)
                        .map(since -> Duration.between(since, now))
                        .filter(waited -> waited.compareTo(PATIENCE) > 0)
                        .map(waited -> new Health(
                                Health.State.DEGRADED,
                                "A message has waited for " + waited.toMinutes()
                                        + " minutes to be sent: see the log.")));
    }

    private Signs of(String line) {
        return lines.computeIfAbsent(line, _ -> new Signs());
    }
}
