package partyline.drivers.imsg;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import partyline.drivers.imsg.ImsgMessage.Tapback;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.LineSetup;
import partyline.transport.TapbackResult;
import tools.jackson.databind.node.ObjectNode;

/// What only imsg's bridge into Messages can do: our tapbacks, of which the Mac's database tells which one to take
/// back; and typing and reading, for what they are worth: what fails is forgotten. Without the bridge none of it is
/// asked for, since imsg would then try to start Messages anew. Thread-safe.
final class ImsgBridge {

    private static final Duration LIFE = Duration.ofSeconds(60);
    private static final String EYES = "eyes";
    /// A nicety waits for a text no longer than this.
    private static final Duration TURN = Duration.ofSeconds(3);
    private static final long LATEST_ROWS = 5_000;

    private final LineSetup setup;
    private final ImsgClient imsg;
    private final ImsgCatchUp catchUp;
    private final Map<PhoneNumber, Instant> typing = new ConcurrentHashMap<>();

    ImsgBridge(LineSetup setup, ImsgClient imsg, ImsgCatchUp catchUp) {
        this.setup = setup;
        this.imsg = imsg;
        this.catchUp = catchUp;
    }

    /// `eyes` is an emoji, and needs a bridge that takes any.
    TapbackResult tapback(PhoneNumber person, String target, @Nullable String reaction, int part) {
        ImsgClient.Seen seen = imsg.seen();
        if (reaction != null && !ImsgMessage.SIX.contains(reaction) && !seen.emoji()) {
            return TapbackResult.NEVER;
        }
        if (!seen.bridge() || !seen.can("tapback")) {
            return imsg.neverHadBridge() ? TapbackResult.NEVER : TapbackResult.NOT_NOW;
        }
        if (reaction != null) {
            return react(person, target, reaction.equals(EYES) ? "👀" : reaction, false, part);
        }
        Optional<String> shown = shown(target);
        return shown.isEmpty() ? TapbackResult.NOT_NOW : react(person, target, shown.get(), true, part);
    }

    private TapbackResult react(PhoneNumber person, String target, String reaction, boolean remove, int part) {
        String kind = ImsgMessage.SIX.contains(reaction) ? "reaction" : "emoji";
        ObjectNode wanted = Json.object()
                .put("chat_identifier", person.text())
                .put("message_guid", target)
                .put(kind, reaction)
                .put("remove", remove)
                .put("part_index", part);
        return switch (imsg.change("tapback", wanted, TURN, ImsgClient.QUICK)) {
            case ImsgReply.Answered _ -> TapbackResult.TAKEN;
            case ImsgReply.Failed failed when failed.isInvalid() -> TapbackResult.NEVER;
            case ImsgReply.Failed _, ImsgReply.Unsent _, ImsgReply.NoAnswer _ -> TapbackResult.NOT_NOW;
        };
    }

    /// Our tapback on that bubble, as the Mac's database shows it.
    private Optional<String> shown(String target) {
        return catchUp.latest(LATEST_ROWS).stream()
                .flatMap(rows -> rows.stream())
                .filter(ImsgMessage::fromMe)
                .flatMap(row -> row.tapback().stream())
                .filter(tapback -> tapback.target().equals(target))
                .reduce((_, newer) -> newer)
                .filter(tapback -> !tapback.removed())
                .map(ImsgBridge::name);
    }

    private static String name(Tapback tapback) {
        String emoji = tapback.emoji();
        return emoji == null ? tapback.reaction() : emoji;
    }

    void typing(PhoneNumber person, boolean show) {
        boolean shown = show ? imsg.seen().bridge() : typing.remove(person) != null;
        if (shown) {
            if (show) {
                typing.put(person, setup.now().plus(LIFE));
            }
            ObjectNode wanted = Json.object().put("to", person.text()).put("typing", show);
            imsg.change("typing", wanted, TURN, ImsgClient.QUICK);
        }
    }

    /// A text ends the bubble by itself.
    void sent(PhoneNumber person) {
        typing.remove(person);
    }

    /// Ends what was shown for long enough.
    void expire() {
        Instant now = setup.now();
        typing.forEach((person, until) -> {
            if (!until.isAfter(now)) {
                typing(person, false);
            }
        });
    }

    void read(PhoneNumber person) {
        if (imsg.seen().bridge()) {
            imsg.change("read", Json.object().put("to", person.text()), TURN, ImsgClient.QUICK);
        }
    }
}
