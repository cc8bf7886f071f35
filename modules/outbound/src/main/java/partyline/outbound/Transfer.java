package partyline.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;
import partyline.outbound.Downloaded.Failed;
import partyline.outbound.Downloaded.Failed.Why;

/// One file on its way from an address to a sink. [#abort] may come from another thread at any time; the rest
/// belongs to one thread.
final class Transfer implements Job<Downloaded> {

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
    public Downloaded run() {
        try {
            ClassicHttpResponse response = client.open(get, HttpCoreContext.create());
            return response.getCode() == 200 ? take(response.getEntity()) : without(response);
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

    private Downloaded without(ClassicHttpResponse response) {
        int status = response.getCode();
        Header location = response.getFirstHeader(HttpHeaders.LOCATION);
        if (REDIRECTIONS.contains(status) && location != null && location.getValue() != null) {
            return elsewhere(location.getValue());
        }
        boolean passing = status >= 500 || PASSING.contains(status);
        return new Failed(passing ? Why.NO_ANSWER : Why.NOT_GIVEN, "the answer was status " + status);
    }

    private Downloaded elsewhere(String location) {
        try {
            return new Downloaded.Elsewhere(get.getUri().resolve(location).toString());
        } catch (URISyntaxException | IllegalArgumentException e) {
            return new Failed(Why.NOT_GIVEN, "the answer leads to something that is no address");
        }
    }

    @Override
    public Downloaded late(Duration patience) {
        return new Failed(Why.TOO_SLOW, "not complete within " + patience.toMillis() + " ms");
    }

    private Downloaded take(@Nullable HttpEntity entity) throws IOException {
        if (entity == null) {
            return new Downloaded.Complete(Optional.empty());
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
        return new Downloaded.Complete(Optional.ofNullable(entity.getContentType()));
    }

    private Downloaded tooLarge() {
        return new Failed(Why.TOO_LARGE, "the file has more than " + largest + " bytes");
    }
}
