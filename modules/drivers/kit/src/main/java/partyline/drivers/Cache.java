package partyline.drivers;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The newest ten thousand things that are known about people, each until it is too old. Thread-safe.
public final class Cache<K, V> {

    private static final int MOST = 10_000;

    private record Entry<V>(V value, Instant until) {}

    private final Map<K, Entry<V>> entries = new LinkedHashMap<>();

    public Cache() {}

    public synchronized Optional<V> get(K key, Instant now) {
        @Nullable Entry<V> entry = entries.get(key);
        return entry == null || entry.until().isBefore(now) ? Optional.empty() : Optional.of(entry.value());
    }

    public synchronized void put(K key, V value, Instant now, Duration lifetime) {
        entries.remove(key);
        entries.put(key, new Entry<>(value, now.plus(lifetime)));
        if (entries.size() > MOST) {
            entries.remove(entries.keySet().iterator().next());
        }
    }

    public synchronized void remove(K key) {
        entries.remove(key);
    }
}
