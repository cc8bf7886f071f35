package partyline.outbound;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
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
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

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
    private final Timeout patience;

    /// The client's own time-outs restart with every packet, so they are only a second net, wider than the
    /// deadline of a whole call.
    Client(GuardedResolver resolver, String userAgent, Duration deadline) {
        this.patience = Timeout.of(deadline.multipliedBy(2));
        this.http = HttpClientBuilder.create()
                .setConnectionManager(pool(resolver))
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
    Call prepare(String url, Request request) {
        HttpPost post = new HttpPost(url);
        post.setConfig(patient());
        request.headers().forEach(post::setHeader);
        post.setEntity(new ByteArrayEntity(request.body(), null));
        return new Call(this, post);
    }

    /// A transfer ready to run; nothing is sent yet.
    Transfer prepare(String url, long largest, OutputStream sink) {
        HttpGet get = new HttpGet(url);
        get.setConfig(patient());
        return new Transfer(this, get, largest, sink);
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

    private RequestConfig patient() {
        return RequestConfig.custom()
                .setConnectionRequestTimeout(patience)
                .setResponseTimeout(patience)
                .build();
    }

    @Override
    public void close() {
        http.close(CloseMode.IMMEDIATE);
    }

    /// A connection that lay idle is looked at before it is used again, which spares a repeat. The look takes
    /// a millisecond, so not between two calls of one burst.
    private PoolingHttpClientConnectionManager pool(GuardedResolver resolver) {
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
}
