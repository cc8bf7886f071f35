package partyline.drivers.sendblue;

import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.transport.Attachments.Attachment;
import tools.jackson.databind.node.ObjectNode;

/// Calls to Sendblue under one account. Nothing is ever repeated here: Sendblue knows no idempotency key. Thread-safe.
final class SendblueClient implements AutoCloseable {

    private static final Duration QUICK = Duration.ofSeconds(10);
    private static final Duration SEND = Duration.ofSeconds(60);
    private static final Duration UPLOAD = Duration.ofMinutes(5);
    /// What a send takes at most, with what is asked before it.
    static final Duration SENT_WITHIN = SEND.plus(QUICK).plusSeconds(5);

    static final Duration UPLOADED_WITHIN = SENT_WITHIN.plus(UPLOAD);

    private static final String BOUNDARY = "partyline-0c1f6a3d5e";

    private final SendblueSettings account;
    private final HttpCalls remote = new HttpCalls();

    SendblueClient(SendblueSettings account) {
        this.account = account;
    }

    Reply get(String path, Map<String, String> query) {
        String asked = new TreeMap<>(query)
                .entrySet().stream()
                        .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"));
        return remote.call(request(asked.isEmpty() ? path : path + "?" + asked).build(), QUICK);
    }

    Reply post(String path, ObjectNode body) {
        return post(path, body, QUICK);
    }

    Reply send(ObjectNode message) {
        return post("/api/send-message", message, SEND);
    }

    Reply upload(Attachment file) {
        String head =
                "--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\nContent-Type: %s\r\n\r\n"
                        .formatted(BOUNDARY, file.name().replaceAll("[\"\\r\\n]", "_"), file.contentType());
        HttpRequest request = request("/api/upload-file")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.concat(
                        BodyPublishers.ofString(head),
                        bytes(file.body(), file.size()),
                        BodyPublishers.ofString("\r\n--" + BOUNDARY + "--\r\n")))
                .build();
        return remote.call(request, UPLOAD);
    }

    /// Messages that were sent or received, as `query` asks; empty when Sendblue does not say.
    Optional<List<SendblueProviderMessage>> messages(Map<String, String> query) {
        return get("/api/v2/messages", query) instanceof Reply.Answered answer
                        && answer.success()
                        && answer.json().path("data").isArray()
                ? Optional.of(answer.json()
                        .path("data")
                        .valueStream()
                        .flatMap(it -> SendblueProviderMessage.of(it).stream())
                        .toList())
                : Optional.empty();
    }

    @Override
    public void close() {
        remote.close();
    }

    private Reply post(String path, ObjectNode body, Duration deadline) {
        HttpRequest request = request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(Json.write(body)))
                .build();
        return remote.call(request, deadline);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(account.url() + path))
                .header("sb-api-key-id", account.keyId())
                .header("sb-api-secret-key", account.secretKey());
    }

    private static BodyPublisher bytes(InputStream body, long size) {
        BodyPublisher publisher = BodyPublishers.ofInputStream(() -> body);
        return size < 0 ? publisher : BodyPublishers.fromPublisher(publisher, size);
    }
}
