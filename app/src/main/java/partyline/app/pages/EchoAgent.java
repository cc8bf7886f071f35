package partyline.app.pages;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The agent of `--demo`. It lives in the same process and uses nothing of it: like any agent it has an identity-scoped
/// key, talks to the HTTP API, and hears of messages by a signed webhook. `examples/` has the same for standing alone.
final class EchoAgent implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EchoAgent.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int REMEMBERED = 10_000;
    private static final Pattern THANKS = Pattern.compile("(?i)\\b(thanks|thank you|thx|merci|danke|gracias)\\b");
    private static final String LAST = "\n(This is my last message for now: I have sent as many in 24 hours as I may.)";

    private final String base;
    private final String key;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> handled = ConcurrentHashMap.newKeySet();
    private final HttpServer receiver;
    private volatile String signingKey = "";
    /// What the answer to the last send said.
    private volatile long sendsLeft = Long.MAX_VALUE;

    /// `base` is the API's URL, `key` an identity-scoped key.
    EchoAgent(String base, String key) throws IOException {
        this.base = base;
        this.key = key;
        this.receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.setExecutor(threads);
        receiver.createContext("/echo", this::receive);
    }

    /// Takes a fresh signing key, listens, and subscribes in place of what an earlier run left.
    void start(String handle) throws IOException, InterruptedException {
        signingKey = call("POST", "/api/v1/identities/" + handle + "/signing-key", Json.object())
                .path("signing_key")
                .asString();
        receiver.start();
        for (JsonNode old : call("GET", "/api/v1/webhooks/subscriptions", null).path("subscriptions")) {
            call("DELETE", "/api/v1/webhooks/subscriptions/" + old.path("id").asString(), null);
        }
        ObjectNode wish = Json.object();
        wish.put(
                "agent_identity_id",
                call("GET", "/api/v1/identities/" + handle, null).path("id").asString());
        wish.put("url", "http://127.0.0.1:" + receiver.getAddress().getPort() + "/echo");
        wish.putArray("event_types").add("imessage.received");
        call("POST", "/api/v1/webhooks/subscriptions", wish);
    }

    @Override
    public void close() {
        receiver.stop(0);
        threads.shutdownNow();
        client.shutdownNow();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            if (!genuine(exchange, body)) {
                exchange.sendResponseHeaders(401, -1);
                return;
            }
            JsonNode event = Json.read(body);
            exchange.sendResponseHeaders(200, -1);
            if (handled.size() >= REMEMBERED) {
                handled.clear();
            }
            if (handled.add(event.path("id").asString())) {
                threads.execute(() -> answer(event.path("data").path("message")));
            }
        }
    }

    private void answer(JsonNode message) {
        try {
            converse(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Reads, types, and says it back, as a person would see an agent do; thanks get a heart. Where it may say no
    /// more it said so before, or shows that it still looks.
    private void converse(JsonNode message) throws InterruptedException {
        String said = message.path("content").asString("");
        ObjectNode here = Json.object();
        here.put("conversation_id", message.path("conversation_id").asString());
        show("/api/v1/imessage/mark-read", here);
        if (THANKS.matcher(said).find()) {
            show("/api/v1/imessage/reactions", reaction(message, "love"));
            return;
        }
        show("/api/v1/imessage/typing", here);
        String words = said.isEmpty() ? "I got your file." : "You said: " + said;
        try {
            call("POST", "/api/v1/imessage/messages", here.put("text", sendsLeft == 1 ? words + LAST : words));
        } catch (IOException e) {
            LOG.warn("event=echo_failed reason=\"{}\"", e.getMessage());
            show("/api/v1/imessage/reactions", reaction(message, "eyes"));
        }
    }

    private static ObjectNode reaction(JsonNode message, String name) {
        return Json.object().put("message_id", message.path("id").asString()).put("reaction", name);
    }

    /// A courtesy, which is bounded per conversation: the answer goes out without it too.
    private void show(String path, ObjectNode body) throws InterruptedException {
        try {
            call("POST", path, body);
        } catch (IOException e) {
            LOG.debug("event=echo_not_shown reason=\"{}\"", e.getMessage());
        }
    }

    private JsonNode call(String method, String path, @Nullable JsonNode body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(TIMEOUT)
                .header("X-API-Key", key)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(Json.write(body)))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(
                    "%s %s answered %d %s".formatted(method, path, response.statusCode(), reason(response.body())));
        }
        response.headers().firstValueAsLong("X-RateLimit-Remaining").ifPresent(left -> sendsLeft = left);
        return Json.read(response.body().isEmpty() ? "{}" : response.body());
    }

    /// What an error says of itself: its code and its sentence, as far as there are any.
    private static String reason(String body) {
        try {
            JsonNode detail = Json.read(body).path("detail");
            return detail.path("code").asString("") + " "
                    + detail.path("message").asString("");
        } catch (RuntimeException e) {
            return "without a reason";
        }
    }

    private boolean genuine(HttpExchange exchange, String body) {
        String id = exchange.getRequestHeaders().getFirst("X-Inkbox-Request-ID");
        String timestamp = exchange.getRequestHeaders().getFirst("X-Inkbox-Timestamp");
        String signature = exchange.getRequestHeaders().getFirst("X-Inkbox-Signature");
        if (signature == null) {
            return false;
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            String secret = signingKey.substring("whsec_".length());
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            byte[] digest = mac.doFinal((id + "." + timestamp + "." + body).getBytes(StandardCharsets.UTF_8));
            String expected = "sha256=" + HexFormat.of().formatHex(digest);
            return MessageDigest.isEqual(
                    expected.getBytes(StandardCharsets.US_ASCII), signature.getBytes(StandardCharsets.US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no HMAC-SHA256", e);
        }
    }
}
