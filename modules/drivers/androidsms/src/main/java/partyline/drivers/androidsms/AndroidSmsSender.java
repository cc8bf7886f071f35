package partyline.drivers.androidsms;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import partyline.drivers.HealthCheck;
import partyline.drivers.HttpCalls;
import partyline.drivers.RateLimiter;
import partyline.drivers.Reconciler;
import partyline.drivers.Reply;
import partyline.transport.Attachments.Attachment;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Hands texts to the app under our own ids, of which it takes each once (409 is that it has it), and asks
/// by them what became of a send whose answer was lost. Thread-safe.
record AndroidSmsSender(
        LineSetup setup,
        AndroidSmsSettings settings,
        AndroidSmsClient client,
        AndroidSmsPhone phone,
        HealthCheck health,
        RateLimiter limiter,
        Reconciler reconciler) {

    static final String MEDIA_UNAVAILABLE = "media_unavailable";

    /// Ten parts or so, which carriers put together again.
    private static final int LONGEST_TEXT = 1_600;
    /// What about every carrier takes as an MMS.
    private static final int LARGEST_FILE = 600 << 10;
    /// What waits longer on the phone, which may have no signal, is not sent any more.
    private static final Duration VALID = Duration.ofDays(1);

    private static final int CONFLICT = 409;
    private static final int UNAVAILABLE = 503;

    SendResult send(Outgoing message) {
        return reconciler.once(message, Service.SMS, () -> sendNow(message));
    }

    /// The app that has no such message never had it, and takes it when it comes again; unless it was
    /// installed anew meanwhile, and forgot.
    SendResult reconcile(Outgoing message, Instant since) {
        String id = message.clientId().text();
        if (reconciler.sentAs(id).isPresent()) {
            return accepted(message, Set.of());
        }
        return switch (client.message(id)) {
            case Reply.Answered answer
            when answer.success() -> {
                reconciler.sent(id, id);
                yield AndroidSmsMessages.progress(answer.json())
                        .failure()
                        .<SendResult>map(why -> new SendResult.Refused(why.code(), why.detail()))
                        .orElseGet(() -> accepted(message, Set.of()));
            }
            case Reply.Answered answer
            when answer.status() == 404 && phone.isSameSince(since) ->
                new SendResult.NotSent("The phone never got it.");
            case Reply.Answered _, Reply.NoAnswer _, Reply.Unreachable _ ->
                new SendResult.Unknown("The phone does not say what became of it.");
        };
    }

    private SendResult sendNow(Outgoing message) {
        if (message.text() != null && message.text().length() > LONGEST_TEXT) {
            return new SendResult.Refused("text_too_long", "SMS carries at most 1600 characters: send it in parts.");
        }
        Duration wait = limiter.wait(message.clientId(), setup.now());
        if (wait.isPositive()) {
            return new SendResult.NotSent("The line sends as fast as it may.", Optional.of(wait));
        }
        Set<String> leftOut = new HashSet<>();
        if (message.sendStyle() != null) {
            leftOut.add("effect");
        }
        ObjectNode body = body(message);
        boolean picture = message.mediaUrl() != null && phone.sendsMms() && attach(message, body);
        if (message.mediaUrl() != null && !picture) {
            leftOut.add("media");
        }
        if (!picture && message.text() == null) {
            return new SendResult.Refused(
                    MEDIA_UNAVAILABLE, "The line carries no file, or not this one: send words, or 600 KB at most.");
        }
        if (!picture) {
            body.putObject("textMessage").put("text", sealed(String.valueOf(message.text())));
        }
        Reply reply = client.send(body, picture ? AndroidSmsClient.MMS : HttpCalls.QUICK);
        if (reply instanceof Reply.Answered answer && answer.status() == CONFLICT) {
            return accepted(message, leftOut);
        }
        return health.sent(reply, _ -> accepted(message, leftOut), this::refused);
    }

    private ObjectNode body(Outgoing message) {
        ObjectNode body = client.about()
                .put("id", message.clientId().text())
                .put("withDeliveryReport", true)
                .put("ttl", VALID.toSeconds());
        settings.chosen().sim().ifPresent(sim -> body.put("simNumber", sim));
        if (settings.passphrase().isPresent()) {
            body.put("isEncrypted", true);
        }
        body.putArray("phoneNumbers").add(sealed(message.to().text()));
        return body;
    }

    /// Puts the file in, with the words; false when it cannot be had, or is too large.
    private boolean attach(Outgoing message, ObjectNode body) {
        try (Attachment file = setup.around().attachments().open(String.valueOf(message.mediaUrl()))) {
            byte[] bytes = file.body().readNBytes(LARGEST_FILE + 1);
            if (bytes.length > LARGEST_FILE) {
                return false;
            }
            ObjectNode mms = body.putObject("mmsMessage");
            if (message.text() != null) {
                mms.put("text", sealed(message.text()));
            }
            mms.putArray("attachments")
                    .addObject()
                    .put("contentType", file.contentType())
                    .put("name", file.name())
                    .put("data", sealed(Base64.getEncoder().encodeToString(bytes)));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private String sealed(String text) {
        return settings.passphrase()
                .map(passphrase -> AndroidSmsEncryption.seal(passphrase, text))
                .orElse(text);
    }

    private static SendResult accepted(Outgoing message, Set<String> leftOut) {
        return new SendResult.Accepted(message.clientId().text(), Service.SMS, false, leftOut);
    }

    /// The server takes nothing for a phone that has not fetched anything for a day (503).
    private Optional<SendResult> refused(Reply.Answered answer) {
        if (answer.status() == UNAVAILABLE) {
            return Optional.of(health.slower(answer));
        }
        JsonNode words = answer.json().path("message");
        Receipt.Failure why = AndroidSmsMessages.failure(words.asString(""));
        return HealthCheck.refusal(answer, why);
    }
}
