package partyline.identities;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Database;
import partyline.kernel.Hmac;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.StartupFailure;
import partyline.kernel.Tx;

/// The keys that open the API.
///
/// Look-ups go through a cache. A revocation empties its entry after the commit and before it is answered, so the very
/// next request is refused. Thread-safe.
public final class ApiKeys implements AutoCloseable {

    /// The label of the key that the operator chose.
    public static final String CHOSEN = "PARTYLINE_ADMIN_KEY";

    private static final int CACHED_KEYS = 10_000;

    /// What the cache holds of a key: enough to check a presented one and to say who calls.
    record Known(String hash, Caller caller, Optional<Instant> expiresAt) {}

    /// Whom a key that is none is compared with: no text has this hash.
    private static final Known NOBODY = new Known(
            "0".repeat(64), new Caller(new OrganizationId("org_0"), Optional.empty(), false, ""), Optional.empty());

    /// What became of a wish for a key.
    public sealed interface MintOutcome {

        /// It opens the API.
        record Made(ApiKey.Minted minted) implements MintOutcome {}

        /// The organization's identities have as many keys as they may have.
        record QuotaExceeded() implements MintOutcome {}
    }

    private final Database database;
    private final InstantSource clock;
    private final int most;
    private final SecureRandom random = new SecureRandom();
    private final ApiKeyStore store = new ApiKeyStore();
    private final KeyUses uses;
    private volatile Consumer<String> revoked = _ -> {};
    private final Cache<String, Known> cache = Caffeine.newBuilder()
            .maximumSize(CACHED_KEYS)
            .expireAfterWrite(Duration.ofMinutes(10))
            .build();

    public ApiKeys(Database database, InstantSource clock) {
        this(database, clock, 0);
    }

    /// With at most `most` unrevoked keys for the identities of each organization; 0 is no bound.
    public ApiKeys(Database database, InstantSource clock, int most) {
        this.most = most;
        this.database = database;
        this.clock = clock;
        this.uses = new KeyUses(database, store);
    }

    /// `revoked` hears of every key that is revoked, by its id, once it opens nothing any more.
    public void listen(Consumer<String> revoked) {
        this.revoked = revoked;
    }

    /// Begins to bring the keys' last uses to the database.
    public void start() {
        uses.start();
    }

    /// Writes what is still to be written; before the database closes.
    @Override
    public void close() {
        uses.close();
    }

    /// Who presents this key; empty when it is malformed, unknown, wrong, revoked or expired. Each of these takes the
    /// way of a good key: one look-up, one hash, one comparison in constant time.
    public Optional<Caller> authenticate(String presented) {
        String id = KeyText.parse(presented).map(KeyText::id).orElse("");
        Known known = Optional.ofNullable(cache.get(id, this::load)).orElse(NOBODY);
        boolean same = Hmac.same(known.hash(), KeyText.hash(presented));
        Instant now = clock.instant();
        boolean good = same && known.expiresAt().map(now::isBefore).orElse(true);
        if (!good) {
            return Optional.empty();
        }
        uses.note(id, now);
        return Optional.of(known.caller());
    }

    /// The key that the caller holds.
    public Optional<ApiKey> find(Caller caller) {
        return database.read(handle -> store.find(handle, caller.keyId())).map(uses::merge);
    }

    /// The keys that the caller may see, newest first, at most `limit` (from `offset`).
    public List<ApiKey> list(Caller caller, int limit, int offset) {
        return database.read(handle -> store.list(handle, caller, limit, offset)).stream()
                .map(uses::merge)
                .toList();
    }

    /// For the commands of the jar: the admin keys of every organization.
    public List<ApiKey> admins() {
        return database.read(store::admins).stream().map(uses::merge).toList();
    }

    /// Makes a key for one identity if its organization may have one more, in the transaction that made sure that the
    /// identity is there.
    public MintOutcome mintWithinQuota(Tx tx, Identity identity, NewKey wish) {
        return most > 0 && store.count(tx, identity.organization()) >= most
                ? new MintOutcome.QuotaExceeded()
                : new MintOutcome.Made(mint(tx, identity, wish));
    }

    /// For this program's own keys, which no quota binds: makes a key for one identity, in the transaction that made
    /// sure that the identity is there.
    public ApiKey.Minted mint(Tx tx, Identity identity, NewKey wish) {
        return insert(tx, KeyText.random(random), identity.organization(), Optional.of(identity.id()), wish);
    }

    /// Makes an admin key; only for the commands of the jar and the first start.
    public ApiKey.Minted mintAdmin(Tx tx, OrganizationId organization, String label) {
        return insert(tx, KeyText.random(random), organization, Optional.empty(), NewKey.labelled(label));
    }

    /// Makes sure that `text`, a key chosen by the operator, is an active admin key of `organization`, and
    /// that one which was chosen before is none any more.
    ///
    /// @throws StartupFailure when it has not the shape of a key.
    public void install(Tx tx, OrganizationId organization, String text) {
        KeyText key = KeyText.parse(text)
                .orElseThrow(() -> new StartupFailure("PARTYLINE_ADMIN_KEY has not the shape of a key: set it to"
                        + " ApiKey_<uuid>.<secret>, the secret at least 20 of A-Z, a-z, 0-9, - and _."));
        store.delete(tx, key.id());
        store.revokeAdmins(tx, organization, CHOSEN, clock.instant()).forEach(id -> tx.afterCommit(() -> forget(id)));
        insert(tx, key, organization, Optional.empty(), NewKey.labelled(CHOSEN));
        tx.afterCommit(() -> cache.invalidate(key.id()));
    }

    /// Revokes the living keys of an identity; with a `label` only those that carry it.
    public void revoke(Tx tx, Id identity, Optional<String> label) {
        store.revoke(tx, identity, label, clock.instant()).forEach(id -> tx.afterCommit(() -> forget(id)));
    }

    /// Revokes a key that the caller may see (its own too) and returns what is then known of it; empty when there is
    /// none. A key that is revoked already stays as it is.
    public Optional<ApiKey> revoke(Caller caller, String id) {
        return revoke(
                id,
                key -> key.organization().equals(caller.organization())
                        && (caller.admin() || key.id().equals(caller.keyId())));
    }

    /// For the commands of the jar: revokes an admin key, whoever's it is.
    public Optional<ApiKey> revokeAdmin(String id) {
        return revoke(id, key -> key.identity().isEmpty());
    }

    private Optional<ApiKey> revoke(String id, Predicate<ApiKey> visible) {
        return database.write(tx -> {
                    Optional<ApiKey> found = store.find(tx.handle(), id).filter(visible);
                    if (found.isEmpty()) {
                        return found;
                    }
                    store.revoke(tx, id, clock.instant());
                    tx.afterCommit(() -> forget(id));
                    return store.find(tx.handle(), id);
                })
                .map(uses::merge);
    }

    private ApiKey.Minted insert(Tx tx, KeyText text, OrganizationId organization, Optional<Id> identity, NewKey wish) {
        Instant now = clock.instant();
        ApiKey key = new ApiKey(
                text.id(),
                organization,
                identity,
                text.last4(),
                wish.label(),
                wish.description(),
                Optional.empty(),
                wish.expiresAt(),
                Optional.empty(),
                now,
                now);
        store.insert(tx, key, text.hash());
        return new ApiKey.Minted(text.text(), key);
    }

    private void forget(String id) {
        cache.invalidate(id);
        revoked.accept(id);
    }

    private @Nullable Known load(String id) {
        return database.read(handle -> store.known(handle, id)).orElse(null);
    }
}
