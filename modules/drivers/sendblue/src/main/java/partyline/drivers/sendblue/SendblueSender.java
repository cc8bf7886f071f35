package partyline.drivers.sendblue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import partyline.drivers.HealthCheck;
import partyline.drivers.RateLimiter;
import partyline.drivers.Reconciler;
import partyline.drivers.Reply;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends over Sendblue, and finds out afterwards what became of a send that got no answer. Thread-safe.
final class SendblueSender {

    private static final int LONGEST_TEXT = 18_996;
    private static final Duration REST = Duration.ofSeconds(30);
    /// Sendblue's words for "too fast", whatever the HTTP status is.
    private static final Set<String> TOO_FAST = Set.of("4001", "5003", "5509");
    private static final String FAILED_FOR_SURE = "10001";
    private static final String NOBODY_KNOWS = "outcome_unknown";

    private final LineSetup setup;
    private final SendblueClient calls;
    private final SendblueServices reach;
    private final RateLimiter pace;
    private final HealthCheck condition;
    private final SendblueAttachments enclosures;
    private final Reconciler reconciler;
    private final Function<Id, Optional<String>> callback;

    /// `callback` is the address for news of a send, if Sendblue can reach us.
    SendblueSender(LineSetup setup, SendblueConnection connection, Function<Id, Optional<String>> callback) {
        this.setup = setup;
        this.calls = connection.calls();
        this.reach = connection.reach();
        this.pace = new RateLimiter(connection.account().limits());
        this.condition = connection.condition();
        this.enclosures = new SendblueAttachments(calls, setup.around().attachments());
        this.reconciler = connection.reconciler();
        this.callback = callback;
    }

    SendResult send(Outgoing message) {
        Service service = reach.of(message.to());
        Optional<String> before = reconciler.sentAs(message);
        if (before.isPresent()) {
            return new SendResult.Accepted(before.get(), service, false);
        }
        if (service != Service.IMESSAGE && setup.line().fallback() == Line.Fallback.NONE) {
            return new SendResult.Refused(
                    SendResult.Refused.NO_IMESSAGE,
                    "The person has no iMessage, and this line has no fallback to RCS or SMS.");
        }
        if (message.text() != null && message.text().length() > LONGEST_TEXT) {
            return new SendResult.Refused(
                    "text_too_long", "Sendblue takes at most 18996 characters: send it in parts.");
        }
        Duration wait = pace.wait(message.clientId(), setup.around().clock().instant());
        return wait.isPositive()
                ? new SendResult.NotSent("The line sends as fast as it may.", Optional.of(wait))
                : send(message, service);
    }

    SendResult reconcile(Outgoing message, Instant since) {
        Service service = reach.of(message.to());
        Optional<String> before = reconciler.sentAs(message);
        if (before.isPresent()) {
            return new SendResult.Accepted(before.get(), service, false);
        }
        Optional<List<SendblueProviderMessage>> listed = calls.messages(Map.of(
                "is_outbound", "true",
                "number", message.to().text(),
                "from_number", setup.line().number().text(),
                "created_at_gte", Timestamps.iso(since.minus(Duration.ofMinutes(1))),
                "limit", "100"));
        return reconciler.settle(
                message,
                since,
                listed.map(all -> all.stream()
                        .map(told -> new Reconciler.Listed(
                                told.handle(),
                                told.service().orElse(service),
                                told.times().sent().orElse(since),
                                told.content().text(),
                                told.content().mediaUrl() != null))
                        .toList()));
    }

    private SendResult send(Outgoing message, Service service) {
        Set<String> leftOut = new HashSet<>();
        ObjectNode body = Json.object()
                .put("number", message.to().text())
                .put("from_number", setup.line().number().text());
        if (message.text() != null) {
            body.put("content", message.text());
        }
        switch (enclosures.host(message)) {
            case SendblueAttachments.Hosted.Nothing _ -> {}
            case SendblueAttachments.Hosted.At(String url) -> body.put("media_url", url);
            case SendblueAttachments.Hosted.Gone _ -> leftOut.add("media");
            case SendblueAttachments.Hosted.Later _ -> {
                return new SendResult.NotSent("Sendblue does not take the attachment now.");
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
        callback.apply(message.clientId()).ifPresent(url -> body.put("status_callback", url));
        return concluded(message, result(calls.send(body), service, leftOut));
    }

    private SendResult concluded(Outgoing message, SendResult result) {
        if (result instanceof SendResult.Accepted accepted) {
            reconciler.sent(message.clientId(), accepted.providerId());
        } else if (result instanceof SendResult.Unknown) {
            reconciler.doubt(message);
        }
        return result;
    }

    private SendResult result(Reply reply, Service expected, Set<String> leftOut) {
        return switch (reply) {
            case Reply.Unreachable(String detail) -> {
                condition.down("Sendblue cannot be reached (" + detail + "): check the network and sendblue.url.");
                yield new SendResult.NotSent("Sendblue cannot be reached: " + detail);
            }
            case Reply.NoAnswer(String detail) -> new SendResult.Unknown("Sendblue gave no answer: " + detail);
            case Reply.Answered answer when answer.success() -> taken(answer.json(), expected, leftOut);
            case Reply.Answered answer -> refused(answer);
        };
    }

    private static SendResult taken(JsonNode json, Service expected, Set<String> leftOut) {
        Optional<SendblueProviderMessage> told = SendblueProviderMessage.of(json);
        if (told.isEmpty()) {
            return new SendResult.Unknown("Sendblue's answer names no message.");
        }
        Optional<Receipt.Failure> failure = told.get().failure();
        if (failure.isPresent()) {
            return failure.get().code().equals(NOBODY_KNOWS)
                    ? new SendResult.Unknown(failure.get().detail())
                    : new SendResult.Refused(failure.get().code(), failure.get().detail());
        }
        boolean sent = told.get().progress().isPresent();
        return new SendResult.Accepted(told.get().handle(), told.get().service().orElse(expected), sent, leftOut);
    }

    private SendResult refused(Reply.Answered answer) {
        int status = answer.status();
        String code = Optional.ofNullable(SendblueProviderMessage.text(answer.json(), "error_code"))
                .orElse("");
        if (status == 429 || TOO_FAST.contains(code)) {
            return new SendResult.NotSent(
                    "Sendblue wants it slower.", Optional.of(answer.pause().orElse(REST)));
        }
        if (status == 401 || status == 403) {
            condition.down(SendblueHealthCheck.BAD_KEY);
            return new SendResult.NotSent("Sendblue refuses the API key.", Optional.of(REST));
        }
        if (code.equals(FAILED_FOR_SURE)) {
            return new SendResult.NotSent("Sendblue could not send it.");
        }
        if (status >= 500 || status == 408 || code.equals("10002")) {
            return new SendResult.Unknown("Sendblue answered " + status + ".");
        }
        Receipt.Failure failure = SendblueProviderMessage.failure(answer.json());
        return new SendResult.Refused(
                failure.code().equals("delivery_error") ? "invalid_request" : failure.code(), failure.detail());
    }
}
