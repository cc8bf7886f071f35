package partyline.transport;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// An [InboundEvent] or a [Receipt] as a column keeps it until it is handled.
public final class EventJson {

    private EventJson() {}

    /// Tells a text from a tapback with the same provider id.
    static String kind(InboundEvent event) {
        return switch (event) {
            case TextReceived _ -> "text";
            case TapbackReceived _ -> "tapback";
            case TextEdited _ -> "edit";
            case TextUnsent _ -> "unsend";
        };
    }

    public static String write(InboundEvent event) {
        ObjectNode json = Json.object()
                .put("kind", kind(event))
                .put("line", event.line())
                .put("from", event.from().text())
                .put("at", Timestamps.micros(event.at()))
                .put("provider_id", event.providerId());
        switch (event) {
            case TextReceived text ->
                json.put("text", text.text())
                        .put("media_url", text.mediaUrl())
                        .put("media_type", text.mediaType())
                        .put("media_name", text.mediaName())
                        .put("service", text.service().wire())
                        .put("send_style", text.sendStyle());
            case TapbackReceived tapback ->
                json.put("target", tapback.targetProviderId())
                        .put("reaction", tapback.reaction())
                        .put("custom_emoji", tapback.customEmoji())
                        .put("part_index", tapback.partIndex())
                        .put("removed", tapback.removed());
            case TextEdited edited ->
                json.put("target", edited.targetProviderId()).put("text", edited.text());
            case TextUnsent unsent -> json.put("target", unsent.targetProviderId());
        }
        return Json.write(json);
    }

    public static InboundEvent read(String text) {
        JsonNode json = Json.read(text);
        String line = json.required("line").asString();
        PhoneNumber from = new PhoneNumber(json.required("from").asString());
        Instant at = Timestamps.instant(json.required("at").asLong());
        String providerId = json.required("provider_id").asString();
        String kind = json.required("kind").asString();
        return switch (kind) {
            case "text" ->
                new TextReceived(
                        line,
                        from,
                        at,
                        providerId,
                        optional(json, "text"),
                        optional(json, "media_url"),
                        optional(json, "media_type"),
                        optional(json, "media_name"),
                        Service.of(json.required("service").asString()),
                        optional(json, "send_style"));
            case "tapback" ->
                new TapbackReceived(
                        line,
                        from,
                        at,
                        providerId,
                        json.required("target").asString(),
                        json.required("reaction").asString(),
                        optional(json, "custom_emoji"),
                        json.required("part_index").asInt(),
                        json.required("removed").asBoolean());
            case "edit" ->
                new TextEdited(
                        line,
                        from,
                        at,
                        providerId,
                        json.required("target").asString(),
                        json.required("text").asString());
            case "unsend" ->
                new TextUnsent(
                        line, from, at, providerId, json.required("target").asString());
            default -> throw new IllegalArgumentException("an inbox event of the unknown kind " + kind);
        };
    }

    static String write(Receipt receipt) {
        ObjectNode json = Json.object()
                .put("kind", receipt.kind().name())
                .put("line", receipt.line())
                .put("provider_id", receipt.providerId())
                .put("at", Timestamps.micros(receipt.at()))
                .put("service", receipt.service().map(Service::wire).orElse(null));
        receipt.failure()
                .ifPresent(failure ->
                        json.putObject("failure").put("code", failure.code()).put("detail", failure.detail()));
        return Json.write(json);
    }

    static Receipt receipt(String text) {
        JsonNode json = Json.read(text);
        return new Receipt(
                json.required("line").asString(),
                json.required("provider_id").asString(),
                Receipt.Kind.valueOf(json.required("kind").asString()),
                Timestamps.instant(json.required("at").asLong()),
                json.optional("failure")
                        .map(it -> new Receipt.Failure(
                                it.required("code").asString(),
                                it.required("detail").asString())),
                Optional.ofNullable(optional(json, "service")).map(Service::of));
    }

    private static @Nullable String optional(JsonNode json, String key) {
        JsonNode value = json.path(key);
        return value.isNull() || value.isMissingNode() ? null : value.asString();
    }
}
