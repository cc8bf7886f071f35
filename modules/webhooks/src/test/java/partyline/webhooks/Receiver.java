package partyline.webhooks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;

/// A webhook receiver on loopback that remembers what came and answers as told, 200 when told nothing.
final class Receiver implements AutoCloseable {

    /// One request as it came.
    record Received(
            String requestId,
            String timestamp,
            String signature,
            @Nullable String previous,
            String contentType,
            @Nullable String authorization,
            String body) {

        String eventId() {
            return Json.read(body).path("id").stringValue();
        }
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean echoing = false;

    Receiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    /// The next requests get these statuses; -1 cuts the connection.
    void answers(Integer... statuses) {
        answers.addAll(List.of(statuses));
    }

    /// From now on requests are kept waiting until the receiver closes.
    void hang() {
        gate = new CountDownLatch(1);
    }

    /// From now on answers say what the request was authorized with.
    void echo() {
        echoing = true;
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    int count() {
        return received.size();
    }

    @Override
    public void close() {
        gate.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        received.add(new Received(
                headers.getFirst("X-Inkbox-Request-ID"),
                headers.getFirst("X-Inkbox-Timestamp"),
                headers.getFirst("X-Inkbox-Signature"),
                headers.getFirst("X-Inkbox-Signature-Previous"),
                headers.getFirst("Content-Type"),
                headers.getFirst("Authorization"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        try {
            gate.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Integer status = answers.poll();
        if (echoing) {
            byte[] answer = ("got " + headers.getFirst("Authorization") + " here").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
        } else if (status == null || status > 0) {
            exchange.sendResponseHeaders(status == null ? 200 : status, -1);
        }
        exchange.close();
    }
}
