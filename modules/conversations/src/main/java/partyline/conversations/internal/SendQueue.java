package partyline.conversations.internal;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.conversations.Message;
import partyline.kernel.Id;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The queue of what is to be sent: the messages of status `queued`, oldest first per conversation. `handed_at` marks
/// one that the driver may have seen; it stays the head of its conversation until its outcome is known.
final class SendQueue {

    /// The head of a conversation's queue and how it stands with the driver.
    record Head(
            Message message,
            Optional<String> signature,
            Optional<Instant> handedAt,
            Optional<Instant> dueAt,
            int attempts) {}

    Optional<Head> head(Tx tx, Id conversation) {
        return tx.handle()
                .createQuery(MessageStore.SELECT.replace(
                                "SELECT", "SELECT m.signature, m.handed_at, m.next_attempt_at, m.attempts,")
                        + """
                         WHERE m.conversation_id = :conversation AND m.status = 'queued'
                         ORDER BY m.id LIMIT 1
                        """)
                .bind("conversation", conversation.text())
                .map((row, _) -> new Head(
                        MessageStore.message(row),
                        Optional.ofNullable(row.getString("signature")),
                        Timestamps.read(row, "handed_at"),
                        Timestamps.read(row, "next_attempt_at"),
                        row.getInt("attempts")))
                .findOne();
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

    List<Id> conversations(Tx tx) {
        return tx
                .handle()
                .createQuery("SELECT DISTINCT conversation_id FROM message WHERE status = 'queued'")
                .mapTo(String.class)
                .list()
                .stream()
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

    /// Its line cannot bring it: back into the queue, for another one.
    void reroute(Tx tx, Id message, String line) {
        tx.handle()
                .execute(
                        "UPDATE message SET line = ?, handed_at = NULL, next_attempt_at = NULL WHERE id = ?",
                        line,
                        message.text());
    }

    /// It was certainly not sent: back into the queue, not before `due`.
    void putBack(Tx tx, Id message, Instant due) {
        set(tx, message, "handed_at = NULL, attempts = attempts + 1, next_attempt_at = :at", due);
    }

    /// It may have been sent: ask again at `due`. What was handed over in the future, by a clock that has gone back
    /// since, counts as handed over now.
    void askAgain(Tx tx, Id message, Instant now, Instant due) {
        tx.handle()
                .createUpdate("UPDATE message SET handed_at = :now WHERE id = :id AND handed_at > :now")
                .bind("id", message.text())
                .bind("now", Timestamps.micros(now))
                .execute();
        set(tx, message, "attempts = attempts + 1, next_attempt_at = :at", due);
    }

    private static void set(Tx tx, Id message, String change, Instant at) {
        tx.handle()
                .createUpdate("UPDATE message SET " + change + " WHERE id = :id")
                .bind("id", message.text())
                .bind("at", Timestamps.micros(at))
                .execute();
    }
}
