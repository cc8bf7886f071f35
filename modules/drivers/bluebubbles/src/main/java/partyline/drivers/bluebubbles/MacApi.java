package partyline.drivers.bluebubbles;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.transport.Attachments.Attachment;
import tools.jackson.databind.JsonNode;

/// The calls of a BlueBubbles server. The password is in every address, so no address is ever shown or logged. Actions
/// keep a distance from each other, since the Mac does one at a time. Thread-safe.
final class MacApi implements AutoCloseable {

    /// For whatever the Mac answers out of hand.
    static final Duration QUICK = Duration.ofSeconds(10);
    /// The server itself may wait three minutes before it gives a text up; less would make up doubt.
    static final Duration SEND = Duration.ofSeconds(200);
    static final Duration UPLOAD = Duration.ofMinutes(30);
    /// The longest that one message takes: its file goes up, and then it is sent.
    static final Duration LONGEST = UPLOAD.multipliedBy(2).plus(SEND);

    private final HttpCalls remote = new HttpCalls();
    private final MacSettings settings;
    private final CountDownLatch closed = new CountDownLatch(1);
    private long nextAction = System.nanoTime();

    MacApi(MacSettings settings) {
        this.settings = settings;
    }

    Reply get(String path, Map<String, String> query) {
        return call(request(path, query).GET().build(), QUICK);
    }

    Reply get(String path) {
        return get(path, Map.of());
    }

    Reply delete(String path) {
        return call(request(path, Map.of()).DELETE().build(), QUICK);
    }

    /// Asks for something with a body, or changes what no person sees.
    Reply ask(String path, JsonNode body) {
        return post(path, body, QUICK);
    }

    /// Does something on the Mac, in its turn.
    Reply act(String path, JsonNode body, Duration deadline) {
        awaitTurn();
        return post(path, body, deadline);
    }

    /// Sends a file along with `fields`, in its turn.
    Reply upload(String path, Map<String, String> fields, Attachment file) {
        awaitTurn();
        String boundary = "partyline-" + UUID.randomUUID();
        StringBuilder head = new StringBuilder();
        fields.forEach((name, value) -> head.append(
                "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n".formatted(boundary, name, value)));
        head.append("--%s\r\nContent-Disposition: form-data; name=\"attachment\"; filename=\"%s\"\r\n"
                .formatted(boundary, file.name().replaceAll("[\"\\r\\n]", "_")));
        head.append("Content-Type: %s\r\n\r\n".formatted(file.contentType().replaceAll("[\\r\\n]", "")));
        BodyPublisher body = BodyPublishers.concat(
                BodyPublishers.ofString(head.toString()),
                BodyPublishers.ofInputStream(file::body),
                BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        return call(
                request(path, Map.of())
                        .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                        .POST(body)
                        .build(),
                UPLOAD);
    }

    /// The bytes behind a path; whoever reads them closes the body.
    HttpResponse<InputStream> open(String path) throws IOException {
        try {
            return remote.open(request(path, Map.of()).GET().build(), QUICK.multipliedBy(6));
        } catch (IOException e) {
            throw new IOException(
                    "the Mac does not give the attachment out: "
                            + (e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage()),
                    e);
        }
    }

    /// One part of a path.
    static String part(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public void close() {
        closed.countDown();
        remote.close();
    }

    /// Once closed, nothing leaves this machine.
    private Reply call(HttpRequest request, Duration deadline) {
        try {
            return remote.call(request, deadline);
        } catch (RejectedExecutionException e) {
            return new Reply.Unreachable("the line is closed");
        }
    }

    private Reply post(String path, JsonNode body, Duration deadline) {
        return call(
                request(path, Map.of())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(Json.write(body)))
                        .build(),
                deadline);
    }

    /// The headers pass the pages that two common tunnels put in front of a server.
    private HttpRequest.Builder request(String path, Map<String, String> query) {
        StringBuilder address = new StringBuilder(settings.url())
                .append("/api/v1")
                .append(path)
                .append("?password=")
                .append(part(settings.password()));
        query.forEach(
                (name, value) -> address.append('&').append(name).append('=').append(part(value)));
        return HttpRequest.newBuilder(URI.create(address.toString()))
                .header("ngrok-skip-browser-warning", "true")
                .header("skip_zrok_interstitial", "true");
    }

    private void awaitTurn() {
        try {
            closed.await(turn() - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized long turn() {
        long turn = Math.max(System.nanoTime(), nextAction);
        nextAction = turn + settings.spacing().toNanos();
        return turn;
    }
}
