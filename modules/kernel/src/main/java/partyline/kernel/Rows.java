package partyline.kernel;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

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
            return ((StatementCache) handle.getStatementBuilder()).query(handle.getConnection(), sql, reading, values);
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
}
