package partyline.app.http;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// Every refusal that the API knows: HTTP status, stable code, and a sentence that says what to do next.
///
/// The body is `{"detail": {"error": code, "code": code, "message": sentence, …}}`; wrong input is a [ValidationError].
public enum ApiError {
    UNAUTHORIZED(401, "unauthorized", "Send a valid API key in the X-API-Key header, or as Authorization: Bearer."),
    TOO_MANY_FAILED_KEYS(
            429,
            "too_many_failed_keys",
            "Too many invalid API keys came from this address: use a valid key, or wait the seconds in Retry-After."),
    ADMIN_ONLY(403, "admin_key_required", "This call needs an admin key of the organization."),
    OPERATOR_ONLY(
            403, "operator_key_required", "This call needs an admin key of the organization that runs the server."),
    FOREIGN_IDENTITY(403, "foreign_identity", "This key belongs to another identity: leave agent_identity_id out."),
    NOT_FOUND(404, "not_found", "There is no such thing here, or this key may not see it."),
    IDENTITY_NOT_FOUND(404, "identity_not_found", "There is no such identity, or this key may not see it."),
    CONVERSATION_NOT_FOUND(404, "conversation_not_found", "There is no such conversation, or this key may not see it."),
    MESSAGE_NOT_FOUND(404, "message_not_found", "There is no such message, or this key may not see it."),
    REACTION_NOT_FOUND(404, "reaction_not_found", "There is no such tapback of the agent's own to take back."),
    ASSIGNMENT_NOT_FOUND(
            404, "assignment_not_found", "There is no such active assignment, or this key may not see it."),
    SEND_NOT_RECORDED(
            404,
            "send_not_recorded",
            "Nothing is recorded under this Idempotency-Key; that does not prove that nothing was sent."),
    NOT_REACTABLE(400, "imessage_not_reactable", "This message cannot take a tapback."),
    LINE_FAILED(502, "imessage_line_failed", "The line did not take it; nothing changed, and it is safe to try again."),
    SENDER_RATE_LIMITED(
            429,
            "sender_rate_limited",
            "This identity reached its rolling 24-hour send limit. Try again after the seconds in Retry-After."),
    NEW_PEOPLE_LIMITED(
            429,
            "new_people_limit_reached",
            "This agent's number met as many new people as its pace allows for now: nothing was sent. Try again after the"
                    + " seconds in Retry-After; people who write first can be answered at any time."),
    CONVERSATION_PAUSED(
            429,
            "conversation_paused",
            "This conversation goes back and forth so fast that two programs seem to answer each other: sending in it is "
                    + "paused. Try again after the seconds in Retry-After."),
    CONVERSATION_RATE_LIMITED(
            429,
            "conversation_rate_limited",
            "This conversation was shown as many tapbacks, or typing bubbles, as a phone may be for now. Try again after the"
                    + " seconds in Retry-After."),
    KEY_REUSED(
            409,
            "idempotency_key_reused",
            "A request with this Idempotency-Key was accepted already, with other content. If you repeat it after a crash, it"
                    + " is done; use a fresh key only for something new."),
    RULE_NOT_FOUND(404, "rule_not_found", "There is no such rule, or this key may not see it."),
    DUPLICATE_RULE(
            409,
            "duplicate_contact_rule",
            "A rule for this number already exists: change that one with PATCH, or delete it."),
    PERSON_NOT_FOUND(
            404,
            "person_not_found",
            "The organization knows nobody with this number: look for them in /api/v1/people."),
    CONTACT_NOT_FOUND(404, "contact_not_found", "There is no such contact, or this key may not see it."),
    DUPLICATE_CONTACT(
            409,
            "duplicate_contact_identifier",
            "Another contact of the organization has that number or mail address: change that one, or leave it out."),
    SUBSCRIPTION_NOT_FOUND(404, "subscription_not_found", "There is no such subscription, or this key may not see it."),
    SCOPE_REQUIRED(
            409,
            "scope_required",
            "This webhook receiver has events of several families: repeat the call with ?scope=identity."),
    SUBSCRIPTION_CHANGED(409, "subscription_changed", "This webhook receiver was changed meanwhile; read it again."),
    KEY_NOT_FOUND(404, "api_key_not_found", "There is no such API key, or this key may not see it."),
    DELIVERY_NOT_FOUND(404, "delivery_not_found", "There is no such delivery, or this key may not see it."),
    NOT_SUBSCRIBED(
            409,
            "subscription_gone",
            "The subscription of this delivery was deleted, or does not name its event any more: nothing was sent."),
    TOO_MANY_TESTS(
            429,
            "too_many_webhook_tests",
            "As many tests and replays as one organization may make at once are under way: try again after the seconds"
                    + " in Retry-After."),
    TOO_MANY_REPLAYS(
            429,
            "too_many_webhook_replays",
            "This organization tests and replays too fast: try again after the seconds in Retry-After."),
    NO_ROUTER(404, "router_not_found", "No router line is configured: add a line with the role router."),
    HANDLE_UNAVAILABLE(409, "agent_handle_unavailable", "That handle is taken: choose another one."),
    ORGANIZATION_SIGNING_KEY(
            409,
            "signing_key_is_per_identity",
            "Signing keys belong to identities: use POST /api/v1/identities/{handle}/signing-key."),
    IMESSAGE_NOT_ENABLED(
            400, "imessage_not_enabled", "This identity has not opted in to iMessage: set imessage_enabled to true."),
    RECIPIENT_BLOCKED(403, "recipient_blocked", "Recipient is blocked by a contact rule."),
    NOT_CONNECTED(404, "imessage_not_connected", "This person is not connected with this agent."),
    ASSIGNMENT_INACTIVE(409, "imessage_assignment_inactive", "This person is disconnected and has to connect again."),
    AWAITING_INBOUND(
            409,
            "imessage_awaiting_inbound",
            "This person is connected but has not written yet: wait for their first message."),
    EVENTS_EXPIRED(410, "events_expired", "These events are no longer kept."),
    EVENTS_REPLACED(410, "events_replaced", "These events are of another history."),
    TOO_MANY_STREAMS(
            429,
            "too_many_streams",
            "Too many streams are open with this key, in this organization or on this server: close one first."),
    TOO_MANY_KEYS(
            429,
            "too_many_keys",
            "This organization makes keys too fast: try again after the seconds in Retry-After, or ask the operator to"
                    + " raise limits.keys_per_minute."),
    IDENTITY_QUOTA_EXCEEDED(
            409,
            "identity_quota_exceeded",
            "The organization has as many identities as it may have: delete one, or ask the operator to raise"
                    + " limits.identities."),
    KEY_QUOTA_EXCEEDED(
            409,
            "api_key_quota_exceeded",
            "The identities of this organization have as many keys as they may have: revoke one, or ask the operator to"
                    + " raise limits.keys."),
    RULE_QUOTA_EXCEEDED(
            409,
            "contact_rule_quota_exceeded",
            "The identity has as many contact rules as it may have: delete one, or ask the operator to raise"
                    + " limits.rules_per_identity."),
    CONTACT_QUOTA_EXCEEDED(
            409,
            "contact_quota_exceeded",
            "The organization has as many contacts as it may have: delete one, or ask the operator to raise"
                    + " limits.contacts."),
    FOREIGN_HOST(
            421,
            "foreign_host",
            "This server does not answer to that host name: set http.public_url to the address that clients use, or"
                    + " http.trusted_proxies."),
    FOREIGN_ORIGIN(403, "foreign_origin", "Pages of that origin may not call here: add it to http.cors_origins."),
    METHOD_NOT_ALLOWED(405, "method_not_allowed", "This path has no such method: use one of those in Allow."),
    TOO_SLOW(408, "body_too_slow", "The body came too slowly: send it in one go."),
    TOO_LARGE(413, "body_too_large", "The body is too large: at most 256 KiB (262,144 bytes) of JSON."),
    MEDIA_TOO_LARGE(413, "media_too_large", "The file is too large: at most 10 MiB (10,485,760 bytes)."),
    MEDIA_QUOTA_EXCEEDED(
            413,
            "media_quota_exceeded",
            "The organization has used up its room for files: wait until old ones are removed, or ask the operator to"
                    + " raise media.quota_mb."),
    MEDIA_GONE(410, "media_gone", "The file was here and was removed: ask its sender for it again."),
    AVATAR_TOO_LARGE(413, "avatar_too_large", "The picture is too large: at most 5 MiB (5,242,880 bytes)."),
    NO_AVATAR(404, "no_avatar", "This agent has no picture: PUT one, as the part file of a multipart body."),
    TUNNELS_NOT_OFFERED(
            409,
            "tunnels_not_offered",
            "This server has no tunnels. Set INKBOX_PUBLIC_URL (or publicUrl) to an address where it can reach the plugin"
                    + " and start again."),
    VOICE_AI_NOT_OFFERED(409, "voice_ai_not_offered", "This server takes no calls: leave Voice AI off."),
    NO_PHONE_NUMBERS(
            402,
            "phone_numbers_not_offered",
            "This server has no phone numbers to give: go on without one, people reach the agent through the router."),
    COMPANION_NOT_OFFERED(
            409, "companion_not_offered", "This server has no Companion: leave enabled out, or set it to false."),
    OVERLOADED(
            503,
            "overloaded",
            "The server has more to do than it can take in now; nothing changed: try again after the seconds in"
                    + " Retry-After."),
    SEARCH_NOT_READY(
            503,
            "search_not_ready",
            "This organization's messages are still being indexed, which the first search in a long while begins: try again"
                    + " after the seconds in Retry-After, or search in one conversation_id."),
    IMESSAGE_NUMBER_UNKNOWN(
            404,
            "imessage_number_unknown",
            "This organization has no such number to give to an agent: leave imessage_number_id out."),
    NO_DEDICATED_NUMBERS(
            402,
            "dedicated_imessage_number_quota_exceeded",
            "Numbers are not given out over the API: people reach agents through the router number, or on a line that the"
                    + " operator dedicated to one."),
    STORAGE_FULL(
            507,
            "storage_full",
            "The server's disk is full, so this was not stored: try again once there is room. Reading works."),
    INTERNAL(500, "internal_error", "Something went wrong here; the log has the details under this request id.");

