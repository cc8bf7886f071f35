package partyline.webhooks;

import java.util.Optional;

/// What became of a wish for a subscription.
public sealed interface CreateOutcome {

    /// It is active. `signingKey` is the text of the identity's first signing key if this call made it, told
    /// only now.
    record Created(Subscription subscription, Optional<String> signingKey) implements CreateOutcome {}

    /// The caller sees no such identity.
    record OwnerNotFound() implements CreateOutcome {}

    /// `field` (a name of the wire) is wrong; `message` reads on after it: "url must start with https://".
    record Invalid(String field, String message) implements CreateOutcome {}

    /// Another subscription of the identity posts one of the events to this URL.
    record DuplicateUrl() implements CreateOutcome {}

    /// The identity has `most` subscriptions, the most that one may have.
    record LimitReached(int most) implements CreateOutcome {}

    /// The organization has `most` subscriptions, the most that one may have.
    record OrganizationFull(int most) implements CreateOutcome {}
}
