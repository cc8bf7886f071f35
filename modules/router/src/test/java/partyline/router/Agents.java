package partyline.router;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.identities.Handle;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;

/// Agents to speak of.
final class Agents {

    static final PhoneNumber LINE = new PhoneNumber("+12025550101");
    static final PhoneNumber ROUTER = new PhoneNumber("+12025550100");

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private Agents() {}

    static Identity agent(String handle, @Nullable String name, @Nullable String description) {
        return new Identity(
                Id.parse("01a20cff-7d00-76f7-96fe-d7af128f4111"),
                new OrganizationId("org_one"),
                new Handle(handle),
                new Identity.Profile(name, description),
                true,
                Identity.FilterModes.DEFAULT,
                Optional.empty(),
                NOW,
                NOW);
    }
}
