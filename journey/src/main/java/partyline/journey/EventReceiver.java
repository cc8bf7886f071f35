package partyline.journey;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/// An agent's webhook receiver that answers when it is told to, so that what an answer sets off is in no journey that
/// ends with the post. Thread-safe.
final class EventReceiver implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final HttpServer server;
    private final BlockingQueue<JsonNode> posts = new LinkedBlockingQueue<>();
    private final BlockingQueue<Integer> answers = new SynchronousQueue<>();

    EventReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::receive);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
    }

    /// Waits for the next event, which must be of this type, and leaves the server waiting for its answer.
    void await(String type) {
        try {
            JsonNode event = posts.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String came = event == null ? "nothing" : event.path("event_type").stringValue();
            if (!came.equals(type)) {
                throw new IllegalStateException("the webhook should have told of " + type + ", and told of " + came);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Answers that the event was taken.
    void answer() {
        try {
            if (!answers.offer(200, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody waits for the answer");
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            posts.add(HttpApi.JSON.readTree(exchange.getRequestBody().readAllBytes()));
            Integer status = answers.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            exchange.sendResponseHeaders(Optional.ofNullable(status).orElse(503), -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
