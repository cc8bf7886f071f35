package partyline.drivers;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import partyline.transport.LineSetup;

/// How far the list of a service was read, remembered over restarts. The first run begins when [#at] is first
/// asked: what was written before somebody connected this line is not for us. Lists are read from a little before
/// it, since clocks differ and some news is late. A list with a cursor of its own needs one too, for the first run
/// and for a cursor that the service has forgotten. Used by one thread.
public final class Bookmark {

    /// What bears a later date than this from now would hide all that comes until then.
    private static final Duration CLOCKS_DIFFER = Duration.ofHours(1);

    private final LineSetup setup;
    private final String key;
    private @Nullable Instant at;

    /// `key` names it among the notes of the driver.
    public Bookmark(LineSetup setup, String key) {
        this.setup = setup;
        this.key = key;
    }

    /// Up to here everything was read.
    public Instant at() {
        Instant known = at;
        return known != null
                ? known
                : setup.around()
                        .memory()
                        .recall(setup.line(), key)
                        .map(Instant::parse)
                        .orElseGet(() -> keep(setup.now()));
    }

    /// Something of `when` was read.
    public void pass(Instant when) {
        if (when.isAfter(at()) && when.isBefore(setup.now().plus(CLOCKS_DIFFER))) {
            at = when;
        }
    }

    /// Remembers where it is.
    public void keep() {
        if (at != null) {
            keep(at);
        }
    }

    private Instant keep(Instant where) {
        setup.around().memory().keep(setup.line(), key, where.toString());
        at = where;
        return where;
    }
}
