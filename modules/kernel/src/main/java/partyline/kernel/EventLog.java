package partyline.kernel;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;

/// The [Journal] as its readers see it: pages in the order of `seq`, from any place that is still kept.
///
/// Numbers are given out by the one writer and become visible in their order, several at once where commits are
/// grouped; so whoever asks for what comes after the last number it saw misses nothing. Numbers leap at each start of
/// the program, so one that this history never gave out belongs to another, which a backup has replaced, and whoever
/// comes with it is told so. A page looks at a bounded stretch of the journal, so that a filter which takes little
/// costs no long read. Thread-safe: it holds no state of its own.
public final class EventLog {

    /// How much of the journal one page looks at.
    private static final int STRETCH = 5_000;
    /// How many of the newest events are counted by the minute: what a page can wait for.
    private static final int COUNTED = 50_000;
    /// How many events are looked through for those about a person.
    private static final int LOOKED_THROUGH = 500_000;
    private static final long MINUTE_MICROS = 60_000_000;
    /// How much the events of a page say, in characters: whoever tells them holds them several times over.
    private static final int LARGEST = 512 * 1_024;
    /// How many events one write removes, so that nobody waits for it.
    private static final int PRUNED_AT_ONCE = 500;

    private static final String OF = "organization_no = " + Symbols.of(":organization");
    private static final String SELECT = """
            SELECT seq, event_id, event_salt, i.text AS identity_id, h.text AS handle, conversation_id, person, message_id,
                   type, occurred_at, payload
              FROM journal LEFT JOIN symbol i ON i.no = identity_no LEFT JOIN symbol h ON h.no = handle_no
             WHERE\s""" + OF;
    private static final String OF_ALL = """
               AND seq BETWEEN :first AND :last AND type IN (<types>) ORDER BY seq LIMIT :limit
            """;
    /// Finds the numbers in an index first, so that others' events cost nothing.
    private static final String OF_ONE = """
               AND identity_no = <identity>
               AND seq IN (SELECT seq FROM journal
                            WHERE identity_no = <identity> AND seq BETWEEN :first AND :last AND type IN (<types>)
                            ORDER BY seq LIMIT :limit)
             ORDER BY seq
            """.replace("<identity>", Symbols.of(":identity"));

    /// The newest number of an organization, and the newest that is forgotten.
    private static final String ENDS = """
            SELECT max(seq, coalesce((SELECT max(seq) FROM journal WHERE organization_no = h.organization_no), 0)), pruned
              FROM journal_head h\s""";

    /// What asking for a page came to.
    public sealed interface Reading {

        /// The next events, perhaps none; go on with `next`. With `more`, the journal goes on beyond it already.
        record Page(List<Event> events, long next, boolean more) implements Reading {}

        /// Some of what was asked for is gone; `oldest` is the first number that is kept, or that will come.
        record Expired(long oldest) implements Reading {}

        /// This history never gave out the number. It parts from the one that did at `next` or later.
        record Foreign(long next) implements Reading {}
    }

    /// Events in a row; unless it is `all`, more of the kind may follow.
    public record Stretch(List<Event> events, boolean all) {}

    /// The newest number of an organization, and the newest that is forgotten; 0 for none.
    private record Ends(long head, long pruned) {}

    /// When a number was given out.
    private record Stamp(long seq, long micros) {}

    private final Database database;
    private final EventRenderer renderer;

    /// What `journal` appended to `database`.
    public EventLog(Database database, Journal journal) {
        this.database = database;
        this.renderer = journal.renderer();
    }

    /// The events about a person. Their numbers stay, so that no reader of the journal finds a hole.
    public static List<PersonalTable> personalTables() {
        return List.of(PersonalTable.emptied(
                "journal",
                "person = :person",
                "type = 'erased', person = NULL, conversation_id = NULL, message_id = NULL, payload = '{}'"));
    }

    /// The newest number of the organization; 0 before its first event.
    public long head(OrganizationId organization) {
        return database.read(handle -> ends(handle, organization).head());
    }

