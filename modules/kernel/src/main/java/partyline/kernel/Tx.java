package partyline.kernel;

import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// A write transaction in progress, handed to the unit of work that runs in it.
///
/// It is good for that unit alone: not to be kept, not to be used by another thread.
public final class Tx {

    private final Handle handle;
    private final List<Runnable> afterCommit = new ArrayList<>();

    Tx(Handle handle) {
        this.handle = handle;
    }

    public Handle handle() {
        return handle;
    }

    /// Runs `wake` once this unit is on disk, on the thread that asked for the write; never when it was rolled back.
    /// The only place where memory (caches, lanes) may change.
    public void afterCommit(Runnable wake) {
        afterCommit.add(wake);
    }

    List<Runnable> wakes() {
        return afterCommit;
    }
}
