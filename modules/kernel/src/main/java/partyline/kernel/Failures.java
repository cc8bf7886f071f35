package partyline.kernel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// How often in a row the first item of each queue failed with an exception, so that one that always does is
/// set aside and does not stop the rest for ever. Kept in memory: a restart tries anew. Thread-safe.
public final class Failures<K> {

    private static final List<Duration> PAUSES =
            List.of(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(5));

    private record Failing(Object item, int times) {}

    private final ConcurrentMap<K, Failing> failing = new ConcurrentHashMap<>();

    public Failures() {}

    /// Counts that `item`, the first of `queue`, failed once more. When to try it again; empty when it is to
    /// be set aside.
    public Optional<Duration> failed(K queue, Object item) {
        Failing now = failing.compute(
                queue,
                (_, before) ->
                        new Failing(item, before != null && before.item().equals(item) ? before.times() + 1 : 1));
        return now.times() > PAUSES.size() ? Optional.empty() : Optional.of(PAUSES.get(now.times() - 1));
    }

    /// All went well.
    public void clear(K queue) {
        failing.remove(queue);
    }
}