    /// The oldest number that is kept or may come.
    public long oldest(OrganizationId organization) {
        return database.read(handle -> ends(handle, organization).pruned() + 1);
    }

    /// An event about a message.
    public record Traced(Id event, String type, Instant at) {

        /// How it is spelt.
        public String id() {
            return Event.id(event);
        }
    }

    /// The events that are kept about a message of this identity, oldest first. There is no index by message: this
    /// looks through those of the identity.
    public List<Traced> trace(OrganizationId organization, Id identity, Id message) {
        return database.read(handle -> Rows.list(
                handle,
                "SELECT event_id, event_salt, type, occurred_at FROM journal WHERE organization_no = "
                        + Symbols.of("?1") + " AND identity_no = " + Symbols.of("?2")
                        + " AND message_id = ?3 ORDER BY seq",
                row -> new Traced(
                        Id.of(row.getLong(1), row.getLong(2)), row.getString(3), Timestamps.instant(row.getLong(4))),
                organization.text(),
                identity.text(),
                message.key()));
    }

    /// How many events of the organization happened in each of the last `minutes` minutes, oldest first. Of the newest
    /// fifty thousand alone: a minute that they do not reach as a whole is empty.
    public List<OptionalInt> perMinute(OrganizationId organization, Instant now, int minutes) {
        long start = Timestamps.micros(now) - minutes * MINUTE_MICROS;
        Map<Integer, Integer> counts = database.read(handle -> perMinute(handle, organization, start));
        boolean all = counts.containsKey(-1)
                || counts.values().stream().mapToInt(Integer::intValue).sum() < COUNTED;
        int first = all ? 0 : Collections.min(counts.keySet()) + 1;
        return IntStream.range(0, minutes)
                .mapToObj(
                        minute -> minute < first ? OptionalInt.empty() : OptionalInt.of(counts.getOrDefault(minute, 0)))
                .toList();
    }

    /// How many of the events that are kept of an organization are about a person; empty where these are more than
    /// half a million, since there is no index by person.
    public OptionalInt about(OrganizationId organization, PhoneNumber person) {
        return database.read(handle -> handle.createQuery("""
                        SELECT count(*) AS events, count(*) FILTER (WHERE person = :person) AS about
                          FROM (SELECT person FROM journal WHERE <of> LIMIT :most)
                        """.replace("<of>", OF))
                .bind("organization", organization.text())
                .bind("person", person.text())
                .bind("most", LOOKED_THROUGH + 1)
                .map((row, _) -> row.getInt("events") > LOOKED_THROUGH
                        ? OptionalInt.empty()
                        : OptionalInt.of(row.getInt("about")))
                .one());
    }

