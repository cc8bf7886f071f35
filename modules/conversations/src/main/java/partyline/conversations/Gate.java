package partyline.conversations;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.rules.Direction;
import partyline.rules.Verdict;

/// Whether an agent may act in a conversation that is there: react, take that back, mark as read, show that it
/// types. The checks and their order are those of sending.
final class Gate {

    private final Identities identities;
    private final Reach reach;
    private final ConnectionStore connections = new ConnectionStore();

    Gate(Identities identities, Reach reach) {
        this.identities = identities;
        this.reach = reach;
    }

    /// Why the agent may not act; empty when it may.
    Optional<ReactOutcome> refusal(Handle handle, Caller caller, Id owner, PhoneNumber person) {
        Optional<Identity> identity = identities.find(handle, caller, owner);
        if (identity.isEmpty()) {
            return Optional.of(new ReactOutcome.NotFound());
        }
        if (!identity.get().enabled()) {
            return Optional.of(new ReactOutcome.NotEnabled());
        }
        if (reach.verdict(handle, identity.get(), person, Direction.OUTBOUND) instanceof Verdict.Blocked(var rule)) {
            return Optional.of(new ReactOutcome.Blocked(new SendOutcome.Blocked(person, rule, identity.get())));
        }
        Optional<Connection> active = connections.active(handle, owner, person);
        return active.isPresent()
                ? Optional.empty()
                : Optional.of(new ReactOutcome.Inactive(identity.get().handle()));
    }
}
