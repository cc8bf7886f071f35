package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import partyline.drivers.HttpCalls;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;

/// Typing and reading, for what they are worth: what fails is forgotten. Typing never waits for a text that is on its
/// way, since it would outlive it. Thread-safe.
final class BlueBubblesPresence {

    private static final Duration LIFE = Duration.ofSeconds(60);

    private final MacApi api;
    private final MacStatus status;
    private final Chats chats;
    private final InstantSource clock;
    private final Map<PhoneNumber, Instant> typing = new ConcurrentHashMap<>();

    BlueBubblesPresence(MacApi api, MacStatus status, Chats chats, InstantSource clock) {
        this.api = api;
        this.status = status;
        this.chats = chats;
        this.clock = clock;
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
