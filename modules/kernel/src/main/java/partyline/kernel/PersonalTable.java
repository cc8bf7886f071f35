package partyline.kernel;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import tools.jackson.databind.node.ObjectNode;

/// A table with rows about people. The module that owns it says which rows are about `:person`; one condition finds
/// what is shown and what is forgotten, so nothing is shown that would stay, and nothing goes unseen.
///
/// `emptied` is what the columns are set to where the rows must stay; without it they are deleted.
public record PersonalTable(String name, String condition, Optional<String> emptied) {

    /// A table whose rows about a person can go.
    public static PersonalTable deleted(String name, String condition) {
        return new PersonalTable(name, condition, Optional.empty());
    }

    /// A table whose rows must stay, without what they say about the person.
    public static PersonalTable emptied(String name, String condition, String emptied) {
        return new PersonalTable(name, condition, Optional.of(emptied));
    }

    /// Hands the rows about `person` to `rows`, one by one, with all their columns, times in ISO 8601.
    public void export(Handle handle, PhoneNumber person, Consumer<ObjectNode> rows) {
        about(handle, "*", person).map((row, _) -> json(row)).forEach(rows);
    }

    /// How many rows are about `person`.
    public int count(Handle handle, PhoneNumber person) {
        return about(handle, "count(*)", person).mapTo(int.class).one();
    }

    /// Forgets the rows about `person` and returns how many they were.
    public int erase(Tx tx, PhoneNumber person) {
        tx.forgetAll();
        String verb =
                emptied.map(columns -> "UPDATE " + name + " SET " + columns).orElse("DELETE FROM " + name);
        return tx.handle()
                .createUpdate(verb + " WHERE " + condition)
                .bind("person", person.text())
                .execute();
    }

    private Query about(Handle handle, String columns, PhoneNumber person) {
        return handle.createQuery("SELECT " + columns + " FROM " + name + " WHERE " + condition)
                .bind("person", person.text());
    }

    private static ObjectNode json(ResultSet row) throws SQLException {
        ObjectNode json = Json.object();
        ResultSetMetaData columns = row.getMetaData();
        for (int at = 1; at <= columns.getColumnCount(); at++) {
            String column = columns.getColumnLabel(at);
            boolean time = column.equals("at") || column.endsWith("_at");
            switch (row.getObject(at)) {
                case null -> json.putNull(column);
                case Number micros
                when time -> json.put(column, Timestamps.iso(Timestamps.instant(micros.longValue())));
                case Number number -> json.put(column, number.longValue());
                case Object text -> json.put(column, text.toString());
            }
        }
        return json;
    }
}
