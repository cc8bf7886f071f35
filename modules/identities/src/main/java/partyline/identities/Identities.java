package partyline.identities;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.Profile;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.IdentityHandles;
import partyline.kernel.Ids;
import partyline.kernel.Tx;

/// The agents of every organization.
///
/// What a caller may not see does not exist for it: another organization's identities, and for an identity-scoped key
/// every identity but its own. Thread-safe: it holds no state of its own.
public final class Identities implements IdentityHandles {

    /// What became of a wish for a handle.
    public sealed interface Outcome {

        /// It is stored as `identity`.
        record Stored(Identity identity) implements Outcome {}

        /// Somebody on this server has that handle, or had it not long ago.
        record HandleTaken() implements Outcome {}

        /// The organization has as many identities as it may have.
        record QuotaExceeded() implements Outcome {}

        /// The caller sees no such identity.
        record NotFound() implements Outcome {}
    }

    /// How long a handle that was given up is kept for its organization: people and cards still name it.
    private static final Duration KEPT = Duration.ofDays(180);

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final int most;
    private final IdentityStore store = new IdentityStore();

    public Identities(Database database, Ids ids, InstantSource clock) {
        this(database, ids, clock, 0);
    }

    /// With at most `most` living identities in each organization; 0 is no bound.
    public Identities(Database database, Ids ids, InstantSource clock, int most) {
        this.most = most;
        this.database = database;
        this.ids = ids;
        this.clock = clock;
    }

    /// Creates an identity in the caller's organization, with everybody allowed to reach it once it is enabled.
    public Outcome create(Caller caller, Handle handle, Profile profile, boolean enabled) {
        return create(caller, handle, profile, enabled, FilterModes.DEFAULT);
    }

    /// Creates an identity in the caller's organization.
    public Outcome create(Caller caller, Handle handle, Profile profile, boolean enabled, FilterModes modes) {
        return database.write(tx -> {
            if (isTaken(tx, caller, handle)) {
                return new Outcome.HandleTaken();
            }
            if (most > 0 && store.count(tx, caller.organization()) >= most) {
                return new Outcome.QuotaExceeded();
            }
            Instant now = clock.instant();
            Identity made = new Identity(
                    ids.next(), caller.organization(), handle, profile, enabled, modes, Optional.empty(), now, now);
            store.insert(tx, made);
            return new Outcome.Stored(made);
        });
    }

    /// What the caller sees, newest first, at most `limit` (from `offset`).
    public List<Identity> list(Caller caller, int limit, int offset) {
        return database.read(handle -> store.list(handle, caller, limit, offset));
    }

    public Optional<Identity> find(Caller caller, Handle handle) {
        return database.read(reader -> store.byHandle(reader, handle)).filter(found -> visible(caller, found));
    }

    public Optional<Identity> find(Caller caller, Id id) {
        return database.read(reader -> store.byId(reader, id)).filter(found -> visible(caller, found));
    }

    public Optional<Identity> find(Tx tx, Caller caller, Id id) {
        return store.byId(tx, id).filter(found -> visible(caller, found));
    }

    /// For a check that is part of a larger read.
    public Optional<Identity> find(org.jdbi.v3.core.Handle reader, Caller caller, Id id) {
        return store.byId(reader, id).filter(found -> visible(caller, found));
    }

    /// For the router: the identity that owns `handle`, whoever's it is.
    public Optional<Identity> find(Tx tx, Handle handle) {
        return store.byHandle(tx.handle(), handle);
    }

    /// The same for a check that is part of a read.
    public Optional<Identity> find(org.jdbi.v3.core.Handle reader, Handle handle) {
        return store.byHandle(reader, handle);
    }

    /// For the machinery: a living identity by its id.
    public Optional<Identity> find(Tx tx, Id id) {
        return store.byId(tx, id);
    }

    /// The same for a check that is part of a read.
    public Optional<Identity> find(org.jdbi.v3.core.Handle reader, Id id) {
        return store.byId(reader, id);
    }

    @Override
    public Optional<String> of(org.jdbi.v3.core.Handle reader, Id id) {
        return store.lastHandle(reader, id);
    }

    @Override
    public Optional<String> of(Tx tx, Id id) {
        return store.byId(tx, id).map(found -> found.handle().text()).or(() -> of(tx.handle(), id));
    }

    /// Stores what `edit` makes of the identity as it is now. It may change the handle, the profile, the opt-in and the
    /// filter modes.
    public Outcome update(Caller caller, Handle handle, UnaryOperator<Identity> edit) {
        return database.write(tx -> {
            Optional<Identity> found = store.byHandle(tx.handle(), handle).filter(it -> visible(caller, it));
            if (found.isEmpty()) {
                return new Outcome.NotFound();
            }
            Identity before = found.get();
            Identity after = edit.apply(before);
            boolean renamed = !after.handle().equals(before.handle());
            if (renamed && isTaken(tx, caller, after.handle())) {
                return new Outcome.HandleTaken();
            }
            if (renamed) {
                keep(tx, before);
            }
            store.update(tx, after, clock.instant());
            return new Outcome.Stored(store.byId(tx, before.id()).orElseThrow());
        });
    }

    /// Deletes the identity; its handle is free for its own organization, and later for all. Its keys, rules,
    /// connections and subscriptions are for their owners to end, in the same transaction.
    public void delete(Tx tx, Identity identity) {
        keep(tx, identity);
        store.delete(tx, identity.id(), clock.instant());
    }

    private boolean isTaken(Tx tx, Caller caller, Handle handle) {
        return store.byHandle(tx.handle(), handle).isPresent()
                || store.isKeptFromOthers(tx, handle, caller.organization(), clock.instant());
    }

    private void keep(Tx tx, Identity identity) {
        Instant now = clock.instant();
        store.keepHandle(tx, identity, now, now.plus(KEPT));
    }

    private static boolean visible(Caller caller, Identity identity) {
        return identity.organization().equals(caller.organization()) && caller.mayActAs(identity.id());
    }
}
