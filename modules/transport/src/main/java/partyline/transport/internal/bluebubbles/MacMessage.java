package partyline.transport.internal.bluebubbles;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import partyline.kernel.PhoneNumber;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// A row of the Mac's message database, as its server shows it. `chat` is empty when it was not told, `address` is who
/// wrote it when it was not us.
record MacMessage(
        String guid, long rowId, boolean fromMe, Chat chat, String address, Instant at, Words words, State state) {

    /// The chat's guid, such as `iMessage;-;+12025550140`.
    record Chat(String guid, boolean group) {

        static final Chat UNKNOWN = new Chat("", false);

        /// Who the chat is with, when that is one person with a number.
        Optional<PhoneNumber> person() {
            return group ? Optional.empty() : PhoneNumber.parse(guid.substring(guid.lastIndexOf(';') + 1));
        }

        static Chat of(String guid) {
            return new Chat(guid, guid.contains(";+;"));
        }
    }

    /// What it says. `target` and `tapback` are those of a tapback row, else empty.
    record Words(String text, List<Attachment> attachments, String effect, String target, String tapback) {}

    record Attachment(String guid, String type, String name) {}

    /// How far it got; `service` is the person's. `kind` other than 0 is a change of the group, no message.
    record State(
            int kind, int error, boolean delivered, Instant deliveredAt, Optional<Instant> readAt, Service service) {}

    private static final String OBJECT = "\uFFFC";

    static MacMessage of(JsonNode json) {
        JsonNode chat = json.path("chats").path(0);
        Instant at = Instant.ofEpochMilli(json.path("dateCreated").asLong(0));
        return new MacMessage(
                json.path("guid").asString(""),
                json.path("originalROWID").asLong(0),
                json.path("isFromMe").asBoolean(false),
                new Chat(
                        chat.path("guid").asString(""),
                        chat.path("style").asInt(0) == 43
                                || chat.path("guid").asString("").contains(";+;")),
                json.path("handle").path("address").asString(""),
                at,
                words(json),
                state(json, at));
    }

    Optional<PhoneNumber> sender() {
        return PhoneNumber.parse(address);
    }

    boolean isTapback() {
        return !words.tapback().isEmpty() && !words.target().isEmpty();
    }

    /// A row may be there before its attachments are.
    boolean isEmpty() {
        return words.text().isEmpty() && words.attachments().isEmpty() && !isTapback();
    }

    /// The bubble that a tapback is on: `p:<part>/<guid>`, `bp:<guid>` or the guid alone.
    String target() {
        String target = words.target().startsWith("bp:") ? words.target().substring(3) : words.target();
        return target.substring(target.indexOf('/') + 1);
    }

    int targetPart() {
        String target = words.target();
        String part = target.startsWith("p:") && target.contains("/") ? target.substring(2, target.indexOf('/')) : "";
        return part.matches("[0-9]{1,4}") ? Integer.parseInt(part) : 0;
    }

    private static Words words(JsonNode json) {
        return new Words(
                json.path("text").asString("").replace(OBJECT, "").strip(),
                json.path("attachments")
                        .valueStream()
                        .filter(it -> !it.path("guid").asString("").isEmpty())
                        .map(it -> new Attachment(
                                it.path("guid").asString(),
                                it.path("mimeType").asString(""),
                                it.path("transferName").asString("")))
                        .toList(),
                json.path("expressiveSendStyleId").asString(""),
                json.path("associatedMessageGuid").asString(""),
                json.path("associatedMessageType").asString(""));
    }

    private static State state(JsonNode json, Instant at) {
        Optional<Instant> delivered = instant(json.path("dateDelivered"));
        return new State(
                json.path("itemType").asInt(0),
                json.path("error").asInt(0),
                delivered.isPresent() || json.path("isDelivered").asBoolean(false),
                delivered.orElse(at),
                instant(json.path("dateRead")),
                service(json));
    }

    private static Service service(JsonNode json) {
        String named = json.path("handle").path("service").asString("");
        String told = named.isEmpty() ? json.path("chats").path(0).path("guid").asString("") : named;
        return told.startsWith("SMS") ? Service.SMS : told.startsWith("RCS") ? Service.RCS : Service.IMESSAGE;
    }

    private static Optional<Instant> instant(JsonNode millis) {
        return millis.isNumber() && millis.asLong() > 0
                ? Optional.of(Instant.ofEpochMilli(millis.asLong()))
                : Optional.empty();
    }
}
