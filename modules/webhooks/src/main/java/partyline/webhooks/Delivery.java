package partyline.webhooks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// One event owed to one subscription, ready for its next attempt, with the request id of that. `lacking` is
/// the history that its body has still to get, before the first attempt.
record Delivery(
        Id id,
        Place place,
        Destination destination,
        Payload payload,
        String requestId,
        Progress progress,
        Optional<Lacking> lacking) {

    /// Whose it is, in which conversation the event happened, if in one, and about whom, if about somebody.
    record Place(Id subscription, Id identity, Optional<Id> conversation, Optional<PhoneNumber> person) {}

    /// Where the subscription points now, whether the operator's organization owns it, whether it still
    /// wants this type of event, and the bearer token that goes there, sealed.
    record Destination(String url, boolean operator, boolean wanted, Optional<String> token) {}

    /// What is signed and sent.
    record Payload(String eventId, String eventType, String body) {

        byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    /// What history is asked for, and when the event happened.
    record Lacking(ContextConfig config, Instant at) {}

    /// This delivery with its whole body.
    Delivery complete(String body) {
        Payload whole = new Payload(payload.eventId(), payload.eventType(), body);
        return new Delivery(id, place, destination, whole, requestId, progress, Optional.empty());
    }

    /// How many attempts of the schedule were made, whether a first one was ever made, and whether it was
    /// queued again by hand.
    record Progress(int attempts, boolean tried, boolean replayed) {}
}
