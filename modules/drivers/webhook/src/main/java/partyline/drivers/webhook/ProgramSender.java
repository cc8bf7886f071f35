package partyline.drivers.webhook;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import partyline.drivers.ContactCards;
import partyline.drivers.HealthCheck;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Hands texts to the program, which promises to send a text once however often it gets it, and to say what
/// became of it. Thread-safe.
record ProgramSender(
        LineSetup setup, ProgramClient program, Handshake handshake, HealthCheck health, ProgramFiles files) {

    SendResult send(Outgoing asked) {
        PhoneNumber to = asked.to();
        Outgoing message = handshake.can("contact_cards", to) ? asked : ContactCards.inWords(asked);
        Set<String> leftOut = new HashSet<>();
        ObjectNode body = Json.object()
                .put("type", "text")
                .put("id", message.clientId().text())
                .put("to", to.text())
                .put("text", message.text());
        if (message.mediaUrl() != null && handshake.can("media", to)) {
            body.put("media_url", message.mediaUrl())
                    .put("media_name", message.mediaName())
                    .put("media_download", files.offer(message.mediaUrl()));
        } else if (message.mediaUrl() != null) {
            leftOut.add("media");
        }
        if (message.sendStyle() != null && handshake.can("effects", to)) {
            body.put("send_style", message.sendStyle());
        } else if (message.sendStyle() != null) {
            leftOut.add("effect");
        }
        if (message.contactCard() != null && handshake.can("contact_cards", to)) {
            String card =
                    ContactCards.whole(message.contactCard(), setup.around().attachments());
            body.put("contact_card", card);
        }
        if (message.text() == null && !body.has("media_url") && !body.has("contact_card")) {
            return new SendResult.Refused("media_unavailable", "The line carries no media.");
        }
        body.put("fallback", setup.line().fallback() == Line.Fallback.SMS ? "sms" : "none");
        return health.sent(program.send(body), json -> taken(message, json, leftOut), this::refused);
    }

    SendResult reconcile(Outgoing message) {
        ObjectNode body = Json.object()
                .put("type", "outcome")
                .put("id", message.clientId().text())
                .put("to", message.to().text());
        Reply reply = program.call(body);
        return reply.answer()
                .map(json -> taken(message, json, Set.of()))
                .orElseGet(() -> isMissing(reply)
                        ? new SendResult.NotSent("The program never got it.")
                        : new SendResult.Unknown("The program does not say what became of it."));
    }

    private static boolean isMissing(Reply reply) {
        return reply instanceof Reply.Answered answer && answer.status() == 404;
    }

    private SendResult taken(Outgoing message, JsonNode json, Set<String> leftOut) {
        String id = json.path("id").asString("");
        if (id.isEmpty()) {
            return new SendResult.Unknown("The program's answer has no id.");
        }
        Set<String> all = new HashSet<>(leftOut);
        json.path("left_out").forEach(it -> all.add(it.asString("")));
        all.retainAll(Set.of("effect", "media"));
        boolean sent = json.path("sent").asBoolean(!handshake.can("sent_receipts", message.to()));
        Optional<Service> service = ProgramRequest.service(json);
        service.ifPresent(told -> handshake.saw(message.to(), told));
        return new SendResult.Accepted(id, service.orElseGet(handshake::usually), sent, all);
    }

    /// 429 and 503 promise that it was not sent; any other 5xx promises nothing.
    private Optional<SendResult> refused(Reply.Answered answer) {
        if (answer.status() == 503) {
            return Optional.of(health.slower(answer));
        }
        String code = answer.json().path("code").asString("");
        String detail = answer.json().path("message").asString("The program answered " + answer.status() + ".");
        return HealthCheck.refusal(
                answer, new Receipt.Failure(code.matches("[a-z0-9_]{1,40}") ? code : "refused", detail));
    }
}
