package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.OrganizationId;
import partyline.kernel.Timestamps;
import tools.jackson.databind.node.ObjectNode;

/// A row of the delivery log: one attempt to post one event, to the URL that the subscription had then.
/// `replay` says that somebody asked for it, and `unreplayable` why nobody may ask for another one: empty
/// while the subscription is there and names this event.
public record Attempt(
        Id id,
        OrganizationId organization,
        Id subscription,
        Sent sent,
        Result result,
        boolean replay,
        Optional<String> unreplayable,
        Instant at) {

    /// What was posted where; `payload` is the exact body that was signed.
    public record Sent(String eventId, String eventType, String url, String payload) {}

    /// How it ended: a status with the first 4 KiB of the answer, or an error when no whole answer came. A
    /// body that the caller may not see is absent.
    public record Result(Optional<Integer> status, Optional<String> body, Optional<String> error, Duration took) {}

    /// How much its bodies hold, in characters.
    int size() {
        return sent.payload().length() + result.body().map(String::length).orElse(0);
    }

    /// The row on the wire; phone numbers own no subscriptions here.
    public ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("id", id.text());
        json.put("organization_id", organization.text());
        json.put("webhook_subscription_id", subscription.text());
        json.putNull("phone_number_id");
        json.put("event_id", sent.eventId());
        json.put("event_type", sent.eventType());
        json.put("url", sent.url());
        json.put("request_payload", sent.payload());
        json.put("response_status", result.status().orElse(null));
        json.put("response_body", result.body().orElse(null));
        json.put("error_detail", result.error().orElse(null));
        json.put("duration_ms", result.took().toMillis());
        json.put("is_replay", replay);
        json.put("replayable", unreplayable.isEmpty());
        json.put("replay_unavailable_reason", unreplayable.orElse(null));
        json.put("created_at", Timestamps.iso(at));
        return json;
    }
}
