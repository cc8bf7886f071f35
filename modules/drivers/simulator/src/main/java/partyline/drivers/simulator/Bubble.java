package partyline.drivers.simulator;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.transport.Service;

/// One message in a thread of a phone; `id` is its provider id. `mine` is what the phone's owner wrote.
record Bubble(
        String id,
        Thread thread,
        boolean mine,
        Content content,
        Service service,
        Instant at,
        @Nullable Instant deliveredAt,
        @Nullable Instant readAt) {

    /// A phone's thread with one line. Phones know a line by its number alone.
    record Thread(PhoneNumber person, PhoneNumber line) {}

    /// What is in the bubble. `media` is a URL, `contactCard` a vCard.
    record Content(
            @Nullable String text,
            @Nullable String media,
            @Nullable String sendStyle,
            @Nullable String contactCard) {

        /// Effects exist on iMessage only.
        Content on(Service service) {
            return service == Service.IMESSAGE ? this : new Content(text, media, null, contactCard);
        }
    }

    static Bubble fresh(String id, Thread thread, boolean mine, Content content, Service service, Instant at) {
        return new Bubble(id, thread, mine, content.on(service), service, at, null, null);
    }
}
