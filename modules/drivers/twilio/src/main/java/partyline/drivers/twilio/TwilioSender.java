package partyline.drivers.twilio;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import partyline.drivers.Reconciler;
import partyline.drivers.Reply;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// Sends over Twilio, and finds out afterwards what became of a send that got no answer. Twilio keeps a queue
/// per number, so nothing is held back here. Thread-safe.
final class TwilioSender {

    static final String TOO_LONG = "SMS carries at most 1600 characters: send it in parts.";

    private static final int LONGEST_TEXT = 1_600;
    private static final Duration REST = Duration.ofSeconds(10);

    private final LineSetup setup;
    private final TwilioConnection connection;

    TwilioSender(LineSetup setup, TwilioConnection connection) {
        this.setup = setup;
        this.connection = connection;
    }

    SendResult send(Outgoing message) {
        Optional<SendResult> before = before(message);
        if (before.isPresent()) {
            return before.get();
        }
        if (message.text() != null && message.text().length() > LONGEST_TEXT) {
            return new SendResult.Refused("text_too_long", TOO_LONG);
        }
        Set<String> leftOut = new HashSet<>();
        TwilioForm form = form(message, leftOut);
        if (!form.has("Body") && !form.has("MediaUrl")) {
            return new SendResult.Refused(
                    "media_unavailable", "Twilio fetches media itself, and cannot from here: use an https address.");
        }
        SendResult result = result(connection.calls().send(form), leftOut);
        if (result instanceof SendResult.Accepted accepted) {
            connection.reconciler().sent(message.clientId(), accepted.providerId());
        } else if (result instanceof SendResult.Unknown) {
            connection.reconciler().doubt(message);
        }
        return result;
    }

    /// Twilio's filter by date leaves out what is still queued, so we ask for the newest of this person and look at the
    /// date ourselves.
    SendResult reconcile(Outgoing message, Instant since) {
        Optional<SendResult> before = before(message);
        if (before.isPresent()) {
            return before.get();
        }
        TwilioForm query = new TwilioForm()
                .with("To", message.to().text())
                .with("From", setup.line().number().text())
                .with("PageSize", "100");
        Instant oldest = since.minus(Duration.ofMinutes(2));
        Optional<List<TwilioProviderMessage>> listed = connection
                .calls()
                .messages(query, told -> told.times().created().isBefore(oldest));
        return connection
                .reconciler()
                .settle(
                        message,
                        since,
                        listed.map(all -> all.stream()
                                .filter(told -> !told.ends().inbound())
                                .map(told -> new Reconciler.Listed(
                                        told.sid(), Service.SMS, told.times().created(), told.body(), told.media() > 0))
                                .toList()));
    }

    private Optional<SendResult> before(Outgoing message) {
        return connection.reconciler().sentAs(message).map(sid -> new SendResult.Accepted(sid, Service.SMS, false));
    }

    private TwilioForm form(Outgoing message, Set<String> leftOut) {
        TwilioForm form = new TwilioForm()
                .with("To", message.to().text())
                .with("From", setup.line().number().text());
        Optional<String> service = connection.account().messagingService();
        if (service.isPresent()) {
            form = form.with("MessagingServiceSid", service.get());
        }
        if (message.text() != null) {
            form = form.with("Body", message.text());
        }
        if (message.mediaUrl() != null && connection.hooks().isFetchable(message.mediaUrl())) {
            form = form.with("MediaUrl", message.mediaUrl());
        } else if (message.mediaUrl() != null) {
            leftOut.add("media");
        }
        if (message.sendStyle() != null) {
            leftOut.add("effect");
        }
        return connection.hooks().reachable()
                ? form.with("StatusCallback", connection.hooks().statusUrl(message.clientId()))
                : form;
    }

    private SendResult result(Reply reply, Set<String> leftOut) {
        return switch (reply) {
            case Reply.Unreachable(String detail) -> {
                connection.condition().down(TwilioHealthCheck.unreachable(detail));
                yield new SendResult.NotSent("Twilio cannot be reached: " + detail);
            }
            case Reply.NoAnswer(String detail) -> new SendResult.Unknown("Twilio gave no answer: " + detail);
            case Reply.Answered answer when answer.success() -> taken(answer.json(), leftOut);
            case Reply.Answered answer -> refused(answer);
        };
    }

    private static SendResult taken(JsonNode json, Set<String> leftOut) {
        Optional<TwilioProviderMessage> told = TwilioProviderMessage.of(json);
        if (told.isEmpty()) {
            return new SendResult.Unknown("Twilio's answer names no message.");
        }
        Optional<Receipt.Failure> failure = told.get().progress().failure();
        return failure.<SendResult>map(it -> new SendResult.Refused(it.code(), it.detail()))
                .orElseGet(() -> new SendResult.Accepted(
                        told.get().sid(),
                        Service.SMS,
                        told.get().progress().kind().isPresent(),
                        leftOut));
    }

    private SendResult refused(Reply.Answered answer) {
        int status = answer.status();
        String code = answer.json().path("code").asString("");
        if (status == 429 || TwilioErrors.isFull(code)) {
            return new SendResult.NotSent(
                    "Twilio wants it slower.", Optional.of(answer.pause().orElse(REST)));
        }
        if (status == 401 || status == 403 || TwilioErrors.isLineUnusable(code)) {
            connection.condition().down(status == 400 ? TwilioHealthCheck.BAD_NUMBER : TwilioErrors.BAD_KEYS);
            return new SendResult.NotSent("Twilio refuses the credentials or the number of the line.");
        }
        if (status >= 500 || status == 408) {
            return new SendResult.Unknown("Twilio answered " + status + ".");
        }
        Receipt.Failure failure = TwilioErrors.failure(code);
        return new SendResult.Refused(
                failure.code().equals("delivery_error") ? "invalid_request" : failure.code(), failure.detail());
    }
}
