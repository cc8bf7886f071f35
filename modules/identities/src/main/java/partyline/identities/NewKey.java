package partyline.identities;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a key is to be: its label, what it is for, and when it ends; without `expiresAt` it is good until revoked.
public record NewKey(String label, @Nullable String description, Optional<Instant> expiresAt) {

    /// A key without a description, good until revoked.
    public static NewKey labelled(String label) {
        return new NewKey(label, null, Optional.empty());
    }
}
