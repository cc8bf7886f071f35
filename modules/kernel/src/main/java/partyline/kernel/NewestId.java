package partyline.kernel;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/// Finds the newest id that [Ids] ever made among the primary keys of all tables, whoever owns them: one look
/// at the end of each index. Ids of other kinds (random ones, names) do not count.
final class NewestId {

    private static final int MADE_BY_US = 7;

    private NewestId() {}

    static Optional<Id> in(Handle handle) {
        return tables(handle).stream()
                .flatMap(table -> last(handle, table).stream())
                .filter(id -> id.value().version() == MADE_BY_US)
                .max(Comparator.comparing(Id::text));
    }

    private static List<String> tables(Handle handle) {
        return handle.createQuery("""
                        SELECT t.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                         WHERE t.type = 'table' AND c.name = 'id' AND c.type = 'TEXT' AND c.pk = 1
                        """).mapTo(String.class).list();
    }

    private static Optional<Id> last(Handle handle, String table) {
        return handle.createQuery("SELECT id FROM \"" + table + "\" WHERE id < 'g' ORDER BY id DESC LIMIT 1")
                .mapTo(String.class)
                .findOne()
                .flatMap(Id::tryParse);
    }
}
