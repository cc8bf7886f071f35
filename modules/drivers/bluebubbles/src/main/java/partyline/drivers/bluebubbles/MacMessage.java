package partyline.drivers.bluebubbles;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// A row of the Mac's message database, as its server shows it. `address` is who wrote it when it was not us; it may be
/// empty, or a mail address.
record MacMessage(
        String guid, long rowId, boolean fromMe, Chat chat, String address, Instant at, Words words, State state) {

    /// The chat's guid, such as `iMessage;-;+12025550140`, empty when it was not told; `name` is what stands in it or
    /// beside it for the other side.
    record Chat(String guid, String name, Kind kind) {

        /// What was not told to be with one person is [#UNKNOWN], never taken for it.
        enum Kind {
            ONE,
            GROUP,
            UNKNOWN
        }

        private static final int STYLE_OF_GROUPS = 43;

        /// Who the chat is with, when that is one person with a number.
        Optional<PhoneNumber> person() {
            return person(PhoneNumber::parse);
        }

        /// The same where `known` says who it is that is called so.
        Optional<PhoneNumber> person(Function<String, Optional<PhoneNumber>> known) {
            return kind == Kind.ONE ? known.apply(name) : Optional.empty();
        }

        static Chat of(String guid) {
            return of(guid, guid.substring(guid.lastIndexOf(';') + 1), 0);
        }

        static Chat of(JsonNode json) {
            String guid = json.path("guid").asString("");
            String name = guid.substring(guid.lastIndexOf(';') + 1);
            return of(
                    guid,
                    name.isEmpty() ? json.path("chatIdentifier").asString("") : name,
                    json.path("style").asInt(0));
        }

        private static Chat of(String guid, String name, int style) {
            boolean group = style == STYLE_OF_GROUPS || guid.contains(";+;");
            boolean one = guid.contains(";-;")
                    || name.contains("@")
                    || PhoneNumber.parse(name).isPresent();
            return new Chat(guid, name, group ? Kind.GROUP : one ? Kind.ONE : Kind.UNKNOWN);
        }
    }

    /// What it says: the subject, if it has one, is the first line of `text`. `missing` when it has parts that are not
    /// there yet. `target` and `tapback` are those of a tapback row, else empty.
    record Words(
            String text, List<Attachment> attachments, boolean missing, String effect, String target, String tapback) {}

    record Attachment(String guid, String type, String name) {}

    /// How far it got; `service` is the person's. `kind` other than 0 is a change of
    /// the group, no message.
    record State(
            int kind,
            int error,
            boolean delivered,
            Instant deliveredAt,
            Optional<Instant> readAt,
            Optional<Change> change,
            Service service) {}

    /// What an `associatedMessageType` says: one of the six, or an emoji, set or taken away.
    record Tapback(String reaction, @Nullable String emoji, boolean removed) {

        /// The six that the server can send and take back.
        static final Set<String> CLASSIC = Set.of("love", "like", "dislike", "laugh", "emphasize", "question");

        private static final String EMOJI_SET = "2006";
        private static final String EMOJI_REMOVED = "3006";
        /// The emoji of such a tapback is in its text alone: `Reacted 😀 to “…”`, `Removed a 😀 from “…”`.
        private static final Pattern EMOJI =
                Pattern.compile("^(?:Reacted|Removed an?) (\\S+) (?:to|from) ", Pattern.UNICODE_CASE);

        private static Optional<Tapback> of(String type, String text) {
            String name = type.startsWith("-") ? type.substring(1) : type;
            if (CLASSIC.contains(name)) {
                return Optional.of(new Tapback(name, null, type.startsWith("-")));
            }
            if (type.equals(EMOJI_REMOVED)) {
                return Optional.of(new Tapback("custom", emoji(text).orElse(null), true));
            }
            return type.equals(EMOJI_SET)
                    ? emoji(text).map(found -> new Tapback("custom", found, false))
                    : Optional.empty();
        }

        private static Optional<String> emoji(String text) {
            Matcher matcher = EMOJI.matcher(text);
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        }
    }

    /// The person changed its words, or took it back.
    record Change(Instant at, boolean unsent) {}

    private static final String OBJECT = "\uFFFC";
    private static final String UNREADABLE = "\uFFFD";
    private static final String FURNITURE = ".pluginPayloadAttachment";

    static MacMessage of(JsonNode json) {
        Instant at = Instant.ofEpochMilli(json.path("dateCreated").asLong(0));
        Words words = words(json);
        return new MacMessage(
                json.path("guid").asString(""),
                json.path("originalROWID").asLong(0),
                json.path("isFromMe").asBoolean(false),
                Chat.of(json.path("chats").path(0)),
                json.path("handle").path("address").asString(""),
                at,
                words,
                state(json, at, words));
    }

    /// Whom the row names, else whom its chat is with; `known` says who it is that is called so.
    Optional<PhoneNumber> sender(Function<String, Optional<PhoneNumber>> known) {
        return known.apply(address).or(chat::person);
    }

    boolean isTapback() {
        return !words.tapback().isEmpty() && !words.target().isEmpty();
    }

    /// Empty when it is none, and for stickers, balloons and whatever comes next.
    Optional<Tapback> tapback() {
        return Tapback.of(words.tapback(), words.text());
    }

    boolean isUnsent() {
        return state.change().filter(Change::unsent).isPresent();
    }

    boolean isEmpty() {
        return words.text().isEmpty() && words.attachments().isEmpty() && !isTapback();
    }

    /// Whether there is nothing to wait for: a row may be there before its chat and its parts are.
    boolean isWhole() {
        boolean parts = isTapback() || !isEmpty() && !words.missing();
        return chat.kind() == Chat.Kind.GROUP || state.kind() != 0 || chat.kind() == Chat.Kind.ONE && parts;
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
        String raw = json.path("text").asString("");
        List<JsonNode> files = json.path("attachments")
                .valueStream()
                .filter(it -> !it.path("guid").asString("").isEmpty())
                .toList();
        boolean balloon = !json.path("balloonBundleId").asString("").isEmpty();
        String text = text(json.path("subject").asString(""), raw);
        return new Words(
                text,
                files.stream()
                        .filter(file -> !balloon && !isFurniture(file))
                        .map(it -> new Attachment(
                                it.path("guid").asString(),
                                it.path("mimeType").asString(""),
                                it.path("transferName").asString("")))
                        .toList(),
                isMissing(
                        raw.isBlank() ? text : raw,
                        files.size(),
                        json.path("partCount").asInt(0)),
                json.path("expressiveSendStyleId").asString(""),
                json.path("associatedMessageGuid").asString(""),
                json.path("associatedMessageType").asString(""));
    }

    /// A balloon of Apple's own, such as a game, has one character that nobody can read.
    private static String text(String subject, String raw) {
        String said = raw.replace(OBJECT, "").strip();
        String text = said.replace(UNREADABLE, "").isBlank() ? "" : said;
        return Stream.of(subject.replace(OBJECT, "").strip(), text)
                .filter(it -> !it.isEmpty())
                .reduce((first, second) -> first + "\n" + second)
                .orElse("");
    }

    /// A run of words is a part, and so is each file; where a file belongs there is an object character.
    private static boolean isMissing(String raw, int files, int parts) {
        long runs = Arrays.stream(raw.split(OBJECT)).filter(it -> !it.isBlank()).count();
        long places = raw.chars().filter(it -> it == OBJECT.charAt(0)).count();
        return files < places || runs + files < parts;
    }

    /// Link previews and whatever else Messages itself hides.
    private static boolean isFurniture(JsonNode file) {
        return file.path("hideAttachment").asBoolean(false)
                || file.path("transferName").asString("").endsWith(FURNITURE);
    }

    private static State state(JsonNode json, Instant at, Words words) {
        Optional<Instant> delivered = instant(json.path("dateDelivered"));
        Optional<Instant> unsent = instant(json.path("dateRetracted"));
        Optional<Instant> changed = unsent.or(() -> instant(json.path("dateEdited")));
        return new State(
                json.path("itemType").asInt(0),
                json.path("error").asInt(0),
                delivered.isPresent() || json.path("isDelivered").asBoolean(false),
                delivered.orElse(at),
                instant(json.path("dateRead")),
                changed.map(when ->
                        new Change(when, unsent.isPresent() || words.text().isEmpty())),
                service(json));
    }

    /// Of a service that is unknown, what most words stop: SMS.
    private static Service service(JsonNode json) {
        String named = json.path("handle").path("service").asString("");
        String chat = json.path("chats").path(0).path("guid").asString("");
        return Service.heard(named.isEmpty() ? chat.substring(0, Math.max(0, chat.indexOf(';'))) : named)
                .orElse(Service.SMS);
    }

    private static Optional<Instant> instant(JsonNode millis) {
        return millis.isNumber() && millis.asLong() > 0
                ? Optional.of(Instant.ofEpochMilli(millis.asLong()))
                : Optional.empty();
    }
}
