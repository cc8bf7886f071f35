package partyline.outbound;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;
import partyline.outbound.Downloaded.Failed;
import partyline.outbound.Downloaded.Failed.Why;

/// One file on its way from an address to a sink. [#abort] may come from another thread at any time; the rest
/// belongs to one thread.
final class Transfer {

    private static final int BUFFER = 16 * 1_024;

    private final CloseableHttpClient http;
    private final HttpGet get;
    private final long largest;
    private final OutputStream sink;

    Transfer(CloseableHttpClient http, HttpGet get, long largest, OutputStream sink) {
        this.http = http;
        this.get = get;
        this.largest = largest;
        this.sink = sink;
    }

    Downloaded run() {
        try {
            ClassicHttpResponse response =
                    http.executeOpen(RoutingSupport.determineHost(get), get, HttpCoreContext.create());
            return response.getCode() == 200
                    ? take(response.getEntity())
                    : new Failed(Why.NO_ANSWER, "the answer was status " + response.getCode());
        } catch (GuardedResolver.Blocked e) {
            return new Failed(Why.REFUSED, Call.sentence(e));
        } catch (IOException | HttpException e) {
            return new Failed(Why.NO_ANSWER, Call.sentence(e));
        } finally {
            abort();
        }
    }

    /// Cuts the connection, whatever it is doing.
    void abort() {
        get.abort();
    }

    private Downloaded take(@Nullable HttpEntity entity) throws IOException {
        if (entity == null) {
            return new Downloaded.Complete(Optional.empty());
        }
        if (entity.getContentLength() > largest) {
            return tooLarge();
        }
        InputStream content = entity.getContent();
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
