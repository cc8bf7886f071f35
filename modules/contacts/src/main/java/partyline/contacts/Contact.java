package partyline.contacts;

import java.time.Instant;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;

/// Somebody whom an organization knows. `createdBy` is the identity whose key wrote it down, empty for an admin;
/// `revision` counts the changes.
public record Contact(
        Id id,
        OrganizationId organization,
        Card card,
        Review review,
        Optional<Id> createdBy,
        int revision,
        Instant createdAt,
        Instant updatedAt) {

    /// Whether somebody stands by what is written, and since when, if that was said apart.
    public record Review(boolean confirmed, Optional<Instant> at) {}

    /// As much as an event tells of a person: the name is empty where the contact has none.
    public record Name(Id contact, Optional<String> name) {}

    Contact with(Card newCard, Review newReview, Instant now) {
        return new Contact(id, organization, newCard, newReview, createdBy, revision + 1, createdAt, now);
    }
}
