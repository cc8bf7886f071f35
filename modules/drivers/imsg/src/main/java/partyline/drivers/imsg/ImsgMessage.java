package partyline.drivers.imsg;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import partyline.kernel.PhoneNumber;
import tools.jackson.databind.JsonNode;

/// A row of the Mac's message database as imsg tells it. `at` is when it was written, if that can be read.
record ImsgMessage(
        long rowId,
        String guid,
        boolean fromMe,
        Chat chat,
        String sender,
        String text,
        List<Attachment> attachments,
        Optional<Tapback> tapback,
        boolean poll,
        Optional<Instant> at) {

    /// `service` is how its guid begins: macOS 26 says `any` of each.
    record Chat(long id, String service, String identifier, boolean group) {

        /// Whom the guid of a chat, such as `iMessage;-;+12025550140`, names.
        static Optional<PhoneNumber> person(String guid) {
            return guid.contains(";-;")
                    ? PhoneNumber.parse(guid.substring(guid.lastIndexOf(';') + 1))
                    : Optional.empty();
        }
    }

    /// `path` is where it is on the Mac, once it is.
    record Attachment(String name, String type, String path, boolean missing) {}

    /// One of the six, or an emoji, set or taken away.
    record Tapback(
            String target,
            int part,
            String reaction,
            @Nullable String emoji,
            boolean removed) {}

    static final Set<String> SIX = Set.of("love", "like", "dislike", "laugh", "emphasize", "question");
    private static final Pattern PART = Pattern.compile("p:([0-9]{1,4})/");
    private static final String OBJECT = "\uFFFC";
    private static final String UNREADABLE = "\uFFFD";
    private static final String FURNITURE = ".pluginPayloadAttachment";

    static ImsgMessage of(JsonNode json) {
        String guid = json.path("chat_guid").asString("");
        String text = json.path("text").asString("").replace(OBJECT, "").strip();
        return new ImsgMessage(
                json.path("id").asLong(0),
                json.path("guid").asString(""),
                json.path("is_from_me").asBoolean(false),
                new Chat(
                        json.path("chat_id").asLong(0),
                        guid.substring(0, Math.max(0, guid.indexOf(';'))),
                        guid.isEmpty()
                                ? json.path("chat_identifier").asString("")
                                : guid.substring(guid.lastIndexOf(';') + 1),
                        json.path("is_group").asBoolean(false)
                                || json.path("participants").size() > 1),
                json.path("sender").asString(""),
                text.replace(UNREADABLE, "").isBlank() ? "" : text,
                json.path("attachments")
                        .valueStream()
                        .filter(file -> !file.path("is_sticker").asBoolean(false))
                        .map(ImsgMessage::attachment)
                        .filter(file -> !file.name().endsWith(FURNITURE))
                        .toList(),
                tapback(json),
                json.path("poll").isObject(),
                time(json.path("created_at").asString("")));
    }

    /// Whom the row names, else whom its chat is with; `known` says who it is that is called so.
    Optional<PhoneNumber> person(Function<String, Optional<PhoneNumber>> known) {
        Optional<PhoneNumber> with = PhoneNumber.parse(chat.identifier());
        return fromMe ? with : known.apply(sender).or(() -> with);
    }

    /// Whether there is anything to tell: what belongs to a row may come after it.
    boolean isEmpty() {
        return text.isEmpty() && attachments.isEmpty() && tapback.isEmpty() && !poll;
    }

    private static Attachment attachment(JsonNode json) {
        String stored = json.path("filename").asString("");
        String name = json.path("transfer_name").asString("");
        return new Attachment(
                name.isEmpty() ? stored.substring(stored.lastIndexOf('/') + 1) : name,
                json.path("mime_type").asString(""),
                json.path("original_path").asString(""),
                json.path("missing").asBoolean(false));
    }

    private static Optional<Tapback> tapback(JsonNode json) {
        String target = json.path("reacted_to_guid").asString("");
        if (!json.path("is_reaction").asBoolean(false) || target.isEmpty()) {
            return Optional.empty();
        }
        String told = json.path("reaction_type").asString("");
        String name = told.equals("emphasis") ? "emphasize" : told;
        boolean classic = SIX.contains(name);
        String emoji = json.path("reaction_emoji").asString("");
        return Optional.of(new Tapback(
                target.substring(target.indexOf('/') + 1).replaceFirst("^bp:", ""),
                part(target),
                classic ? name : "custom",
                classic || emoji.isEmpty() ? null : emoji,
                !json.path("is_reaction_add").asBoolean(true)));
    }

    /// `p:<part>/<guid>`, or the guid alone.
    private static int part(String target) {
        Matcher named = PART.matcher(target);
        return named.lookingAt() ? Integer.parseInt(named.group(1)) : 0;
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
