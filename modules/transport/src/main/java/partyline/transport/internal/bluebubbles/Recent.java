package partyline.transport.internal.bluebubbles;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/// Maps that forget what was put in first.
final class Recent {

    private Recent() {}

    /// Holds at most `most` entries. Thread-safe.
    static <K, V> Map<K, V> map(int most) {
        return Collections.synchronizedMap(new LinkedHashMap<>() {

            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        });
    }
}
