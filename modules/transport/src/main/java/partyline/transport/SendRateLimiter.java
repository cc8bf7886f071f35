package partyline.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import partyline.kernel.Id;

/// Who may send on a line now, so that no line sends more in a minute than its service likes. Kept in memory: a restart
/// forgets a minute at most. Thread-safe.
final class SendRateLimiter {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Map<String, Map<Id, Instant>> turns = new ConcurrentHashMap<>();

    SendRateLimiter(InstantSource clock) {
        this.clock = clock;
    }

    /// Takes a turn for `send` on a line that has a pace; when there is none, how long to wait before asking again.
    /// Whoever asks once more
    /// for the same within the minute has its turn: the write that took it ran again, or it was not sent.
    Optional<Duration> take(Line line, Id send) {
        int most = line.terms().pace().sendsPerMinute();
        Map<Id, Instant> taken = turns.computeIfAbsent(line.id(), _ -> new LinkedHashMap<>());
        synchronized (taken) {
            Instant now = clock.instant();
            // Those of the future are of a clock that went back since.
            taken.values().removeIf(at -> at.isAfter(now) || !at.plus(WINDOW).isAfter(now));
            if (taken.size() >= most && !taken.containsKey(send)) {
                Instant oldest = taken.values().iterator().next();
                return Optional.of(Duration.between(now, oldest.plus(WINDOW)));
            }
            taken.putIfAbsent(send, now);
            return Optional.empty();
        }
    }
}
