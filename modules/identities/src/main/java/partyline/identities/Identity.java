package partyline.identities;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;

/// One agent. `enabled` is its opt-in to iMessage; without it nobody can connect to it and it can send nothing.
public record Identity(
        Id id,
        OrganizationId organization,
        Handle handle,
        Profile profile,
        boolean enabled,
        FilterModes filterModes,
        Optional<Instant> signingKeyCreatedAt,
        Instant createdAt,
        Instant updatedAt) {

    /// How an agent presents itself; an empty description and none are two things.
    public record Profile(
            @Nullable String displayName, @Nullable String description) {}

    /// The mode per channel. Only iMessage has a meaning here; the others are kept for the clients that set them.
    public record FilterModes(FilterMode imessage, FilterMode mail, FilterMode phone) {

        public static final FilterModes DEFAULT =
                new FilterModes(FilterMode.BLACKLIST, FilterMode.BLACKLIST, FilterMode.BLACKLIST);
    }

    /// The name to show to people: the display name, else the handle.
    public String shownName() {
        String name = profile.displayName();
        return name == null || name.isBlank() ? handle.text() : name;
    }

    /// This identity with what an update may change.
    public Identity with(Handle newHandle, Profile newProfile, boolean newEnabled, FilterModes newModes) {
        return new Identity(
                id,
                organization,
                newHandle,
                newProfile,
                newEnabled,
                newModes,
                signingKeyCreatedAt,
                createdAt,
                updatedAt);
    }
}
