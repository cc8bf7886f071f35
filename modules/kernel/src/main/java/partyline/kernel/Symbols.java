package partyline.kernel;

import org.jdbi.v3.core.Handle;

/// The `symbol` table: texts that the rows of every message and event repeat, such as the ids of organizations and
/// identities, by small numbers that stand for them there. A number is given out once and never changes.
public final class Symbols {

    private record Symbol(String text) {}

    private Symbols() {}

    /// The number that stands for `text`, which it gets now if it had none; remembered.
    public static long number(Tx tx, String text) {
        return tx.remembered(new Symbol(text), () -> {
            tx.run("INSERT INTO symbol (text) VALUES (?) ON CONFLICT DO NOTHING", text);
            return number(tx.handle(), text);
        });
    }

    /// The same in a query, where a text that has no number has no rows: `parameter` is bound to the text.
    public static String of(String parameter) {
        return "(SELECT no FROM symbol WHERE text = " + parameter + ")";
    }

    private static long number(Handle handle, String text) {
        return Rows.first(handle, "SELECT no FROM symbol WHERE text = ?", row -> row.getLong(1), text)
                .orElseThrow();
    }
}
