package partyline.identities;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;

/// What is known of an API key. Its text, `ApiKey_<uuid>.<secret>`, was shown once when it was made; `id` is the part
/// before the dot, `last4` the end of the secret. Without `identity` it is an admin key.
public record ApiKey(
        String id,
        OrganizationId organization,
        Optional<Id> identity,
        String last4,
        String label,
        @Nullable String description,
        Optional<Instant> lastUsedAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        Instant createdAt,
        Instant updatedAt) {

    /// The beginning of the id that consoles show: `ApiKey_67e166e4`.
    public String displayPrefix() {
        return id.substring(0, 15);
    }

    /// This key, last used at `at`.
    ApiKey usedAt(Instant at) {
        return new ApiKey(
                id,
                organization,
                identity,
                last4,
                label,
                description,
                Optional.of(at),
                expiresAt,
                revokedAt,
                createdAt,
                updatedAt);
    }

    /// A key just made: the only moment at which its text exists.
    public record Minted(String text, ApiKey key) {}
}
