package partyline.conversations;

import java.time.Instant;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;

/// A person and an identity, joined by the router; the API calls it an assignment. `line` is the id of the pool line
/// that carries it, and is nobody's business outside.
public record Connection(
        Id id,
        OrganizationId organization,
        Id identity,
        PhoneNumber person,
        String line,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> releasedAt) {

    public boolean active() {
        return releasedAt.isEmpty();
    }

    /// The API's word for it: `active` or `released`.
    public String status() {
        return active() ? "active" : "released";
    }

    /// This connection after its end.
    public Connection released(Instant at) {
        return new Connection(id, organization, identity, person, line, createdAt, at, Optional.of(at));
    }
}
