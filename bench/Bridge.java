import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A program that speaks for two lines, as a bridge to a messaging service does (`docs/lines/webhook.md`): it
/// takes what is sent and says no more about it, and brings what people text, signed. Thread-safe.
final class Bridge implements World.Phones, AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SECRET = "a-secret-of-the-benchmark-and-its-bridge";
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
    /// Where news of each line goes, by its number.
    private final Map<String, String> events = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    Bridge() throws IOException {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    /// The configuration of a server whose lines this is.
    Path config() throws IOException {
        String line = """
                  - id: %s
                    number: "%s"
                    roles: [%s]
                    driver: webhook
                    webhook: {url: "http://127.0.0.1:%d/", secret: %s}
                """;
        int port = server.getAddress().getPort();
        String lines = "lines:\n"
                + line.formatted("front", World.ROUTER, "router", port, SECRET)
                + line.formatted("pool", World.LINE, "pool", port, SECRET);
        return Files.writeString(
                Bench.FOLDER.resolve("bridge-" + port + ".yaml"), Files.readString(Bench.CONFIG) + lines);
    }

    @Override
    public void text(Wire wire, String from, String to, String text) throws IOException {
        String id = "text-" + ids.incrementAndGet();
        String body = "{\"type\":\"text\",\"id\":\"%s\",\"from\":\"%s\",\"text\":\"%s\"}".formatted(id, from, text);
        String now = Long.toString(System.currentTimeMillis() / 1_000);
        wire.post(
                events(to),
                body,
                "webhook-id: %s\r\nwebhook-timestamp: %s\r\nwebhook-signature: v1,%s\r\n"
                        .formatted(id, now, signature(id + "." + now + "." + body)));
    }

    @Override
    public void close() {
        server.stop(0);
    }

    /// Waits until the server has greeted the line.
    private String events(String number) {
        long until = System.nanoTime() + PATIENCE_NANOS;
        String path = events.get(number);
        while (path == null) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("the server greets no line " + number);
            }
            Thread.onSpinWait();
            path = events.get(number);
        }
        return path;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode call = JSON.readTree(exchange.getRequestBody().readAllBytes());
            String answer = "{\"id\":\"sent-" + ids.incrementAndGet() + "\",\"sent\":true}";
            if (call.path("type").asString().equals("hello")) {
                String path = URI.create(call.path("events_url").asString()).getPath();
                events.put(call.path("number").asString(), path);
                answer = "{\"capabilities\":[]}";
            }
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK knows HMAC-SHA256", e);
        }
    }
}
