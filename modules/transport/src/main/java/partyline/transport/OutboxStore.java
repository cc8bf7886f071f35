package partyline.transport;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Postponement;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `transport_outbox` table. Words are unsaid while `due_at` is set; ids grow, so their order is the order of
/// saying.
final class OutboxStore {

    /// Words that are still to be said, or, with `handedAt`, may have been.
    record Unsaid(
            Id id, Words words, Instant madeAt, int attempts, Postponement postponed, Optional<Instant> handedAt) {

        Outgoing outgoing() {
            return new Outgoing(id, words.to(), words.text(), null, null, words.contactCard());
        }

        Unsaid handed(Instant at) {
            return new Unsaid(id, words, madeAt, attempts, postponed, Optional.of(at));
        }
    }

    void insert(Tx tx, Id id, Words words, Instant now) {
        tx.handle()
                .createUpdate("""
                        INSERT INTO transport_outbox (id, line, person, text, contact_card, made_at, due_at)
                        VALUES (:id, :line, :person, :text, :contactCard, :now, :now)
                        """)
                .bind("id", id.text())
                .bind("line", words.line())
                .bind("person", words.to().text())
                .bind("text", words.text())
                .bind("contactCard", words.contactCard())
                .bind("now", Timestamps.micros(now))
                .execute();
    }

    Optional<Unsaid> next(Handle handle, PhoneNumber person) {
        return handle.createQuery("""
                        SELECT id, line, person, text, contact_card, made_at, attempts, due_at, put_off_at, handed_at
                          FROM transport_outbox
                         WHERE person = :person AND due_at IS NOT NULL
                         ORDER BY id
                         LIMIT 1
                        """)
                .bind("person", person.text())
                .map((row, _) -> unsaid(row))
                .findOne();
    }

    /// The id of what comes next, also where the rest of its row cannot be read.
    Optional<String> first(Handle handle, PhoneNumber person) {
        return handle.createQuery("SELECT min(id) FROM transport_outbox WHERE person = :person AND due_at IS NOT NULL")
                .bind("person", person.text())
                .mapTo(String.class)
                .findFirst();
    }

    /// Everybody to whom something is due.
    List<PhoneNumber> people(Handle handle, Instant now) {
        return handle.createQuery("""
                        SELECT person FROM transport_outbox o
                         WHERE due_at IS NOT NULL
                           AND (due_at <= :now OR put_off_at IS NULL OR put_off_at > :now)
                           AND NOT EXISTS (SELECT 1 FROM transport_outbox
                                            WHERE person = o.person AND due_at IS NOT NULL AND id < o.id)
                        """)
                .bind("now", Timestamps.micros(now))
                .map((row, _) -> new PhoneNumber(row.getString("person")))
                .list();
    }

    void hand(Tx tx, Id id, Instant at) {
        tx.handle()
                .createUpdate("UPDATE transport_outbox SET handed_at = :at WHERE id = :id")
                .bind("at", Timestamps.micros(at))
                .bind("id", id.text())
                .execute();
    }

    /// Notes that the words went out. A tapback in words may quote them as long as they are kept.
    void said(Tx tx, Id id, String providerId, Instant at) {
        tx.handle()
                .createUpdate("""
                        UPDATE transport_outbox
                           SET due_at = NULL, contact_card = NULL, provider_id = :providerId, said_at = :at
                         WHERE id = :id
                        """)
                .bind("providerId", providerId)
                .bind("at", Timestamps.micros(at))
                .bind("id", id.text())
                .execute();
    }

    /// The words certainly did not go out: they will be handed again at `dueAt`.
    void retry(Tx tx, Id id, Instant now, Instant dueAt) {
        tx.handle()
                .createUpdate("""
                        UPDATE transport_outbox SET handed_at = NULL, attempts = attempts + 1, due_at = :dueAt,
                               put_off_at = :now
                         WHERE id = :id
                        """)
                .bind("now", Timestamps.micros(now))
                .bind("dueAt", Timestamps.micros(dueAt))
                .bind("id", id.text())
                .execute();
    }

    /// Still nobody knows: ask again at `dueAt`. What was handed over in the future, by a clock that has gone back
    /// since, counts as handed over now.
    void askAgain(Tx tx, Id id, Instant now, Instant dueAt) {
        tx.handle()
                .createUpdate("""
                        UPDATE transport_outbox
                           SET due_at = :dueAt, put_off_at = :now, handed_at = min(handed_at, :now)
                         WHERE id = :id
                        """)
                .bind("now", Timestamps.micros(now))
                .bind("dueAt", Timestamps.micros(dueAt))
                .bind("id", id.text())
                .execute();
    }

    void delete(Tx tx, String id) {
        tx.handle()
                .createUpdate("DELETE FROM transport_outbox WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    boolean wasSaid(Tx tx, String line, String providerId) {
        return tx.handle()
                .createQuery("SELECT 1 FROM transport_outbox WHERE line = :line AND provider_id = :providerId")
                .bind("line", line)
                .bind("providerId", providerId)
                .mapTo(int.class)
                .findFirst()
                .isPresent();
    }

    /// What was said to `person` on `line` and is kept, newest first.
    List<RecentText> said(Handle handle, String line, PhoneNumber person) {
        return handle.createQuery("""
                        SELECT provider_id, text FROM transport_outbox
                         WHERE line = :line AND person = :person AND provider_id IS NOT NULL
                         ORDER BY id DESC
                        """)
                .bind("line", line)
                .bind("person", person.text())
                .map((row, _) -> new RecentText(row.getString("provider_id"), row.getString("text"), false, true))
                .list();
    }

    void prune(Tx tx, Instant olderThan) {
        tx.handle()
                .createUpdate("DELETE FROM transport_outbox WHERE said_at < :olderThan")
                .bind("olderThan", Timestamps.micros(olderThan))
                .execute();
    }

    private static Unsaid unsaid(ResultSet row) throws SQLException {
        Words words = new Words(
                row.getString("line"),
                new PhoneNumber(row.getString("person")),
                row.getString("text"),
                row.getString("contact_card"));
        return new Unsaid(
                Id.parse(row.getString("id")),
                words,
                Timestamps.instant(row.getLong("made_at")),
                row.getInt("attempts"),
                Postponement.read(row, "due_at"),
                Timestamps.read(row, "handed_at"));
    }
}
