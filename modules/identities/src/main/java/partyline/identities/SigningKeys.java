package partyline.identities;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
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
    private static final int CACHED_KEYS = 10_000;

    /// A key just made: the only moment at which its text is told.
    public record Minted(String text, Instant createdAt) {}

    /// What signs now: the secret, and while an overlap lasts the one before it.
    public record Secrets(String current, Optional<String> previous) {}

    /// What is kept of an identity in memory, so that not every webhook asks the database.
    private record Known(String current, Optional<String> previous, Instant previousUntil) {}

    private final Database database;
    private final InstantSource clock;
    private final ServerKey serverKey;
    private final Duration overlap;
    private final Cache<Id, Known> cache = Caffeine.newBuilder()
            .maximumSize(CACHED_KEYS)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();
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

    /// When the newest key of the identities that the caller sees was made.
    public Optional<Instant> newest(Caller caller) {
        return database.read(handle -> handle.createQuery("""
                        SELECT k.created_at
                          FROM signing_key k JOIN identity i ON i.id = k.identity_id
                         WHERE i.organization_id = :organization AND i.deleted_at IS NULL
                           AND (:identity IS NULL OR i.id = :identity)
                         ORDER BY k.created_at DESC LIMIT 1
                        """)
                .bind("organization", caller.organization().text())
                .bind("identity", caller.identityOrNull())
                .map((row, _) -> Timestamps.instant(row.getLong("created_at")))
                .findOne());
    }

    /// For the dispatcher: what to sign with.
    public Secrets secrets(Id identity) {
        Known known = cache.get(identity, this::load);
        Instant now = clock.instant();
        return new Secrets(known.current(), known.previous().filter(_ -> now.isBefore(known.previousUntil())));
    }

    private Known load(Id identity) {
        return database.read(handle -> handle.createQuery("""
                        SELECT secret, previous_secret, previous_until FROM signing_key WHERE identity_id = :identity
                        """)
                        .bind("identity", identity.text())
                        .map((row, _) -> new Known(
                                serverKey.decrypt(row.getString("secret")),
                                Optional.ofNullable(row.getString("previous_secret"))
                                        .map(serverKey::decrypt),
                                Timestamps.instant(row.getLong("previous_until"))))
                        .findOne())
                .orElseThrow(() -> new IllegalStateException("identity " + identity + " has no signing key"));
    }

    /// Forgets the key of a deleted identity.
    public void delete(Tx tx, Id identity) {
        tx.handle().execute("DELETE FROM signing_key WHERE identity_id = ?", identity.text());
        tx.forget(IdentityStore.ById.class);
        tx.afterCommit(() -> cache.invalidate(identity));
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
        tx.forget(IdentityStore.ById.class);
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
        tx.afterCommit(() -> cache.invalidate(identity));
        return minted;
    }
}
