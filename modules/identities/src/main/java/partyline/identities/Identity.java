package partyline.identities;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
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

    private static final int LONGEST_SHOWN = 60;
    private static final Pattern UNFIT =
            Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    /// How an agent presents itself; an empty description and none are two things. What it shares is its contact card.
    public record Profile(
            @Nullable String displayName, @Nullable String description, boolean contactSharing) {

        /// One that shares its card.
        public Profile(@Nullable String displayName, @Nullable String description) {
            this(displayName, description, true);
        }
    }

    /// The modes per channel. The phone's are iMessage's too; mail's are kept for the clients that set them.
    public record FilterModes(Channel phone, Channel mail) {

        public static final FilterModes DEFAULT =
                new FilterModes(Channel.both(FilterMode.BLACKLIST), Channel.both(FilterMode.BLACKLIST));

        /// The modes of one channel, each way; `baseline` is what was set last for both ways at once.
        public record Channel(FilterMode inbound, FilterMode outbound, FilterMode baseline) {

            /// One mode for both ways.
            public static Channel both(FilterMode mode) {
                return new Channel(mode, mode, mode);
            }

            /// The one mode that stands for both ways, for clients that know no directions.
            public FilterMode shared() {
                return inbound == outbound ? inbound : baseline;
            }
        }
    }

    /// The display name, else the handle.
    public String fullName() {
        String name = profile.displayName();
        return name == null || name.isBlank() ? handle.text() : name;
    }

    /// The name to show in a sentence of ours: on one line, and not so long that it could say more than a name.
    public String shownName() {
        String name = UNFIT.matcher(fullName()).replaceAll(" ").strip();
        if (name.isEmpty()) {
            return handle.text();
        }
        return name.codePointCount(0, name.length()) <= LONGEST_SHOWN
                ? name
                : name.substring(0, name.offsetByCodePoints(0, LONGEST_SHOWN - 1))
                                .strip() + "…";
    }

    /// Whether `name` is fit to be a display name: on one line, without controls and marks that turn the direction of
    /// what follows.
    public static boolean isName(String name) {
        return !UNFIT.matcher(name).find();
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
