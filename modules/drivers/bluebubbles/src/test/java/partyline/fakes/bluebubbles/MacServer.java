package partyline.fakes.bluebubbles;

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
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.Multipart;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The HTTP side of a [FakeMac]: paths, password, envelope and the original's exact words.
final class MacServer {

    /// One call: its body as JSON, or as multipart fields.
    record Call(String method, String path, Map<String, String> query, JsonNode json, Map<String, byte[]> form) {

        String field(String name) {
            byte[] value = form.get(name);
            return value == null ? json.path(name).asString("") : new String(value, StandardCharsets.UTF_8);
        }

        boolean is(String wantedMethod, String wantedPath) {
            return method.equals(wantedMethod) && path.equals(wantedPath);
        }
    }

    /// An answer; null `body` ends the connection without one, and a `download` has no envelope.
    record Answer(int status, @Nullable String body, byte @Nullable [] download, String type) {

        static Answer of(int status, ObjectNode body) {
            return new Answer(status, Json.write(body), null, "application/json");
        }
    }

    private static final String API = "/api/v1";

    private final FakeMac mac;
    private @Nullable HttpServer server;
    private @Nullable ExecutorService threads;
    private int port;

    MacServer(FakeMac mac) {
        this.mac = mac;
    }

    synchronized void start() {
        if (server != null) {
            return;
        }
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
            made.setExecutor(executor);
            made.createContext("/", this::handle);
            made.start();
            port = made.getAddress().getPort();
            server = made;
            threads = executor;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    synchronized void stop() {
        if (server != null) {
            server.stop(0);
            Objects.requireNonNull(threads).shutdownNow();
            server = null;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    static Answer ok(String message, @Nullable JsonNode data) {
        ObjectNode body = Json.object().put("status", 200).put("message", message);
        body.set("data", data);
        return Answer.of(200, body);
    }

    static Answer error(int status, String message, String type, String detail, @Nullable JsonNode data) {
        ObjectNode body = Json.object().put("status", status).put("message", message);
        body.putObject("error").put("type", type).put("message", detail);
        body.set("data", data);
        return Answer.of(status, body);
    }

    static Answer bad(String detail) {
        return error(
                400,
                "You've made a bad request! Please check your request params & body",
                "Validation Error",
                detail,
                null);
    }

    static Answer missing(String detail) {
        return error(404, "The requested resource was not found", "Database Error", detail, null);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Call call = call(exchange);
            Answer answer = FakeMac.PASSWORD.equals(call.query().get("password"))
                    ? new MacRoutes(mac).answer(call)
                    : error(
                            401,
                            "You are not authorized to access this resource",
                            "Authentication Error",
                            "Unauthorized",
                            null);
            if (answer.body() == null && answer.download() == null) {
                return;
            }
            byte[] bytes = answer.download() != null
                    ? answer.download()
                    : Objects.requireNonNull(answer.body()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.type());
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Call call(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String type = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type"))
                .orElse("");
        boolean form = type.startsWith("multipart/form-data");
        String path = exchange.getRequestURI().getPath();
        Call call = new Call(
                exchange.getRequestMethod(),
                path.startsWith(API) ? path.substring(API.length()) : "",
                query(exchange.getRequestURI().getRawQuery()),
                form || body.length == 0 ? Json.object() : Json.read(new String(body, StandardCharsets.UTF_8)),
                form ? Multipart.read(type, body) : Map.of());
        mac.calls.add(
                call.method() + " " + call.path() + " " + (form ? call.form().keySet() : Json.write(call.json())));
        return call;
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(parts[0], parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
            }
        }
        return query;
    }
}
