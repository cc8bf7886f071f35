package partyline.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What was opened and must be closed, newest first; one that fails does not keep the others open.
final class Closeables implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Closeables.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private volatile boolean failed;

    <T extends AutoCloseable> T add(T resource) {
        open.push(resource);
        return resource;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception | Error e) {
                failed = true;
                LOG.error("event=close_failed fix=\"report this, it is a bug; the stop goes on\"", e);
            }
        }
    }

    /// Whether something could not be closed.
    boolean failed() {
        return failed;
    }
}
