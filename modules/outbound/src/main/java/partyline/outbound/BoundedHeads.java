package partyline.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.jspecify.annotations.Nullable;

/// Reads the heads of answers, each to a bound for all its lines together: Apache's limits are per line and per
/// number of lines, and their product, times the calls that are on at once, would fill a small heap. Heads that
/// only announce an answer (1xx) are bounded in number, since reading them for ten seconds costs a core. Thread-safe.
record BoundedHeads(Http1Config limits, int largest) implements HttpMessageParserFactory<ClassicHttpResponse> {

    private static final int MOST_HINTS = 20;

    @Override
    public HttpMessageParser<ClassicHttpResponse> create() {
        HttpMessageParser<ClassicHttpResponse> parser = new DefaultHttpResponseParser(limits);
        AtomicInteger hints = new AtomicInteger();
        return (buffer, in) -> {
            ClassicHttpResponse head = parser.parse(new Bounded(buffer, largest), in);
            if (head == null || head.getCode() >= HttpStatus.SC_OK) {
                hints.set(0);
            } else if (hints.incrementAndGet() > MOST_HINTS) {
                throw new MessageConstraintException("Maximum number of informational answers exceeded");
            }
            return head;
        };
    }

    /// What Apache's interface still asks for.
    @Override
    @Deprecated
    public HttpMessageParser<ClassicHttpResponse> create(@Nullable Http1Config ofConnection) {
        return create();
    }

    /// The connection's buffer while one head is read from it.
    private static final class Bounded implements SessionInputBuffer {

        private final SessionInputBuffer buffer;
        private int left;

        private Bounded(SessionInputBuffer buffer, int left) {
            this.buffer = buffer;
            this.left = left;
        }

        @Override
        public int readLine(CharArrayBuffer line, InputStream in) throws IOException {
            int read = buffer.readLine(line, in);
            left -= Math.max(0, read);
            if (left < 0) {
                throw new MessageConstraintException("Maximum head length exceeded");
            }
            return read;
        }

        @Override
        public int length() {
            return buffer.length();
        }

        @Override
        public int capacity() {
            return buffer.capacity();
        }

        @Override
        public int available() {
            return buffer.available();
        }

        @Override
        public int read(byte[] bytes, int offset, int length, InputStream in) throws IOException {
            return buffer.read(bytes, offset, length, in);
        }

        @Override
        public int read(byte[] bytes, InputStream in) throws IOException {
            return buffer.read(bytes, in);
        }

        @Override
        public int read(InputStream in) throws IOException {
            return buffer.read(in);
        }

        @Override
        public HttpTransportMetrics getMetrics() {
            return buffer.getMetrics();
        }
    }
}
