package partyline.conversations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import partyline.conversations.Conversation.Preview;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `conversation` table. Counts and the newest message are kept with it, so that a list of fifty costs fifty rows
/// however long their histories are; an index keeps both orders of activity (with and without blocked messages).
final class ConversationStore {

    /// The bare facts of a conversation that the writing side needs. `shown`: agents see it.
    record Row(
            Id id,
            OrganizationId organization,
            Id identity,
            PhoneNumber person,
            boolean shown,
            boolean personWrote,
            Optional<Instant> pausedUntil) {

        boolean visible(Caller caller) {
            return organization.equals(caller.organization())
                    && (caller.identity().isEmpty()
                            || shown && caller.identity().get().equals(identity));
        }
    }

    /// Which conversation the two have.
    private record Between(Id identity, PhoneNumber person) {}

    /// Which conversation has this id.
    private record ById(Id id) {}

    private static final String ROW = """
            SELECT id, organization_id, identity_id, person, shown_latest IS NOT NULL, person_wrote, paused_until, salt
              FROM conversation
            """;

    private final MessageStore messages = new MessageStore();

    /// Remembered, as what comes and goes asks for it each time.
    Optional<Row> find(Tx tx, Id identity, PhoneNumber person) {
        return tx.remembered(
                new Between(identity, person),
                () -> Rows.first(
                        tx.handle(),
                        ROW + "WHERE identity_id = ? AND person = ?",
                        ConversationStore::row,
                        identity.text(),
                        person.text()));
    }

    /// The conversation, if the caller sees it; remembered.
    Optional<Row> find(Tx tx, Caller caller, Id id) {
        return byId(tx, id).filter(row -> row.visible(caller));
    }

    /// The same in a read.
    Optional<Row> find(Handle reader, Caller caller, Id id) {
        return byId(reader, id).filter(row -> row.visible(caller));
    }

    private static Optional<Row> byId(Tx tx, Id id) {
        return tx.remembered(new ById(id), () -> byId(tx.handle(), id));
    }

    private static Optional<Row> byId(Handle handle, Id id) {
        return Rows.first(handle, ROW + "WHERE id = ? AND salt = ?", ConversationStore::row, id.key(), id.salt());
    }

    private static void forget(Tx tx) {
        tx.forget(Between.class);
        tx.forget(ById.class);
    }

    /// The pair's conversation, which is made when there is none.
    Id of(Tx tx, Connection connection, Ids ids, Instant now) {
        return find(tx, connection.identity(), connection.person())
                .map(Row::id)
                .orElseGet(() -> insert(tx, ids.next(), connection, now));
    }

    Id insert(Tx tx, Id id, Connection connection, Instant at) {
        forget(tx);
        tx.handle()
                .createUpdate("""
                        INSERT INTO conversation (id, salt, organization_id, identity_id, person, shown_count, shown_unread,
                                                  all_count, all_unread, person_wrote, created_at, updated_at)
                        VALUES (:id, :salt, :organization, :identity, :person, 0, 0, 0, 0, 0, :at, :at)
                        """)
                .bind("id", id.key())
                .bind("salt", id.salt())
                .bind("organization", connection.organization().text())
                .bind("identity", connection.identity().text())
                .bind("person", connection.person().text())
                .bind("at", Timestamps.micros(at))
                .execute();
        return id;
    }

    /// Counts a message that was just stored. What is not shown leaves everything that an agent sees as it is,
    /// and for the agent a conversation begins with the first message that is.
    void count(Tx tx, Message message) {
        boolean inbound = !message.place().outbound();
        boolean shown = !message.marks().blocked();
        Optional<Row> before = byId(tx, message.place().conversation());
        if (shown
                && before.filter(row -> row.shown() && (row.personWrote() || !inbound))
                        .isEmpty()) {
            forget(tx);
        }
        tx.run(
                """
                UPDATE conversation
                   SET all_count = all_count + 1, all_unread = all_unread + ?2, all_latest = ?1,
                       shown_count = shown_count + ?3, shown_unread = shown_unread + ?4,
                       shown_latest = CASE WHEN ?3 THEN ?1 ELSE shown_latest END,
                       person_wrote = max(person_wrote, ?4),
                       created_at = CASE WHEN ?3 AND shown_count = 0 THEN ?5 ELSE created_at END,
                       updated_at = CASE WHEN ?3 THEN ?5 ELSE updated_at END
                 WHERE id = ?6
                """,
                message.id().key(),
                inbound,
                shown,
                shown && inbound,
                Timestamps.micros(message.createdAt()),
                message.place().conversation().key());
    }

