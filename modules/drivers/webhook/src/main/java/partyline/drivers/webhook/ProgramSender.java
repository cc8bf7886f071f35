package partyline.drivers.webhook;

import java.time.Duration;
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
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Hands texts to the program, which promises to send a text once however often it gets it, and to say what
/// became of it. Thread-safe.
final class ProgramSender {

    private static final Duration REST = Duration.ofSeconds(10);

    private final LineSetup setup;
    private final ProgramClient program;
    private final Handshake greeting;
    private final HealthCheck condition;

    ProgramSender(LineSetup setup, ProgramClient program, Handshake greeting, HealthCheck condition) {
        this.setup = setup;
        this.program = program;
        this.greeting = greeting;
        this.condition = condition;
    }

    SendResult send(Outgoing asked) {
        PhoneNumber to = asked.to();
        Outgoing message = greeting.can("contact_cards", to) ? asked : ContactCards.inWords(asked);
        Set<String> leftOut = new HashSet<>();
        ObjectNode body = Json.object()
                .put("type", "text")
                .put("id", message.clientId().text())
                .put("to", to.text())
                .put("text", message.text());
        if (message.mediaUrl() != null && greeting.can("media", to)) {
            body.put("media_url", message.mediaUrl());
        } else if (message.mediaUrl() != null) {
            leftOut.add("media");
        }
        if (message.sendStyle() != null && greeting.can("effects", to)) {
            body.put("send_style", message.sendStyle());
        } else if (message.sendStyle() != null) {
            leftOut.add("effect");
        }
        if (message.contactCard() != null && greeting.can("contact_cards", to)) {
            String card =
                    ContactCards.whole(message.contactCard(), setup.around().attachments());
            body.put("contact_card", card);
        }
        if (message.text() == null && !body.has("media_url") && !body.has("contact_card")) {
            return new SendResult.Refused("media_unavailable", "The line carries no media.");
        }
        body.put("fallback", setup.line().fallback() == Line.Fallback.SMS ? "sms" : "none");
        return result(message, program.send(body), leftOut);
    }

    SendResult reconcile(Outgoing message) {
        ObjectNode body = Json.object()
                .put("type", "outcome")
                .put("id", message.clientId().text())
                .put("to", message.to().text());
        return switch (program.call(body)) {
            case Reply.Answered answer when answer.success() -> taken(message, answer.json(), Set.of());
            case Reply.Answered answer
            when answer.status() == 404 -> new SendResult.NotSent("The program never got it.");
            case Reply.Answered answer -> new SendResult.Unknown("The program answered " + answer.status() + ".");
            case Reply.Unreachable(String detail) -> new SendResult.Unknown("The program is not there: " + detail);
            case Reply.NoAnswer(String detail) -> new SendResult.Unknown("The program keeps silent: " + detail);
        };
    }

    private SendResult result(Outgoing message, Reply reply, Set<String> leftOut) {
        return switch (reply) {
            case Reply.Unreachable(String detail) -> {
                condition.down(Handshake.absent(detail));
                yield new SendResult.NotSent("The program is not there: " + detail);
            }
            case Reply.NoAnswer(String detail) -> new SendResult.Unknown("The program gave no answer: " + detail);
            case Reply.Answered answer when answer.success() -> taken(message, answer.json(), leftOut);
            case Reply.Answered answer -> refused(answer);
        };
    }

    private SendResult taken(Outgoing message, JsonNode json, Set<String> leftOut) {
        String id = json.path("id").asString("");
        if (id.isEmpty()) {
            return new SendResult.Unknown("The program's answer has no id.");
        }
        Set<String> all = new HashSet<>(leftOut);
        json.path("left_out").forEach(it -> all.add(it.asString("")));
        all.retainAll(Set.of("effect", "media"));
        boolean sent = json.path("sent").asBoolean(!greeting.can("sent_receipts", message.to()));
        Optional<Service> service = ProgramRequest.service(json);
        service.ifPresent(told -> greeting.saw(message.to(), told));
        return new SendResult.Accepted(id, service.orElseGet(greeting::usually), sent, all);
    }

    /// 429 and 503 promise that it was not sent; any other 5xx promises nothing.
    private static SendResult refused(Reply.Answered answer) {
        int status = answer.status();
        if (status == 429 || status == 503) {
            return new SendResult.NotSent(
                    "The program cannot now.", Optional.of(answer.pause().orElse(REST)));
        }
        if (status == 401 || status == 403) {
            return new SendResult.NotSent("The program does not take our signature.", Optional.of(REST));
        }
        if (status >= 500 || status == 408) {
            return new SendResult.Unknown("The program answered " + status + ".");
        }
        String code = answer.json().path("code").asString("");
        return new SendResult.Refused(
                code.matches("[a-z0-9_]{1,40}") ? code : "refused",
                answer.json().path("message").asString("The program answered " + status + "."));
    }
}
