package partyline.webhooks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;

/// One event on its way to one subscription. `row` is that of the table of deliveries, which has only those
/// that failed, have a body to be kept, or are samples; without it this is a first attempt.
record Delivery(Optional<Id> row, Target target, Payload payload, Optional<PhoneNumber> person, Progress progress) {

    /// Where it goes: a subscription, with what only its row tells. That is whether the operator's organization
    /// owns it, its bearer token, sealed, and up to which number of the journal everything is told or stored as
    /// failed.
    record Target(Subscription subscription, boolean operator, Optional<String> token, long position) {}

    /// What is signed and sent of the event number `seq`, or of a sample, with 0. `own` says that it must be
    /// kept to be shown: it is not just the event's envelope, or the journal forgets that before the log does.
    /// `at` is when the event happened.
    record Payload(long seq, Id event, String eventType, String body, boolean own, Instant at) {

        /// The event's id as it is spelt.
        String eventId() {
            return Event.id(event);
        }

        byte[] bytes() {
            return body.getBytes(StandardCharsets.UTF_8);
        }
    }

    /// How many attempts of the schedule were made, the number of the request that is next, and whether it was
    /// queued again by hand.
    record Progress(int attempts, int request, boolean replayed) {

        static final Progress NONE = new Progress(0, 0, false);
    }
}
