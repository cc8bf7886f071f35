package partyline.conversations;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.transport.Line;

/// The `connection` table. A connection is active while `released_at` is null; unique indexes keep one per
/// pair and one per (person, line) that is not shared. A refused one never was active: it stands for somebody
/// who was not let in, so that what they wrote has a place for the admin's eyes, and counts for nothing else.
final class ConnectionStore {

    private record OnLines(PhoneNumber person, List<String> lines) {}

    /// Which connection of this pair is the newest.
    private record Newest(Id identity, PhoneNumber person) {}

    private static final String SELECT = """
            SELECT id, organization_id, identity_id, person, line, created_at, updated_at, released_at
              FROM connection
            """;

    Optional<Connection> active(Handle handle, Id identity, PhoneNumber person) {
        return Rows.first(
                handle,
                SELECT + "WHERE identity_id = ? AND person = ? AND released_at IS NULL",
                ConnectionStore::connection,
                identity.text(),
                person.text());
    }

    /// An active connection, if the caller sees it.
    Optional<Connection> active(Handle handle, Caller caller, Id id) {
        return Rows.first(
                handle,
                SELECT
                        + "WHERE id = ?1 AND organization_id = ?2 AND released_at IS NULL AND (?3 IS NULL OR identity_id = ?3)",
                ConnectionStore::connection,
                id.text(),
                caller.organization().text(),
                caller.identityOrNull());
    }

    /// What the person has with each agent that the caller sees, the newest first.
    List<PersonConnection> of(Handle handle, Caller caller, PhoneNumber person) {
        return Rows.list(
                handle,
                """
                SELECT n.id, n.organization_id, n.identity_id, n.person, n.line, n.created_at, n.updated_at, n.released_at,
                       c.id, c.salt, coalesce(c.all_count, 0), coalesce(c.all_unread, 0),
                       (SELECT count(*) FROM message WHERE conversation_id = c.id AND media IS NOT NULL),
                       (SELECT created_at FROM message WHERE conversation_id = c.id ORDER BY id LIMIT 1),
                       (SELECT created_at FROM message WHERE id = c.all_latest)
                  FROM connection n LEFT JOIN conversation c ON c.identity_id = n.identity_id AND c.person = n.person
                 WHERE n.person = ?1 AND n.organization_id = ?2 AND (?3 IS NULL OR n.identity_id = ?3)
                   AND n.id = (SELECT max(id) FROM connection WHERE person = n.person AND identity_id = n.identity_id)
                 ORDER BY n.id DESC
                """,
                ConnectionStore::dealings,
                person.text(),
                caller.organization().text(),
                caller.identityOrNull());
    }

    private static PersonConnection dealings(ResultSet row) throws SQLException {
        Optional<Id> conversation =
                row.getObject(9) == null ? Optional.empty() : Optional.of(Id.of(row.getLong(9), row.getLong(10)));
        return new PersonConnection(
                connection(row),
                conversation,
                row.getInt(11),
                row.getInt(12),
                row.getInt(13),
                Timestamps.read(row, 14),
                Timestamps.read(row, 15));
    }

    /// The pair's newest connection, active or not; remembered, since every send asks for it.
    Optional<Connection> newest(Tx tx, Id identity, PhoneNumber person) {
        return tx.remembered(
                new Newest(identity, person),
                () -> Rows.first(
                        tx.handle(),
                        SELECT + "WHERE identity_id = ? AND person = ? AND refused = 0 ORDER BY id DESC LIMIT 1",
                        ConnectionStore::connection,
                        identity.text(),
                        person.text()));
    }

    /// [#newest], or the refused one of a pair that never had another.
    Optional<Connection> newestOrRefused(Tx tx, Id identity, PhoneNumber person) {
        return Rows.first(
                tx.handle(),
                SELECT + "WHERE identity_id = ? AND person = ? ORDER BY id DESC LIMIT 1",
                ConnectionStore::connection,
                identity.text(),
                person.text());
    }

