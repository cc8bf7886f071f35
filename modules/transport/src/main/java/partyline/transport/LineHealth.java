package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import partyline.transport.Driver.Health;

/// How lines are, by what their drivers say and by what passes over them: a driver may think that all is well while
/// nothing gets through. Thread-safe.
final class LineHealth {

    /// So many sends that failed one after the other make a line a sick one.
    private static final int SICK = 3;
    /// So long may a message wait in a healthy line's queue.
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// So long a line that gave a name twice is shown as a sick one.
    private static final Duration MISNAMED = Duration.ofHours(1);

    private final InstantSource clock;
    private final LineTraffic traffic;
    private volatile Map<String, Instant> queued = Map.of();

    LineHealth(InstantSource clock, LineTraffic traffic) {
        this.clock = clock;
        this.traffic = traffic;
    }

    /// Since when the oldest message of each line that has any waits to be sent.
    void queued(Map<String, Instant> oldest) {
        queued = Map.copyOf(oldest);
    }

    /// How `line` is, given what its driver says.
    LineStatus status(Line line, Health said) {
        LineTraffic.Passed passed = traffic.of(line.id());
        return new LineStatus(
                line,
                said.state() == Health.State.UP ? trouble(line, passed).orElse(said) : said,
                passed.lastInbound(),
                passed.lastDelivered(),
                passed.failures(),
                passed.dropped());
    }

    /// What a driver that thinks that all is well does not see.
    private Optional<Health> trouble(Line line, LineTraffic.Passed passed) {
        int failures = passed.failures();
        if (failures >= SICK) {
            return Optional.of(
                    new Health(Health.State.DEGRADED, "The last " + failures + " sends failed: see the log."));
        }
        Instant now = clock.instant();
        return passed.lastMisnamed()
                .filter(it -> it.isAfter(now.minus(MISNAMED)))
                .map(_ -> new Health(
                        Health.State.DEGRADED,
                        "The line gave an id twice, for different things: its ids must be unique, also over restarts."))
                .or(() -> Optional.ofNullable(queued.get(line.id()))
                        .map(since -> Duration.between(since, now))
                        .filter(waited -> waited.compareTo(PATIENCE) > 0)
                        .map(waited -> new Health(
                                Health.State.DEGRADED,
                                "A message has waited for " + waited.toMinutes()
                                        + " minutes to be sent: see the log.")));
    }
}
