package partyline.kernel;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;

/// Makes UUIDs of version 7 (RFC 9562) that only ever grow, also within one millisecond and when the clock steps back.
///
/// The 12 bits after the time are a counter that starts at a random place in each millisecond; the last 62 bits are
/// random, so an id cannot be guessed from its neighbour. Thread-safe.
public final class Ids {

    private static final long NONE = -1;

    /// A table whose ids are texts, or keys in numbers.
    private record Table(String name, boolean numbers) {}

    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();
    /// Milliseconds and counter of the newest id, as one number of 60 bits.
    private long newest;

    public Ids(InstantSource clock) {
        this.clock = clock;
    }

    /// Ids that also grow beyond those in `database`, which an earlier run of the program made: its clock may have been
    /// ahead.
    public static Ids after(Database database, InstantSource clock) {
        return after(database.read(Ids::newest), clock);
    }

    static Ids after(long newest, InstantSource clock) {
        Ids ids = new Ids(clock);
        ids.newest = Math.max(newest, 0);
        return ids;
    }

    public Id next() {
        return Id.of(tick(), random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL | 0x8000_0000_0000_0000L);
    }

    private synchronized long tick() {
        long now = clock.millis() << Id.COUNTER_BITS | random.nextInt(1 << (Id.COUNTER_BITS - 1));
        newest = now >>> Id.COUNTER_BITS > newest >>> Id.COUNTER_BITS ? now : newest + 1;
        return newest;
    }

    /// The key of the newest id of ours among the primary keys of all tables, whoever owns them; -1 for none. One
    /// look at the end of each index. Ids of other kinds (random ones, names) do not count.
    private static long newest(Handle handle) {
        return tables(handle).stream()
                .mapToLong(table -> table.numbers() ? number(handle, table.name()) : text(handle, table.name()))
                .reduce(NONE, Math::max);
    }

    private static List<Table> tables(Handle handle) {
        return Rows.list(handle, """
                SELECT t.name, c.type = 'INTEGER' FROM sqlite_schema t JOIN pragma_table_info(t.name) c
                 WHERE t.type = 'table' AND c.name = 'id' AND c.pk = 1
                   AND (c.type = 'TEXT' OR EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'salt'))
                """, row -> new Table(row.getString(1), row.getBoolean(2)));
    }

    private static long number(Handle handle, String table) {
        return Rows.first(handle, "SELECT coalesce(max(id), -1) FROM \"" + table + "\"", row -> row.getLong(1))
                .orElseThrow();
    }

    private static long text(Handle handle, String table) {
        String last = "SELECT id FROM \"" + table + "\" WHERE id < 'g' ORDER BY id DESC LIMIT 1";
        return Rows.first(handle, last, row -> row.getString(1))
                .flatMap(Id::tryParse)
                .map(Id::key)
                .orElse(NONE);
    }
}
