package partyline.app.api;

import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import partyline.app.http.ApiError;
import partyline.app.http.ApiException;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.conversations.DedicatedNumbers.Number;
import partyline.kernel.Id;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;

/// The keys of an identity's body that ask for something which this server does not give away: a number, a mailbox, a
/// tunnel, secrets. Clients also send them empty, which asks for nothing; all else is refused before anything changes.
final class ResourceKeys {

    /// The number that an identity is to have.
    static final String NUMBER = "imessage_number_id";

    /// What only an admin may ask for.
    static final List<String> CLAIMS = List.of("claim_imessage_number", "imessage_number_type", NUMBER);

    /// What clients send without asking for anything.
    static final List<String> EMPTY = List.of("mailbox", "tunnel", "phone_number", "vault_secret_ids", "model");

    private static final String CLAIM = "claim_imessage_number";

    private ResourceKeys() {}

    /// Refuses what the body of a new identity asks for beyond itself.
    static void refuseIn(Body body) {
        if (isClaimed(body) && !body.flag("imessage_enabled", false)) {
            throw ValidationError.body(CLAIM, "needs imessage_enabled to be true");
        }
        refuse(body, Optional.empty());
    }

    /// Refuses what the body of a change asks for. The number of the identity's own is for the operator to give and to
    /// take; to ask for what it has changes nothing.
    static void refuseIn(Context ctx, Body body, Optional<Number> own) {
        if (isClaimed(body)) {
            if (body.has(NUMBER)) {
                throw ValidationError.body(CLAIM, "excludes imessage_number_id: give one of them");
            }
            if (!body.flag("imessage_enabled", true)) {
                throw ValidationError.body(CLAIM, "excludes imessage_enabled: false");
            }
            if (Params.once(ctx, "claim").isEmpty()) {
                throw ValidationError.body(CLAIM, "needs the header Idempotency-Key");
            }
        }
        refuse(body, own);
    }

    /// The answer to whoever asks for a number, with all that clients read in it.
    static ApiException noNumber() {
        return ApiError.NO_DEDICATED_NUMBERS.with(Json.object()
                .put("number_type", "dedicated_outbound")
                .put("limit", 0)
                .put("current", 0)
                .put("upgrade_url", "")
                .put("contact_email", ""));
    }

    private static void refuse(Body body, Optional<Number> own) {
        JsonNode json = body.json();
        if (!isEmpty(json.path("mailbox"))) {
            throw ValidationError.body("mailbox", "asks for a mailbox, and this server has no mail: leave it out");
        }
        if (!isPlain(json.path("tunnel"))) {
            throw ValidationError.body("tunnel", "asks for a tunnel, and this server has none: leave it out");
        }
        if (!json.path("phone_number").isNull() && body.has("phone_number")) {
            throw ValidationError.body(
                    "phone_number", "asks for a number, and this server has none to give: leave it out");
        }
        JsonNode secrets = json.path("vault_secret_ids");
        if (body.has("vault_secret_ids") && !secrets.isNull() && !(secrets.isArray() && secrets.isEmpty())) {
            throw ValidationError.body("vault_secret_ids", "asks for a vault, and this server has none: leave it out");
        }
        Optional<Id> number = body.id(NUMBER);
        if (number.isPresent() && !number.equals(own.map(Number::id))) {
            throw ApiError.IMESSAGE_NUMBER_UNKNOWN.asException();
        }
        if (body.has(NUMBER) && number.isEmpty() && own.isPresent()) {
            throw ValidationError.body(
                    NUMBER, "cannot be null: the server's configuration dedicates this number to the identity");
        }
        if (isClaimed(body) || !isEmpty(json.path("imessage_number_type"))) {
            throw noNumber();
        }
    }

    private static boolean isClaimed(Body body) {
        if (body.has(CLAIM) && !body.flag(CLAIM, false)) {
            throw ValidationError.body(CLAIM, "must be true, or left out");
        }
        return body.has(CLAIM);
    }

    /// Not there, null, or an object with nothing but nulls.
    private static boolean isEmpty(JsonNode node) {
        return node.isMissingNode()
                || node.isNull()
                || node.isObject() && node.valueStream().allMatch(JsonNode::isNull);
    }

    /// Empty, or of the one kind that every client has without asking.
    private static boolean isPlain(JsonNode tunnel) {
        return isEmpty(tunnel)
                || tunnel.size() == 1 && tunnel.path("tls_mode").asString("").equals("edge");
    }
}
