package partyline.webhooks;

/// What became of a wish to change a subscription.
public sealed interface UpdateOutcome {

    /// It is as wished.
    record Updated(Subscription subscription) implements UpdateOutcome {}

    /// The caller sees no such subscription.
    record NotFound() implements UpdateOutcome {}

    /// `field` (a name of the wire) is wrong; `message` reads on after it.
    record Invalid(String field, String message) implements UpdateOutcome {}

    /// Another subscription of the identity has this channel and URL.
    record DuplicateUrl() implements UpdateOutcome {}
}
