package partyline.app.api;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import partyline.app.http.ApiError;
import partyline.app.http.ApiException;
import partyline.conversations.DedicatedNumbers;
import partyline.conversations.ReactOutcome;
import partyline.conversations.SendOutcome;
import partyline.identities.Handle;
import partyline.kernel.Id;
import partyline.kernel.PhoneNumber;
import partyline.transport.Line;
import partyline.transport.Transport;

/// The refusals that sending shares with tapbacks, read receipts and typing, with what the agent needs to go on.
public record Refusals(Transport transport, DedicatedNumbers numbers) {

    ApiException notConnected(Handle handle) {
        return connect(ApiError.NOT_CONNECTED, handle, "This person is not connected with " + handle);
    }

    ApiException inactive(Handle handle) {
        return connect(ApiError.ASSIGNMENT_INACTIVE, handle, "This person is disconnected from " + handle);
    }

    ApiException blocked(SendOutcome.Blocked blocked) {
        if (blocked.rule().isPresent()) {
            return blocked(blocked, "Recipient is blocked by a contact rule.", "A block rule matches this number.");
        }
        return blocked.onlyListed()
                ? blocked(
                        blocked,
                        "Recipient is not on the whitelist.",
                        "The identity is in whitelist mode and no allow rule matches.")
                : blocked(
                        blocked,
                        "Recipient is not open to this identity.",
                        "An admin of the organization closed this number to the identity.");
    }

    private static ApiException blocked(SendOutcome.Blocked blocked, String message, String reason) {
        Map<String, @Nullable String> more = new HashMap<>();
        more.put("matched_rule_id", blocked.rule().map(Id::text).orElse(null));
        more.put("address", blocked.person().text());
        more.put("reason", reason);
        return ApiError.RECIPIENT_BLOCKED.asException(message, more);
    }

    /// The answer to an act that was refused; `missing` is the 404 that names what was looked for.
    public ApiException of(ReactOutcome outcome, ApiError missing) {
        return switch (outcome) {
            case ReactOutcome.NotFound() -> missing.asException();
            case ReactOutcome.NotEnabled() -> ApiError.IMESSAGE_NOT_ENABLED.asException();
            case ReactOutcome.Blocked(var why) -> blocked(why);
            case ReactOutcome.Inactive(var handle) -> inactive(handle);
            case ReactOutcome.Unsupported(var why) -> notReactable("unsupported", why);
            case ReactOutcome.NotSentYet() -> notReactable("not_sent_yet", "it has not reached the phone yet");
            case ReactOutcome.TooOften(var left) ->
                ApiError.CONVERSATION_RATE_LIMITED.asException().after(left);
            case ReactOutcome.LineFailed() -> ApiError.LINE_FAILED.asException();
            case ReactOutcome.KeyReused() -> ApiError.KEY_REUSED.asException();
            case ReactOutcome.Reacted _, ReactOutcome.Done _, ReactOutcome.Replayed _ ->
                throw new IllegalStateException("no refusal: " + outcome);
        };
    }

    /// `reason` tells what will never be from what may be later.
    private static ApiException notReactable(String reason, String why) {
        return ApiError.NOT_REACTABLE.asException(
                "This message cannot take a tapback: " + why + ".", Map.of("reason", reason));
    }

    ApiException optedOut(PhoneNumber person) {
        Map<String, @Nullable String> more = new HashMap<>();
        more.put("matched_rule_id", null);
        more.put("address", person.text());
        more.put("reason", "The person texted STOP, and nothing since that takes it back.");
        return ApiError.RECIPIENT_BLOCKED.asException("Recipient asked not to be texted.", more);
    }

    private ApiException connect(ApiError error, Handle handle, String what) {
        String command = "connect " + handle;
        String router = transport
                .lines()
                .router()
                .map(Line::number)
                .map(PhoneNumber::text)
                .orElse("");
        String way = numbers.of(handle)
                .map(own -> "write to its own number, " + own)
                .orElse("text \"%s\" to %s".formatted(command, router));
        return error.asException(
                "%s: ask them to %s.".formatted(what, way),
                Map.of("connect_command", command, "router_number", router));
    }
}
