package partyline.webhooks;

import partyline.kernel.Event;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// A made-up event of each type, in the shape of a real one, for testing a receiver. Its envelope says `"test": true`,
/// and but for the identity's its ids belong to nothing.
final class Sample {

    private static final String MESSAGE = """
            {"id": "00000000-0000-4000-8000-000000000001",
             "conversation_id": "00000000-0000-4000-8000-000000000002",
             "assignment_id": "00000000-0000-4000-8000-000000000003",
             "direction": "inbound", "remote_number": "+12025550140", "sender_number": null, "participants": null,
             "is_group": false, "content": "This is a test event.", "message_type": "message", "service": "imessage",
             "send_style": null, "media": null, "was_downgraded": false, "status": "received",
             "error_code": null, "error_message": null, "error_reason": null, "error_detail": null,
             "is_read": false, "recipients": null, "reactions": null,
             "created_at": "%1$s", "updated_at": "%1$s", "read_at": null, "degraded": null, "media_error": null,
             "occurred_at": "%1$s", "edited_at": null, "unsent_at": null}
            """;
    private static final String REACTION = """
            {"id": "00000000-0000-4000-8000-000000000004",
             "conversation_id": "00000000-0000-4000-8000-000000000002",
             "assignment_id": "00000000-0000-4000-8000-000000000003",
             "target_message_id": "00000000-0000-4000-8000-000000000001",
             "direction": "inbound", "reaction": "like", "custom_emoji": null, "remote_number": "+12025550140",
             "part_index": 0, "created_at": "%1$s", "updated_at": "%1$s"}
            """;
    private static final String RECIPIENT = """
            {"remote_number": "+12025550140", "delivery_status": "sent", "service": "imessage", "error_code": null,
             "error_message": null, "error_reason": null, "error_detail": null, "sent_at": "%1$s",
             "delivered_at": null, "failed_at": null}
            """;

    private Sample() {}

    /// The envelope of a sample for `identity` that happened at `time`, in ISO-8601.
    static String envelope(String id, String type, String time, ObjectNode identity) {
        ObjectNode data = Json.object();
        data.set("message", type.startsWith("imessage.") && !type.contains("reaction") ? message(type, time) : null);
        data.set("reaction", type.contains("reaction") ? Json.read(REACTION.formatted(time)) : null);
        data.putArray("contacts");
        data.putArray("agent_identities");
        ObjectNode envelope = Event.head(id, type, time, identity);
        envelope.set("data", data);
        envelope.put("test", true);
        return Json.write(envelope);
    }

    private static ObjectNode message(String type, String time) {
        ObjectNode message = (ObjectNode) Json.read(MESSAGE.formatted(time));
        if (type.equals("imessage.received")) {
            return message.put("sender_access", "direct");
        }
        String status = type.endsWith("_failed") ? "error" : type.substring(type.indexOf('.') + 1);
        ObjectNode recipient = (ObjectNode) Json.read(RECIPIENT.formatted(time));
        switch (status) {
            case "delivered" -> recipient.put("delivered_at", time);
            case "error" -> fail(recipient.putNull("sent_at").put("failed_at", time));
            default -> recipient.put("sent_at", time);
        }
        recipient.put("delivery_status", status);
        message.put("direction", "outbound").put("status", status).putNull("occurred_at");
        message.set("recipients", Json.array().add(recipient));
        if (status.equals("error")) {
            fail(message);
        }
        return message;
    }

    private static void fail(ObjectNode json) {
        json.put("error_code", "delivery_error");
        json.put("error_message", "Delivery failed");
        json.put("error_reason", "unreachable");
        json.put("error_detail", "This is a test event: nothing was sent.");
    }
}
