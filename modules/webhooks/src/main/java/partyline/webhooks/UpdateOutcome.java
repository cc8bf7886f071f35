package partyline.webhooks;

/// What became of a wish to change a subscription.
public sealed interface UpdateOutcome {

    /// It is as wished.
    record Updated(Subscription subscription) implements UpdateOutcome {}

    /// The caller sees no such subscription.
    record NotFound() implements UpdateOutcome {}

    /// `field` (a name of the wire) is wrong; `message` reads on after it.
    record Invalid(String field, String message) implements UpdateOutcome {}

    /// It has events of several families, and the caller may know of one alone.
    record ScopeRequired() implements UpdateOutcome {}

    /// Its revision is not the one that the caller expected.
    record Changed() implements UpdateOutcome {}

    /// Another subscription of the identity posts one of the events to this URL.
    record DuplicateUrl() implements UpdateOutcome {}
}
