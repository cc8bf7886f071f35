package partyline.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.Timestamps;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A webhook destination of one identity: the events named in `eventTypes` (all of one channel) are posted to
/// `url`, with the history that `context` asks for. While it is paused nothing is posted, and what happens is
/// owed.
public record Subscription(
        Id id,
        OrganizationId organization,
        Id identity,
        String url,
        List<String> eventTypes,
        Optional<ContextConfig> context,
        Optional<Pause> pause,
        Instant createdAt,
        Instant updatedAt) {

    public Subscription {
        eventTypes = List.copyOf(eventTypes);
    }

    /// Since when and why nothing is posted; the reason is a sentence.
    public record Pause(Instant at, String reason) {}

    /// This subscription after a change by its owner.
    Subscription with(String newUrl, List<String> newTypes, Optional<ContextConfig> newContext, Instant at) {
        return new Subscription(id, organization, identity, newUrl, newTypes, newContext, pause, createdAt, at);
    }

    boolean wants(String eventType) {
        return eventTypes.contains(eventType);
    }

    /// The subscription on the wire, with every key that clients index; mailboxes and phone numbers own none here.
    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", id.text());
        json.put("organization_id", organization.text());
        json.putNull("mailbox_id");
        json.putNull("phone_number_id");
        json.put("agent_identity_id", identity.text());
        json.put("owner_identity_id", identity.text());
        json.put("url", url);
        ArrayNode types = json.putArray("event_types");
        eventTypes.forEach(types::add);
        json.put("status", "active");
        json.set("context_config", context.map(ContextConfig::json).orElse(null));
        json.put("created_at", Timestamps.iso(createdAt));
        json.put("updated_at", Timestamps.iso(updatedAt));
        json.put("paused_at", pause.map(Pause::at).map(Timestamps::iso).orElse(null));
        json.put("paused_reason", pause.map(Pause::reason).orElse(null));
        return json;
    }
}
