package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import partyline.drivers.HttpCalls;
import partyline.kernel.Json;
import partyline.transport.TapbackResult;
import tools.jackson.databind.node.ObjectNode;

/// Our tapbacks, set and taken back through the Private API. Which one to take back is asked of the Mac's database.
record BlueBubblesTapbacks(MacApi api, MacStatus status, Chats chats) {

    private static final Duration PATIENCE = Duration.ofSeconds(4);

    /// The six alone can be sent.
    TapbackResult set(Chat chat, String target, @Nullable String reaction, int part) {
        if (reaction != null && !TapbackKind.CLASSIC.contains(reaction)) {
            return TapbackResult.NEVER;
        }
        if (!status.now().privateApi() || !chat.tryTurn(PATIENCE)) {
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
        return api.act("/message/react", body, HttpCalls.QUICK).success();
    }

    /// Our tapback on that part, as the Mac shows it.
    private Optional<String> live(String target, int part) {
        Map<String, Object> where =
                Map.of("message.is_from_me = :mine", 1, "message.associated_message_guid LIKE :target", "%" + target);
        return api.messages(MacApi.query("DESC", 100, List.of(), where)).orElse(List.of()).stream()
                .filter(row -> row.isTapback() && row.target().equals(target) && row.targetPart() == part)
                .reduce((_, newer) -> newer)
                .flatMap(
                        row -> TapbackKind.of(row.words().tapback(), row.words().text()))
                .filter(kind -> !kind.removed())
                .map(TapbackKind::reaction);
    }
}
