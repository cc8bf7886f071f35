import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Fills a server's database with copies of what it holds, by SQL, while no server runs.
final class Seed {

    /// The ids of what is made sort by their number and before everything that a server makes later.
    private static final Map<String, String> KEY = Map.of("id", "1000000000 + n", "salt", "-9000000000000000000 + n");
    private static final String TEXT = "printf('%08x-0000-7%03x-8000-%012x', 1000000 + n / 4096, n % 4096, n)";

    private Seed() {}

    /// Makes the conversations and messages up to so many, the messages dealt to the conversations in turn.
    static void fill(Path database, int conversations, int messages) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            run(connection, "PRAGMA synchronous = OFF");
            run(connection, "PRAGMA cache_size = -200000");
            connection.setAutoCommit(false);
            int have = count(connection, "conversation");
            copy(connection, "connection", have, conversations, Map.of("id", TEXT, "person", person()));
            copy(connection, "conversation", have, conversations, with("person", person()));
            connection.commit();
            int first = count(connection, "message");
            for (int from = first; from < messages; from += 50_000) {
                copy(
                        connection,
                        "message",
                        from,
                        Math.min(messages, from + 50_000),
                        with(
                                "conversation_id",
                                "(SELECT id FROM turn WHERE turn.n = row.n % " + conversations + ")",
                                "provider_id",
                                "'seed-' || hex(randomblob(8))"));
                connection.commit();
            }
            run(connection, """
                    UPDATE conversation SET (shown_latest, all_latest, shown_count, all_count) = (
                        SELECT max(id), max(id), count(*), count(*) FROM message WHERE conversation_id = conversation.id)
                     WHERE id IN (SELECT id FROM turn)
                    """);
            connection.commit();
            connection.setAutoCommit(true);
            run(connection, "DROP TABLE turn");
            run(connection, "PRAGMA optimize");
            run(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
        }
    }

    /// Copies the newest row of `table` for every number, with the columns `changed`.
    private static void copy(Connection connection, String table, int from, int to, Map<String, String> changed)
            throws SQLException {
        if (table.equals("message")) {
            run(connection, """
                    CREATE TEMP TABLE IF NOT EXISTS turn AS
                    SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM conversation
                    """);
            run(connection, "CREATE INDEX IF NOT EXISTS temp.turn_n ON turn (n)");
        }
        List<String> columns = new ArrayList<>();
        List<String> values = new ArrayList<>();
        try (var row = connection.createStatement().executeQuery("PRAGMA table_info(" + table + ")")) {
            while (row.next()) {
                String column = row.getString("name");
                columns.add(column);
                values.add(changed.getOrDefault(column, "model." + column));
            }
        }
        run(
                connection,
                """
                WITH RECURSIVE row (n) AS (SELECT %d WHERE %1$d < %d UNION ALL SELECT n + 1 FROM row WHERE n + 1 < %2$d)
                INSERT INTO %s (%s) SELECT %s FROM row, (SELECT * FROM %3$s ORDER BY id DESC LIMIT 1) AS model
                """
                        .formatted(from, to, table, String.join(", ", columns), String.join(", ", values)));
    }

    /// A key of its own, and these columns and values.
    private static Map<String, String> with(String... columns) {
        Map<String, String> changed = new HashMap<>(KEY);
        for (int at = 0; at < columns.length; at += 2) {
            changed.put(columns[at], columns[at + 1]);
        }
        return changed;
    }

    private static String person() {
        return "'+1303' || (2000000 + n)";
    }

    private static int count(Connection connection, String table) throws SQLException {
        try (var row = connection.createStatement().executeQuery("SELECT count(*) FROM " + table)) {
            return row.getInt(1);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
