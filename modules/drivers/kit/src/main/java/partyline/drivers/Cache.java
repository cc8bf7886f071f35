package partyline.drivers;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The newest ten thousand things that are known about people, each until it is too old; and maps that
/// forget, for what does not age. Thread-safe.
public final class Cache<K, V> {

    private static final int MOST = 10_000;

    private record Entry<V>(V value, Instant at, Instant until) {}

    private final Map<K, Entry<V>> entries = newest(MOST);

    public Cache() {}

    public Optional<V> get(K key, Instant now) {
        @Nullable Entry<V> entry = entries.get(key);
        return entry == null || entry.until().isBefore(now) ? Optional.empty() : Optional.of(entry.value());
    }

    /// Keeps what was so at `at`; what is known of a later time stays.
    public void put(K key, V value, Instant at, Duration lifetime) {
        entries.merge(
                key,
                new Entry<>(value, at, at.plus(lifetime)),
                (before, now) -> before.at().isAfter(at) ? before : now);
    }

    /// Holds at most `most` entries; the first that was put in goes first. Thread-safe.
    public static <K, V> Map<K, V> newest(int most) {
        return bounded(most, false, _ -> true);
    }

    /// Holds about `most` entries; what was not asked for the longest goes, unless it `mayGo` only later. Thread-safe.
    public static <K, V> Map<K, V> used(int most, Predicate<V> mayGo) {
        return bounded(most, true, mayGo);
    }

    private static <K, V> Map<K, V> bounded(int most, boolean byUse, Predicate<V> mayGo) {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, byUse) {

            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most && mayGo.test(eldest.getValue());
            }
        });
    }
}