    /// What is older than `start` counts as minute -1.
    private static Map<Integer, Integer> perMinute(Handle handle, OrganizationId organization, long start) {
        return handle.createQuery("""
                        SELECT CASE WHEN occurred_at < :start THEN -1 ELSE (occurred_at - :start) / :minute END AS at, count(*)
                          FROM (SELECT occurred_at FROM journal WHERE <of> ORDER BY seq DESC LIMIT :most)
                         GROUP BY at
                        """.replace("<of>", OF))
                .bind("organization", organization.text())
                .bind("start", start)
                .bind("minute", MINUTE_MICROS)
                .bind("most", COUNTED)
                .map((row, _) -> Map.entry(row.getInt(1), row.getInt(2)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// The events after number `seq` that `filter` takes, at most `limit`, and fewer where they are large.
    public Reading after(EventFilter filter, long seq, int limit) {
        return database.read(handle -> {
            Ends ends = ends(handle, filter.organization());
            if (seq < ends.pruned()) {
                return new Reading.Expired(ends.pruned() + 1);
            }
            long known = upTo(handle, filter.organization(), seq).orElse(ends.pruned());
            return known == seq ? page(handle, filter, seq, limit, ends.head()) : new Reading.Foreign(known);
        });
    }

    /// The event with this number, as `reader` sees it; empty when it is not kept.
    public Optional<Event> find(Handle reader, OrganizationId organization, long seq) {
        return reader.createQuery(SELECT + " AND seq = :seq")
                .bind("organization", organization.text())
                .bind("seq", seq)
                .map((row, _) -> event(reader, organization, row))
                .findOne();
    }

    /// The events after number `seq` that `filter` takes, at most `limit`, and fewer where they are large; also such as
    /// are shown to nobody else any more.
    public Stretch owed(EventFilter filter, long seq, int limit) {
        return database.read(handle -> events(handle, filter, seq + 1, Long.MAX_VALUE, limit));
    }

    private Reading.Page page(Handle handle, EventFilter filter, long seq, int limit, long head) {
        OptionalLong first = number(
                handle, "SELECT min(seq) FROM journal WHERE " + OF + " AND seq > :seq", filter.organization(), seq);
        if (first.isEmpty()) {
            return new Reading.Page(List.of(), seq, false);
        }
        long end = first.getAsLong() + STRETCH - 1;
        long last = upTo(handle, filter.organization(), end).orElseThrow();
        Stretch found = events(handle, filter, seq + 1, last, limit);
        long next = found.all() ? last : found.events().getLast().seq();
        return new Reading.Page(found.events(), next, next < head);
    }

    /// Lets the journal forget what is older than `shown`, and its rows go when they are older than `kept` as well, for
    /// which some of our own may still look ([#owed]); zero for `shown` keeps everything. Never leaves a hole, also
    /// where the clock stepped back.
    public Pruning pruning(InstantSource clock, Duration shown, Duration kept) {
        Duration longer = kept.compareTo(shown) < 0 ? shown : kept;
        Pruning.Removal[] removals = shown.isZero()
                ? new Pruning.Removal[0]
                : new Pruning.Removal[] {
                    now -> eachOrganization(organization -> hide(organization, now.minus(shown))),
                    now -> eachOrganization(organization -> remove(organization, now.minus(longer)))
                };
        return new Pruning("journal-pruning", clock, Duration.ZERO, Duration.ofMinutes(10), removals);
    }

    private int eachOrganization(ToIntFunction<OrganizationId> removal) {
        return database.read(EventLog::organizations).stream().mapToInt(removal).sum();
    }

    private int hide(OrganizationId organization, Instant cutoff) {
        List<Long> old = database.read(handle ->
                before(handle, organization, ends(handle, organization).pruned(), cutoff));
        if (!old.isEmpty()) {
            database.update(tx -> tx.run(
                    "UPDATE journal_head SET pruned = ? WHERE organization_no = " + Symbols.of("?"),
                    old.getLast(),
                    organization.text()));
        }
        return old.size();
    }

    private int remove(OrganizationId organization, Instant cutoff) {
        List<Long> old = database.read(handle -> before(handle, organization, 0, cutoff));
        if (!old.isEmpty()) {
            database.update(tx -> {
                tx.run(
                        "UPDATE journal_head SET seq = max(seq, ?1) WHERE organization_no = " + Symbols.of("?2"),
                        old.getLast(),
                        organization.text());
                tx.run(
                        "DELETE FROM journal WHERE organization_no = " + Symbols.of("?") + " AND seq <= ?",
                        organization.text(),
                        old.getLast());
            });
        }
        return old.size();
    }

    private static Ends ends(Handle handle, OrganizationId organization) {
        return Rows.first(
                        handle,
                        ENDS + "WHERE organization_no = " + Symbols.of("?"),
                        row -> new Ends(row.getLong(1), row.getLong(2)),
                        organization.text())
                .orElse(new Ends(0, 0));
    }

    /// The newest number of an organization that has a head.
    static long newest(Handle handle, long organization) {
        return Rows.first(handle, ENDS + "WHERE organization_no = ?", row -> row.getLong(1), organization)
                .orElseThrow();
    }

    /// The newest number of all organizations.
    static long newest(Handle handle) {
        return Rows.list(handle, ENDS, row -> row.getLong(1)).stream().reduce(0L, Math::max);
    }

    /// The newest number up to `seq` that is kept.
    private static OptionalLong upTo(Handle handle, OrganizationId organization, long seq) {
        return number(handle, "SELECT max(seq) FROM journal WHERE " + OF + " AND seq <= :seq", organization, seq);
    }

    private static OptionalLong number(Handle handle, String query, OrganizationId organization, long seq) {
        return handle.createQuery(query)
                .bind("organization", organization.text())
                .bind("seq", seq)
                .map((row, _) -> row.getObject(1) == null ? OptionalLong.empty() : OptionalLong.of(row.getLong(1)))
                .one();
    }

    private Stretch events(Handle handle, EventFilter filter, long first, long last, int limit) {
        if (filter.types().isEmpty()) {
            return new Stretch(List.of(), true);
        }
        Query query = handle.createQuery(SELECT + (filter.identity().isPresent() ? OF_ONE : OF_ALL))
                .bind("organization", filter.organization().text())
                .bind("identity", filter.identity().map(Id::text).orElse(null))
                .bind("first", first)
                .bind("last", last)
                .bindList("types", filter.types().stream().sorted().toList())
                .bind("limit", limit);
        List<Event> found = new ArrayList<>();
        int size = 0;
        try (ResultIterator<Event> rows =
                query.map((row, _) -> event(handle, filter.organization(), row)).iterator()) {
            while (size < LARGEST && rows.hasNext()) {
                Event event = rows.next();
                size += event.draft().content().weight();
                found.add(event);
            }
        }
        return new Stretch(found, found.size() < limit && size < LARGEST);
    }

    private static List<OrganizationId> organizations(Handle handle) {
        return handle.createQuery("SELECT text FROM journal_head JOIN symbol ON no = organization_no ORDER BY text")
                .map((row, _) -> new OrganizationId(row.getString("text")))
                .list();
    }

    /// The numbers after `seq` in the unbroken run of old events that follows it, a batch at most. The rows are read to
    /// their end: an open result would hold its connection to this snapshot.
    private static List<Long> before(Handle handle, OrganizationId organization, long seq, Instant cutoff) {
        List<Stamp> oldest = handle.createQuery("SELECT seq, occurred_at FROM journal WHERE " + OF
                        + " AND seq > :seq ORDER BY seq LIMIT :limit")
                .bind("organization", organization.text())
                .bind("seq", seq)
                .bind("limit", PRUNED_AT_ONCE)
                .map((row, _) -> new Stamp(row.getLong("seq"), row.getLong("occurred_at")))
                .list();
        return oldest.stream()
                .takeWhile(stamp -> stamp.micros() < Timestamps.micros(cutoff))
                .map(Stamp::seq)
                .toList();
    }

    private Event event(Handle handle, OrganizationId organization, ResultSet row) throws SQLException {
        long seq = row.getLong("seq");
        String conversation = row.getString("conversation_id");
        String payload = row.getString("payload");
        long message = row.getLong("message_id");
        Optional<EventRenderer.Rendered> rendered =
                row.wasNull() ? Optional.empty() : Optional.of(renderer.render(handle, message, seq, payload));
        Event.Draft draft = new Event.Draft(
                organization,
                Optional.ofNullable(row.getString("identity_id")).map(Id::parse),
                rendered.map(EventRenderer.Rendered::conversation)
                        .or(() -> Optional.ofNullable(conversation).map(Id::parse)),
                Optional.ofNullable(row.getString("person")).map(PhoneNumber::new),
                row.getString("type"),
                rendered.map(EventRenderer.Rendered::data).orElse(payload));
        return new Event(
                Id.of(row.getLong("event_id"), row.getLong("event_salt")),
                seq,
                Timestamps.instant(row.getLong("occurred_at")),
                draft,
                Optional.ofNullable(row.getString("handle")));
    }
}
