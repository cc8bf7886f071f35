package partyline.drivers.twilio;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import partyline.drivers.HealthCheck;
import partyline.drivers.Reconciler;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.drivers.WebhookAddress;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;

/// Sends over Twilio, and finds out afterwards what became of a send that got no answer. Twilio keeps a queue
/// per number, so nothing is held back here. Thread-safe.
record TwilioSender(
        LineSetup setup,
        TwilioSettings settings,
        TwilioClient client,
        WebhookAddress address,
        HealthCheck health,
        Reconciler reconciler) {

    static final String TOO_LONG = "SMS carries at most 1600 characters: send it in parts.";

    private static final int LONGEST_TEXT = 1_600;

    SendResult send(Outgoing message) {
        return reconciler.once(message, Service.SMS, () -> sendNow(message));
    }

    /// Twilio's filter by date leaves out what is still queued, so we ask for the newest of this person and look at the
    /// date ourselves.
    SendResult reconcile(Outgoing message, Instant since) {
        Instant oldest = since.minus(Duration.ofMinutes(2));
        Map<String, String> ours =
                Map.of("To", message.to().text(), "From", setup.line().number().text(), "PageSize", "100");
        return reconciler.find(
                message,
                since,
                Service.SMS,
                () -> client.messages(ours, it -> it.at().orElse(oldest).isBefore(oldest))
                        .map(all ->
                                all.stream().filter(ServiceMessage::outbound).toList()));
    }

    private SendResult sendNow(Outgoing message) {
        if (message.text() != null && message.text().length() > LONGEST_TEXT) {
            return new SendResult.Refused("text_too_long", TOO_LONG);
        }
        Set<String> leftOut = new HashSet<>();
        Map<String, String> form = form(message, leftOut);
        if (!form.containsKey("Body") && !form.containsKey("MediaUrl")) {
            return new SendResult.Refused(
                    "media_unavailable", "Twilio fetches media itself, and cannot from here: use an https address.");
        }
        return health.sent(
                client.send(form), json -> health.taken(TwilioMessages.of(json), Service.SMS, leftOut), this::refused);
    }

    private Map<String, String> form(Outgoing message, Set<String> leftOut) {
        Map<String, String> form = new HashMap<>();
        form.put("To", message.to().text());
        form.put("From", setup.line().number().text());
        settings.messagingService().ifPresent(service -> form.put("MessagingServiceSid", service));
        address.status(message.clientId(), "").ifPresent(url -> form.put("StatusCallback", url));
        if (message.text() != null && !message.text().isEmpty()) {
            form.put("Body", message.text());
        }
        if (message.mediaUrl() != null && address.isFetchable(message.mediaUrl())) {
            form.put("MediaUrl", message.mediaUrl());
        } else if (message.mediaUrl() != null) {
            leftOut.add("media");
        }
        if (message.sendStyle() != null) {
            leftOut.add("effect");
        }
        return form;
    }

    private Optional<SendResult> refused(Reply.Answered answer) {
        String code = answer.json().path("code").asString("");
        if (TwilioMessages.isFull(code)) {
            return Optional.of(health.slower(answer));
        }
        if (!answer.refusesUs() && TwilioMessages.isLineUnusable(code)) {
            health.is(HealthCheck.down(TwilioNumber.MISSING));
            return Optional.of(new SendResult.NotSent("Twilio refuses the credentials or the number of the line."));
        }
        return HealthCheck.refusal(answer, TwilioMessages.failure(code));
    }
}
