package partyline.drivers.sendblue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import partyline.drivers.HealthCheck;
import partyline.drivers.MediaUpload;
import partyline.drivers.RateLimiter;
import partyline.drivers.Reconciler;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outbox;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends over Sendblue, and finds out afterwards what became of a send that got no answer. Thread-safe.
record SendblueSender(
        LineSetup setup,
        SendblueClient client,
        Function<PhoneNumber, Service> services,
        SendblueWebhooks webhooks,
        RateLimiter limiter,
        HealthCheck health,
        Reconciler reconciler) {

    private static final int LONGEST_TEXT = 18_996;
    /// Sendblue's words for "too fast", whatever the HTTP status is.
    private static final Set<String> TOO_FAST = Set.of("4001", "5003", "5509");
    private static final String FAILED_FOR_SURE = "10001";

    SendResult send(Outgoing message) {
        Service service = services.apply(message.to());
        return reconciler.once(message, service, () -> sendNow(message, service));
    }

    SendResult reconcile(Outgoing message, Instant since) {
        Service service = services.apply(message.to());
        return reconciler.find(
                message,
                since,
                service,
                () -> client.messages(Map.of(
                        "is_outbound", "true",
                        "number", message.to().text(),
                        "from_number", setup.line().number().text(),
                        "created_at_gte", Timestamps.iso(since.minus(Duration.ofMinutes(1))),
                        "limit", "100")));
    }

    private SendResult sendNow(Outgoing message, Service service) {
        if (service != Service.IMESSAGE && setup.line().fallback() == Line.Fallback.NONE) {
            return new SendResult.Refused(
                    SendResult.Refused.NO_IMESSAGE,
                    "The person has no iMessage, and this line has no fallback to RCS or SMS.");
        }
        if (message.text() != null && message.text().length() > LONGEST_TEXT) {
            return new SendResult.Refused(
                    "text_too_long", "Sendblue takes at most 18996 characters: send it in parts.");
        }
        Duration wait = limiter.wait(message.clientId(), setup.now());
        if (wait.isPositive()) {
            return new SendResult.NotSent("The line sends as fast as it may.", Optional.of(wait));
        }
        Set<String> leftOut = new HashSet<>();
        ObjectNode body = Json.object()
                .put("number", message.to().text())
                .put("from_number", setup.line().number().text());
        if (message.text() != null) {
            body.put("content", message.text());
        }
        if (message.mediaUrl() != null && SendblueClient.isFetchable(message.mediaUrl())) {
            body.put("media_url", message.mediaUrl());
        } else {
            switch (MediaUpload.of(message, setup.around().attachments(), client::upload)) {
                case MediaUpload.Nothing _ -> {}
                case MediaUpload.Done(JsonNode file) -> {
                    String url = SendblueMessages.text(file, "media_url", "mediaUrl");
                    Object _ = url == null ? leftOut.add("media") : body.put("media_url", url);
                }
                case MediaUpload.Gone _ -> leftOut.add("media");
                case MediaUpload.Later _ -> {
                    return new SendResult.NotSent("Sendblue does not take the attachment now.");
                }
            }
        }
        if (!body.has("content") && !body.has("media_url")) {
            return new SendResult.Refused("media_unavailable", "The attachment cannot be fetched.");
        }
        if (message.sendStyle() != null && service == Service.IMESSAGE) {
            body.put("send_style", message.sendStyle());
        } else if (message.sendStyle() != null) {
            leftOut.add("effect");
        }
        webhooks.status(message.clientId()).ifPresent(url -> body.put("status_callback", url));
        return health.sent(
                client.send(body), json -> health.taken(SendblueMessages.of(json), service, leftOut), this::refused);
    }

    private Optional<SendResult> refused(Reply.Answered answer) {
        JsonNode json = answer.json();
        String code =
                Optional.ofNullable(SendblueMessages.text(json, "error_code")).orElse("");
        if (TOO_FAST.contains(code)) {
            return Optional.of(health.slower(answer));
        }
        if (code.equals(FAILED_FOR_SURE)) {
            return Optional.of(new SendResult.NotSent("Sendblue could not send it."));
        }
        Receipt.Failure failure = SendblueMessages.failure(json);
        if (failure.code().equals(Outbox.OUTCOME_UNKNOWN)) {
            return Optional.of(new SendResult.Unknown(failure.detail()));
        }
        return HealthCheck.refusal(answer, failure);
    }
}
