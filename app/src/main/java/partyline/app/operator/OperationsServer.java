package partyline.app.operator;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Hmac;
import partyline.kernel.Json;
import partyline.kernel.StartupFailure;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The door through which the jar's commands reach a running server: a listener of its own on a free loopback port, so
/// that neither the API's address nor a proxy in front of it leads here. It opens to the token in the data folder, and
/// takes the words of a command line as a list. No public API. Thread-safe.
public final class OperationsServer implements AutoCloseable {

    static final String PATH = "/operator";
    static final String TOKEN_HEADER = "X-Operator-Token";

    private static final Logger LOG = LoggerFactory.getLogger(OperationsServer.class);
    private static final int TOKEN_BYTES = 32;
    private static final int LONGEST_COMMAND = 65_536;

    private final Path folder;
    private final Function<List<String>, Operations.Outcome> commands;
    private final HttpServer server;
    private final String token;

    private OperationsServer(
            Path folder, Function<List<String>, Operations.Outcome> commands, HttpServer server, String token) {
        this.folder = folder;
        this.commands = commands;
        this.server = server;
        this.token = token;
    }

    /// Begins to listen and leaves the way here in the data folder.
    ///
    /// @throws StartupFailure when the folder takes no file or the machine has no loopback address to listen on.
    public static OperationsServer open(Path folder, Function<List<String>, Operations.Outcome> commands) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            byte[] secret = new byte[TOKEN_BYTES];
            new SecureRandom().nextBytes(secret);
            String token = HexFormat.of().formatHex(secret);
            OperationsServer door = new OperationsServer(folder, commands, server, token);
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext(PATH, door::handle);
            server.start();
            InetSocketAddress at = server.getAddress();
            String host = at.getAddress().getHostAddress();
            String url = "http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + at.getPort();
            new OperationsToken(url, token).write(folder);
            return door;
        } catch (IOException e) {
            throw new StartupFailure(
                    "Cannot listen for commands on loopback, or write the way there to %s (%s): check the folder's owner."
                            .formatted(folder, e),
                    e);
        }
    }

    @Override
    public void close() throws IOException {
        OperationsToken.delete(folder);
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRemoteAddress().getAddress().isLoopbackAddress() || !authentic(exchange)) {
                exchange.sendResponseHeaders(403, -1);
                return;
            }
            String body = new String(exchange.getRequestBody().readNBytes(LONGEST_COMMAND), StandardCharsets.UTF_8);
            List<String> words =
                    Json.read(body).valueStream().map(JsonNode::asString).toList();
            switch (commands.apply(words)) {
                case Operations.Outcome.Done(var text) -> send(exchange, 200, text);
                case Operations.Outcome.Refused(var sentence) ->
                    send(exchange, 409, new ByteArrayInputStream(sentence.getBytes(StandardCharsets.UTF_8)));
            }
        } catch (JacksonException e) {
            LOG.warn("event=order_unreadable", e);
        }
    }

    private boolean authentic(HttpExchange exchange) {
        return Hmac.same(token, exchange.getRequestHeaders().getFirst(TOKEN_HEADER));
    }

    private static void send(HttpExchange exchange, int status, InputStream text) throws IOException {
        try (text) {
            exchange.sendResponseHeaders(status, 0);
            text.transferTo(exchange.getResponseBody());
        }
    }
}
