package partyline.drivers.simulator;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.transport.Service;

/// The `sim_bubble` table. A bubble has a position once it is on its phone: one's own at once, a line's when it
/// arrives.
final class BubbleStore {

    /// A bubble that the person wrote.
    void insertOwn(Tx tx, Bubble bubble) {
        insert(tx, bubble, null);
        place(tx, bubble);
    }

    /// A bubble on its way to the phone, sent by a line as `clientId`.
    void insertSent(Tx tx, Bubble bubble, Id clientId) {
        insert(tx, bubble, clientId.text());
    }

    Optional<Bubble> sentAs(Handle handle, Id clientId) {
        return handle.createQuery("SELECT * FROM sim_bubble WHERE client_id = :clientId")
                .bind("clientId", clientId.text())
                .map((row, _) -> bubble(row))
                .findOne();
    }

    Optional<Bubble> find(Handle handle, String id) {
        return handle.createQuery("SELECT * FROM sim_bubble WHERE id = :id")
                .bind("id", id)
                .map((row, _) -> bubble(row))
                .findOne();
    }

    /// The bubble `id`, if this person's phone shows it.
    Optional<Bubble> shown(Handle handle, PhoneNumber person, String id) {
        return handle.createQuery("""
                        SELECT * FROM sim_bubble WHERE id = :id AND person = :person AND position IS NOT NULL
                        """)
                .bind("id", id)
                .bind("person", person.text())
                .map((row, _) -> bubble(row))
                .findOne();
    }

    /// What this person's phone shows, oldest first; with `after`, what appeared after that bubble.
    List<Bubble> allShown(Handle handle, PhoneNumber person, @Nullable String after) {
        return handle.createQuery("""
                        SELECT * FROM sim_bubble
                         WHERE person = :person
                           AND position > coalesce(
                               (SELECT position FROM sim_bubble WHERE id = :after AND person = :person), 0)
                         ORDER BY position
                        """)
                .bind("person", person.text())
                .bind("after", after)
                .map((row, _) -> bubble(row))
                .list();
    }

    /// The lines that this person has a thread with, the liveliest first.
    List<PhoneNumber> lines(Handle handle, PhoneNumber person) {
        return handle.createQuery("""
                        SELECT line FROM sim_bubble
                         WHERE person = :person AND position IS NOT NULL
                         GROUP BY line
                         ORDER BY max(position) DESC
                        """)
                .bind("person", person.text())
                .map((row, _) -> new PhoneNumber(row.getString("line")))
                .list();
    }

    /// Notes that a bubble arrived where it was sent to, and puts a line's bubble on the phone.
    void arrive(Tx tx, Bubble bubble, Instant at) {
        tx.run(
                "UPDATE sim_bubble SET delivered_at = coalesce(delivered_at, ?) WHERE id = ?",
                Timestamps.micros(at),
                bubble.id());
        if (!bubble.mine()) {
            place(tx, bubble);
        }
    }

    /// The line's bubbles that the phone shows unread, oldest first.
    List<Bubble> unread(Handle handle, Bubble.Thread thread) {
        return handle.createQuery("""
                        SELECT * FROM sim_bubble
                         WHERE person = :person AND line = :line AND mine = 0
                           AND read_at IS NULL AND position IS NOT NULL
                         ORDER BY position
                        """)
                .bind("person", thread.person().text())
                .bind("line", thread.line().text())
                .map((row, _) -> bubble(row))
                .list();
    }

    void read(Tx tx, Bubble bubble, Instant at) {
        tx.handle()
                .createUpdate("UPDATE sim_bubble SET read_at = :at WHERE id = :id")
                .bind("at", Timestamps.micros(at))
                .bind("id", bubble.id())
                .execute();
    }

    /// Marks what the person wrote on iMessage up to `until` as read by the line; false when nothing changed.
    boolean readByLine(Tx tx, Bubble.Thread thread, Instant until, Instant at) {
        return tx.handle()
                        .createUpdate("""
                        UPDATE sim_bubble SET read_at = :now
                         WHERE person = :person AND line = :line AND mine = 1
                           AND position IS NOT NULL
                           AND read_at IS NULL AND at <= :until AND service = 'imessage'
                        """)
                        .bind("now", Timestamps.micros(at))
                        .bind("person", thread.person().text())
                        .bind("line", thread.line().text())
                        .bind("until", Timestamps.micros(until))
                        .execute()
                > 0;
    }

    private static void insert(Tx tx, Bubble bubble, @Nullable String clientId) {
        tx.run(
                """
                INSERT INTO sim_bubble
                       (id, client_id, person, line, mine, text, media, send_style, contact_card, service, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                bubble.id(),
                clientId,
                bubble.thread().person().text(),
                bubble.thread().line().text(),
                bubble.mine(),
                bubble.content().text(),
                bubble.content().media(),
                bubble.content().sendStyle(),
                bubble.content().contactCard(),
                bubble.service().wire(),
                Timestamps.micros(bubble.at()));
    }

    private static void place(Tx tx, Bubble bubble) {
        tx.run("""
                UPDATE sim_bubble
                   SET position = (
                       SELECT coalesce(max(position), 0) + 1 FROM sim_bubble
                        WHERE person = ? AND position IS NOT NULL)
                 WHERE id = ? AND position IS NULL
                """, bubble.thread().person().text(), bubble.id());
    }

    private static Bubble bubble(ResultSet row) throws SQLException {
        return new Bubble(
                row.getString("id"),
                new Bubble.Thread(new PhoneNumber(row.getString("person")), new PhoneNumber(row.getString("line"))),
                row.getBoolean("mine"),
                new Bubble.Content(
                        row.getString("text"),
                        row.getString("media"),
                        row.getString("send_style"),
                        row.getString("contact_card")),
                Service.of(row.getString("service")),
                Timestamps.instant(row.getLong("at")),
                Timestamps.read(row, "delivered_at").orElse(null),
                Timestamps.read(row, "read_at").orElse(null));
    }
}
