package partyline.drivers;

import java.util.LinkedHashSet;
import java.util.Set;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;

/// The messages that a line's service seemed to bring, in calls whose proof was wrong. When its list then
/// has one of them, it was the service that called, and the operator gave us another key: nothing else
/// would tell, since the list brings every text, late. Thread-safe.
public final class RefusedCalls {

    private static final int MOST = 1_000;

    private final Set<String> messages = new LinkedHashSet<>();
    private boolean theirs;

    public RefusedCalls() {}

    public synchronized void refused(String message) {
        messages.add(message);
        if (messages.size() > MOST) {
            messages.remove(messages.iterator().next());
        }
    }

    /// A call came with the right proof.
    public synchronized void proven() {
        messages.clear();
        theirs = false;
    }

    /// The service's own list has this message.
    public synchronized void listed(String message) {
        theirs |= messages.remove(message);
    }

    /// How the line is, given how it looked otherwise; `detail` says what to do.
    public synchronized Health on(Health seen, String detail) {
        return theirs && seen.state() == State.UP ? new Health(State.DEGRADED, detail) : seen;
    }
}
