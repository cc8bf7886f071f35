package partyline.drivers;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.net.ssl.SSLHandshakeException;
import partyline.kernel.FileName;
import partyline.kernel.Json;
import partyline.transport.Attachments.Attachment;
import partyline.transport.Driver.Download;
import tools.jackson.databind.JsonNode;

/// The calls to one service behind a line: no redirects, one deadline over connection, head and body, and a
/// limit on what is read. Nothing is ever repeated here, and no address is shown, since it may hold a
/// password. The addresses are the operator's own, so nothing guards them. Thread-safe.
public final class HttpCalls implements AutoCloseable {

    /// For whatever a service answers out of hand.
    public static final Duration QUICK = Duration.ofSeconds(10);

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int LARGEST_BODY = 8 << 20;
    private static final int MOST_PAGES = 100;

    private final String base;
    private final Map<String, String> headers;
    private final Map<String, String> parameters;
    private final HttpClient client = HttpClient.newBuilder()
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();

    /// Every call goes to a path under `base` and carries these headers.
    public HttpCalls(String base, Map<String, String> headers) {
        this(base, headers, Map.of());
    }

    /// Every address also ends in these parameters.
    public HttpCalls(String base, Map<String, String> headers, Map<String, String> parameters) {
        this.base = base;
        this.headers = Map.copyOf(headers);
        this.parameters = Map.copyOf(parameters);
    }

    public Reply get(String path, Map<String, String> query) {
        return call(request(query.isEmpty() ? path : path + "?" + encoded(query)), QUICK);
    }

    public Reply get(String path) {
        return get(path, Map.of());
    }

    /// Reads a list to its end: each page goes to `each`, and `next` is the query for the page after it, empty after
    /// the last. What came of the last call; a list without an end counts as one that was not answered.
    public Reply pages(
            String path,
            Map<String, String> query,
            Function<JsonNode, Optional<Map<String, String>>> next,
            Consumer<JsonNode> each) {
        Optional<Map<String, String>> asked = Optional.of(query);
        for (int page = 0; page < MOST_PAGES; page++) {
            Reply reply = get(path, asked.get());
            reply.answer().ifPresent(each);
            asked = reply.answer().flatMap(next);
            if (asked.isEmpty()) {
                return reply;
            }
        }
        return new Reply.NoAnswer("a list has no end");
    }

    public Reply delete(String path) {
        return call(request(path).DELETE(), QUICK);
    }

    public Reply post(String path, JsonNode body) {
        return post(path, body, QUICK);
    }

    public Reply post(String path, JsonNode body, Duration deadline) {
        return post(path, "application/json", BodyPublishers.ofString(Json.write(body)), deadline);
    }

    public Reply post(String path, Map<String, String> form, Duration deadline) {
        return post(path, "application/x-www-form-urlencoded", BodyPublishers.ofString(encoded(form)), deadline);
    }

    public Reply put(String path, JsonNode body) {
        BodyPublisher json = BodyPublishers.ofString(Json.write(body));
        return call(request(path).header("Content-Type", "application/json").PUT(json), QUICK);
    }

    /// Puts the bytes of a file, whose size is known, with these headers; that of its length is always sent.
    public Reply put(String path, Map<String, String> more, Attachment file, Duration deadline) {
        BodyPublisher bytes = BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(file::body), file.size());
        HttpRequest.Builder request;
        try {
            request = request(path).PUT(bytes);
            for (Map.Entry<String, String> header : more.entrySet()) {
                if (!header.getKey().equalsIgnoreCase("content-length")) {
                    request.header(header.getKey(), header.getValue());
                }
            }
        } catch (IllegalArgumentException e) {
            return new Reply.Unreachable("no such place can be called");
        }
        return call(request, deadline);
    }

    /// Sends a file as the part `name` of a form, after `fields`.
    public Reply upload(String path, Map<String, String> fields, String name, Attachment file, Duration deadline) {
        String boundary = "partyline-" + UUID.randomUUID();
        StringBuilder head = new StringBuilder();
        fields.forEach((field, value) -> head.append(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(boundary, field, value)));
        head.append("--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
                .formatted(
                        boundary,
                        name,
                        file.name().replaceAll("[\"\\r\\n]", "_"),
                        file.contentType().replaceAll("[\\r\\n]", "")));
        BodyPublisher bytes = BodyPublishers.ofInputStream(file::body);
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString(head.toString()),
                file.size() < 0 ? bytes : BodyPublishers.fromPublisher(bytes, file.size()),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        return post(path, "multipart/form-data; boundary=" + boundary, body, deadline);
    }

    /// The beginning of a call of one's own.
    public HttpRequest.Builder request(String path) {
        String more = encoded(parameters);
        String mark = more.isEmpty() ? "" : path.contains("?") ? "&" : "?";
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path + mark + more));
        headers.forEach(request::header);
        return request;
    }

    /// Makes the call; ends within `deadline`. Once closed, nothing leaves this machine.
    public Reply call(HttpRequest.Builder request, Duration deadline) {
        try {
            HttpResponse<byte[]> response =
                    await(request.build(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), LARGEST_BODY), deadline);
            return new Reply.Answered(
                    response.statusCode(), new String(response.body(), StandardCharsets.UTF_8), pause(response));
        } catch (RejectedExecutionException e) {
            return new Reply.Unreachable("the line is closed");
        } catch (TimeoutException e) {
            return new Reply.NoAnswer("no answer within " + deadline.toSeconds() + " s");
        } catch (IOException e) {
            return neverLeft(e) ? new Reply.Unreachable(words(e)) : new Reply.NoAnswer(words(e));
        }
    }

    /// The answer with any status, its body as it comes; whoever reads it closes it.
    ///
    /// @throws IOException when there is no answer within `deadline`.
    public HttpResponse<InputStream> open(String path, Duration deadline) throws IOException {
        try {
            return await(request(path).build(), BodyHandlers.ofInputStream(), deadline);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + deadline.toSeconds() + " s", e);
        }
    }

    /// The body of a successful answer; any other is closed.
    ///
    /// @throws IOException when it is another.
    public static Download bytes(HttpResponse<InputStream> response) throws IOException {
        if (response.statusCode() / 100 != 2) {
            response.body().close();
            throw new IOException("the service answered " + response.statusCode());
        }
        HttpHeaders headers = response.headers();
        return new Download.Bytes(
                response.body(),
                headers.firstValue("Content-Type").orElse(null),
                FileName.ofHeader(headers.firstValue("Content-Disposition").orElse(null))
                        .orElse(null));
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

    /// One part of a path, or of a form.
    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private static String encoded(Map<String, String> form) {
        return form.entrySet().stream()
                .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                .collect(Collectors.joining("&"));
    }

    private Reply post(String path, String contentType, BodyPublisher body, Duration deadline) {
        return call(request(path).header("Content-Type", contentType).POST(body), deadline);
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
