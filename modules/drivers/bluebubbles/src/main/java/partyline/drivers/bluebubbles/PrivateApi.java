package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import partyline.drivers.HttpCalls;
import partyline.drivers.bluebubbles.Chats.Chat;
import partyline.drivers.bluebubbles.MacMessage.Tapback;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.TapbackResult;
import tools.jackson.databind.node.ObjectNode;

/// What the Private API alone can do: our tapbacks, of which the Mac's database tells which one to take back; and
/// typing and reading, for what they are worth: what fails is forgotten. Typing never waits for a text that is on its
/// way, since it would outlive it. Thread-safe.
final class PrivateApi {

    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration LIFE = Duration.ofSeconds(60);

    private final MacApi api;
    private final MacStatus status;
    private final Chats chats;
    private final InstantSource clock;
    private final Map<PhoneNumber, Instant> typing = new ConcurrentHashMap<>();

    PrivateApi(MacApi api, MacStatus status, Chats chats, InstantSource clock) {
        this.api = api;
        this.status = status;
        this.chats = chats;
        this.clock = clock;
    }

    /// The six alone can be sent.
    TapbackResult tapback(PhoneNumber person, String target, @Nullable String reaction, int part) {
        if (reaction != null && !Tapback.CLASSIC.contains(reaction)) {
            return TapbackResult.NEVER;
        }
        Chat chat = chats.with(person);
        if (!status.now().privateApi() || !chat.tryTurn(PATIENCE)) {
            return TapbackResult.NOT_NOW;
        }
        try {
            Optional<String> guid = chats.find(chat, false);
            if (guid.isEmpty()) {
                return TapbackResult.NOT_NOW;
            }
            Optional<String> wanted = reaction == null ? live(target, part).map(it -> "-" + it) : Optional.of(reaction);
            return wanted.map(it -> react(guid.get(), target, it, part)).orElse(TapbackResult.TAKEN);
        } finally {
            chat.turn().unlock();
        }
    }

    private TapbackResult react(String chat, String target, String reaction, int part) {
        ObjectNode body = Json.object()
                .put("chatGuid", chat)
                .put("selectedMessageGuid", target)
                .put("reaction", reaction)
                .put("partIndex", part);
        return api.act("/message/react", body, HttpCalls.QUICK).tapback();
    }

    /// Our tapback on that part, as the Mac shows it.
    private Optional<String> live(String target, int part) {
        Map<String, Object> where =
                Map.of("message.is_from_me = :mine", 1, "message.associated_message_guid LIKE :target", "%" + target);
        return api.messages(MacApi.query("DESC", 100, List.of(), where)).orElse(List.of()).stream()
                .filter(row -> row.isTapback() && row.target().equals(target) && row.targetPart() == part)
                .reduce((_, newer) -> newer)
                .flatMap(MacMessage::tapback)
                .filter(kind -> !kind.removed())
                .map(Tapback::reaction);
    }

    void typing(PhoneNumber person, boolean show) {
        Chat chat = chats.with(person);
        if (!status.now().privateApi() || !chat.turn().tryLock()) {
            return;
        }
        try {
            if (show) {
                chats.find(chat, false).ifPresent(guid -> {
                    typing.put(person, clock.instant().plus(LIFE));
                    api.act("/chat/" + MacApi.part(guid) + "/typing", Json.object(), HttpCalls.QUICK);
                });
            } else if (typing.remove(person) != null) {
                chat.guid().ifPresent(this::hide);
            }
        } finally {
            chat.turn().unlock();
        }
    }

    /// A text ends the bubble by itself.
    void sent(PhoneNumber person) {
        typing.remove(person);
    }

    /// Ends what was shown for long enough.
    void expire() {
        Instant now = clock.instant();
        typing.forEach((person, until) -> {
            if (!until.isAfter(now)) {
                typing(person, false);
            }
        });
    }

    void read(PhoneNumber person) {
        if (status.now().privateApi()) {
            chats.find(chats.with(person), false)
                    .ifPresent(guid -> api.act("/chat/" + MacApi.part(guid) + "/read", Json.object(), HttpCalls.QUICK));
        }
    }

    /// Servers up to 1.9.9 *begin* to type when told to stop; there the bubble is left to Apple, which hides it
    /// within a minute.
    private void hide(String guid) {
        if (stops(status.now().version())) {
            api.delete("/chat/" + MacApi.part(guid) + "/typing");
        }
    }

    static boolean stops(String version) {
        int[] parts = Optional.of(version)
                .filter(it -> it.matches("[0-9]{1,4}(\\.[0-9]{1,4}){0,3}.*"))
                .map(it -> it.replaceAll("[^0-9.].*", "").split("\\."))
                .map(it -> Arrays.stream(it).mapToInt(Integer::parseInt).toArray())
                .orElse(new int[0]);
        return Arrays.compare(parts, new int[] {1, 9, 9}) > 0;
    }
}
