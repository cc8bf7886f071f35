package partyline.transport.internal;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import partyline.transport.Line;

/// Who may send on a line now, so that no line sends more in a minute than its service likes. Kept in memory: a restart
/// forgets a minute at most. Thread-safe.
public final class Pacing {

    private static final Duration WINDOW = Duration.ofMinutes(1);

    private final InstantSource clock;
    private final Map<String, Deque<Instant>> turns = new ConcurrentHashMap<>();

    public Pacing(InstantSource clock) {
        this.clock = clock;
    }

    /// Takes a turn; when there is none, how long to wait before asking again.
    public Optional<Duration> take(Line line) {
        int most = line.terms().pace().sendsPerMinute();
        if (most == 0) {
            return Optional.empty();
        }
        Deque<Instant> taken = turns.computeIfAbsent(line.id(), _ -> new ArrayDeque<>());
        synchronized (taken) {
            Instant now = clock.instant();
            taken.removeIf(at -> at.isAfter(now)); // the clock went back since
            while (!taken.isEmpty() && !taken.getFirst().plus(WINDOW).isAfter(now)) {
                taken.removeFirst();
            }
            if (taken.size() >= most) {
                return Optional.of(Duration.between(now, taken.getFirst().plus(WINDOW)));
            }
            taken.addLast(now);
            return Optional.empty();
        }
    }
}
