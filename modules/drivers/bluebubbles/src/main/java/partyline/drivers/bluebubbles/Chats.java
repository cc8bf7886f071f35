package partyline.drivers.bluebubbles;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import partyline.drivers.Cache;
import partyline.kernel.PhoneNumber;
import partyline.transport.LineSetup;

/// The talks on a line, by person. What was sent is remembered over restarts, so that a lost send is never taken for an
/// equal one that is known. Thread-safe.
final class Chats {

    private static final String NOTE = "chat ";
    private static final int ECHOES = 500;
    /// What of a chat must not be forgotten is on disk; the rest is asked of the Mac again.
    private static final int PEOPLE = 2_000;

    private final LineSetup setup;
    private final MacApi api;
    private final Map<PhoneNumber, Chat> chats;
    private final Map<String, Runnable> listeners = new ConcurrentHashMap<>();
    /// The guids that the Mac told under our temporary ids.
    private final Map<String, String> echoes = Cache.newest(ECHOES);

    Chats(LineSetup setup, MacApi api) {
        this.setup = setup;
        this.api = api;
        this.chats = Cache.used(PEOPLE, chat -> !chat.isBusy());
    }

    Chat with(PhoneNumber person) {
        Chat known = chats.get(person);
        if (known != null) {
            return known;
        }
        Chat remembered = new Chat(person, setup.around().memory().recall(setup.line(), NOTE + person));
        Chat first = chats.putIfAbsent(person, remembered);
        return first == null ? remembered : first;
    }

    void remember(Chat chat, Chat.Sent sent) {
        chat.remember(sent);
        setup.around().memory().keep(setup.line(), NOTE + chat.person(), chat.note());
    }

    void echo(String tempGuid, String guid) {
        echoes.put(tempGuid, guid);
        Optional.ofNullable(listeners.get(tempGuid)).ifPresent(Runnable::run);
    }

    /// Runs `heard` whenever the Mac tells a row under this temporary id.
    void listen(String tempGuid, Runnable heard) {
        listeners.put(tempGuid, heard);
    }

    void listenNoMore(String tempGuid) {
        listeners.remove(tempGuid);
    }

    Optional<String> echo(String tempGuid) {
        return Optional.ofNullable(echoes.get(tempGuid));
    }

    /// The Mac's name of the chat with this person; `sms` tells which of the two kinds. Empty when there is no
    /// such chat yet. macOS 26 calls both kinds `any`.
    Optional<String> find(Chat chat, boolean sms) {
        Optional<String> known =
                chat.guid().filter(guid -> sms ? !guid.startsWith("iMessage") : !guid.startsWith("SMS"));
        if (known.isPresent()) {
            return known;
        }
        for (String prefix : sms ? List.of("SMS", "any") : List.of("iMessage", "any")) {
            String guid = prefix + ";-;" + chat.person();
            if (api.get("/chat/" + MacApi.part(guid)).success()) {
                chat.guid(guid);
                return Optional.of(guid);
            }
        }
        return Optional.empty();
    }
}
