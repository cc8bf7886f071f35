package partyline.identities;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Timestamps;
import partyline.kernel.Tx;

/// One secret per identity, `whsec_` and 64 hex digits, with which its webhooks are signed. Kept encrypted.
///
/// After a rotation the old secret signs along for the overlap, so that receivers can be told the new one meanwhile;
/// without an overlap it stops at once. Thread-safe.
public final class SigningKeys {

    private static final int SECRET_BYTES = 32;

    /// A key just made: the only moment at which its text is told.
    public record Minted(String text, Instant createdAt) {}

    /// What signs now: the secret, and while an overlap lasts the one before it.
    public record Secrets(String current, Optional<String> previous) {}

    private final Database database;
    private final InstantSource clock;
    private final ServerKey serverKey;
    private final Duration overlap;
    private final SecureRandom random = new SecureRandom();

    /// Without an overlap.
    public SigningKeys(Database database, InstantSource clock, ServerKey serverKey) {
        this(database, clock, serverKey, Duration.ZERO);
    }

    /// `overlap` is how long a key still signs after it was replaced.
    public SigningKeys(Database database, InstantSource clock, ServerKey serverKey, Duration overlap) {
        this.database = database;
        this.clock = clock;
        this.serverKey = serverKey;
        this.overlap = overlap;
    }

    /// Makes the identity's key, or a new one in place of the old, which signs along for the overlap.
    public Minted rotate(Identity identity) {
        return database.write(tx -> mint(tx, identity.id()));
    }

    /// Makes the identity's first key if it has none; then tells it.
    public Optional<String> ensure(Tx tx, Id identity) {
        return exists(tx.handle(), identity)
                ? Optional.empty()
                : Optional.of(mint(tx, identity).text());
    }

    /// For the dispatcher: what to sign with.
    public Secrets secrets(SystemAccess access, Id identity) {
        long now = Timestamps.micros(clock.instant());
        return database.read(handle -> handle.createQuery("""
                        SELECT secret, CASE WHEN previous_until > :now THEN previous_secret END AS previous
                          FROM signing_key WHERE identity_id = :identity
                        """)
                        .bind("identity", identity.text())
                        .bind("now", now)
                        .map((row, _) -> new Secrets(
                                serverKey.decrypt(row.getString("secret")),
                                Optional.ofNullable(row.getString("previous")).map(serverKey::decrypt)))
                        .findOne())
                .orElseThrow(() -> new IllegalStateException("identity " + identity + " has no signing key"));
    }

    /// Forgets the key of a deleted identity.
    public void delete(Tx tx, Id identity) {
        tx.handle().execute("DELETE FROM signing_key WHERE identity_id = ?", identity.text());
    }

    private static boolean exists(Handle handle, Id identity) {
        return handle.createQuery("SELECT count(*) FROM signing_key WHERE identity_id = :identity")
                .bind("identity", identity.text())
                .mapTo(boolean.class)
                .one();
    }

    private Minted mint(Tx tx, Id identity) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        Minted minted = new Minted("whsec_" + HexFormat.of().formatHex(secret), clock.instant());
        tx.handle()
                .createUpdate("""
                        INSERT INTO signing_key (identity_id, secret, created_at) VALUES (:identity, :secret, :at)
                        ON CONFLICT (identity_id) DO UPDATE
                           SET previous_secret = CASE WHEN :until > :at THEN signing_key.secret END,
                               previous_until = :until, secret = excluded.secret, created_at = excluded.created_at
                        """)
                .bind("identity", identity.text())
                .bind("secret", serverKey.encrypt(minted.text()))
                .bind("at", Timestamps.micros(minted.createdAt()))
                .bind("until", Timestamps.micros(minted.createdAt().plus(overlap)))
                .execute();
        return minted;
    }
}
