package partyline.torture;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/// The agents' webhook receivers, which outlive the server. Now and then one is busy, and says so before it took
/// anything. Thread-safe.
final class Receivers implements AutoCloseable {

    private static final int BUSY_PERCENT = 3;

    private final HttpServer server;
    private final Diary diary;

    Receivers(Diary diary) {
        this.diary = diary;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::receive);
        server.start();
    }

    String url(String agent) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + agent;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode event = Http.JSON.readTree(exchange.getRequestBody().readAllBytes());
            if (ThreadLocalRandom.current().nextInt(100) < BUSY_PERCENT) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            String agent = exchange.getRequestURI().getPath().substring(1);
            diary.notePost(Survey.event(agent, 0, event));
            exchange.sendResponseHeaders(200, -1);
        }
    }
}
