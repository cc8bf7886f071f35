package partyline.transport;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Backlog;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Postponement;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `transport_inbox` table. An event waits while `due_at` is set; afterwards its row only remembers that it came.
final class InboxStore {

    /// An event that waits; `event` is its JSON, `attempts` how often its handling failed.
    record Waiting(long id, String event, int attempts, Postponement postponed) {}

    private record Waits(PhoneNumber person) {}

    /// Stores an event that waits, as `json` says it, unless this news came before.
    void insert(Tx tx, InboundEvent event, String json, Instant now) {
        tx.forget(Waits.class);
        insert(
                tx,
                event.line(),
                event.providerId(),
                EventJson.kind(event),
                event.from().text(),
                json,
                Timestamps.micros(now),
                Timestamps.micros(now));
    }

    /// Stores that an event came and was handled.
    void insertHandled(Tx tx, InboundEvent event, Instant now) {
        insert(
                tx,
                event.line(),
                event.providerId(),
                EventJson.kind(event),
                event.from().text(),
                "",
                Timestamps.micros(now),
                null);
    }

    /// Stores that a text came, from nobody who is known.
    void insertForgotten(Tx tx, String line, String providerId, Instant at) {
        insert(tx, line, providerId, "text", "", "", Timestamps.micros(at), null);
    }

    /// The values of all columns from `line` to `due_at`.
    private static void insert(Tx tx, @Nullable Object... values) {
        tx.run("""
                INSERT INTO transport_inbox (line, provider_id, kind, person, event, received_at, due_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (line, provider_id, kind) DO NOTHING
                """, values);
    }

    /// Whether an event of this person waits, as the writer remembers it.
    boolean waits(Tx tx, PhoneNumber person) {
        return tx.remembered(new Waits(person), () -> next(tx.handle(), person).isPresent());
    }

    /// What came before under the name of this news.
    Optional<InboundHandler.Came> came(Handle handle, InboundEvent event) {
        return Rows.first(
                handle,
                """
                SELECT nullif(person, ''), received_at FROM transport_inbox
                 WHERE line = ? AND provider_id = ? AND kind = ?
                """,
                row -> new InboundHandler.Came(
                        Optional.ofNullable(row.getString(1)).map(PhoneNumber::new),
                        Timestamps.instant(row.getLong(2)),
                        Optional.empty()),
                event.line(),
                event.providerId(),
                EventJson.kind(event));
    }

    /// Whether news of this name came before, of any kind.
    boolean came(Handle handle, String line, String providerId) {
        return handle.createQuery(
                        "SELECT 1 FROM transport_inbox WHERE line = :line AND provider_id = :provider LIMIT 1")
                .bind("line", line)
                .bind("provider", providerId)
                .mapTo(int.class)
                .findOne()
                .isPresent();
    }

    Optional<Waiting> next(Handle handle, PhoneNumber person) {
        return Rows.first(
                handle,
                """
                SELECT id, event, attempts, due_at, put_off_at FROM transport_inbox
                 WHERE person = ? AND due_at IS NOT NULL ORDER BY id LIMIT 1
                """,
                row -> new Waiting(row.getLong(1), row.getString(2), row.getInt(3), Postponement.read(row, "due_at")),
                person.text());
    }

    /// Everybody of whom something is due.
    List<PhoneNumber> people(Handle handle, Instant now) {
        return handle.createQuery("""
                        SELECT person FROM transport_inbox i
                         WHERE due_at IS NOT NULL
                           AND (due_at <= :now OR put_off_at IS NULL OR put_off_at > :now)
                           AND NOT EXISTS (SELECT 1 FROM transport_inbox
                                            WHERE person = i.person AND due_at IS NOT NULL AND id < i.id)
                        """)
                .bind("now", Timestamps.micros(now))
                .map((row, _) -> new PhoneNumber(row.getString("person")))
                .list();
    }

    /// Ends the wait of an event and empties it.
    void settle(Tx tx, long id) {
        tx.forget(Waits.class);
        tx.handle()
                .createUpdate("UPDATE transport_inbox SET due_at = NULL, event = '' WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /// What waits.
    static Backlog backlog(Handle reader) {
        return Rows.first(
                        reader,
                        "SELECT count(*), min(received_at) FROM"
                                + " (SELECT received_at FROM transport_inbox WHERE due_at IS NOT NULL LIMIT ?)",
                        Backlog::of,
                        Backlog.MOST)
                .orElseThrow();
    }

    void postpone(Tx tx, long id, Instant now, Instant dueAt) {
        tx.handle()
                .createUpdate("""
                        UPDATE transport_inbox SET attempts = attempts + 1, due_at = :dueAt, put_off_at = :now
                         WHERE id = :id
                        """)
                .bind("now", Timestamps.micros(now))
                .bind("dueAt", Timestamps.micros(dueAt))
                .bind("id", id)
                .execute();
    }

    /// Ends the wait of an event that cannot be handled, and keeps it for whoever looks into it.
    void giveUp(Tx tx, long id) {
        tx.forget(Waits.class);
        tx.handle()
                .createUpdate("UPDATE transport_inbox SET attempts = attempts + 1, due_at = NULL WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    /// Rows lie in the order in which they came, so this looks at little more than it removes, also where a clock was
    /// ahead for a while.
    void prune(Tx tx, Instant olderThan, Instant now) {
        tx.handle()
                .createUpdate("""
                        DELETE FROM transport_inbox
                         WHERE due_at IS NULL AND received_at < :olderThan
                           AND id < coalesce(
                               (SELECT id FROM transport_inbox
                                 WHERE received_at BETWEEN :olderThan AND :now ORDER BY id LIMIT 1),
                               9223372036854775807)
                        """)
                .bind("olderThan", Timestamps.micros(olderThan))
                .bind("now", Timestamps.micros(now))
                .execute();
    }
}
