package partyline.app.operator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import partyline.app.config.DataFolder;
import partyline.kernel.StartupFailure;

/// Keeps a server still that was restored to be looked at: it answers, takes in and writes down, but what would reach
/// people or receivers does not start before [#end]. A mark in the data folder says so, which a restart finds again.
/// Thread-safe.
public final class Quarantine {

    private final DataFolder folder;
    private final List<Runnable> held = new ArrayList<>();
    private volatile boolean on;

    public Quarantine(DataFolder folder) {
        this.folder = folder;
        this.on = folder.isInQuarantine();
    }

    public boolean isOn() {
        return on;
    }

    /// Runs `start` now or, in quarantine, at its end.
    public synchronized void start(Runnable start) {
        if (on) {
            held.add(start);
        } else {
            start.run();
        }
    }

    /// Lets what was held start, in its order. Whether there was a quarantine.
    ///
    /// @throws StartupFailure when the mark cannot be taken away; the quarantine goes on then.
    public synchronized boolean end() {
        try {
            if (!folder.endQuarantine()) {
                return false;
            }
        } catch (IOException e) {
            throw new StartupFailure("The data folder cannot be written (" + e + "): change its owner.", e);
        }
        on = false;
        held.forEach(Runnable::run);
        held.clear();
        return true;
    }
}