    /// Lets the agent's side rest until then.
    void pause(Tx tx, Id conversation, Instant until) {
        forget(tx);
        tx.handle()
                .createUpdate("UPDATE conversation SET paused_until = :until WHERE id = :id")
                .bind("id", conversation.key())
                .bind("until", Timestamps.micros(until))
                .execute();
    }

    /// Counts `marked` unread messages as read, up to the newest.
    void read(Tx tx, Id conversation, int marked) {
        tx.handle()
                .createUpdate("""
                        UPDATE conversation
                           SET shown_unread = shown_unread - :marked, all_unread = all_unread - :marked,
                               read_until = all_latest
                         WHERE id = :id
                        """)
                .bind("id", conversation.key())
                .bind("marked", marked)
                .execute();
    }

    /// What the caller sees, most recent activity first. One agent's are found by its index: see [MessageList].
    Page<Conversation> list(Handle handle, Caller caller, ConversationFilter filter) {
        boolean shownOnly = !caller.admin() || filter.blocked().equals(Optional.of(false));
        String prefix = shownOnly ? "shown" : "all";
        // The plus keeps SQLite from walking down the order where few rows are to be found by something else.
        String latest = (filter.person().isPresent() ? "+c." : "c.") + prefix + "_latest";
        Query query = handle.createQuery(select(prefix)
                        + """
                 WHERE <narrowest> AND c.organization_id || '' = :organization AND <latest> < :before
                   AND (:own IS NULL OR c.identity_id = :own)
                   AND (:identity IS NULL OR c.identity_id = :identity)
                   AND (:from IS NULL OR c.created_at >= :from) AND (:until IS NULL OR c.created_at < :until)
                   AND (:blockedOnly = 0 OR (:own IS NULL AND c.all_count > c.shown_count))
                   AND (:unread IS NULL OR (c.<unread> > 0) = :unread)
                 ORDER BY <latest> DESC LIMIT :limit OFFSET :offset
                """.replace("<latest>", latest)
                                .replace("<unread>", prefix + "_unread")
                                .replace("<narrowest>", narrowest(caller, filter, shownOnly)))
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .bind("identity", filter.identity().map(Id::text).orElse(null))
                .bind("from", filter.created().from().map(Timestamps::micros).orElse(null))
                .bind("until", filter.created().until().map(Timestamps::micros).orElse(null))
                .bind("person", filter.person().map(PhoneNumber::text).orElse(null))
                .bind("blockedOnly", filter.blocked().equals(Optional.of(true)))
                .bind("unread", filter.unread().orElse(null))
                .bind("before", filter.before().map(Id::key).orElse(Long.MAX_VALUE))
                .bind("limit", filter.limit())
                .bind("offset", filter.offset());
        try (ResultIterator<Conversation> rows =
                query.map((row, _) -> conversation(handle, row)).iterator()) {
            return Page.of(rows, filter.limit(), ConversationStore::latestText);
        }
    }

    private static @Nullable String latestText(Conversation conversation) {
        return conversation
                .preview()
                .latest()
                .map(message -> message.content().text())
                .orElse(null);
    }

