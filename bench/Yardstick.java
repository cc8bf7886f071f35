import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;

/// The rows of a send, by plain JDBC with the server's durability: the message with all its indexes, and
/// the conversation that counts it. Nothing is checked, parsed, rendered or told. The tables are those of
/// `yardstick.sql`, whatever the server's are.
final class Yardstick implements AutoCloseable {

    private static final Path SCHEMA = Path.of("bench/yardstick.sql");

    private record Unit(int number, CompletableFuture<Boolean> done) {}

    private final Connection connection;
    private final PreparedStatement insert;
    private final PreparedStatement count;
    private final List<String> conversations;
    private final int id;
    private final int conversation;
    private final int provider;
    private int inserted;

    /// Over a database of its own in `folder`; what it inserts looks like the newest message there.
    Yardstick(Path folder) throws SQLException, IOException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("yardstick.db"));
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA cache_size = -16000");
            statement.executeUpdate("BEGIN;" + Files.readString(SCHEMA) + "COMMIT;");
        }
        connection.setAutoCommit(false);
        conversations = conversations();
        try (var row = connection.createStatement().executeQuery("SELECT * FROM message ORDER BY id DESC LIMIT 1")) {
            int columns = row.getMetaData().getColumnCount();
            insert = connection.prepareStatement(
                    "INSERT INTO message VALUES (?" + ", ?".repeat(columns - 1) + ")");
            for (int at = 1; at <= columns; at++) {
                insert.setObject(at, row.getObject(at));
            }
            id = row.findColumn("id");
            conversation = row.findColumn("conversation_id");
            provider = row.findColumn("provider_id");
        }
        count = connection.prepareStatement("""
                UPDATE conversation SET all_count = all_count + 1, all_latest = ?, shown_count = shown_count + 1,
                       shown_latest = ? WHERE id = ?
                """);
    }

    /// One transaction each, from one thread, which is all that SQLite does at a time.
    Load.Result single(Duration warmUp, Duration measured) throws Exception {
        return Load.closed(1, warmUp, measured, _ -> number -> {
            row(number);
            connection.commit();
        });
    }

    /// Many threads, one writer that commits what waits, 256 rows at most.
    Load.Result grouped(int clients, Duration warmUp, Duration measured) throws Exception {
        BlockingQueue<Unit> queue = new ArrayBlockingQueue<>(8_192);
        Thread writer = Thread.ofPlatform().daemon().start(() -> write(queue));
        Load.Result result = Load.closed(clients, warmUp, measured, _ -> number -> {
            Unit unit = new Unit(number, new CompletableFuture<>());
            queue.add(unit);
            unit.done().join();
        });
        writer.interrupt();
        writer.join();
        return result;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private void write(BlockingQueue<Unit> queue) {
        List<Unit> group = new ArrayList<>();
        try {
            while (true) {
                group.clear();
                group.add(queue.take());
                queue.drainTo(group, 255);
                for (Unit unit : group) {
                    row(unit.number());
                }
                connection.commit();
                group.forEach(unit -> unit.done().complete(true));
            }
        } catch (InterruptedException e) {
            // Told to end.
        } catch (SQLException e) {
            group.forEach(unit -> unit.done().completeExceptionally(e));
        }
    }

    private void row(int number) throws SQLException {
        String message = "ffffffff-%04x-7000-8000-%012x".formatted(inserted >>> 16, inserted++);
        String owner = conversations.get(number % conversations.size());
        insert.setString(id, message);
        insert.setString(conversation, owner);
        insert.setString(provider, "yardstick-" + message);
        insert.executeUpdate();
        count.setString(1, message);
        count.setString(2, message);
        count.setString(3, owner);
        count.executeUpdate();
    }

    private List<String> conversations() throws SQLException {
        List<String> ids = new ArrayList<>();
        try (var rows = connection.createStatement().executeQuery("SELECT id FROM conversation ORDER BY id LIMIT 64")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        }
        return ids;
    }
}
