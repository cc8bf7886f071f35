package partyline.drivers;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import partyline.transport.Driver.Download;

/// An HTTP client for the services behind lines: no redirects, one deadline over connection, head and body, and a limit
/// on what is read. The addresses are the operator's own, so nothing guards them. Thread-safe.
public final class HttpCalls implements AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int LARGEST_BODY = 8 << 20;

    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    public HttpCalls() {}

    /// Makes the call; ends within `deadline`.
    public Reply call(HttpRequest request, Duration deadline) {
        try {
            HttpResponse<byte[]> response =
                    await(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_BODY), deadline);
            return new Reply.Answered(
                    response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), pause(response));
        } catch (TimeoutException e) {
            return new Reply.NoAnswer("no answer within " + deadline.toSeconds() + " s");
        } catch (IOException e) {
            return neverLeft(e) ? new Reply.Unreachable(words(e)) : new Reply.NoAnswer(words(e));
        }
    }

    /// The answer's body as it comes; whoever reads it closes it.
    ///
    /// @throws IOException when there is no successful answer within `deadline`.
    public HttpResponse<InputStream> open(HttpRequest request, Duration deadline) throws IOException {
        HttpResponse<InputStream> response = answer(request, deadline);
        if (response.statusCode() / 100 != 2) {
            response.body().close();
            throw new IOException("the service answered " + response.statusCode());
        }
        return response;
    }

    /// Like [#open], with any status.
    public HttpResponse<InputStream> answer(HttpRequest request, Duration deadline) throws IOException {
        try {
            return await(request, BodyHandlers.ofInputStream(), deadline);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + deadline.toSeconds() + " s", e);
        }
    }

    /// A place that anybody may fetch from.
    ///
    /// @throws IOException when `url` is no address.
    public static Download address(String url) throws IOException {
        if (!url.startsWith("https://") && !url.startsWith("http://")) {
            throw new IOException("the service gave no address");
        }
        return new Download.Address(url);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private <T> HttpResponse<T> await(HttpRequest request, BodyHandler<T> handler, Duration deadline)
            throws IOException, TimeoutException {
        CompletableFuture<HttpResponse<T>> future = client.sendAsync(request, handler);
        try {
            return future.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            future.cancel(true);
            throw e;
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        }
    }

    /// `Retry-After` in seconds; the other form, a date, is too rare to read.
    private static Optional<Duration> pause(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,5}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    private static boolean neverLeft(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof HttpConnectTimeoutException
                    || cause instanceof UnresolvedAddressException
                    || cause instanceof SSLHandshakeException) {
                return true;
            }
        }
        return false;
    }

    /// Never the address: it may hold a password.
    private static String words(IOException e) {
        return e instanceof HttpConnectTimeoutException
                ? "no connection within " + CONNECT.toSeconds() + " s"
                : e.getClass().getSimpleName();
    }
}
