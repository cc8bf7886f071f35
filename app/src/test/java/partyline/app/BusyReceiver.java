package partyline.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/// A webhook receiver on loopback that is too busy for the first posts, and takes what comes after them.
final class BusyReceiver implements AutoCloseable {

    private final HttpServer server;
    private final int busy;
    private final AtomicInteger posts = new AtomicInteger();

    BusyReceiver(int busy) {
        this.busy = busy;
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
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/busy";
    }

    int refused() {
        return Math.min(posts.get(), busy);
    }

    int taken() {
        return Math.max(0, posts.get() - busy);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(posts.incrementAndGet() > busy ? 200 : 503, -1);
        }
    }
}
