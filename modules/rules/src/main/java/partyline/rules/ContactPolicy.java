package partyline.rules;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.identities.Identity.FilterModes;
import partyline.identities.Identity.Profile;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Tx;

/// The one answer to "may these two hear from each other?": the identity lives, is enabled, and its rules let pass what
/// goes that way. Asked in the transaction, or the read, that acts on the answer, and read anew each time: a change is
/// in force for the next message, and how long it takes tells nobody whether somebody asked before. What a person
/// stopped is kept by [Consents], which ends their connections. Thread-safe: it holds no state of its own.
public final class ContactPolicy {

    /// What was decided, for whoever must say why not.
    public sealed interface Decision {

        /// Nothing closes this way; `rule` is the first that opens it, empty where the mode does.
        record Allowed(Identity identity, Optional<Id> rule) implements Decision {}

        /// It may not pass.
        sealed interface Refused extends Decision {}

        /// Nobody has this id, or nobody whom the caller sees.
        record Unknown() implements Refused {}

        /// The identity is switched off.
        record Disabled(Identity identity) implements Refused {}

        /// The rules close this way; `rule` is the one that does, empty when the mode alone does, or when the number is
        /// `hidden` from the identity.
        record Blocked(Identity identity, Optional<Id> rule, boolean hidden) implements Refused {}
    }

    /// Stands in for an unknown handle, so that asking about one costs what asking about a known one does.
    private static final Identity NOBODY = new Identity(
            new Id(new UUID(0, 0)),
            new OrganizationId("org_0"),
            new partyline.identities.Handle("nobody"),
            new Profile(null, null),
            false,
            FilterModes.DEFAULT,
            Optional.empty(),
            Instant.EPOCH,
            Instant.EPOCH);

    private final Identities identities;
    private final RuleStore rules = new RuleStore();

    public ContactPolicy(Identities identities) {
        this.identities = identities;
    }

    /// Whether what goes this way may pass between the identity and this person now.
    public boolean allows(Tx tx, Id identity, PhoneNumber person, Direction direction) {
        Optional<Identity> found = identities.find(tx, identity);
        return found.isPresent() && passes(found.get(), rules.find(tx, identity, person), direction);
    }

    /// The same in a check that is part of a read.
    public boolean allows(Handle reader, Identity identity, PhoneNumber person, Direction direction) {
        return passes(identity, rules.find(reader, identity.id(), person), direction);
    }

    /// Whether what goes this way may pass now, and else why not.
    public Decision decide(Tx tx, Identity identity, PhoneNumber person, Direction direction) {
        return decide(identity, rules.find(tx, identity.id(), person), direction);
    }

    /// Why what goes this way may not pass now; empty when it may.
    public Optional<Decision.Refused> refusal(Tx tx, Identity identity, PhoneNumber person, Direction direction) {
        return refusal(identity, rules.find(tx, identity.id(), person), direction);
    }

    /// The same for an API call, in a check that is part of a read.
    public Decision decide(Handle reader, Caller caller, Id identity, PhoneNumber person, Direction direction) {
        return identities
                .find(reader, caller, identity)
                .map(it -> decide(it, rules.find(reader, it.id(), person), direction))
                .orElseGet(Decision.Unknown::new);
    }

    /// The identity behind `handle`, if it and `person` may reach each other now, both ways.
    public Optional<Identity> reachable(Tx tx, partyline.identities.Handle handle, PhoneNumber person) {
        Identity identity = identityOrNobody(tx, handle);
        return allows(tx.handle(), identity, person, Direction.BOTH) ? Optional.of(identity) : Optional.empty();
    }

    /// The identity behind `handle`, or one that is connected with nobody, so that what follows costs the same.
    public Identity identityOrNobody(Tx tx, partyline.identities.Handle handle) {
        return identities.find(tx, handle).orElse(NOBODY);
    }

    /// An exact rule decides, else the mode of that side; both sides must be open for [Direction#BOTH].
    private static boolean passes(Identity identity, Choices choices, Direction direction) {
        return identity.enabled() && !choices.hidden() && choices.permits(identity, direction);
    }

    private static Decision decide(Identity identity, Choices choices, Direction direction) {
        return refusal(identity, choices, direction)
                .<Decision>map(it -> it)
                .orElseGet(() -> new Decision.Allowed(identity, choices.ruleOn(direction)));
    }

    private static Optional<Decision.Refused> refusal(Identity identity, Choices choices, Direction direction) {
        if (passes(identity, choices, direction)) {
            return Optional.empty();
        }
        if (!identity.enabled()) {
            return Optional.of(new Decision.Disabled(identity));
        }
        Optional<Id> rule = direction.sides().stream()
                .filter(side -> !choices.hidden() && choices.refuses(identity, side))
                .findFirst()
                .flatMap(choices::ruleOn);
        return Optional.of(new Decision.Blocked(identity, rule, choices.hidden()));
    }
}
