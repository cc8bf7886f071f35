package partyline.router;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.kernel.PersonalTable;
import partyline.kernel.PhoneNumber;

/// What people said about being texted at all, for those who must be able to show it.
///
/// What was said to the router is known to every organization that the person was ever connected with, each by a change
/// of its own, so that none learns of another. Thread-safe: it holds no state of its own.
public final class Consents {

    private final Database database;
    private final ConsentStore store;

    /// `key` is what those who stopped are recognized by.
    public Consents(Database database, ServerKey key) {
        this.database = database;
        this.store = new ConsentStore(key);
    }

    /// What is kept about a person and the router, but for the mark that they told it to stop: that one names nobody,
    /// and must outlive them.
    public static List<PersonalTable> personalTables() {
        return List.of(
                PersonalTable.deleted("consent_change", "person = :person"),
                PersonalTable.deleted("router_spoken", "person = :person"));
    }

    /// Since when the person wants no texts; empty when they did not say so, or let us go on since.
    public Optional<Instant> stoppedAt(Handle handle, PhoneNumber person) {
        return store.stoppedAt(handle, person);
    }

    /// The changes that the caller sees, newest first.
    public List<ConsentChange> list(Caller caller, int limit, int offset) {
        return database.read(handle -> store.list(handle, caller, limit, offset));
    }
}
