import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The floor, `Floor PORT FILE URL`: accepts a message over HTTP, stores it (FULL, grouped), signs it, posts
/// it, marks it done, and knows nothing else: no tenants, people, rules, events, retries. What this machine
/// allows, and no product.
public final class Floor {

    private record Unit(boolean insert, String id, byte[] body, CompletableFuture<Void> done) {}

    private static final BlockingQueue<Unit> QUEUE = new ArrayBlockingQueue<>(8_192, true);
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private Floor() {}

    public static void main(String[] arguments) throws Exception {
        URI receiver = URI.create(arguments[2]);
        Connection database = DriverManager.getConnection("jdbc:sqlite:" + arguments[1]);
        try (var statement = database.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("CREATE TABLE message (id TEXT PRIMARY KEY, body BLOB NOT NULL, done INTEGER NOT NULL) WITHOUT ROWID");
        }
        Thread.ofPlatform().daemon().start(() -> write(database));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(arguments[0])), 1_024);
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String id = "%016x-%s".formatted(System.nanoTime(), UUID.randomUUID());
            commit(new Unit(true, id, body, new CompletableFuture<>()));
            threads.execute(() -> deliver(receiver, id, body));
            exchange.sendResponseHeaders(201, -1);
            exchange.close();
        });
        server.start();
    }

    private static void deliver(URI receiver, String id, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("a secret of thirty-two characters".getBytes(), "HmacSHA256"));
            HttpRequest request = HttpRequest.newBuilder(receiver)
                    .header("X-Request-ID", id)
                    .header("X-Signature", HexFormat.of().formatHex(mac.doFinal(body)))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
            CLIENT.send(request, HttpResponse.BodyHandlers.discarding());
            commit(new Unit(false, id, body, new CompletableFuture<>()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void commit(Unit unit) {
        QUEUE.add(unit);
        unit.done().join();
    }

    private static void write(Connection database) {
        try (var insert = database.prepareStatement("INSERT INTO message VALUES (?, ?, 0)");
                var finish = database.prepareStatement("UPDATE message SET done = 1 WHERE id = ?")) {
            database.setAutoCommit(false);
            List<Unit> group = new ArrayList<>();
            while (true) {
                group.clear();
                group.add(QUEUE.take());
                QUEUE.drainTo(group, 255);
                for (Unit unit : group) {
                    var statement = unit.insert() ? insert : finish;
                    statement.setString(1, unit.id());
                    if (unit.insert()) {
                        statement.setBytes(2, unit.body());
                    }
                    statement.executeUpdate();
                }
                database.commit();
                group.forEach(unit -> unit.done().complete(null));
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
