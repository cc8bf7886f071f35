package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.transport.TapbackResult;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Our tapbacks, set and taken back through the Private API. Which one to take back is asked of the Mac's database.
record BlueBubblesTapbacks(MacApi api, MacStatus status, Chats chats) {

    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /// The six alone can be sent.
    TapbackResult set(Chat chat, String target, @Nullable String reaction, int part) {
        if (reaction != null && !TapbackKind.CLASSIC.contains(reaction)) {
            return TapbackResult.NEVER;
        }
        if (!status.now().privateApi() || !tryTurn(chat)) {
            return TapbackResult.NOT_NOW;
        }
        try {
            Optional<String> guid = chats.find(chat, false);
            if (guid.isEmpty()) {
                return TapbackResult.NOT_NOW;
            }
            Optional<String> wanted = reaction == null ? live(target, part).map(it -> "-" + it) : Optional.of(reaction);
            boolean taken = wanted.isPresent() ? react(guid.get(), target, wanted.get(), part) : reaction == null;
            return taken ? TapbackResult.TAKEN : TapbackResult.NOT_NOW;
        } finally {
            chat.turn().unlock();
        }
    }

    private boolean react(String chat, String target, String reaction, int part) {
        ObjectNode body = Json.object()
                .put("chatGuid", chat)
                .put("selectedMessageGuid", target)
                .put("reaction", reaction)
                .put("partIndex", part);
        return api.act("/message/react", body, MacApi.QUICK) instanceof Reply.Answered answer && answer.success();
    }

    /// Our tapback on that part, as the Mac shows it.
    private Optional<String> live(String target, int part) {
        ObjectNode query = Json.object().put("limit", 100).put("offset", 0).put("sort", "DESC");
        ArrayNode where = query.putArray("where");
        where.addObject()
                .put("statement", "message.is_from_me = :mine")
                .putObject("args")
                .put("mine", 1);
        where.addObject()
                .put("statement", "message.associated_message_guid LIKE :target")
                .putObject("args")
                .put("target", "%" + target);
        if (!(api.ask("/message/query", query) instanceof Reply.Answered answer) || !answer.success()) {
            return Optional.empty();
        }
        return answer.json()
                .path("data")
                .valueStream()
                .map(MacMessage::of)
                .filter(row -> row.isTapback() && row.target().equals(target) && row.targetPart() == part)
                .max(Comparator.comparing(MacMessage::rowId))
                .flatMap(
                        row -> TapbackKind.of(row.words().tapback(), row.words().text()))
                .filter(kind -> !kind.removed())
                .map(TapbackKind::reaction);
    }

    private static boolean tryTurn(Chat chat) {
        try {
            return chat.turn().tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
