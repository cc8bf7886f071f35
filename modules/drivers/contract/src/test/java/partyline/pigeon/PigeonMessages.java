package partyline.pigeon;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.drivers.ServiceMessage;
import partyline.drivers.ServiceMessage.Content;
import partyline.drivers.ServiceMessage.Ends;
import partyline.drivers.ServiceMessage.Media;
import partyline.drivers.ServiceMessage.Progress;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.LineSetup;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What Carrier Pigeon says, in our words.
final class PigeonMessages {

    private static final List<String> NAMES =
            List.of("love", "like", "dislike", "laugh", "emphasize", "question", "eyes");
    private static final List<String> EMOJI = List.of("❤️", "👍", "👎", "😂", "‼️", "❓", "👀");
    private static final Map<String, String> CODES =
            Map.of("not_on_imessage", SendResult.Refused.NO_IMESSAGE, "stop", "opted_out");

    private PigeonMessages() {}

    /// One of our sends.
    static ServiceMessage send(JsonNode json) {
        return message(json, true, word(json, "to"), time(json, "created_at"));
    }

    /// What somebody did in the feed, such as a text.
    static ServiceMessage item(JsonNode json) {
        return message(json, false, word(json, "from"), time(json, "at"));
    }

    private static ServiceMessage message(JsonNode json, boolean outbound, String person, Optional<Instant> at) {
        List<Media> files = json.path("files")
                .valueStream()
                .map(file -> new Media(word(file, "id"), word(file, "type"), word(file, "name")))
                .toList();
        Optional<Receipt.Kind> kind = Stream.of(Receipt.Kind.values())
                .filter(it -> it.name().equalsIgnoreCase(word(json, "status")))
                .findFirst();
        return new ServiceMessage(
                word(json, "id"),
                outbound,
                new Ends(
                        PhoneNumber.parse(person),
                        Optional.empty(),
                        json.path("group").asBoolean(false),
                        person),
                new Content(
                        json.path("text").asString(null),
                        files,
                        json.path("effect").asString(null)),
                Service.heard(word(json, "via")),
                new Progress(kind, failure(json), time(json, "updated_at")),
                at);
    }

    /// A tapback in the feed.
    static TapbackReceived tapback(LineSetup setup, PhoneNumber person, JsonNode json) {
        String emoji = word(json, "emoji");
        int known = EMOJI.indexOf(emoji);
        return new TapbackReceived(
                setup.id(),
                person,
                time(json, "at").orElse(setup.now()),
                word(json, "id"),
                word(json, "on"),
                known < 0 ? emoji : NAMES.get(known),
                null,
                0,
                json.path("removed").asBoolean(false));
    }

    /// A tapback of ours.
    static ObjectNode tapback(String reaction) {
        return Json.object().put("emoji", EMOJI.get(NAMES.indexOf(reaction)));
    }

    static Optional<Receipt.Failure> failure(JsonNode json) {
        JsonNode error = json.path("error");
        String code = CODES.getOrDefault(word(error, "code"), "delivery_error");
        Receipt.Failure failure = new Receipt.Failure(code, "Carrier Pigeon: " + word(error, "message"));
        return Optional.of(failure).filter(_ -> error.isObject());
    }

    static String word(JsonNode json, String key) {
        return json.path(key).asString("");
    }

    static Optional<Instant> time(JsonNode json, String key) {
        return Timestamps.parse(json.path(key).asString(""));
    }
}
