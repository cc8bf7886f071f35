package partyline.identities;

import java.time.Instant;
import partyline.kernel.OrganizationId;

/// A tenant. One of them, the first, is the operator's: the lines and the simulator answer to its admin keys.
public record Organization(OrganizationId id, String name, boolean operator, Instant createdAt) {}
