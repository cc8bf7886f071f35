package partyline.outbound;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.EndpointDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/// Tells a connection that had served before and ended before the first byte of an answer from all other
/// failures. The receiver hung up after its last answer, which says nothing of how it does now. Thread-safe.
final class StaleCheck extends HttpRequestExecutor {

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
