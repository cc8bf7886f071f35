package partyline.identities;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.Profile;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Ids;
import partyline.kernel.Tx;

/// The agents of every organization.
///
/// What a caller may not see does not exist for it: another organization's identities, and for an identity-scoped key
/// every identity but its own. Thread-safe: it holds no state of its own.
public final class Identities {

    /// What became of a wish for a handle.
    public sealed interface Outcome {

        /// It is stored as `identity`.
        record Stored(Identity identity) implements Outcome {}

        /// Somebody on this server has that handle.
        record HandleTaken() implements Outcome {}

        /// The caller sees no such identity.
        record NotFound() implements Outcome {}
    }

    private final Database database;
    private final Ids ids;
    private final InstantSource clock;
    private final IdentityStore store = new IdentityStore();

    public Identities(Database database, Ids ids, InstantSource clock) {
        this.database = database;
        this.ids = ids;
        this.clock = clock;
    }

    /// Creates an identity in the caller's organization, with everybody allowed to reach it once it is enabled.
    public Outcome create(Caller caller, Handle handle, Profile profile, boolean enabled) {
        return database.write(tx -> {
            if (store.byHandle(tx.handle(), handle).isPresent()) {
                return new Outcome.HandleTaken();
            }
            Instant now = clock.instant();
            Identity made = new Identity(
                    ids.next(),
                    caller.organization(),
                    handle,
                    profile,
                    enabled,
                    FilterModes.DEFAULT,
                    Optional.empty(),
                    now,
                    now);
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
    public Optional<Identity> find(Tx tx, SystemAccess access, Handle handle) {
        return store.byHandle(tx.handle(), handle);
    }

    /// For the machinery: a living identity by its id.
    public Optional<Identity> find(Tx tx, SystemAccess access, Id id) {
        return store.byId(tx, id);
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
            if (renamed && store.byHandle(tx.handle(), after.handle()).isPresent()) {
                return new Outcome.HandleTaken();
            }
            store.update(tx, after, clock.instant());
            return new Outcome.Stored(store.byId(tx, before.id()).orElseThrow());
        });
    }

    /// Deletes the identity and frees its handle. Its keys, rules, connections and subscriptions are for their owners
    /// to
    /// end, in the same transaction.
    public void delete(Tx tx, Identity identity) {
        store.delete(tx, identity.id(), clock.instant());
    }

    private static boolean visible(Caller caller, Identity identity) {
        return identity.organization().equals(caller.organization()) && caller.mayActAs(identity.id());
    }
}
