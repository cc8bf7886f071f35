package partyline.app.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.config.DataFolder;
import partyline.kernel.StartupFailure;
import tools.jackson.core.JacksonException;

/// The door through which the jar's commands reach a running server: a listener of its own on a free loopback port, so
/// that neither the API's address nor a proxy in front of it leads here. It opens to the token in the data folder.
/// No public API. Thread-safe.
public final class OperationsServer implements AutoCloseable {

    static final String PATH = "/operator";
    static final String TOKEN_HEADER = "X-Operator-Token";

    private static final Logger LOG = LoggerFactory.getLogger(OperationsServer.class);
    private static final int TOKEN_BYTES = 32;
    private static final int LONGEST_ORDER = 65_536;

    private final Operations operations;
    private final OperationsToken file;
    private final String token;
    private final HttpServer server;

    private OperationsServer(Operations operations, OperationsToken file, HttpServer server) {
        this.operations = operations;
        this.file = file;
        this.server = server;
        byte[] secret = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(secret);
        this.token = HexFormat.of().formatHex(secret);
    }

    /// Begins to listen and leaves the way here in the data folder.
    ///
    /// @throws StartupFailure when the folder takes no file or the machine has no loopback address to listen on.
    public static OperationsServer open(DataFolder folder, Operations operations) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            OperationsServer door = new OperationsServer(operations, OperationsToken.in(folder.path()), server);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext(PATH, door::handle);
            server.start();
            InetSocketAddress at = server.getAddress();
            String host = at.getAddress().getHostAddress();
            door.file.write(
                    "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort(), door.token);
            return door;
        } catch (IOException e) {
            throw new StartupFailure(
                    "Cannot listen for commands on loopback, or write the way there to %s (%s): check the folder's owner."
                            .formatted(folder.path(), e),
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        file.delete();
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress() || !authentic(exchange)) {
                send(exchange, 403, "");
                return;
            }
            String body = new String(exchange.getRequestBody().readNBytes(LONGEST_ORDER), StandardCharsets.UTF_8);
            answer(exchange, OperatorCommand.parse(body));
        } catch (JacksonException e) {
            LOG.warn("event=order_unreadable", e);
        }
    }

    private void answer(HttpExchange exchange, OperatorCommand order) throws IOException {
        switch (operations.run(order)) {
            case Operations.Outcome.Done(var text) -> {
                LOG.info("event=order_done command=\"{}\"", order.command());
                send(exchange, 200, text);
            }
            case Operations.Outcome.Document(var json) -> {
                LOG.info("event=order_done command=\"{}\"", order.command());
                try (json) {
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, json.size());
                    Channels.newInputStream(json).transferTo(exchange.getResponseBody());
                }
            }
            case Operations.Outcome.Refused(var sentence) -> send(exchange, 409, sentence);
        }
    }

    private boolean authentic(HttpExchange exchange) {
        String given = Optional.ofNullable(exchange.getRequestHeaders().getFirst(TOKEN_HEADER))
                .orElse("");
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }
}
