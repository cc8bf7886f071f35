import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A program that speaks for two lines, as a bridge to a messaging service does (`docs/lines/webhook.md`):
/// it takes what is sent and says no more about it, and brings what people text, signed. It lives as long
/// as its loop. Thread-safe.
final class Bridge implements World.Phones {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String SECRET = "a-secret-of-the-benchmark-and-its-bridge";
    private static final long PATIENCE_NANOS = 30_000_000_000L;

    private final int port;
    private final long step;
    /// Where news of each line goes, by its number.
    private final Map<String, String> events = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    Bridge(Loop loop) throws IOException {
        this(loop, 1);
    }

    /// Its texts are numbered in such steps: with a huge one their ids scatter as those of a service do.
    Bridge(Loop loop, long step) throws IOException {
        this.step = step;
        port = loop.listen((link, bytes, body, length) ->
                link.write(answer(new String(bytes, body, length, StandardCharsets.UTF_8))));
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
        String lines = "lines:\n"
                + line.formatted("front", World.ROUTER, "router", port, SECRET)
                + line.formatted("pool", World.LINE, "pool", port, SECRET);
        return Files.writeString(
                Bench.FOLDER.resolve("bridge-" + port + ".yaml"), Files.readString(Bench.CONFIG) + lines);
    }

    @Override
    public Wire.Request text(String from, String to, String text) {
        String id = "text-" + Long.toUnsignedString(ids.incrementAndGet() * step);
        String body = "{\"type\":\"text\",\"id\":\"" + id + "\",\"from\":\"" + from + "\",\"text\":\"" + text + "\"}";
        String now = Long.toString(System.currentTimeMillis() / 1_000);
        String headers = "webhook-id: " + id + "\r\nwebhook-timestamp: " + now + "\r\nwebhook-signature: v1,"
                + signature(id + "." + now + "." + body) + "\r\n";
        return new Wire.Request(events(to), headers, body);
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

    private byte[] answer(String body) {
        String answer = "{\"id\":\"sent-" + ids.incrementAndGet() + "\",\"sent\":true}";
        if (body.contains("\"type\":\"hello\"")) {
            JsonNode hello = JSON.readTree(body);
            String path = URI.create(hello.path("events_url").asString()).getPath();
            events.put(hello.path("number").asString(), path);
            answer = "{\"capabilities\":[]}";
        }
        String head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + answer.length();
        return (head + "\r\n\r\n" + answer).getBytes(StandardCharsets.US_ASCII);
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
