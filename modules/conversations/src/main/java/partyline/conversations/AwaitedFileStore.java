package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.conversations.MediaDownload.Wanted;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `awaited_file` table: files that did not come with their text.
///
/// A row is due when its time has come, and also when that is further away than its whole pause: then a clock
/// that has gone back since put it off.
final class AwaitedFileStore {

    private static final String DUE = "(due_at <= :now OR due_at - wait > :now)";

    /// A file that a message waits for, after so many looks.
    record Awaited(Id message, Wanted wanted, int attempts) {}

    void insert(Tx tx, Id message, PhoneNumber person, Wanted wanted) {
        tx.run("""
                INSERT INTO awaited_file (message_id, person, line, media, media_type, media_name, attempts, wait, due_at)
                VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0)
                """, message.key(), person.text(), wanted.line(), wanted.media(), wanted.type(), wanted.name());
    }

    int count(Tx tx, PhoneNumber person) {
        return tx.handle()
                .createQuery("SELECT count(*) FROM awaited_file WHERE person = :person")
                .bind("person", person.text())
                .mapTo(int.class)
                .one();
    }

    /// Who waits for something that is due.
    List<PhoneNumber> people(Handle handle, Instant now) {
        return handle.createQuery("SELECT DISTINCT person FROM awaited_file WHERE " + DUE)
                .bind("now", Timestamps.micros(now))
                .map((row, _) -> new PhoneNumber(row.getString("person")))
                .list();
    }

    /// What this person's messages wait for first, if it is due.
    Optional<Awaited> next(Handle handle, PhoneNumber person, Instant now) {
        return handle.createQuery("SELECT message_id, salt, f.line, f.media, media_type, media_name, f.attempts"
                        + " FROM awaited_file f JOIN message m ON m.id = message_id"
                        + " WHERE person = :person AND " + DUE + " ORDER BY due_at, message_id LIMIT 1")
                .bind("person", person.text())
                .bind("now", Timestamps.micros(now))
                .map((row, _) -> new Awaited(
                        Id.of(row.getLong("message_id"), row.getLong("salt")),
                        new Wanted(
                                row.getString("line"),
                                row.getString("media"),
                                row.getString("media_type"),
                                row.getString("media_name")),
                        row.getInt("attempts")))
                .findOne();
    }

    /// The next look is after `wait`.
    void postpone(Tx tx, Id message, int attempts, Duration wait, Instant now) {
        tx.run(
                "UPDATE awaited_file SET attempts = ?, wait = ?, due_at = ? WHERE message_id = ?",
                attempts,
                wait.toNanos() / 1_000,
                Timestamps.micros(now.plus(wait)),
                message.key());
    }

    /// Nothing is awaited for the message any more; false when nothing was.
    boolean delete(Tx tx, Id message) {
        return tx.run("DELETE FROM awaited_file WHERE message_id = ?", message.key()) > 0;
    }
}
