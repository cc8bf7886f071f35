package partyline.kernel;

import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/// Makes UUIDs of version 7 (RFC 9562) that only ever grow, also within one millisecond and when the clock steps back.
///
/// The 12 bits after the time are a counter that starts at a random place in each millisecond; the last 62 bits are
/// random, so an id cannot be guessed from its neighbour. Thread-safe.
public final class Ids {

    private static final int COUNTER_BITS = 12;
    /// The version of UUIDs.
    private static final int MADE_BY_US = 7;

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

    static Ids after(Optional<Id> newest, InstantSource clock) {
        Ids ids = new Ids(clock);
        newest.ifPresent(id -> ids.newest = tickOf(id));
        return ids;
    }

    /// What the ids of that millisecond begin with, as text: none of an earlier one is greater, none of a later one
    /// less.
    public static String from(Instant time) {
        String millis = "%012x".formatted(time.toEpochMilli());
        return millis.substring(0, 8) + "-" + millis.substring(8);
    }

    public Id next() {
        long tick = tick();
        long high = (tick >>> COUNTER_BITS) << 16 | 0x7000L | (tick & 0xFFF);
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new Id(new UUID(high, low));
    }

    private static long tickOf(Id id) {
        long high = id.value().getMostSignificantBits();
        return high >>> 16 << COUNTER_BITS | high & 0xFFF;
    }

    private synchronized long tick() {
        long now = clock.millis() << COUNTER_BITS | random.nextInt(1 << (COUNTER_BITS - 1));
        newest = now >>> COUNTER_BITS > newest >>> COUNTER_BITS ? now : newest + 1;
        return newest;
    }

    /// The newest id of ours among the primary keys of all tables, whoever owns them: one look at the end of each
    /// index. Ids of other kinds (random ones, names) do not count.
    private static Optional<Id> newest(Handle handle) {
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
