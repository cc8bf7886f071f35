package partyline.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;
import partyline.kernel.FileName;
import partyline.outbound.Download.Outcome.Failed;
import partyline.outbound.Download.Outcome.Failed.Why;

/// One call that a thread runs and another may cut: [#run] belongs to one thread, [#abort] may come from any at any
/// time.
sealed interface Call<T> {

    T run();

    /// Cuts the connection, whatever it is doing.
    void abort();

    /// What to tell of a call that was cut since it was not over within `patience`.
    T late(Duration patience);

    /// A request and its answer.
    final class Post implements Call<Exchange> {

        private static final int LARGEST_ANSWER = 64 * 1_024;
        private static final int KEPT_OF_ANSWER = 4 * 1_024;

        private final Client client;
        private final HttpPost post;
        private final long startedNanos = System.nanoTime();

        Post(Client client, HttpPost post) {
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

    /// A file on its way from an address to a sink.
    final class Transfer implements Call<Download.Outcome> {

        private static final int BUFFER = 16 * 1_024;

        private static final Set<Integer> REDIRECTIONS = Set.of(301, 302, 303, 307, 308);
        /// Answers of a file that is not there yet, besides those of 500 and more.
        private static final Set<Integer> PASSING = Set.of(404, 408, 425, 429);
        /// We ask for none, but some stores keep a file packed and say so. How much is unpacked is bounded like the
        /// rest.
        private static final Set<String> ENCODINGS = Set.of("identity", "gzip", "x-gzip");

        private final Client client;
        private final HttpGet get;
        private final long largest;
        private final OutputStream sink;

        Transfer(Client client, HttpGet get, long largest, OutputStream sink) {
            this.client = client;
            this.get = get;
            this.largest = largest;
            this.sink = sink;
        }

        @Override
        public Download.Outcome run() {
            try {
                ClassicHttpResponse response = client.open(get, HttpCoreContext.create());
                return response.getCode() == 200 ? take(response) : without(response);
            } catch (GuardedResolver.Blocked e) {
                return new Failed(Why.REFUSED, Failure.sentence(e));
            } catch (IOException | HttpException e) {
                return new Failed(Why.NO_ANSWER, Failure.sentence(e));
            } finally {
                abort();
            }
        }

        @Override
        public void abort() {
            get.abort();
        }

        private Download.Outcome without(ClassicHttpResponse response) {
            int status = response.getCode();
            Header location = response.getFirstHeader(HttpHeaders.LOCATION);
            if (REDIRECTIONS.contains(status) && location != null && location.getValue() != null) {
                return elsewhere(location.getValue());
            }
            boolean passing = status >= 500 || PASSING.contains(status);
            return new Failed(passing ? Why.NO_ANSWER : Why.NOT_GIVEN, "the answer was status " + status);
        }

        private Download.Outcome elsewhere(String location) {
            try {
                return new Download.Outcome.Elsewhere(
                        get.getUri().resolve(location).toString());
            } catch (URISyntaxException | IllegalArgumentException e) {
                return new Failed(Why.NOT_GIVEN, "the answer leads to something that is no address");
            }
        }

        @Override
        public Download.Outcome late(Duration patience) {
            return new Failed(Why.TOO_SLOW, "not complete within " + patience.toMillis() + " ms");
        }

        private Download.Outcome take(ClassicHttpResponse response) throws IOException {
            HttpEntity entity = response.getEntity();
            if (entity == null) {
                return new Download.Outcome.Complete(Optional.empty(), Optional.empty());
            }
            if (entity.getContentLength() > largest) {
                return tooLarge();
            }
            String encoding = Objects.requireNonNullElse(entity.getContentEncoding(), "identity");
            if (!ENCODINGS.contains(encoding.strip().toLowerCase(Locale.ROOT))) {
                return new Failed(Why.NOT_GIVEN, "the answer is encoded although nobody asked for it");
            }
            boolean plain = encoding.strip().equalsIgnoreCase("identity");
            InputStream content = plain ? entity.getContent() : new GZIPInputStream(entity.getContent());
            byte[] buffer = new byte[BUFFER];
            long taken = 0;
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                taken += read;
                if (taken > largest) {
                    return tooLarge();
                }
                sink.write(buffer, 0, read);
            }
            Optional<String> name = Optional.ofNullable(response.getFirstHeader("Content-Disposition"))
                    .map(Header::getValue)
                    .flatMap(FileName::ofHeader);
            return new Download.Outcome.Complete(Optional.ofNullable(entity.getContentType()), name);
        }

        private Download.Outcome tooLarge() {
            return new Failed(Why.TOO_LARGE, "the file has more than " + largest + " bytes");
        }
    }
}
