package partyline.kernel;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import org.sqlite.core.CoreStatement;

/// Queries whose values and columns are known by their places, for what every message asks: by name, as [Handle] does
/// it, they take longer to get ready than SQLite to answer. The counterpart of [Tx#run].
public final class Rows {

    private Rows() {}

    /// Makes a value of the row at which `row` stands; its columns are counted from 1.
    @FunctionalInterface
    public interface Reading<T> {
        T of(ResultSet row) throws SQLException;
    }

    /// All rows, in the order of the query; `values` take the places of its `?` in order.
    public static <T> List<T> list(Handle handle, String sql, Reading<T> reading, @Nullable Object... values) {
        try {
            return kept(handle).query(handle.getConnection(), sql, reading, values);
        } catch (SQLException e) {
            throw new IllegalStateException("SQLite refuses: " + sql, e);
        }
    }

    /// The first row.
    public static <T> Optional<T> first(Handle handle, String sql, Reading<T> reading, @Nullable Object... values) {
        return list(handle, sql, reading, values).stream().findFirst();
    }

    /// Whether there is a row at all.
    public static boolean exist(Handle handle, String sql, @Nullable Object... values) {
        return !list(handle, sql, _ -> true, values).isEmpty();
    }

    /// Runs one statement, and returns how many rows it changed.
    static int run(Handle handle, String sql, @Nullable Object... values) {
        try {
            return kept(handle).run(handle.getConnection(), sql, values);
        } catch (SQLException e) {
            throw new IllegalStateException("SQLite refuses: " + sql, e);
        }
    }

    private static StatementCache kept(Handle handle) {
        return (StatementCache) handle.getStatementBuilder();
    }

    /// The prepared statements of one connection, kept for the next time that the same text comes: to parse and
    /// plan costs more than to run. One that is in use is not shared, and the one that lay idle longest goes
    /// when there are too many. Parameters stay as they are until they are bound anew: to clear them makes
    /// SQLite plan many statements again. Used by one thread at a time, like its connection.
    static final class StatementCache implements StatementBuilder {

        private static final int KEPT = 128;

        private final LinkedHashMap<String, PreparedStatement> idle = new LinkedHashMap<>();
        /// Those that Jdbi uses, and their text as SQLite got it, which is not the one that it names when it
        /// closes them.
        private final Map<Statement, String> used = new IdentityHashMap<>();

        /// Runs one statement with these values, and returns how many rows it changed.
        int run(Connection connection, String sql, @Nullable Object... values) throws SQLException {
            PreparedStatement statement = take(connection, sql);
            try {
                bind(statement, values);
                return statement.executeUpdate();
            } finally {
                giveBack(sql, statement);
            }
        }

        /// Runs one query with these values, and reads it to its end.
        <T> List<T> query(Connection connection, String sql, Rows.Reading<T> reading, @Nullable Object... values)
                throws SQLException {
            PreparedStatement statement = take(connection, sql);
            try {
                bind(statement, values);
                List<T> found = new ArrayList<>();
                try (ResultSet rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.add(reading.of(rows));
                    }
                }
                return found;
            } finally {
                giveBack(sql, statement);
            }
        }

        private static void bind(PreparedStatement statement, @Nullable Object... values) throws SQLException {
            for (int at = 0; at < values.length; at++) {
                statement.setObject(at + 1, values[at]);
            }
        }

        @Override
        public PreparedStatement create(Connection connection, String sql, StatementContext context)
                throws SQLException {
            PreparedStatement statement = take(connection, sql);
            used.put(statement, sql);
            return statement;
        }

        private PreparedStatement take(Connection connection, String sql) throws SQLException {
            PreparedStatement kept = idle.remove(sql);
            return kept == null ? connection.prepareStatement(sql) : kept;
        }

        @Override
        public Statement create(Connection connection, StatementContext context) throws SQLException {
            return connection.createStatement();
        }

        @Override
        public CallableStatement createCall(Connection connection, String sql, StatementContext context)
                throws SQLException {
            return connection.prepareCall(sql);
        }

        @Override
        public void close(Connection connection, String sql, Statement statement) throws SQLException {
            String text = used.remove(statement);
            if (text != null && statement instanceof PreparedStatement prepared) {
                giveBack(text, prepared);
            } else {
                statement.close();
            }
        }

        /// Not kept are statements that the driver closed because they failed badly, and pragmas: they may
        /// answer something that nobody reads, and would stay in the midst of it.
        private void giveBack(String sql, PreparedStatement statement) throws SQLException {
            boolean fit = statement instanceof CoreStatement driver && !driver.pointer.isClosed();
            PreparedStatement surplus = fit && !sql.startsWith("PRAGMA") ? idle.put(sql, statement) : statement;
            if (surplus == null && idle.size() > KEPT) {
                surplus = idle.pollFirstEntry().getValue();
            }
            if (surplus != null) {
                surplus.close();
            }
        }

        /// Keeps none of those that lie idle: SQLite rewrites no file while one may still be in the midst of
        /// its rows.
        void forget() throws SQLException {
            for (PreparedStatement statement : idle.values()) {
                statement.close();
            }
            idle.clear();
        }

        @Override
        public void close(Connection connection) {
            idle.clear();
        }
    }
}
