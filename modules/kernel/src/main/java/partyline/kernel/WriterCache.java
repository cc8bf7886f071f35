package partyline.kernel;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the writer read and will read again for the next message: the answers to the questions that were asked last.
/// Nobody else writes, so an answer holds until a unit changes what it was read from, or is rolled back. Used by the
/// writer's thread alone.
final class WriterCache {

    private static final int MOST = 4_096;

    private final Map<Record, Object> answers = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Record, Object> eldest) {
            return size() > MOST;
        }
    };

    @SuppressWarnings("unchecked")
    <V> V answer(Record question, Supplier<V> read) {
        @Nullable Object known = answers.get(question);
        if (known != null) {
            return (V) known;
        }
        V found = read.get();
        answers.put(question, found);
        return found;
    }

    void forget(Class<? extends Record> kind) {
        answers.keySet().removeIf(kind::isInstance);
    }

    void forgetAll() {
        answers.clear();
    }
}
