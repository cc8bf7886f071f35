package partyline.drivers;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import partyline.kernel.Id;

/// How fast a line may send: so many in any second, hour or day. Who comes too early gets a place in the queue and is
/// told when to come again, so that two that wait never ask for the same place. It begins anew at every start.
/// Thread-safe.
public final class RateLimiter {

    /// At most `most` in any `window`; 0 is no bound.
    public record Limit(int most, Duration window) {}

    private static final Duration UNCLAIMED = Duration.ofMinutes(10);

    private final List<Limit> limits;
    private final Duration longest;
    /// When something was sent or will be, oldest first.
    private final List<Instant> places = new ArrayList<>();

    private final Map<Id, Instant> reserved = new HashMap<>();

    public RateLimiter(List<Limit> limits) {
        this.limits = limits.stream().filter(limit -> limit.most() > 0).toList();
        this.longest = this.limits.stream()
                .map(Limit::window)
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /// Zero when `message` may go now; else how long to wait.
    public synchronized Duration wait(Id message, Instant now) {
        places.removeIf(place -> place.plus(longest).isBefore(now));
        reserved.values().removeIf(place -> place.plus(UNCLAIMED).isBefore(now));
        Instant place = reserved.get(message);
        if (place == null) {
            place = next(now);
            places.add(place);
            reserved.put(message, place);
        }
        if (place.isAfter(now)) {
            return Duration.between(now, place);
        }
        reserved.remove(message);
        return Duration.ZERO;
    }

    private Instant next(Instant now) {
        Instant next = places.isEmpty() || places.getLast().isBefore(now) ? now : places.getLast();
        for (Limit limit : limits) {
            if (places.size() >= limit.most()) {
                Instant free = places.get(places.size() - limit.most()).plus(limit.window());
                next = free.isAfter(next) ? free : next;
            }
        }
        return next;
    }
}
