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

    /// What is kept about a person and the router, but for the marks that they told it, or an agent's own
    /// number, to stop: these name nobody, and must outlive them.
    public static List<PersonalTable> personalTables() {
        return List.of(
                PersonalTable.deleted("consent_change", "person = :person"),
                PersonalTable.deleted("router_spoken", "person = :person"));
    }

    /// Since when the person wants no texts; empty when they did not say so, or let us go on since.
    public Optional<Instant> stoppedAt(Handle handle, PhoneNumber person) {
        return store.stoppedAt(handle, person);
    }

    /// The ids of the lines, agents' own numbers, that the person told to stop and nothing since.
    public List<String> stoppedLines(Handle handle, PhoneNumber person) {
        return store.stoppedLines(handle, person);
    }

    /// Whether the person told the router, or this line, to stop and nothing since.
    public boolean isStopped(Handle handle, PhoneNumber person, String line) {
        return store.isStopped(handle, person, line)
                || store.stoppedAt(handle, person).isPresent();
    }

    /// The changes that the caller sees, newest first.
    public List<ConsentChange> list(Caller caller, int limit, int offset) {
        return database.read(handle -> store.list(handle, caller, limit, offset));
    }
}
