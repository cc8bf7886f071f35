package partyline.kernel;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table to write to: what a module would keep.
record Notes(Database database) {

    static Notes in(Database database) {
        database.update(tx -> tx.handle().execute("CREATE TABLE IF NOT EXISTS note (text TEXT NOT NULL)"));
        return new Notes(database);
    }

    void add(String text) {
        database.update(tx -> add(tx, text));
    }

    void add(Tx tx, @Nullable String text) {
        tx.handle().execute("INSERT INTO note (text) VALUES (?)", text);
    }

    /// Lets everything go well until the commit, which SQLite then refuses.
    static void refuseCommit(Tx tx) {
        tx.handle().execute("CREATE TABLE owner (id INTEGER PRIMARY KEY)");
        tx.handle().execute("CREATE TABLE owned (id INTEGER REFERENCES owner DEFERRABLE INITIALLY DEFERRED)");
        tx.handle().execute("INSERT INTO owned VALUES (1)");
    }

    List<String> all() {
        return database.read(handle -> handle.createQuery("SELECT text FROM note ORDER BY rowid")
                .mapTo(String.class)
                .list());
    }
}
