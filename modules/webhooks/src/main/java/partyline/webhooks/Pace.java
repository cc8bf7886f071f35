package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import partyline.kernel.Id;

/// How hard each subscription's receiver may be called: four calls at once while it answers; after some failures in a
/// row one at a time, with a growing rest of at most a second between them, until it answers again.
///
/// So a dead receiver with a long queue costs next to nothing, and one that comes back gets its queue at full speed.
/// Thread-safe.
final class Pace {

    static final int MOST_AT_ONCE = 4;
    private static final int FAILURES_FORGIVEN = 3;
    private static final Duration REST = Duration.ofMillis(50);
    private static final Duration LONGEST_REST = Duration.ofSeconds(1);

    /// How a call ended, as far as the pace goes.
    enum End {
        GOOD,
        BAD,
        /// There was no call.
        NONE
    }

    private static final class State {

        private final Set<Id> underWay = new HashSet<>();
        private int failures;
        private Instant restsUntil = Instant.MIN;
    }

    private final Map<Id, State> states = new HashMap<>();

    /// Whether the receiver failed so often in a row that it gets one call at a time.
    synchronized boolean failing(Id subscription) {
        State state = states.get(subscription);
        return state != null && state.failures > FAILURES_FORGIVEN;
    }

    /// Claims a call; false when the delivery is under way already or the receiver has enough.
    synchronized boolean take(Id subscription, Id delivery, Instant now) {
        State state = states.computeIfAbsent(subscription, _ -> new State());
        int most = state.failures > FAILURES_FORGIVEN ? 1 : MOST_AT_ONCE;
        return state.underWay.size() < most && !now.isBefore(state.restsUntil) && state.underWay.add(delivery);
    }

    /// Gives a claim back and returns how long to let the receiver rest.
    synchronized Duration free(Id subscription, Id delivery, End end, Instant now) {
        State state = states.computeIfAbsent(subscription, _ -> new State());
        state.underWay.remove(delivery);
        switch (end) {
            case GOOD -> {
                state.failures = 0;
                state.restsUntil = Instant.MIN;
            }
            case BAD -> state.failures++;
            case NONE -> {}
        }
        int excess = state.failures - FAILURES_FORGIVEN;
        if (end == End.BAD && excess > 0) {
            Duration rest = REST.multipliedBy(excess);
            Duration bounded = rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST;
            state.restsUntil = now.plus(bounded);
            return bounded;
        }
        if (state.failures == 0 && state.underWay.isEmpty()) {
            states.remove(subscription);
        }
        return Duration.ZERO;
    }
}
