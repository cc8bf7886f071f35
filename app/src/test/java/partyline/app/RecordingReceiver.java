package partyline.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A webhook receiver on loopback that keeps what it is sent.
public final class RecordingReceiver implements AutoCloseable {

    /// One post: its headers, an empty one for none, and its body.
    record Post(
            String requestId, String timestamp, String signature, String standard, String authorization, String body) {

        JsonNode json() {
            return new JsonMapper().readTree(body);
        }

        String type() {
            return json().path("event_type").asString();
        }

        /// Whether the signature is that of contract 6.4 under `secret`, computed here anew.
        boolean signedWith(String secret) {
            try {
                Mac mac = Mac.getInstance("HmacSHA256");
                byte[] key = secret.replaceFirst("^whsec_", "").getBytes(StandardCharsets.UTF_8);
                mac.init(new SecretKeySpec(key, "HmacSHA256"));
                String signed = requestId + "." + timestamp + "." + body;
                byte[] digest = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
                return signature.equals("sha256=" + HexFormat.of().formatHex(digest));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final int status;
    private final HttpServer server;
    private final List<Post> posts = new CopyOnWriteArrayList<>();
    private final AtomicInteger checked = new AtomicInteger();

    public RecordingReceiver() {
        this(200);
    }

    /// One that answers everything so.
    RecordingReceiver(int status) {
        this.status = status;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::receive);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /// What came, each an event as the document of the API has it.
    public List<Post> posts() {
        posts.stream().skip(checked.get()).forEach(post -> {
            OpenApiCheck.event(post.json());
            checked.incrementAndGet();
        });
        return List.copyOf(posts);
    }

    /// Waits until an event of this type came, and returns the first.
    Post await(String type) {
        return Api.waitFor(
                        () -> posts().stream()
                                .filter(post -> post.type().equals(type))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers = exchange.getRequestHeaders();
            posts.add(new Post(
                    headers.getFirst("X-Inkbox-Request-ID"),
                    headers.getFirst("X-Inkbox-Timestamp"),
                    headers.getFirst("X-Inkbox-Signature"),
                    headers.getFirst("webhook-signature"),
                    Objects.requireNonNullElse(headers.getFirst("Authorization"), ""),
                    body));
            exchange.sendResponseHeaders(status, -1);
        }
    }
}
