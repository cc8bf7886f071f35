package partyline.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.NoHttpResponseException;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/// One request and its answer. [#abort] may come from another thread at any time; the rest belongs to one thread.
final class Call {

    private static final int LARGEST_ANSWER = 64 * 1_024;
    private static final int KEPT_OF_ANSWER = 4 * 1_024;

    private final CloseableHttpClient http;
    private final HttpPost post;
    private final long startedNanos = System.nanoTime();

    Call(CloseableHttpClient http, HttpPost post) {
        this.http = http;
        this.post = post;
    }

    /// Cutting is the last step: it does nothing to a connection whose answer was read to its end and that is back in
    /// the pool, and it spares reading the rest of any other.
    Exchange run() {
        try {
            ClassicHttpResponse response =
                    http.executeOpen(RoutingSupport.determineHost(post), post, HttpCoreContext.create());
            String body = read(response.getEntity());
            return new Exchange.Answered(response.getCode(), retryAfter(response), body, took());
        } catch (IOException | HttpException e) {
            return new Exchange.NoAnswer(sentence(e), took());
        } finally {
            abort();
        }
    }

    /// Cuts the connection, whatever it is doing.
    void abort() {
        post.abort();
    }

    Duration took() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /// The first bytes of the answer. It is read on for a while, since a connection is used again only after its answer
    /// was read to the end.
    private static String read(@Nullable HttpEntity entity) throws IOException {
        if (entity == null) {
            return "";
        }
        InputStream content = entity.getContent();
        byte[] kept = content.readNBytes(KEPT_OF_ANSWER);
        content.readNBytes(LARGEST_ANSWER - KEPT_OF_ANSWER);
        return new String(kept, StandardCharsets.UTF_8);
    }

    private static Map<String, String> retryAfter(ClassicHttpResponse response) {
        Map<String, String> found = new HashMap<>();
        for (Header header : response.getHeaders(HttpHeaders.RETRY_AFTER)) {
            found.put("retry-after", header.getValue());
        }
        return found;
    }

    /// What went wrong, for the owner of the URL.
    static String sentence(Exception failure) {
        return switch (failure) {
            case GuardedResolver.Blocked _ ->
                "the name points to a private or reserved address, which may not be called";
            case UnknownHostException _ -> "the host name could not be resolved";
            case SocketTimeoutException _ -> "no answer in time";
            case ConnectException _ -> "the connection was refused";
            case SSLException e -> "TLS failed: " + e.getMessage();
            case NoHttpResponseException _ -> "the connection was closed without an answer";
            case HttpException _, ClientProtocolException _ -> "the answer was not HTTP";
            default -> "the connection broke: " + failure.getClass().getSimpleName();
        };
    }
}
