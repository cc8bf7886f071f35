package partyline.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/// One request and its answer. [#abort] may come from another thread at any time; the rest belongs to one
/// thread.
final class Call implements Job<Exchange> {

    private static final int LARGEST_ANSWER = 64 * 1_024;
    private static final int KEPT_OF_ANSWER = 4 * 1_024;

    private final Client client;
    private final HttpPost post;
    private final long startedNanos = System.nanoTime();

    Call(Client client, HttpPost post) {
        this.client = client;
        this.post = post;
    }

    /// Cutting is the last step: it does nothing to a connection whose answer was read to its end and that is
    /// back in the pool, and it spares reading the rest of any other.
    @Override
    public Exchange run() {
        HttpCoreContext context = HttpCoreContext.create();
        try {
            ClassicHttpResponse response = client.open(post, context);
            String body = read(response.getEntity());
            return new Exchange.Answered(response.getCode(), retryAfter(response), body, inside(context), took());
        } catch (IOException | HttpException e) {
            return new Exchange.NoAnswer(Failure.sentence(e), took());
        } finally {
            abort();
        }
    }

    @Override
    public void abort() {
        post.abort();
    }

    @Override
    public Exchange late(Duration patience) {
        return new Exchange.NoAnswer("no complete answer within " + patience.toMillis() + " ms", took());
    }

    /// Whether the other end is at an address that only the operator may call; one that is not known may be.
    private static boolean inside(HttpCoreContext context) {
        EndpointDetails end = context.getEndpointDetails();
        return end == null
                || !(end.getRemoteAddress() instanceof InetSocketAddress remote)
                || !Networks.isPublic(remote.getAddress());
    }

    private Duration took() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /// The first bytes of the answer. It is read on for a while, since a connection is used again only after
    /// its answer was read to the end.
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
}
