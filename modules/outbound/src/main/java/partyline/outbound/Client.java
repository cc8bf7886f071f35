package partyline.outbound;

import java.io.OutputStream;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/// An HTTP client with a pool of its own, stripped to plain requests: no redirects, retries, cookies, credentials,
/// proxies or compression. Thread-safe.
final class Client implements AutoCloseable {

    private static final int CONNECTIONS = 256;
    private static final int CONNECTIONS_PER_HOST = 32;
    private static final TimeValue UNWATCHED = TimeValue.ofMilliseconds(50);
    private static final TimeValue IDLE = TimeValue.ofSeconds(30);
    private static final TimeValue OLDEST = TimeValue.ofMinutes(2);

    private final CloseableHttpClient http;
    private final Timeout patience;

    /// The client's own time-outs restart with every packet, so they are only a second net, wider than the deadline
    /// of a whole call.
    Client(GuardedResolver resolver, String userAgent, Duration deadline) {
        this.patience = Timeout.of(deadline.multipliedBy(2));
        this.http = HttpClientBuilder.create()
                .setConnectionManager(pool(resolver))
                .setUserAgent(userAgent)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .evictExpiredConnections()
                .evictIdleConnections(IDLE)
                .build();
    }

    /// A call ready to run; nothing is sent yet.
    Call prepare(Request request) {
        HttpPost post = new HttpPost(request.url());
        post.setConfig(patient());
        request.headers().forEach(post::setHeader);
        post.setEntity(new ByteArrayEntity(request.body(), null));
        return new Call(http, post);
    }

    /// A transfer ready to run; nothing is sent yet.
    Transfer prepare(Download wish, OutputStream sink) {
        HttpGet get = new HttpGet(wish.url());
        get.setConfig(patient());
        return new Transfer(http, get, wish.largest(), sink);
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

    /// A connection that lay idle is looked at before it is used again: what the receiver closed meanwhile would
    /// count as no answer. The look takes a millisecond, so not between two calls of one burst.
    private PoolingHttpClientConnectionManager pool(GuardedResolver resolver) {
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver)
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
}