    private final int status;
    private final String code;
    private final String message;

    ApiError(int status, String code, String message) {
        this.status = status;
        this.code = code;
        this.message = message;
    }

    /// Too much is to be written already: a moment later it is less.
    public static ApiException overloaded() {
        return OVERLOADED.asException().after(Duration.ofSeconds(1));
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    public String message() {
        return message;
    }

    public ApiException asException() {
        return asException(message, Map.of());
    }

    public ApiException with(String key, String value) {
        return asException(message, Map.of(key, value));
    }

    /// With more keys in the detail that are not all strings.
    public ApiException with(ObjectNode more) {
        ObjectNode detail = Json.object().put("error", code).put("code", code).put("message", message);
        return new ApiException(status, detail.setAll(more));
    }

    /// With a message for this case and more keys in the detail.
    public ApiException asException(String sentence, Map<String, ? extends @Nullable String> more) {
        ObjectNode values = Json.object();
        more.forEach((key, value) -> values.put(key, value));
        return asException(sentence, values);
    }

    public ApiException asException(String sentence, ObjectNode more) {
        ObjectNode detail = Json.object();
        detail.put("error", code);
        detail.put("code", code);
        detail.put("message", sentence);
        detail.setAll(more);
        return new ApiException(status, detail);
    }
}
