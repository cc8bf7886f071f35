package partyline.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParser;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpMessageParser;
import org.apache.hc.core5.http.io.HttpMessageParserFactory;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.HttpTransportMetrics;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.CharArrayBuffer;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/// An HTTP client with a pool of its own, stripped to plain requests: no redirects, cookies, credentials,
/// proxies or compression, no retries, and no more of an answer than was asked for. Thread-safe.
final class Client implements AutoCloseable {

    /// What an answer's head, its chunks and what follows them may bring: Apache's own default is no limit at
    /// all.
    private static final int LONGEST_LINE = 8 * 1_024;
    private static final int MOST_HEADERS = 100;
    private static final int LARGEST_HEAD = 64 * 1_024;
    private static final int MOST_TRAILERS = 8;
    static final String TOO_MUCH = "the answer's head was too large: at most " + MOST_HEADERS + " headers, and "
            + LONGEST_LINE + " bytes a line, " + LARGEST_HEAD + " in all";

    private static final int CONNECTIONS = 256;
    private static final int CONNECTIONS_PER_HOST = 32;
    private static final TimeValue UNWATCHED = TimeValue.ofMilliseconds(50);
    private static final TimeValue IDLE = TimeValue.ofSeconds(30);
    private static final TimeValue OLDEST = TimeValue.ofMinutes(2);

    private final CloseableHttpClient http;
    private final RequestConfig config;

    /// The client's own time-outs restart with every packet, so they are only a second net, wider than the
    /// deadline of a whole call.
    Client(GuardedResolver resolver, String userAgent, Duration deadline) {
        Timeout patience = Timeout.of(deadline.multipliedBy(2));
        this.config = RequestConfig.custom()
                .setConnectionRequestTimeout(patience)
                .setResponseTimeout(patience)
                .build();
        this.http = HttpClientBuilder.create()
                .setConnectionManager(pool(resolver, patience))
                .setUserAgent(userAgent)
                .disableRedirectHandling()
                .setRequestExecutor(new StaleCheck())
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .evictExpiredConnections()
                .evictIdleConnections(IDLE)
                .build();
    }

    /// A call ready to run; nothing is sent yet.
    Call<Exchange> prepare(URI url, Request request) {
        HttpPost post = new HttpPost(url);
        post.setConfig(config);
        request.headers().forEach(post::setHeader);
        post.setEntity(new ByteArrayEntity(request.body(), null));
        return new Call.Post(this, post);
    }

    /// A transfer ready to run; nothing is sent yet.
    Call<Download.Outcome> prepare(URI url, long largest, OutputStream sink) {
        HttpGet get = new HttpGet(url);
        get.setConfig(config);
        return new Call.Transfer(this, get, largest, sink);
    }

    /// Sends a request and returns the answer with its body still to be read. Where a used connection turns
    /// out to have ended, the request goes out again at once, until it has a fresh one: receivers drop a
    /// request id that they know.
    ClassicHttpResponse open(HttpUriRequestBase request, HttpCoreContext context) throws IOException, HttpException {
        while (true) {
            try {
                return http.executeOpen(RoutingSupport.determineHost(request), request, context);
            } catch (StaleCheck.Stale e) {
                if (request.isAborted()) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
    }

    /// A connection that lay idle is looked at before it is used again, which spares a repeat. The look takes
    /// a millisecond, so not between two calls of one burst.
    private static PoolingHttpClientConnectionManager pool(GuardedResolver resolver, Timeout patience) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(limits(MOST_TRAILERS))
                        .responseParserFactory(new BoundedHeads(limits(MOST_HEADERS), LARGEST_HEAD))
                        .build())
                .setMaxConnTotal(CONNECTIONS)
                .setMaxConnPerRoute(CONNECTIONS_PER_HOST)
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(patience)
                        .setSocketTimeout(patience)
                        .setValidateAfterInactivity(UNWATCHED)
                        .setTimeToLive(OLDEST)
                        .build())
                .build();
    }

    private static Http1Config limits(int headers) {
        return Http1Config.custom()
                .setMaxLineLength(LONGEST_LINE)
                .setMaxHeaderCount(headers + 1)
                .build();
    }

    /// Tells a connection that had served before and ended before the first byte of an answer from all other
    /// failures. The receiver hung up after its last answer, which says nothing of how it does now. Thread-safe.
    static final class StaleCheck extends HttpRequestExecutor {

        /// A connection that served before ended without a byte.
        static final class Stale extends IOException {

            private static final long serialVersionUID = 1L;

            private final IOException failure;

            Stale(IOException failure) {
                super(failure);
                this.failure = failure;
            }

            IOException failure() {
                return failure;
            }
        }

        @Override
        public ClassicHttpResponse execute(
                ClassicHttpRequest request,
                HttpClientConnection connection,
                @Nullable HttpResponseInformationCallback informed,
                HttpContext context)
                throws IOException, HttpException {
            EndpointDetails details = connection.getEndpointDetails();
            boolean served = details != null && details.getResponseCount() > 0;
            long received = served ? details.getReceivedBytesCount() : 0;
            try {
                return super.execute(request, connection, informed, context);
            } catch (InterruptedIOException e) {
                throw e;
            } catch (IOException e) {
                throw served && details.getReceivedBytesCount() == received ? new Stale(e) : e;
            }
        }
    }

    /// Reads the heads of answers, each to a bound for all its lines together: Apache's limits are per line and
    /// per number of lines, and their product, times the calls that are on at once, would fill a small heap.
    /// Heads that only announce an answer (1xx) are bounded in number, since reading them for ten seconds costs
    /// a core. Thread-safe.
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
}
