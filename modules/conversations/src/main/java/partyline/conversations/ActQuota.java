package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import partyline.kernel.Id;

/// How often an agent may do a thing that shows on the phone at once, in one conversation: so often in any period.
/// Remembered while the program runs, for the conversations that were busy last. Thread-safe.
final class ActQuota {

    private static final int REMEMBERED = 10_000;

    private final InstantSource clock;
    private final int most;
    private final Duration period;
    private final Map<Id, Deque<Instant>> acts = new LinkedHashMap<>(16, 0.75f, true) {

        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Id, Deque<Instant>> eldest) {
            return size() > REMEMBERED;
        }
    };

    ActQuota(InstantSource clock, int most, Duration period) {
        this.clock = clock;
        this.most = most;
        this.period = period;
    }

    /// Takes one from the conversation's share; when it is used up, how long until there is one again.
    synchronized Optional<Duration> take(Id conversation) {
        Instant now = clock.instant();
        Deque<Instant> last = acts.computeIfAbsent(conversation, _ -> new ArrayDeque<>());
        last.removeIf(at -> at.isAfter(now) || !at.isAfter(now.minus(period)));
        if (last.size() >= most) {
            return Optional.of(Duration.between(now, last.getFirst().plus(period)));
        }
        last.add(now);
        return Optional.empty();
    }
}
