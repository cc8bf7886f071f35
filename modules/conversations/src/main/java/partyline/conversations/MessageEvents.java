package partyline.conversations;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import partyline.conversations.Message.Delivery;
import partyline.conversations.Message.Failure;
import partyline.conversations.Message.Marks;
import partyline.conversations.Message.Status;
import partyline.conversations.Message.Times;
import partyline.conversations.Message.Way;
import partyline.kernel.EventData;
import partyline.kernel.EventRenderer;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What events about messages say. A text is stored once: its events refer to it, and of one that went out the journal
/// keeps how far it was then. What a text said before it was changed is looked up by the number of the event. What was
/// taken back, or emptied for its age, is in none of them any more.
public final class MessageEvents implements EventRenderer {

    /// What of an event's JSON is not the text.
    private static final int FRAME = 1_200;

    private final MessageStore messages = new MessageStore();

    public MessageEvents() {}

    /// Of a text that just came in.
    static EventData received(Message message) {
        return EventData.about(message.id(), null, weight(message), () -> MessageJson.receivedData(message));
    }

    /// Of a message that went on or was changed. What people sent is kept as it is now, as it seldom changes.
    static EventData changed(Message message) {
        if (message.place().outbound() && message.tapbacks().isEmpty()) {
            return EventData.about(
                    message.id(), progress(message), weight(message), () -> MessageJson.eventData(message));
        }
        String whole = MessageJson.eventData(message);
        return EventData.about(message.id(), whole, whole.length(), () -> whole);
    }

    @Override
    public Rendered render(Handle reader, long key, long seq, @Nullable String kept) {
        Message message = messages.byKey(reader, key).orElseThrow();
        return new Rendered(message.place().conversation(), data(reader, message, seq, kept));
    }

    private String data(Handle reader, Message message, long seq, @Nullable String kept) {
        if (kept == null) {
            return MessageJson.receivedData(messages.past(reader, message, seq)
                    .asReceived(message.delivery().way().service()));
        }
        JsonNode json = Json.read(kept);
        if (json.has("message")) {
            return message.content().isEmpty() ? MessageJson.emptied(json) : kept;
        }
        return MessageJson.eventData(progressed(message, json));
    }

    private static int weight(Message message) {
        String text = message.content().text();
        return FRAME + (text == null ? 0 : text.length());
    }

    private static String progress(Message message) {
        Delivery delivery = message.delivery();
        ObjectNode json = Json.object()
                .put("status", delivery.status().wire())
                .put("service", delivery.way().service().wire())
                .put("updated_at", Timestamps.micros(message.updatedAt()));
        if (delivery.way().downgraded()) {
            json.put("downgraded", true);
        }
        if (!delivery.way().leftOut().isEmpty()) {
            json.put("left_out", String.join(",", delivery.way().leftOut()));
        }
        if (message.marks().read()) {
            json.put("read", true);
        }
        delivery.failure()
                .ifPresent(failure -> json.putObject("failure")
                        .put("code", failure.code())
                        .put("message", failure.message())
                        .put("reason", failure.reason())
                        .put("detail", failure.detail()));
        Times times = delivery.times();
        put(json, "sent_at", times.sentAt());
        put(json, "delivered_at", times.deliveredAt());
        put(json, "read_at", times.readAt());
        put(json, "failed_at", times.failedAt());
        return Json.write(json);
    }

    private static void put(ObjectNode json, String name, Optional<Instant> time) {
        time.ifPresent(it -> json.put(name, Timestamps.micros(it)));
    }

    private static Message progressed(Message message, JsonNode kept) {
        String leftOut = kept.path("left_out").stringValue("");
        Way way = new Way(
                Service.of(kept.path("service").stringValue()),
                kept.path("downgraded").booleanValue(false),
                leftOut.isEmpty() ? Set.of() : Set.of(leftOut.split(",")));
        Delivery delivery = new Delivery(
                way,
                Status.of(kept.path("status").stringValue()),
                kept.optional("failure").map(MessageEvents::failure),
                new Times(
                        time(kept, "sent_at"),
                        time(kept, "delivered_at"),
                        time(kept, "read_at"),
                        time(kept, "failed_at")));
        return new Message(
                message.id(),
                message.place(),
                message.content(),
                delivery,
                new Marks(
                        kept.path("read").booleanValue(false),
                        false,
                        message.marks().byAdmin()),
                List.of(),
                message.createdAt(),
                Timestamps.instant(kept.path("updated_at").longValue()));
    }

    private static Failure failure(JsonNode kept) {
        return new Failure(
                kept.path("code").stringValue(),
                kept.path("message").stringValue(),
                kept.path("reason").stringValue(null),
                kept.path("detail").stringValue(null));
    }

    private static Optional<Instant> time(JsonNode kept, String name) {
        return kept.optional(name).map(it -> Timestamps.instant(it.longValue()));
    }
}
