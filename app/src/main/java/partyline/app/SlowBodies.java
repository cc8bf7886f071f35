package partyline.app;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Cuts clients that trickle a body: after a grace it must have come at 512 bytes a second on average. Who sends
/// nothing at all meets the idle time-out. (Jetty's own handler for this counts the bytes of all requests together.)
final class SlowBodies extends Handler.Wrapper {

    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final long BYTES_A_SECOND = 512;

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return super.handle(new Timed(request), response, callback);
    }

    /// One request, whose chunks Jetty reads one after the other.
    private static final class Timed extends Request.Wrapper {

        private final long begin = System.nanoTime();
        private long bytes;

        private Timed(Request request) {
            super(request);
        }

        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk chunk = super.read();
            if (chunk == null || chunk.isLast()) {
                return chunk;
            }
            bytes += chunk.remaining();
            long elapsed = System.nanoTime() - begin;
            if (elapsed < GRACE.toNanos() || bytes >= BYTES_A_SECOND * TimeUnit.NANOSECONDS.toSeconds(elapsed)) {
                return chunk;
            }
            chunk.release();
            return Content.Chunk.from(new TimeoutException("the body comes too slowly"));
        }
    }
}
