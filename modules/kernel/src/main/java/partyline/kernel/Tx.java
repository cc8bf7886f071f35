package partyline.kernel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/// A write transaction in progress, handed to the unit of work that runs in it.
///
/// It is good for that unit alone: not to be kept, not to be used by another thread.
public final class Tx {

    private final Handle handle;
    private final Cache memory;
    private final List<Runnable> onCommit = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();

    Tx(Handle handle, Cache memory) {
        this.handle = handle;
        this.memory = memory;
    }

    public Handle handle() {
        return handle;
    }

    /// Runs one statement; `values` take the places of its `?` in order. Returns how many rows it changed.
    ///
    /// For what every message does: [#handle] binds by name, but takes as long to get ready as SQLite to run.
    public int run(String sql, @Nullable Object... values) {
        return Rows.run(handle, sql, values);
    }

    /// What `read` finds, read once and remembered beyond this unit, for what is asked with every message and rarely
    /// changes. Whoever changes what `read` looks at must [#forget] this kind of question in the same unit.
    public <V> V remembered(Record question, Supplier<V> read) {
        return memory.answer(question, read);
    }

    /// Lets all questions of a kind be read again.
    public void forget(Class<? extends Record> kind) {
        memory.forget(kind);
    }

    /// Lets everything be read again.
    void forgetAll() {
        memory.forgetAll();
    }

    /// Runs `note` once this unit is on disk, on the writer's thread, in the order in which units were committed; never
    /// when it was rolled back. Everybody waits for it: it may note something in memory and nothing else.
    public void onCommit(Runnable note) {
        onCommit.add(note);
    }

    List<Runnable> notes() {
        return onCommit;
    }

    /// Runs `wake` once this unit is on disk, on the thread that asked for the write; never when it was rolled back.
    /// With [#onCommit] the only place where memory (caches, lanes) may change.
    public void afterCommit(Runnable wake) {
        afterCommit.add(wake);
    }

    List<Runnable> wakes() {
        return afterCommit;
    }

    /// What the writer read and will read again for the next message: the answers to the questions that were
    /// asked last. Nobody else writes, so an answer holds until a unit changes what it was read from, or is
    /// rolled back. Used by the writer's thread alone.
    static final class Cache {

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
}
