package partyline.app;

import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The objects of the wire contract as tests expect them, and answers made comparable with them: what differs from run
/// to run is replaced, ids by `<id>`, times by `<time>`, the person's number and the agent's handle by their kind.
final class Wire {

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final String INBOUND = """
            {"id": "<id>", "conversation_id": "<id>", "assignment_id": "<id>", "direction": "inbound",
             "remote_number": "<person>", "sender_number": null, "participants": null, "is_group": false,
             "content": "hello", "message_type": "message", "service": "imessage", "send_style": null, "media": null,
             "was_downgraded": false, "status": "received", "error_code": null, "error_message": null,
             "error_reason": null, "error_detail": null, "is_read": false, "is_blocked": false, "recipients": null,
             "reactions": null, "created_at": "<time>", "updated_at": "<time>", "read_at": null, "degraded": null,
             "media_error": null, "occurred_at": "<time>", "edited_at": null, "unsent_at": null}
            """;

    private static final String RECIPIENT = """
            {"remote_number": "<person>", "delivery_status": "queued", "service": "imessage", "error_code": null,
             "error_message": null, "error_reason": null, "error_detail": null, "sent_at": null, "delivered_at": null,
             "failed_at": null}
            """;

    private Wire() {}

    static JsonNode json(String text) {
        return MAPPER.readTree(text);
    }

    /// A message of the person, with these keys changed.
    static ObjectNode inbound(String changes) {
        return changed(INBOUND, changes);
    }

    /// A queued message of the agent, with these keys changed; `recipient` changes its one recipient.
    static ObjectNode outbound(String changes, String recipient) {
        ObjectNode message =
                changed(INBOUND, "{\"direction\": \"outbound\", \"status\": \"queued\", \"occurred_at\": null}");
        message.putArray("recipients").add(changed(RECIPIENT, recipient));
        return message.setAll((ObjectNode) json(changes));
    }

    /// A message of the agent that reached the phone.
    static ObjectNode delivered(String changes) {
        ObjectNode message = outbound(
                "{\"status\": \"delivered\"}",
                "{\"delivery_status\": \"delivered\", \"sent_at\": \"<time>\", \"delivered_at\": \"<time>\"}");
        return message.setAll((ObjectNode) json(changes));
    }

    /// A message of the agent that reached the phone as SMS.
    static ObjectNode overSms(String content) {
        ObjectNode message = delivered("{\"service\": \"sms\", \"was_downgraded\": true}");
        ((ObjectNode) message.path("recipients").get(0)).put("service", "sms");
        return message.put("content", content);
    }

    /// A message of the agent that failed as `status` with this code and detail.
    static ObjectNode failed(String status, String code, String sentence, String detail) {
        String why =
                "\"error_code\": \"%s\", \"error_message\": \"%s\", \"error_reason\": \"%s\", \"error_detail\": \"%s\""
                        .formatted(code, sentence, code, detail);
        return outbound(
                "{\"status\": \"%s\", %s}".formatted(status, why),
                "{\"delivery_status\": \"%s\", \"failed_at\": \"<time>\", %s}".formatted(status, why));
    }

    /// The envelope of an event about a message or a tapback; the other one is null.
    static JsonNode event(String type, String about, ObjectNode object) {
        object.remove("is_blocked");
        ObjectNode event = MAPPER.createObjectNode();
        event.put("id", "<event>").put("event_type", type).put("timestamp", "<time>");
        event.putObject("agent_identity").put("id", "<id>").put("agent_handle", "<handle>");
        ObjectNode data = event.putObject("data");
        data.putNull("message").putNull("reaction").putArray("contacts");
        data.putArray("agent_identities");
        data.set(about, object);
        return event;
    }

    /// An answer or a post, comparable.
    static JsonNode normal(String text, Talk talk) {
        Map<String, String> kinds = Map.of(
                talk.person(), "<person>",
                talk.handle(), "<handle>",
                talk.identity().path("organization_id").asString(), "<organization>");
        String plain = text;
        for (Map.Entry<String, String> kind : kinds.entrySet()) {
            plain = plain.replace(kind.getKey(), kind.getValue());
        }
        return json(plain.replaceAll("\"last_used_at\":(null|\"[^\"]*\")", "\"last_used_at\":\"<ignored>\"")
                .replaceAll("\"(display_prefix|last4)\":\"[^\"]{4,15}\"", "\"$1\":\"<ignored>\"")
                .replaceAll("evt_[0-9a-f]{32}", "<event>")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z", "<time>")
                .replaceAll("(ApiKey_<id>)\\.[A-Za-z0-9_-]{20,}", "$1.<secret>")
                .replaceAll("whsec_[0-9a-f]{64}", "<signing key>"));
    }

    private static ObjectNode changed(String base, String changes) {
        ObjectNode object = (ObjectNode) json(base);
        return object.setAll((ObjectNode) json(changes));
    }
}
