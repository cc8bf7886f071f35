package partyline.conversations.internal;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.conversations.OnceKey;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// The `idempotency` table: answers that a repeated request gets again, for a day.
public final class IdempotencyStore {

    private static final Duration KEPT = Duration.ofHours(24);

    /// An answer that was given, and to which request.
    public record Kept(PhoneNumber person, String fingerprint, String body) {

        public boolean answers(String request) {
            return fingerprint.equals(IdempotencyStore.fingerprint(request));
        }
    }

    public Optional<Kept> find(Handle handle, Id identity, OnceKey key, Instant now) {
        return handle.createQuery("""
                        SELECT person, fingerprint, body FROM idempotency
                         WHERE identity_id = :identity AND endpoint = :endpoint AND key = :key AND created_at > :since
                        """)
                .bind("identity", identity.text())
                .bind("endpoint", key.endpoint())
                .bind("key", key.text())
                .bind("since", Timestamps.micros(now.minus(KEPT)))
                .map((row, _) -> new Kept(
                        new PhoneNumber(row.getString("person")), row.getString("fingerprint"), row.getString("body")))
                .findOne();
    }

    /// Keeps an answer, unless the key has one by now, and forgets those that are too old.
    public void keep(Tx tx, Id identity, OnceKey key, Kept answer, Instant now) {
        tx.handle().execute("DELETE FROM idempotency WHERE created_at <= ?", Timestamps.micros(now.minus(KEPT)));
        tx.handle()
                .createUpdate("""
                        INSERT INTO idempotency (identity_id, endpoint, key, person, fingerprint, body, created_at)
                        VALUES (:identity, :endpoint, :key, :person, :fingerprint, :body, :at)
                        ON CONFLICT DO NOTHING
                        """)
                .bind("identity", identity.text())
                .bind("endpoint", key.endpoint())
                .bind("key", key.text())
                .bind("person", answer.person().text())
                .bind("fingerprint", answer.fingerprint())
                .bind("body", answer.body())
                .bind("at", Timestamps.micros(now))
                .execute();
    }

    /// The answer to a request about a person.
    public static Kept answer(PhoneNumber person, String request, String body) {
        return new Kept(person, fingerprint(request), body);
    }

    private static String fingerprint(String request) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(request.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
