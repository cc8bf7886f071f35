package partyline.drivers.bluebubbles;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/// Maps that forget.
final class Recent {

    private Recent() {}

    /// Holds at most `most` entries; the first that was put in goes first. Thread-safe.
    static <K, V> Map<K, V> map(int most) {
        return map(most, false, _ -> true);
    }

    /// Holds about `most` entries; what was not asked for the longest goes, unless it `mayGo` only later. Thread-safe.
    static <K, V> Map<K, V> used(int most, Predicate<V> mayGo) {
        return map(most, true, mayGo);
    }

    private static <K, V> Map<K, V> map(int most, boolean byUse, Predicate<V> mayGo) {
        return Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, byUse) {

            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most && mayGo.test(eldest.getValue());
            }
        });
    }
}
