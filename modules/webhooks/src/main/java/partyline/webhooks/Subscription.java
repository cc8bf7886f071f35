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

/// A webhook destination of one identity: what its [Terms] say is posted there. While it is paused nothing
/// is posted, and what happens is owed.
public record Subscription(
        Id id, OrganizationId organization, Id identity, Terms terms, Optional<Pause> pause, Version version) {

    /// What the owner may change: the events named in `eventTypes` are posted to `url`, with the history
    /// that `context` asks for, and with a bearer token if there is one. The token itself is nowhere but in
    /// its row.
    public record Terms(String url, List<String> eventTypes, Optional<ContextConfig> context, boolean token) {

        public Terms {
            eventTypes = List.copyOf(eventTypes);
        }

        /// Whether they are of several families.
        boolean mixed() {
            return EventTypes.areMixed(eventTypes);
        }

        /// Whether some event would be posted to the same URL twice.
        boolean overlap(Terms others) {
            return url.equals(others.url()) && eventTypes.stream().anyMatch(others.eventTypes()::contains);
        }
    }

    /// Since when and why nothing is posted; the reason is a sentence.
    public record Pause(Instant at, String reason) {}

    /// How often the owner set its terms, from 1 on, and when anything changed last.
    public record Version(int revision, Instant createdAt, Instant updatedAt) {

        static Version first(Instant at) {
            return new Version(1, at, at);
        }
    }

    /// This subscription after a change by its owner.
    Subscription with(Terms changed, Instant at) {
        Version next = new Version(version.revision() + 1, version.createdAt(), at);
        return new Subscription(id, organization, identity, changed, pause, next);
    }

    boolean isPaused() {
        return pause.isPresent();
    }

    boolean wants(String eventType) {
        return terms.eventTypes().contains(eventType);
    }

    /// The subscription on the wire, with every key that clients index; mailboxes and phone numbers own none
    /// here. The token is never told.
    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", id.text());
        json.put("organization_id", organization.text());
        json.putNull("mailbox_id");
        json.putNull("phone_number_id");
        json.put("agent_identity_id", identity.text());
        json.put("owner_identity_id", identity.text());
        json.put("url", terms.url());
        ArrayNode types = json.putArray("event_types");
        terms.eventTypes().forEach(types::add);
        json.put("status", "active");
        json.set("context_config", terms.context().map(ContextConfig::json).orElse(null));
        json.put("has_auth_token", terms.token());
        json.putNull("auth_token");
        json.put("revision", version.revision());
        json.put("created_at", Timestamps.iso(version.createdAt()));
        json.put("updated_at", Timestamps.iso(version.updatedAt()));
        json.put("paused_at", pause.map(Pause::at).map(Timestamps::iso).orElse(null));
        json.put("paused_reason", pause.map(Pause::reason).orElse(null));
        return json;
    }
}
