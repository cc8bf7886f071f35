package partyline.router;

import java.util.List;
import partyline.identities.Caller;
import partyline.kernel.Database;

/// What people said about being texted at all, for those who must be able to show it.
///
/// What was said to the router is known to every organization that the person was ever connected with, each by a change
/// of its own, so that none learns of another. Thread-safe: it holds no state of its own.
public final class Consents {

    private final Database database;
    private final ConsentStore store = new ConsentStore();

    public Consents(Database database) {
        this.database = database;
    }

    /// The changes that the caller sees, newest first.
    public List<ConsentChange> list(Caller caller, int limit, int offset) {
        return database.read(handle -> store.list(handle, caller, limit, offset));
    }
}
