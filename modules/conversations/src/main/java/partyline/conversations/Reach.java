package partyline.conversations;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import partyline.identities.Handle;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.Profile;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;
import partyline.rules.Direction;
import partyline.rules.Rules;
import partyline.rules.Verdict;

/// Whether a person and an identity can reach each other, one way or both: the identity lives, is enabled, and its
/// rules allow it.
final class Reach {

    /// Stands in for an unknown handle, so that asking about one costs what asking about a known one does.
    private static final Identity NOBODY = new Identity(
            new Id(new UUID(0, 0)),
            new OrganizationId("org_0"),
            new Handle("nobody"),
            new Profile(null, null),
            false,
            FilterModes.DEFAULT,
            Optional.empty(),
            Instant.EPOCH,
            Instant.EPOCH);

    private final Identities identities;
    private final Rules rules;

    Reach(Identities identities, Rules rules) {
        this.identities = identities;
        this.rules = rules;
    }

    /// The identity behind `handle`, if it and `person` may reach each other now, both ways. The rules are read anew
    /// each time: how long it takes must tell nobody whether somebody asked before.
    Optional<Identity> reachable(Tx tx, Handle handle, PhoneNumber person) {
        Identity identity = ownerOrNobody(tx, handle);
        return open(tx.handle(), identity, person) ? Optional.of(identity) : Optional.empty();
    }

    /// Whether the two can reach each other now, both ways, in a check that is part of a read.
    boolean open(org.jdbi.v3.core.Handle reader, Identity identity, PhoneNumber person) {
        return allows(identity, verdict(reader, identity, person, Direction.BOTH));
    }

    /// Whether the identity is enabled and hears from this person, in a check that is part of a read.
    boolean hears(org.jdbi.v3.core.Handle reader, Identity identity, PhoneNumber person) {
        return allows(identity, verdict(reader, identity, person, Direction.INBOUND));
    }

    /// Whether the identity lives and hears from this person now.
    boolean hears(Tx tx, Message.Place place) {
        return open(tx, place.identity(), place.person(), Direction.INBOUND);
    }

    /// Whether the identity lives and what goes this way may pass between it and this person now.
    boolean open(Tx tx, Id identity, PhoneNumber person, Direction direction) {
        return owner(tx, identity)
                .filter(it -> allows(it, verdict(tx, it, person, direction)))
                .isPresent();
    }

    private static boolean allows(Identity identity, Verdict verdict) {
        return verdict instanceof Verdict.Allowed && identity.enabled();
    }

    Verdict verdict(Tx tx, Identity identity, PhoneNumber person, Direction direction) {
        return rules.verdict(tx, identity, person, direction);
    }

    Verdict verdict(org.jdbi.v3.core.Handle reader, Identity identity, PhoneNumber person, Direction direction) {
        return rules.verdict(reader, identity, person, direction);
    }

    /// The identity behind `handle`, or one that is connected with nobody, so that what follows costs the same.
    Identity ownerOrNobody(Tx tx, Handle handle) {
        return identities.find(tx, handle).orElse(NOBODY);
    }

    Optional<Identity> owner(org.jdbi.v3.core.Handle reader, Id identity) {
        return identities.find(reader, identity);
    }

    Optional<Identity> owner(Tx tx, Id identity) {
        return identities.find(tx, identity);
    }
}
