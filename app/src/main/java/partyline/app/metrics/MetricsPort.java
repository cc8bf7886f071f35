package partyline.app.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.config.Config;
import partyline.kernel.StartupFailure;

/// `/metrics` on a port of its own, for a Prometheus that has no key. Whoever reaches the port reads them. Thread-safe.
public final class MetricsPort implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(MetricsPort.class);

    private final HttpServer server;
    private final ExecutorService threads = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("metrics-", 0).daemon().factory());

    private MetricsPort(HttpServer server) {
        this.server = server;
    }

    /// Begins to listen on `port`.
    ///
    /// @throws StartupFailure when the port is taken or may not be used.
    public static MetricsPort open(Config.Metrics config, int port, MetricsRoutes routes) {
        try {
            MetricsPort made = new MetricsPort(HttpServer.create(new InetSocketAddress(config.host(), port), 0));
            made.server.createContext(MetricsRoutes.PATH, exchange -> answer(exchange, routes));
            made.server.setExecutor(made.threads);
            made.server.start();
            LOG.info(
                    "event=metrics_served host={} port={}",
                    config.host(),
                    made.server.getAddress().getPort());
            return made;
        } catch (IOException e) {
            throw new StartupFailure(
                    "Cannot listen on %s port %d for metrics (%s): stop the program that has it, or choose another with metrics.port."
                            .formatted(config.host(), port, e.getMessage()),
                    e);
        }
    }

    private static void answer(HttpExchange exchange, MetricsRoutes routes) throws IOException {
        try (exchange) {
            boolean known = exchange.getRequestURI().getPath().equals(MetricsRoutes.PATH);
            boolean asks = exchange.getRequestMethod().equals("GET");
            if (!known || !asks) {
                exchange.sendResponseHeaders(known ? 405 : 404, -1);
                return;
            }
            byte[] text = routes.text();
            exchange.getResponseHeaders().set("Content-Type", MetricsText.CONTENT_TYPE);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
        } catch (RuntimeException e) {
            LOG.error("event=metrics_failed fix=\"report this, it is a bug\"", e);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
