package partyline.drivers.contract;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import partyline.transport.Line;
import partyline.transport.Transport;
import partyline.transport.WebhookReceiver;

/// The `/hooks` of a server, on loopback, for whichever transport runs at the time.
public final class HookServer implements AutoCloseable {

    private final HttpServer server;
    private final Supplier<@Nullable Transport> running;

    public HookServer(Supplier<@Nullable Transport> running) {
        this.running = running;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/hooks/", this::take);
        server.start();
    }

    public String url(Line line, String secret) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hooks/" + line.id() + "/" + secret;
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            String[] path = exchange.getRequestURI().getPath().split("/");
            WebhookReceiver.Request request = new WebhookReceiver.Request(
                    path.length > 4 ? path[4] : "",
                    Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse(""),
                    headers(exchange),
                    exchange.getRequestBody().readAllBytes());
            Transport transport = running.get();
            WebhookReceiver.Answer answer = transport == null
                    ? new WebhookReceiver.Answer(503, "text/plain", "stopped")
                    : transport
                            .hook(path[2], path[3], request)
                            .orElse(new WebhookReceiver.Answer(404, "text/plain", "no such line"));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        return headers;
    }
}
