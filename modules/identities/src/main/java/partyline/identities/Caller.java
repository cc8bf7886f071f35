package partyline.identities;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;

/// Who asks: the holder of an API key. Without `identity` it is an admin key and sees its whole organization; with one
/// it sees that identity alone. `operator` marks the organization that runs the server.
public record Caller(OrganizationId organization, Optional<Id> identity, boolean operator, String keyId) {

    public boolean admin() {
        return identity.isEmpty();
    }

    /// Whether this caller may act as `other`, given that it belongs to the caller's organization.
    public boolean mayActAs(Id other) {
        return identity.isEmpty() || identity.get().equals(other);
    }

    /// The identity to filter by in SQL; null sees all of the organization.
    public @Nullable String identityOrNull() {
        return identity.map(Id::text).orElse(null);
    }
}