    /// Who talks with agents that the caller sees, by their numbers.
    List<ListedPerson> people(Handle handle, Caller caller, ListedPerson.Filter filter) {
        return handle.createQuery("""
                        SELECT person, conversations, (SELECT created_at FROM message WHERE id = latest) AS latest_at
                          FROM (SELECT person, count(*) AS conversations, max(all_latest) AS latest
                                  FROM conversation
                                 WHERE organization_id = :organization AND (:own IS NULL OR identity_id = :own)
                                   AND person > :after AND person >= :first AND person < :last
                                   AND (:among IS NULL OR person IN (SELECT value FROM json_each(:among)))
                                 GROUP BY person ORDER BY person LIMIT :limit)
                        """)
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .bind("after", filter.after().map(PhoneNumber::text).orElse(""))
                .bind("first", filter.prefix())
                // What comes after all digits.
                .bind("last", filter.prefix() + ":")
                .bind(
                        "among",
                        filter.among()
                                .map(numbers -> numbers.stream()
                                        .map(PhoneNumber::text)
                                        .collect(Collectors.joining("\",\"", "[\"", "\"]")))
                                .orElse(null))
                .bind("limit", filter.limit())
                .map((row, _) -> new ListedPerson(
                        new PhoneNumber(row.getString("person")),
                        row.getInt("conversations"),
                        Timestamps.read(row, "latest_at")))
                .list();
    }

    /// What an index finds in the order of the list. With blocked messages, of which agents know nothing, only an
    /// organization has that order: to walk it costs less than to sort what a busy agent has.
    private static String narrowest(Caller caller, ConversationFilter filter, boolean shownOnly) {
        if (filter.person().isPresent()) {
            return "c.organization_id = :organization AND c.person = :person";
        }
        return shownOnly && (caller.identity().isPresent() || filter.identity().isPresent())
                ? "c.identity_id = coalesce(:own, :identity)"
                : "c.organization_id = :organization";
    }

    /// One conversation, if the caller sees it.
    Optional<Conversation> get(Handle handle, Caller caller, Id id) {
        return handle.createQuery(select(caller.admin() ? "all" : "shown") + """
                 WHERE c.id = :id AND c.salt = :salt AND c.organization_id = :organization
                   AND (:own IS NULL OR (c.identity_id = :own AND c.shown_latest IS NOT NULL))
                """)
                .bind("id", id.key())
                .bind("salt", id.salt())
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .map((row, _) -> conversation(handle, row))
                .findOne();
    }

    private static String select(String prefix) {
        return """
                SELECT c.id, c.salt, c.organization_id, c.identity_id, c.person, c.created_at, c.updated_at,
                       c.<prefix>_count AS total, c.<prefix>_unread AS unread, c.<prefix>_latest AS latest,
                       n.id AS connection_id, n.line, n.created_at AS connected_at, n.updated_at AS changed_at,
                       n.released_at
                  FROM conversation c
                  JOIN connection n ON n.id = (SELECT max(id) FROM connection
                                                WHERE person = c.person AND identity_id = c.identity_id)
                """.replace("<prefix>", prefix);
    }

    private Conversation conversation(Handle handle, ResultSet row) throws SQLException {
        PhoneNumber person = new PhoneNumber(row.getString("person"));
        long latest = row.getLong("latest");
        return new Conversation(
                Id.of(row.getLong("id"), row.getLong("salt")),
                person,
                connection(row, person),
                new Preview(messages.byKey(handle, latest), row.getInt("unread"), row.getInt("total")),
                Timestamps.instant(row.getLong("created_at")),
                Timestamps.instant(row.getLong("updated_at")));
    }

    private static Connection connection(ResultSet row, PhoneNumber person) throws SQLException {
        return new Connection(
                Id.parse(row.getString("connection_id")),
                new OrganizationId(row.getString("organization_id")),
                Id.parse(row.getString("identity_id")),
                person,
                row.getString("line"),
                Timestamps.instant(row.getLong("connected_at")),
                Timestamps.instant(row.getLong("changed_at")),
                Timestamps.read(row, "released_at"));
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                Id.of(row.getLong(1), row.getLong(8)),
                new OrganizationId(row.getString(2)),
                Id.parse(row.getString(3)),
                new PhoneNumber(row.getString(4)),
                row.getBoolean(5),
                row.getBoolean(6),
                Timestamps.read(row, 7));
    }
}
