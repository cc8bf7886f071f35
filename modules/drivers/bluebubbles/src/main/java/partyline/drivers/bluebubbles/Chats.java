package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import partyline.drivers.Cache;
import partyline.drivers.Reconciler;
import partyline.kernel.PhoneNumber;

/// The talks on a line, by person, and which of the Mac's messages are known as ours. Thread-safe.
final class Chats {

    /// What is known about the talk with one person. One thing is done in a chat at a time ([#turn]), since the Mac
    /// tells two overlapping sends the same guid. Thread-safe.
    static final class Chat {

        private final PhoneNumber person;
        private final ReentrantLock turn = new ReentrantLock(true);
        private String guid = "";
        private boolean anew;

        private Chat(PhoneNumber person) {
            this.person = person;
        }

        PhoneNumber person() {
            return person;
        }

        ReentrantLock turn() {
            return turn;
        }

        /// Takes the turn unless somebody has it for longer than `patience`.
        boolean tryTurn(Duration patience) {
            try {
                return turn.tryLock(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        /// The Mac's name of the chat; empty when it is not known.
        synchronized Optional<String> guid() {
            return guid.isEmpty() ? Optional.empty() : Optional.of(guid);
        }

        synchronized void guid(String known) {
            guid = known;
            anew = false;
        }

        /// Whether the Mac showed a chat that it cannot send to.
        synchronized boolean startsAnew() {
            return anew;
        }

        synchronized void startAnew() {
            guid = "";
            anew = true;
        }

        /// Whether this is the Mac's name of it.
        synchronized boolean is(MacMessage.Chat chat) {
            return chat.person().filter(person::equals).isPresent()
                    || !guid.isEmpty() && chat.guid().equals(guid);
        }
    }

    private static final int ECHOES = 500;
    private static final int FAILED = 500;
    /// What is known of a chat is asked of the Mac again.
    private static final int PEOPLE = 2_000;

    private final MacApi api;
    private final Reconciler reconciler;
    private final Map<PhoneNumber, Chat> chats =
            Cache.used(PEOPLE, chat -> !chat.turn().isLocked());
    private final Map<String, Runnable> listeners = new ConcurrentHashMap<>();
    /// The guids that the Mac told under our temporary ids.
    private final Map<String, String> echoes = Cache.newest(ECHOES);
    /// The rows of tries that failed.
    private final Map<String, Boolean> failed = Cache.newest(FAILED);

    Chats(MacApi api, Reconciler reconciler) {
        this.api = api;
        this.reconciler = reconciler;
    }

    Chat with(PhoneNumber person) {
        return chats.computeIfAbsent(person, Chat::new);
    }

    void failed(String guid) {
        failed.put(guid, true);
    }

    /// Whether this is something that we sent, or a try of it that failed.
    boolean isKnown(String guid) {
        return failed.containsKey(guid) || reconciler.isSent(guid);
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
