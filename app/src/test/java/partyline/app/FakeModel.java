package partyline.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A language model behind an OpenAI-compatible address: what it says is made of what it is shown.
final class FakeModel implements AutoCloseable {

    /// A request: the bearer token, and the JSON.
    record Asked(String authorization, JsonNode json) {

        /// `role: content` of each message.
        List<String> turns() {
            return json.path("messages").valueStream().map(Asked::turn).toList();
        }

        private static String turn(JsonNode message) {
            return message.path("role").asString() + ": "
                    + message.path("content").asString("");
        }
    }

    private final HttpServer server;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final UnaryOperator<ObjectNode> mind;
    private volatile boolean broken;

    /// `mind` makes the message that it answers a request with.
    FakeModel(UnaryOperator<ObjectNode> mind) {
        this.mind = mind;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    /// One that says back the newest words that it is shown.
    static FakeModel echo() {
        return new FakeModel(request -> {
            JsonNode messages = request.path("messages");
            String said = messages.get(messages.size() - 1).path("content").asString();
            return Json.object().put("role", "assistant").put("content", "You mean: " + said);
        });
    }

    String baseUrl() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    /// From now on it answers 503, or no more.
    void broken(boolean now) {
        broken = now;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            ObjectNode request =
                    (ObjectNode) Json.read(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            asked.add(new Asked(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")), request));
            ObjectNode answer = Json.object().put("id", "chatcmpl-1").put("object", "chat.completion");
            answer.put("created", 1_767_225_600)
                    .put("model", request.path("model").asString());
            ObjectNode message = mind.apply(request);
            answer.putArray("choices")
                    .addObject()
                    .put("index", 0)
                    .put("finish_reason", message.has("tool_calls") ? "tool_calls" : "stop")
                    .set("message", message);
            byte[] bytes = Json.write(answer).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(broken ? 503 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
