package partyline.rules;

import java.time.Instant;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.OrganizationId;
import partyline.kernel.PhoneNumber;

/// A person stopped an organization's agents from texting them, or let them again: who, when, and with which words.
/// Without an `identity` it concerns all of them.
public record ConsentChange(
        Id id,
        OrganizationId organization,
        PhoneNumber person,
        Optional<Id> identity,
        boolean stopped,
        String words,
        Instant at) {

    /// Whether the person said it to the router; else they said it in an agent's own thread.
    public boolean onRouter() {
        return identity.isEmpty();
    }
}
