package partyline.kernel;

import java.util.Optional;
import java.util.Set;

/// Which events of an organization somebody reads: of one identity or of all, and of these types.
public record EventFilter(OrganizationId organization, Optional<Id> identity, Set<String> types) {

    public EventFilter {
        types = Set.copyOf(types);
    }

    /// Whether an event of `type` about `owner` is among them.
    boolean takes(Optional<Id> owner, String type) {
        return types.contains(type) && (identity.isEmpty() || identity.equals(owner));
    }
}
