package partyline.conversations;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import partyline.identities.ServerKey;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Rows;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `idempotency` table: what requests with an idempotency key made, so that a repeated one makes nothing.
///
/// A row holds the id of the message or tapback, from which the answer is told again, and a keyed hash of the
/// request: no words, which end with their message.
final class IdempotencyStore {

    private final ServerKey server;

    /// `server` is what requests are recognized by.
    IdempotencyStore(ServerKey server) {
        this.server = server;
    }

    /// A request and its key; `fingerprint` stands for what it asks for.
    record KeyedRequest(IdempotencyKey key, String fingerprint) {}

    /// What was made under a key, for the request that `fingerprint` stands for.
    record Kept(Id made, String fingerprint) {

        boolean answers(KeyedRequest request) {
            return fingerprint.equals(request.fingerprint());
        }
    }

    /// A request that asks for `input`; to be made outside the writer's turn.
    KeyedRequest request(IdempotencyKey key, List<String> input) {
        String whole = input.stream().map(it -> it.length() + ":" + it).collect(Collectors.joining());
        return new KeyedRequest(key, server.fingerprint("idempotency", whole));
    }

    Optional<Kept> find(Handle handle, Id identity, IdempotencyKey key) {
        return Rows.first(
                handle,
                "SELECT made_id, fingerprint FROM idempotency WHERE identity_id = ? AND endpoint = ? AND key = ?",
                row -> new Kept(Id.parse(row.getString(1)), row.getString(2)),
                identity.text(),
                key.endpoint(),
                key.text());
    }

    /// Keeps what a request made for `person`, unless its key has something by now.
    void keep(Tx tx, Id identity, KeyedRequest request, PhoneNumber person, Id made, Instant now) {
        tx.run(
                """
                INSERT INTO idempotency (identity_id, endpoint, key, person, made_id, fingerprint, created_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                identity.text(),
                request.key().endpoint(),
                request.key().text(),
                person.text(),
                made.text(),
                request.fingerprint(),
                Timestamps.micros(now));
    }

    /// Some rows from before `until`.
    static List<Long> past(Handle handle, Instant until, int most) {
        return handle.createQuery("SELECT rowid FROM idempotency WHERE created_at < :until LIMIT :most")
                .bind("until", Timestamps.micros(until))
                .bind("most", most)
                .mapTo(Long.class)
                .list();
    }

    static void delete(Tx tx, List<Long> rows) {
        tx.handle()
                .createUpdate("DELETE FROM idempotency WHERE rowid IN (<rows>)")
                .bindList("rows", rows)
                .execute();
    }
}
