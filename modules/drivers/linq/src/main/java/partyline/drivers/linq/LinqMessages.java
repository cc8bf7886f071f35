package partyline.drivers.linq;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.ServiceMessage;
import partyline.drivers.ServiceMessage.Content;
import partyline.drivers.ServiceMessage.Ends;
import partyline.drivers.ServiceMessage.Media;
import partyline.drivers.ServiceMessage.Progress;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// Reads the messages that Linq tells of: in the answer to a send, in its calls (of version 2026-02-03) and in its
/// lists.
final class LinqMessages {

    private LinqMessages() {}

    /// What a call tells of a message, which got as far as `kind`.
    static ServiceMessage called(JsonNode data, Optional<Receipt.Kind> kind) {
        JsonNode chat = data.path("chat");
        boolean outbound = data.path("direction").asString("").equals("outbound");
        String sender =
                outbound ? "" : data.path("sender_handle").path("handle").asString("");
        Ends ends = new Ends(
                PhoneNumber.parse(sender),
                PhoneNumber.parse(chat.path("owner_handle").path("handle").asString("")),
                chat.path("is_group").asBoolean(false),
                sender);
        return message(data, outbound, ends, progress(data, kind, Optional.empty()));
    }

    /// A message of a list, which is in `chat`.
    static ServiceMessage listed(JsonNode json, LinqChat chat) {
        boolean outbound = json.path("is_from_me").asBoolean(false);
        return message(
                json, outbound, new Ends(chat.person(), chat.line(), chat.group(), chat.address()), status(json));
    }

    /// The message in the answer to a send; empty when that names none.
    static Optional<ServiceMessage> answered(JsonNode json) {
        JsonNode message = json.path("chat").has("message") ? json.path("chat").path("message") : json.path("message");
        return message.path("id").asString("").isEmpty()
                ? Optional.empty()
                : Optional.of(message(
                        message, true, new Ends(Optional.empty(), Optional.empty(), false, ""), status(message)));
    }

    /// Why something failed, in our words where there are some; `detail` is Linq's.
    static Receipt.Failure failure(int code, String detail) {
        String said = detail.isEmpty() ? "Linq does not say why." : detail;
        return switch (code) {
            case 0 -> new Receipt.Failure("delivery_error", said);
            case 1002 -> new Receipt.Failure("invalid_recipient", said);
            case 2008 ->
                new Receipt.Failure("recipient_not_allowed", "The Linq account may not text this person: " + said);
            case 2024 ->
                new Receipt.Failure("opted_out", "The person asked a number of this account not to text them.");
            case 3007 -> new Receipt.Failure("unreachable", "Linq gave up after several tries.");
            case 4001 -> new Receipt.Failure("delivery_error", said);
            case 4005 -> new Receipt.Failure(SendResult.Refused.NO_IMESSAGE, "The person's phone takes no iMessage.");
            default ->
                code / 1000 == 5
                        ? new Receipt.Failure("media_unavailable", said)
                        : new Receipt.Failure("linq_" + code, said);
        };
    }

    /// The first of these times that is told.
    static Optional<Instant> instant(JsonNode json, String... keys) {
        return Stream.of(keys)
                .map(key -> json.path(key).asString(""))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .flatMap(Timestamps::parse);
    }

    private static ServiceMessage message(JsonNode json, boolean outbound, Ends ends, Progress progress) {
        return new ServiceMessage(
                json.path("id").asString(""),
                outbound,
                ends,
                new Content(words(json), media(json), style(json)),
                Service.heard(json.path("service").asString("")),
                progress,
                instant(json, "sent_at", "created_at"));
    }

    /// Words between files are one text; a link that came with a preview is its address.
    private static @Nullable String words(JsonNode json) {
        String words = parts(json, "text", "link")
                .map(part -> part.path("value").asString(""))
                .filter(value -> !value.isEmpty())
                .collect(Collectors.joining("\n"));
        return words.isEmpty() ? null : words;
    }

    /// A file is known by its id where it has one: its address may be good for minutes alone.
    private static List<Media> media(JsonNode json) {
        return parts(json, "media")
                .map(part -> new Media(
                        part.path("id").asString(part.path("url").asString("")),
                        part.path("mime_type").asString(""),
                        part.path("filename").asString("")))
                .toList();
    }

    private static @Nullable String style(JsonNode json) {
        String name = json.path("effect").path("name").asString("");
        return name.isEmpty() ? null : name;
    }

    private static Stream<JsonNode> parts(JsonNode json, String... types) {
        return json.path("parts")
                .valueStream()
                .filter(part -> List.of(types).contains(part.path("type").asString("")));
    }

    /// How far it got, by its status, or by what was told before there was one.
    private static Progress status(JsonNode json) {
        Optional<Receipt.Kind> kind = switch (json.path("delivery_status").asString("")) {
            case "sent" -> Optional.of(Receipt.Kind.SENT);
            case "delivered" -> Optional.of(Receipt.Kind.DELIVERED);
            case "read" -> Optional.of(Receipt.Kind.READ);
            case "failed" -> Optional.of(Receipt.Kind.FAILED);
            case "" ->
                json.path("is_read").asBoolean(false)
                        ? Optional.of(Receipt.Kind.READ)
                        : Optional.of(Receipt.Kind.DELIVERED)
                                .filter(_ -> json.path("is_delivered").asBoolean(false));
            default -> Optional.empty();
        };
        return progress(json, kind, kind.filter(Receipt.Kind.FAILED::equals).map(_ -> failure(0, "")));
    }

    private static Progress progress(JsonNode json, Optional<Receipt.Kind> kind, Optional<Receipt.Failure> failure) {
        Optional<Instant> at = kind.flatMap(it -> switch (it) {
                    case SENT -> instant(json, "sent_at");
                    case DELIVERED -> instant(json, "delivered_at");
                    case READ -> instant(json, "read_at");
                    case FAILED -> Optional.empty();
                })
                .or(() -> instant(json, "updated_at", "created_at"));
        return new Progress(kind, failure, at);
    }
}
