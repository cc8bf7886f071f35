package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import partyline.kernel.Id;

/// How hard each subscription's receiver may be called: four calls at once at first, one more after every
/// quick answer up to thirty-two, and four again when it takes its time or fails. After some failures in a
/// row it is one at a time, with a growing rest of at most a second between them, until it answers again.
///
/// So a small receiver is not flooded, a fast one is not held up, a dead one with a long queue costs next to
/// nothing, and one that comes back gets its queue at full speed. Thread-safe.
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

    private static final class State {

        /// The deliveries that are claimed; true while their call is on.
        private final Map<Id, Boolean> claimed = new HashMap<>();

        /// Whether more may be due than the last look saw.
        private boolean more;

        private int calls;
        private int most = AT_FIRST;
        private int failures;

        /// Whether the last call took so long that the next ones must not stand in the way of others.
        private boolean late;

        private Instant restsUntil = Instant.MIN;

        private int free(Instant now) {
            int bound = failures > FAILURES_FORGIVEN ? 1 : most;
            return now.isBefore(restsUntil) ? 0 : bound - calls;
        }
    }

    private final Map<Id, State> states = new HashMap<>();

    /// Whether the receiver failed so often in a row that it gets one call at a time, or took seconds for the
    /// last one, which is a kind of failing for all who wait for a place.
    synchronized boolean failing(Id subscription) {
        State state = states.get(subscription);
        return state != null && (state.late || state.failures > FAILURES_FORGIVEN);
    }

    /// Whether the receiver answered its last calls fast.
    synchronized boolean prompt(Id subscription) {
        State state = states.get(subscription);
        return state != null && state.most > AT_FIRST;
    }

    /// Notes how long a call took, however it ended.
    synchronized void took(Id subscription, Duration time) {
        states.computeIfAbsent(subscription, _ -> new State()).late = time.compareTo(LATE) > 0;
    }

    /// How many deliveries to look at so that those that are not claimed yet fill the free calls; 0 when none
    /// is free.
    synchronized int lookAhead(Id subscription, Instant now) {
        State state = states.computeIfAbsent(subscription, _ -> new State());
        state.more = true;
        int free = state.free(now);
        return free > 0 ? free + state.claimed.size() : 0;
    }

    /// A look saw the end of what is due. If a call is still free then none of that waits, and whatever
    /// becomes due later wakes the lane by itself.
    synchronized void sawAll(Id subscription, Instant now) {
        State state = states.get(subscription);
        if (state != null && state.free(now) > 0) {
            state.more = false;
            forgetIdle(subscription, state);
        }
    }

    /// Claims a call; false when the delivery is claimed already or the receiver has enough.
    synchronized boolean take(Id subscription, Id delivery, Instant now) {
        State state = states.computeIfAbsent(subscription, _ -> new State());
        if (state.free(now) <= 0 || state.claimed.putIfAbsent(delivery, true) != null) {
            return false;
        }
        state.calls++;
        return true;
    }

    /// Ends a call that went well: another may begin while its result is stored. False when none is known to
    /// wait.
    synchronized boolean answered(Id subscription, Id delivery) {
        State state = states.get(subscription);
        if (state != null && state.claimed.replace(delivery, true, false)) {
            state.calls--;
        }
        return state != null && state.more;
    }

    /// Whether a call is free and more may be due: the bound grows with every good end.
    synchronized boolean hasRoom(Id subscription, Instant now) {
        State state = states.get(subscription);
        return state != null && state.more && state.free(now) > 0;
    }

    /// Gives a claim back and returns how long to let the receiver rest.
    synchronized Duration free(Id subscription, Id delivery, End end, Instant now) {
        State state = states.computeIfAbsent(subscription, _ -> new State());
        if (Boolean.TRUE.equals(state.claimed.remove(delivery))) {
            state.calls--;
        }
        switch (end) {
            case QUICK, SLOW -> {
                state.failures = 0;
                state.restsUntil = Instant.MIN;
                state.most = end == End.SLOW ? AT_FIRST : Math.min(MOST_AT_ONCE, state.most + 1);
            }
            case BAD -> {
                state.failures++;
                state.most = AT_FIRST;
            }
            case NONE -> {}
        }
        int excess = state.failures - FAILURES_FORGIVEN;
        if (end == End.BAD && excess > 0) {
            Duration rest = REST.multipliedBy(excess);
            Duration bounded = rest.compareTo(LONGEST_REST) < 0 ? rest : LONGEST_REST;
            state.restsUntil = now.plus(bounded);
            return bounded;
        }
        forgetIdle(subscription, state);
        return Duration.ZERO;
    }

    private void forgetIdle(Id subscription, State state) {
        if (state.failures == 0 && !state.late && state.claimed.isEmpty() && !state.more) {
            states.remove(subscription);
        }
    }
}
