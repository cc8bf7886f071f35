package partyline.conversations;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.conversations.Message.Failure;
import partyline.kernel.Id;
import partyline.kernel.Postponement;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;
import partyline.transport.Handover;

/// The queue of what is to be sent: the messages of status `queued`, and those that go out once more
/// (`requeued`), oldest first per conversation. `handed_at` marks one that the driver may have seen; it stays
/// the head of its conversation until its outcome is known.
final class SendQueue {

    /// The head of a conversation's queue and how it stands with the driver.
    record Head(
            Message message,
            Optional<String> signature,
            Optional<Instant> handedAt,
            Postponement postponed,
            int attempts,
            Optional<Id> resentAs,
            boolean requeued) {

        /// What drivers know it by.
        Id clientId() {
            return resentAs.orElse(message.id());
        }

        /// Before this it was certainly not sent.
        Instant since(Instant handed, Instant now) {
            return new Handover(resentAs.isPresent() ? handed : message.createdAt(), handed).since(now);
        }
    }

    private static final String FIRST = """
            (SELECT min(id) FROM
                (SELECT min(id) AS id FROM message WHERE conversation_id = ?1 AND status = 'queued'
                 UNION ALL
                 SELECT min(id) FROM message WHERE conversation_id = ?1 AND requeued = 1) AS heads)
            """;

    private static final String HEAD = MessageStore.SELECT.replace(
                    "SELECT",
                    "SELECT m.signature, m.handed_at, m.next_attempt_at, m.put_off_at, m.attempts, m.resend_id, m.requeued,")
            + "WHERE m.id = " + FIRST;

    Optional<Head> head(Tx tx, Id conversation) {
        return Rows.first(
                tx.handle(),
                HEAD,
                row -> new Head(
                        MessageStore.message(row),
                        Optional.ofNullable(row.getString(1)),
                        Timestamps.read(row, "handed_at"),
                        Postponement.read(row, "next_attempt_at"),
                        row.getInt(5),
                        Optional.ofNullable(row.getString(6)).map(Id::parse),
                        row.getBoolean(7)),
                conversation.text());
    }

    /// The id of the head, also where the rest of its row cannot be read.
    Optional<String> first(Handle handle, Id conversation) {
        return Rows.first(
                handle, "SELECT id FROM message WHERE id = " + FIRST, row -> row.getString(1), conversation.text());
    }

    /// The oldest message that waits, by line.
    Map<String, Instant> oldest(Handle handle) {
        return handle
                .createQuery(
                        "SELECT line, min(created_at) AS oldest FROM message WHERE status = 'queued' GROUP BY line")
                .map((row, _) -> Map.entry(row.getString("line"), Timestamps.instant(row.getLong("oldest"))))
                .list()
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /// The conversations whose head is due.
    List<Id> due(Handle handle, Instant now) {
        return handle.createQuery("""
                        SELECT conversation_id FROM message m
                         WHERE status = 'queued'
                           AND (next_attempt_at IS NULL OR next_attempt_at <= :now
                                OR put_off_at IS NULL OR put_off_at > :now)
                           AND NOT EXISTS (SELECT 1 FROM message
                                            WHERE conversation_id = m.conversation_id AND status = 'queued'
                                              AND id < m.id)
                        UNION
                        SELECT conversation_id FROM message
                         WHERE requeued = 1
                           AND (next_attempt_at IS NULL OR next_attempt_at <= :now
                                OR put_off_at IS NULL OR put_off_at > :now)
                        """).bind("now", Timestamps.micros(now)).mapTo(String.class).list().stream()
                .map(Id::parse)
                .toList();
    }

    void hand(Tx tx, Id message, Instant at, @Nullable String signature) {
        tx.run(
                "UPDATE message SET handed_at = ?, next_attempt_at = NULL, signature = ? WHERE id = ?",
                Timestamps.micros(at),
                signature,
                message.text());
    }

    /// Its line cannot bring it: back into the queue, for another one. That one knows it by no other name.
    void reroute(Tx tx, Id message, String line) {
        tx.run(
                "UPDATE message SET line = ?1, resend_id = ?2, handed_at = NULL, next_attempt_at = NULL WHERE id = ?2",
                line,
                message.text());
    }

    /// Its line took it and could not bring it: it goes out once more, under a name that no driver knows.
    /// What the line called it stays while the line is the same, for news of it may still come.
    void sendAgain(Tx tx, Id message, String line, Id clientId) {
        tx.run("""
                UPDATE message
                   SET provider_id = CASE WHEN line = ?1 THEN provider_id END, line = ?1, resend_id = ?2, requeued = 1,
                       attempts = 0, handed_at = NULL, next_attempt_at = NULL
                 WHERE id = ?3
                """, line, clientId.text(), message.text());
    }

    /// What went out once more is settled.
    void settled(Tx tx, Id message) {
        tx.run("UPDATE message SET requeued = 0 WHERE id = ?", message.text());
    }

    boolean isRequeued(Tx tx, Id message) {
        return is(tx, message, "requeued = 1");
    }

    /// Whether it had its second way already.
    boolean wasRerouted(Tx tx, Id message) {
        return is(tx, message, "resend_id IS NOT NULL");
    }

    /// Whether another message than this went out under what the line calls it, or this one the first time.
    boolean isTaken(Tx tx, Message message, String providerId) {
        return Rows.exist(
                tx.handle(),
                """
                SELECT 1 FROM message
                 WHERE line = ? AND provider_id = ? AND outbound = 1 AND (id <> ? OR requeued = 1) LIMIT 1
                """,
                message.place().line(),
                providerId,
                message.id().text());
    }

    /// It cannot be handled, perhaps not even be read: out of the queue.
    void setAside(Tx tx, String message, Failure failure, Instant now) {
        tx.run("""
                UPDATE message SET status = 'error', requeued = 0, error_code = ?1, error_message = ?2,
                                   error_reason = ?1, error_detail = ?3, failed_at = ?4, updated_at = ?4
                 WHERE id = ?5
                """, failure.code(), failure.message(), failure.detail(), Timestamps.micros(now), message);
    }

    private static boolean is(Tx tx, Id message, String condition) {
        return Rows.exist(tx.handle(), "SELECT 1 FROM message WHERE id = ? AND " + condition, message.text());
    }

    /// It was certainly not sent: back into the queue, not before `due`.
    void putBack(Tx tx, Id message, Instant now, Instant due) {
        set(tx, message, "handed_at = NULL", now, due);
    }

    /// It may have been sent: ask again at `due`. What was handed over in the future, by a clock that has gone back
    /// since, counts as handed over now.
    void askAgain(Tx tx, Id message, Instant now, Instant due) {
        set(tx, message, "handed_at = min(handed_at, :now)", now, due);
    }

    private static void set(Tx tx, Id message, String change, Instant now, Instant due) {
        tx.handle()
                .createUpdate("UPDATE message SET attempts = attempts + 1, put_off_at = :now, next_attempt_at = :due, "
                        + change + " WHERE id = :id")
                .bind("id", message.text())
                .bind("now", Timestamps.micros(now))
                .bind("due", Timestamps.micros(due))
                .execute();
    }
}
