package partyline.drivers.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import partyline.kernel.PhoneNumber;

/// The lines' typing bubbles, which hide by themselves. Kept in memory alone. Thread-safe.
final class TypingBubbles {

    /// After this a bubble is gone, unless it was shown again.
    static final Duration LIFETIME = Duration.ofSeconds(60);

    private final Map<Bubble.Thread, Instant> until = new ConcurrentHashMap<>();

    /// Shows the bubble on this person's phone, or keeps it shown.
    void show(PhoneNumber person, PhoneNumber line, Instant now) {
        until.put(new Bubble.Thread(person, line), now.plus(LIFETIME));
    }

    /// False when it was not shown.
    boolean hide(PhoneNumber person, PhoneNumber line) {
        return until.remove(new Bubble.Thread(person, line)) != null;
    }

    boolean isShown(Bubble.Thread thread, Instant now) {
        Instant end = until.get(thread);
        return end != null && end.isAfter(now);
    }

    /// Forgets what has run out on this person's phone; false when nothing has.
    boolean expire(PhoneNumber person, Instant now) {
        return until.entrySet()
                .removeIf(entry -> entry.getKey().person().equals(person)
                        && !entry.getValue().isAfter(now));
    }
}
