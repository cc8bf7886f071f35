package partyline.webhooks;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import partyline.kernel.Id;

/// One event owed to one subscription, ready for its next attempt, with the request id of that.
record Delivery(Id id, Place place, Destination destination, Payload payload, String requestId, Progress progress) {

    /// Whose it is, and in which conversation the event happened, if in one.
    record Place(Id subscription, Id identity, Optional<Id> conversation) {}

    /// Where the subscription points now, whether the operator's organization owns it, and whether it still wants this
    /// type of event.
    record Destination(String url, boolean operator, boolean wanted) {}

    /// What is signed and sent.
    record Payload(String eventId, String eventType, String body) {

        byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    /// How many attempts of the schedule were made, whether a first one was ever made, and whether it was queued again
    /// by hand.
    record Progress(int attempts, boolean tried, boolean replayed) {}
}
