package partyline.conversations;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.conversations.Message.Failure;
import partyline.conversations.Message.Media;
import partyline.identities.Caller;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.media.MediaFailure;
import partyline.media.MediaFile;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The message object of the wire, key by key. The only place that renders it, for answers and events alike.
final class MessageJson {

    private MessageJson() {}

    static ObjectNode of(Message message) {
        Message.Place place = message.place();
        ObjectNode json = Json.object();
        json.put("id", message.id().text());
        json.put("conversation_id", place.conversation().text());
        json.put("assignment_id", place.connection().text());
        json.put("direction", place.outbound() ? "outbound" : "inbound");
        json.put("remote_number", place.person().text());
        json.putNull("sender_number");
        json.putNull("participants");
        json.put("is_group", false);
        json.put("content", message.content().text());
        json.put("message_type", "message");
        json.put("service", message.delivery().way().service().wire());
        json.put("send_style", message.content().sendStyle());
        json.set(
                "media",
                message.content().media().isEmpty()
                        ? null
                        : shown(message.content().media()));
        json.put("was_downgraded", message.delivery().way().downgraded());
        json.put("status", message.delivery().status().wire());
        putFailure(json, message.delivery().failure());
        json.put("is_read", message.marks().read());
        json.put("is_blocked", message.marks().blocked());
        json.set("recipients", place.outbound() ? Json.array().add(recipient(message)) : null);
        json.set("reactions", message.tapbacks().isEmpty() ? null : reactions(message.tapbacks()));
        json.put("created_at", Timestamps.iso(message.createdAt()));
        json.put("updated_at", Timestamps.iso(message.updatedAt()));
        json.put(
                "read_at",
                message.delivery().times().readAt().map(Timestamps::iso).orElse(null));
        json.set("degraded", leftOut(message.delivery().way()));
        json.set("media_error", message.content().lost().map(MessageJson::lost).orElse(null));
        Message.Moments moments = message.content().moments();
        json.put("occurred_at", moments.occurredAt().map(Timestamps::iso).orElse(null));
        json.put("edited_at", moments.editedAt().map(Timestamps::iso).orElse(null));
        json.put("unsent_at", moments.unsentAt().map(Timestamps::iso).orElse(null));
        if (message.marks().byAdmin()) {
            json.put("sent_by", "admin");
        }
        return json;
    }

    /// With what tells admins, who see all agents, whose it is.
    static ObjectNode of(Caller caller, Message message) {
        ObjectNode json = of(message);
        return caller.admin()
                ? json.put("agent_identity_id", message.place().identity().text())
                : json;
    }

    static ObjectNode of(Caller caller, SearchHit hit) {
        ObjectNode json = of(caller, hit.message());
        ArrayNode snippet = json.putArray("snippet");
        hit.snippet()
                .forEach(part -> snippet.addObject().put("text", part.text()).put("match", part.match()));
        return json;
    }

    private static @Nullable ArrayNode leftOut(Message.Way way) {
        if (way.leftOut().isEmpty()) {
            return null;
        }
        ArrayNode array = Json.array();
        way.leftOut().stream().sorted().forEach(array::add);
        return array;
    }

    /// Why what came with the message is missing.
    private static ObjectNode lost(MediaFailure failure) {
        return Json.object().put("code", failure.code()).put("message", failure.sentence());
    }

    /// The `data` of a message event: the message without `is_blocked`, since what is blocked makes no event.
    static String eventData(Message message) {
        return data(of(message).without("is_blocked"), null);
    }

    /// The `data` of a message event without what the message said.
    static String emptied(JsonNode data) {
        ((ObjectNode) data.path("message")).putNull("content").putNull("media");
        return Json.write(data);
    }

    /// The `data` of a text that came in, which also says that its sender passed the rules, not as a guest.
    static String receivedData(Message message) {
        ObjectNode json = of(message).put("sender_access", "direct");
        json.remove("is_blocked");
        return data(json, null);
    }

    /// The tapback object of the wire.
    static ObjectNode of(Tapback tapback) {
        Message.Place where = tapback.where();
        ObjectNode json = Json.object();
        json.put("id", tapback.id().text());
        json.put("conversation_id", where.conversation().text());
        json.put("assignment_id", where.connection().text());
        json.put("target_message_id", tapback.message().text());
        putReaction(json, tapback);
        json.put("updated_at", Timestamps.iso(tapback.updatedAt()));
        return json;
    }

    /// The `data` of a tapback event.
    static String eventData(Tapback tapback) {
        return data(null, of(tapback));
    }

    private static String data(@Nullable JsonNode message, @Nullable JsonNode reaction) {
        ObjectNode data = Json.object();
        data.set("message", message);
        data.set("reaction", reaction);
        data.putArray("contacts");
        data.putArray("agent_identities");
        return Json.write(data);
    }

    private static ArrayNode reactions(List<Tapback> tapbacks) {
        ArrayNode array = Json.array();
        for (Tapback tapback : tapbacks) {
            ObjectNode json = array.addObject();
            json.put("id", tapback.id().text());
            putReaction(json, tapback);
        }
        return array;
    }

    private static void putReaction(ObjectNode json, Tapback tapback) {
        json.put("direction", tapback.outbound() ? "outbound" : "inbound");
        json.put("reaction", tapback.reaction().name());
        json.put("custom_emoji", tapback.reaction().customEmoji());
        json.put("remote_number", tapback.where().person().text());
        json.put("part_index", tapback.reaction().partIndex());
        json.put("created_at", Timestamps.iso(tapback.createdAt()));
    }

    private static ObjectNode recipient(Message message) {
        Message.Delivery delivery = message.delivery();
        Message.Times times = delivery.times();
        ObjectNode json = Json.object();
        json.put("remote_number", message.place().person().text());
        json.put("delivery_status", delivery.status().wire());
        json.put("service", delivery.way().service().wire());
        putFailure(json, delivery.failure());
        json.put("sent_at", times.sentAt().map(Timestamps::iso).orElse(null));
        json.put("delivered_at", times.deliveredAt().map(Timestamps::iso).orElse(null));
        json.put("failed_at", times.failedAt().map(Timestamps::iso).orElse(null));
        return json;
    }

    private static void putFailure(ObjectNode json, Optional<Failure> failure) {
        json.put("error_code", failure.map(Failure::code).orElse(null));
        json.put("error_message", failure.map(Failure::message).orElse(null));
        json.put("error_reason", failure.map(Failure::reason).orElse(null));
        json.put("error_detail", failure.map(Failure::detail).orElse(null));
    }

    /// The array of media as the wire shows it: what models cannot take as it is says so.
    private static ArrayNode shown(List<Media> media) {
        ArrayNode array = media(media);
        for (int at = 0; at < media.size(); at++) {
            String type = media.get(at).contentType();
            if (type != null && !MediaFile.isReadByModels(type)) {
                ((ObjectNode) array.get(at)).put("readable_by_models", false);
            }
        }
        return array;
    }

    /// The array of media as the table keeps it.
    static ArrayNode media(List<Media> media) {
        ArrayNode array = Json.array();
        for (Media item : media) {
            ObjectNode json = array.addObject();
            json.put("url", item.url());
            json.put("content_type", item.contentType());
            json.put("size", item.size());
            json.put("name", item.name());
        }
        return array;
    }

    static List<Media> readMedia(String text) {
        return Json.read(text)
                .valueStream()
                .map(item -> new Media(
                        item.path("url").stringValue(),
                        item.path("content_type").stringValue(null),
                        item.path("size").isNull() ? null : item.path("size").longValue(),
                        item.path("name").stringValue(null)))
                .toList();
    }
}