    /// [#activeOn(Handle, PhoneNumber, List)], as the writer remembers it until a connection begins or ends.
    List<Connection> activeOn(Tx tx, PhoneNumber person, List<String> lines) {
        return tx.remembered(new OnLines(person, lines), () -> activeOn(tx.handle(), person, lines));
    }

    /// The person's active connections on these lines, oldest first.
    List<Connection> activeOn(Handle handle, PhoneNumber person, List<String> lines) {
        String places = String.join(", ", Collections.nCopies(lines.size(), "?"));
        return Rows.list(
                handle,
                SELECT + "WHERE person = ? AND line IN (" + places + ") AND released_at IS NULL ORDER BY id",
                ConnectionStore::connection,
                Stream.concat(Stream.of(person.text()), lines.stream()).toArray());
    }

    Optional<Connection> newestOn(Tx tx, PhoneNumber person, String line) {
        return Rows.first(
                tx.handle(),
                SELECT + "WHERE person = ? AND line = ? AND refused = 0 ORDER BY id DESC LIMIT 1",
                ConnectionStore::connection,
                person.text(),
                line);
    }

    List<Connection> activeOf(Tx tx, PhoneNumber person) {
        return tx.handle()
                .createQuery(SELECT + "WHERE person = :person AND released_at IS NULL ORDER BY id")
                .bind("person", person.text())
                .map((row, _) -> connection(row))
                .list();
    }

    List<Connection> activeOf(Tx tx, Id identity) {
        return tx.handle()
                .createQuery(SELECT + "WHERE identity_id = :identity AND released_at IS NULL ORDER BY id")
                .bind("identity", identity.text())
                .map((row, _) -> connection(row))
                .list();
    }

    /// Who is connected on `line`, oldest first.
    List<Connection> activeOn(Tx tx, String line) {
        return tx.handle()
                .createQuery(SELECT + "WHERE line = :line AND released_at IS NULL ORDER BY id")
                .bind("line", line)
                .map((row, _) -> connection(row))
                .list();
    }

    /// The organizations that the person was ever connected with.
    List<OrganizationId> organizationsOf(Tx tx, PhoneNumber person) {
        return tx.handle()
                .createQuery(
                        "SELECT DISTINCT organization_id FROM connection WHERE person = :person AND refused = 0 ORDER BY 1")
                .bind("person", person.text())
                .map((row, _) -> new OrganizationId(row.getString("organization_id")))
                .list();
    }

    List<Connection> list(Handle handle, Caller caller, Optional<Id> identity, int limit, int offset) {
        return handle.createQuery(SELECT + """
                 WHERE organization_id = :organization AND released_at IS NULL
                   AND (:own IS NULL OR identity_id = :own) AND (:identity IS NULL OR identity_id = :identity)
                 ORDER BY id DESC LIMIT :limit OFFSET :offset
                """)
                .bind("organization", caller.organization().text())
                .bind("own", caller.identityOrNull())
                .bind("identity", identity.map(Id::text).orElse(null))
                .bind("limit", limit)
                .bind("offset", offset)
                .map((row, _) -> connection(row))
                .list();
    }

    /// The lines of `pool` that can take one more agent of this person, best first: the pair's own old line, then lines
    /// that the person never used, then the one left longest ago, then shared ones that the person uses now.
    List<String> freeLines(Tx tx, List<Line> pool, PhoneNumber person, Id identity) {
        Map<String, Connection> newest = new HashMap<>();
        pool.forEach(line -> newestOn(tx, person, line.id()).ifPresent(it -> newest.put(line.id(), it)));
        activeOf(tx, person).forEach(it -> newest.put(it.line(), it));
        Optional<String> own = newest(tx, identity, person).map(Connection::line);
        Comparator<String> ownFirst =
                Comparator.comparing(line -> !Optional.of(line).equals(own));
        Comparator<String> longestAgo = Comparator.comparing(line -> Optional.ofNullable(newest.get(line))
                .flatMap(Connection::releasedAt)
                .orElse(Instant.MIN));
        Predicate<String> taken =
                line -> newest.containsKey(line) && newest.get(line).active();
        Comparator<String> freeFirst = Comparator.comparing(taken::test);
        return pool.stream()
                .filter(line -> line.shared() || !taken.test(line.id()))
                .map(Line::id)
                .sorted(freeFirst.thenComparing(ownFirst).thenComparing(longestAgo))
                .toList();
    }

