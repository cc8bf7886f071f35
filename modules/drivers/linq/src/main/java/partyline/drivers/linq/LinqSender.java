package partyline.drivers.linq;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.drivers.HealthCheck;
import partyline.drivers.MediaUpload;
import partyline.drivers.RateLimiter;
import partyline.drivers.Reconciler;
import partyline.drivers.Reply;
import partyline.drivers.ServiceMessage;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends over Linq, under an idempotency key: what is sent again under it shows once. Thread-safe.
record LinqSender(
        LineSetup setup,
        LinqClient client,
        LinqChats chats,
        Function<PhoneNumber, Service> services,
        RateLimiter limiter,
        HealthCheck health,
        Reconciler reconciler) {

    private static final int LONGEST_TEXT = 10_000;
    private static final Pattern LINK = Pattern.compile("(?i)https?://|\\bwww\\.|\\b[a-z0-9-]+\\.[a-z]{2,}/");
    private static final Map<String, String> EFFECTS = Map.of("love", "hearts");
    private static final Set<String> BUBBLE_EFFECTS = Set.of("slam", "loud", "gentle", "invisible");
    /// What Linq does not know.
    private static final String SHOOTING_STAR = "shooting_star";

    /// A message on its way: into this chat, with this file, if there are any.
    private record Attempt(
            Outgoing message, Service service, Optional<String> chat, Optional<ObjectNode> file, Set<String> leftOut) {

        Attempt with(JsonNode uploaded) {
            String key = uploaded.has("url") ? "url" : "attachment_id";
            ObjectNode part = Json.object()
                    .put("type", "media")
                    .put(key, uploaded.path(key).asString(""));
            return new Attempt(message, service, chat, Optional.of(part), leftOut);
        }

        Attempt withoutFile() {
            Set<String> more = new HashSet<>(leftOut);
            more.add("media");
            return new Attempt(message, service, chat, Optional.empty(), more);
        }
    }

    SendResult send(Outgoing message) {
        Service service = services.apply(message.to());
        return reconciler.once(message, service, () -> sendNow(message, service));
    }

    /// What the chat does not show certainly shows once when it is sent again, under the same key.
    SendResult reconcile(Outgoing message, Instant since) {
        return reconciler.find(message, since, services.apply(message.to()), () -> sent(message.to(), since));
    }

    private Optional<List<ServiceMessage>> sent(PhoneNumber to, Instant since) {
        return chats.with(to)
                .flatMap(chats::chat)
                .map(chat -> client.messages(chat, since.minus(Duration.ofMinutes(1)))
                        .map(all ->
                                all.stream().filter(ServiceMessage::outbound).toList()))
                .orElseGet(() -> Optional.of(List.of()));
    }

    private SendResult sendNow(Outgoing message, Service service) {
        if (service != Service.IMESSAGE && setup.line().fallback() == Line.Fallback.NONE) {
            return new SendResult.Refused(
                    SendResult.Refused.NO_IMESSAGE,
                    "The person has no iMessage, and this line has no fallback to RCS or SMS.");
        }
        if (message.text() != null && message.text().length() > LONGEST_TEXT) {
            return new SendResult.Refused("text_too_long", "Linq takes at most 10000 characters: send it in parts.");
        }
        Duration wait = limiter.wait(message.clientId(), setup.now());
        if (wait.isPositive()) {
            return new SendResult.NotSent("The line sends as fast as it may.", Optional.of(wait));
        }
        Attempt attempt = new Attempt(message, service, chats.with(message.to()), Optional.empty(), Set.of());
        MediaUpload upload =
                MediaUpload.of(message, setup.around().attachments(), file -> client.upload(message.mediaUrl(), file));
        return switch (upload) {
            case MediaUpload.Nothing _ -> send(attempt);
            case MediaUpload.Done(JsonNode file) -> send(attempt.with(file));
            case MediaUpload.Gone _ -> sendWithout(attempt);
            case MediaUpload.Later _ -> new SendResult.NotSent("Linq does not take the attachment now.");
        };
    }

    private SendResult sendWithout(Attempt attempt) {
        return attempt.message().text() == null
                ? new SendResult.Refused("media_unavailable", "The attachment cannot be fetched, or Linq refuses it.")
                : send(attempt.withoutFile());
    }

    private SendResult send(Attempt attempt) {
        Outgoing message = attempt.message();
        Set<String> leftOut = new HashSet<>(attempt.leftOut());
        ObjectNode json =
                Json.object().put("idempotency_key", message.clientId().text());
        if (message.text() != null) {
            json.withArray("parts").addObject().put("type", "text").put("value", message.text());
        }
        attempt.file().ifPresent(file -> json.withArray("parts").add(file));
        if (setup.line().fallback() == Line.Fallback.NONE) {
            json.put("preferred_service", "iMessage");
        }
        ObjectNode effect = effect(message.sendStyle());
        // A new chat takes none with its first message.
        if (effect != null
                && attempt.service() == Service.IMESSAGE
                && attempt.chat().isPresent()) {
            json.set("effect", effect);
        } else if (message.sendStyle() != null) {
            leftOut.add("effect");
        }
        return health.sent(
                client.send(attempt.chat(), message.to().text(), json),
                answer -> {
                    learn(answer, message.to());
                    return health.taken(LinqMessages.answered(answer), attempt.service(), leftOut);
                },
                answer -> refused(answer, attempt));
    }

    private void learn(JsonNode answer, PhoneNumber person) {
        String chat =
                answer.path("chat_id").asString(answer.path("chat").path("id").asString(""));
        if (!chat.isEmpty()) {
            chats.learn(chat, person);
        }
    }

    private static @Nullable ObjectNode effect(@Nullable String style) {
        if (style == null || style.equals(SHOOTING_STAR)) {
            return null;
        }
        return Json.object()
                .put("type", BUBBLE_EFFECTS.contains(style) ? "bubble" : "screen")
                .put("name", EFFECTS.getOrDefault(style, style));
    }

    private Optional<SendResult> refused(Reply.Answered answer, Attempt attempt) {
        JsonNode error = answer.json().path("error");
        int code = error.path("code").asInt(0);
        String said = error.path("message").asString("");
        boolean link = attempt.message().text() != null
                && LINK.matcher(attempt.message().text()).find();
        if (code / 1000 == 5 && attempt.file().isPresent()) {
            return Optional.of(sendWithout(attempt));
        }
        if (code == 1005 && attempt.chat().isEmpty() && link) {
            return Optional.of(new SendResult.Refused(
                    "link_in_first_message",
                    "Linq takes no link in the first message to a person: send words first, then the link."));
        }
        return switch (code) {
            case 2001 -> {
                attempt.chat().ifPresent(chats::forget);
                yield Optional.of(new SendResult.NotSent("Linq does not know the chat any more."));
            }
            case 2002 -> Optional.of(new SendResult.Unknown("Linq sent it once, and has deleted it since."));
            case 2006 -> {
                health.is(HealthCheck.down("Linq does not let this API key send from "
                        + setup.line().number() + ": correct the number of the line, or ask Linq."));
                yield Optional.of(new SendResult.NotSent("Linq refuses the line.", Optional.of(LinqLine.LINQ.rest())));
            }
            case 2008, 2024 -> {
                var failure = LinqMessages.failure(code, said);
                yield Optional.of(new SendResult.Refused(failure.code(), failure.detail()));
            }
            default ->
                answer.status() == 409
                        ? Optional.of(new SendResult.NotSent("Linq is still busy with this message."))
                        : HealthCheck.refusal(answer, LinqMessages.failure(code, said));
        };
    }
}
