package partyline.app.http;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Cuts clients that trickle a body: every 512 bytes buy a second of waiting for more, and no more than fifteen seconds
/// can be saved up, so that a quick beginning pays for no slow end. Who sends nothing at all meets the idle time-out.
/// (Jetty's own handler for this counts the bytes of all requests together.)
final class SlowBodies extends Handler.Wrapper {

    private static final long GRACE = Duration.ofSeconds(2).toNanos();
    private static final long MOST_SAVED = Duration.ofSeconds(15).toNanos();
    private static final long NANOS_A_BYTE = Duration.ofSeconds(1).toNanos() / 512;

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        return super.handle(new Timed(request, System::nanoTime), response, callback);
    }

    /// One request, whose chunks Jetty reads one after the other.
    static final class Timed extends Request.Wrapper {

        private final LongSupplier nanos;
        private long saved = GRACE;
        private long waitingSince;
        private boolean waiting;

        Timed(Request request, LongSupplier nanos) {
            super(request);
            this.nanos = nanos;
        }

        /// Only what the client lets us wait counts: not how long the handler takes over a piece.
        @Override
        public Content.@Nullable Chunk read() {
            Content.Chunk chunk = super.read();
            if (chunk == null) {
                waitingSince = waiting ? waitingSince : nanos.getAsLong();
                waiting = true;
                return null;
            }
            saved -= waiting ? nanos.getAsLong() - waitingSince : 0;
            waiting = false;
            if (chunk.isLast() || saved >= 0) {
                saved = Math.min(MOST_SAVED, saved + NANOS_A_BYTE * chunk.remaining());
                return chunk;
            }
            chunk.release();
            return Content.Chunk.from(new TimeoutException("the body comes too slowly"));
        }
    }
}