    /// When `line` met the earliest of the last `most` people whom it had never talked with before; empty
    /// when it met fewer since then.
    Optional<Instant> metMost(Tx tx, String line, Instant since, int most) {
        return tx.handle()
                .createQuery("""
                        SELECT min(created_at) AS met FROM connection WHERE line = :line AND refused = 0
                         GROUP BY person HAVING met > :since ORDER BY met DESC LIMIT 1 OFFSET :before
                        """)
                .bind("line", line)
                .bind("since", Timestamps.micros(since))
                .bind("before", most - 1)
                .map((row, _) -> Timestamps.instant(row.getLong("met")))
                .findOne();
    }

    boolean hasMet(Tx tx, String line, PhoneNumber person) {
        return newestOn(tx, person, line).isPresent();
    }

    /// `shared`: the person may have other agents on the same line. One that is over already was refused.
    void insert(Tx tx, Connection connection, boolean shared) {
        tx.forget(OnLines.class);
        tx.forget(Newest.class);
        tx.run(
                """
                INSERT INTO connection (id, organization_id, identity_id, person, line, shared, refused, created_at,
                                        updated_at, released_at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8, ?9)
                """,
                connection.id().text(),
                connection.organization().text(),
                connection.identity().text(),
                connection.person().text(),
                connection.line(),
                shared,
                !connection.active(),
                Timestamps.micros(connection.createdAt()),
                connection.releasedAt().map(Timestamps::micros).orElse(null));
    }

    /// Ends `connection` and returns it as it is now.
    Connection release(Tx tx, Connection connection, Instant at) {
        tx.forget(OnLines.class);
        tx.forget(Newest.class);
        tx.handle()
                .createUpdate("UPDATE connection SET released_at = :at, updated_at = :at WHERE id = :id")
                .bind("at", Timestamps.micros(at))
                .bind("id", connection.id().text())
                .execute();
        return connection.released(at);
    }

    /// Some connections that ended before `until` and that nothing asks for any more. The first and the newest of
    /// each person and line stay, since a line knows by them whom it met, and the newest of each pair, which gets
    /// its line back.
    List<String> past(Handle handle, Instant until, int most) {
        return handle.createQuery("""
                        SELECT c.id FROM connection c
                         WHERE c.released_at < :until
                           AND EXISTS (SELECT 1 FROM connection
                                        WHERE person = c.person AND line = c.line AND id > c.id)
                           AND EXISTS (SELECT 1 FROM connection
                                        WHERE person = c.person AND line = c.line AND id < c.id)
                           AND EXISTS (SELECT 1 FROM connection
                                        WHERE person = c.person AND identity_id = c.identity_id AND id > c.id)
                         LIMIT :most
                        """)
                .bind("until", Timestamps.micros(until))
                .bind("most", most)
                .mapTo(String.class)
                .list();
    }

    void delete(Tx tx, List<String> ids) {
        tx.forget(Newest.class);
        tx.handle()
                .createUpdate("DELETE FROM line_focus WHERE connection_id IN (<ids>)")
                .bindList("ids", ids)
                .execute();
        tx.handle()
                .createUpdate("DELETE FROM connection WHERE id IN (<ids>)")
                .bindList("ids", ids)
                .execute();
    }

    private static Connection connection(ResultSet row) throws SQLException {
        return new Connection(
                Id.parse(row.getString(1)),
                new OrganizationId(row.getString(2)),
                Id.parse(row.getString(3)),
                new PhoneNumber(row.getString(4)),
                row.getString(5),
                Timestamps.instant(row.getLong(6)),
                Timestamps.instant(row.getLong(7)),
                Timestamps.read(row, 8));
    }
}
