package partyline.drivers.contract;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;

/// The HTTP server that the fakes of hosted services are built on: it can be gone and come back on the same port.
public final class LittleServer implements AutoCloseable {

    /// Answers a call; without an answer the connection just ends.
    @FunctionalInterface
    public interface Answers {
        void take(Call call) throws IOException;
    }

    /// One call, read whole.
    public record Call(HttpExchange exchange, String method, String path, Map<String, String> query, byte[] bytes) {

        public String body() {
            return new String(bytes, StandardCharsets.UTF_8);
        }

        /// The fields of a form with files.
        public Map<String, byte[]> form() {
            return Multipart.read(header("Content-Type").orElse(""), bytes);
        }

        public JsonNode json() {
            return bytes.length == 0 ? Json.object() : Json.read(body());
        }

        public Optional<String> header(String name) {
            return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
        }

        public void answer(int status, JsonNode json) throws IOException {
            answer(status, "application/json", Json.write(json).getBytes(StandardCharsets.UTF_8));
        }

        public void answer(int status, String contentType, byte[] bytes) throws IOException {
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private final Answers answers;
    private volatile @Nullable HttpServer server;
    private volatile CountDownLatch open = new CountDownLatch(1);
    private int port;

    public LittleServer(Answers answers) {
        this.answers = answers;
        start();
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /// Blocks a call until the server goes.
    public void hang() {
        try {
            open.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public synchronized void start() {
        if (server != null) {
            return;
        }
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            made.createContext("/", this::take);
            made.start();
            open = new CountDownLatch(1);
            port = made.getAddress().getPort();
            server = made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public synchronized void stop() {
        HttpServer running = server;
        server = null;
        open.countDown();
        if (running != null) {
            running.stop(0);
        }
    }

    @Override
    public void close() {
        stop();
    }

    /// The fields of a form or a query.
    public static Map<String, String> fields(@Nullable String text) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : (text == null ? "" : text).split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                fields.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return fields;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            answers.take(new Call(
                    exchange,
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getPath(),
                    fields(exchange.getRequestURI().getRawQuery()),
                    exchange.getRequestBody().readAllBytes()));
        }
    }
}
