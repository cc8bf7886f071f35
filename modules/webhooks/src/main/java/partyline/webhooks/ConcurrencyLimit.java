package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;

/// How hard one receiver may be called: four calls at once at first, one more after every quick answer up to
/// thirty-two, and four again when it takes its time or fails. After some failures in a row it is one at a time, with a
/// growing rest of at most a second between them, until it answers again.
///
/// So a small receiver is not flooded, a fast one is not held up, a dead one with a long queue costs next to nothing,
/// and one that comes back gets its queue at full speed. Its consumer's lock guards it.
final class ConcurrencyLimit {

    private static final int AT_FIRST = 4;
    private static final int MOST_AT_ONCE = 32;
    private static final int FAILURES_FORGIVEN = 3;
    private static final Duration LATE = Duration.ofSeconds(2);
    private static final Duration REST = Duration.ofMillis(50);
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    /// How a call ended, as far as the pace goes.
    enum End {
        QUICK,
        SLOW,
        BAD,
        /// There was no call.
        NONE
    }

    private int calls;
    private int most = AT_FIRST;
    private int failures;
    private Instant restsUntil = Instant.MIN;

    /// Whether the last call took so long that the next ones must not stand in the way of others.
    private boolean late;

    /// Whether the receiver failed so often in a row that it gets one call at a time, or took seconds for the last one,
    /// which is a kind of failing for all who wait for a place.
    boolean failing() {
        return late || failures > FAILURES_FORGIVEN;
    }

    /// Whether the receiver answered its last calls fast.
    boolean prompt() {
        return most > AT_FIRST;
    }

    /// How many more calls may begin.
    int free(Instant now) {
        int bound = failures > FAILURES_FORGIVEN ? 1 : most;
        return now.isBefore(restsUntil) ? 0 : bound - calls;
    }

    void begin() {
        calls++;
    }

    /// Ends a call that took so long, and returns how long to let the receiver rest.
    Duration end(End end, Duration took, Instant now) {
        calls--;
        if (end == End.NONE) {
            return Duration.ZERO;
        }
        late = took.compareTo(LATE) > 0;
        if (end != End.BAD) {
            failures = 0;
            restsUntil = Instant.MIN;
            most = end == End.SLOW ? AT_FIRST : Math.min(MOST_AT_ONCE, most + 1);
            return Duration.ZERO;
        }
        failures++;
        most = AT_FIRST;
        int excess = failures - FAILURES_FORGIVEN;
        if (excess <= 0) {
            return Duration.ZERO;
        }
        Duration rest = REST.multipliedBy(excess);
        Duration bounded = rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST;
        restsUntil = now.plus(bounded);
        return bounded;
    }
}
