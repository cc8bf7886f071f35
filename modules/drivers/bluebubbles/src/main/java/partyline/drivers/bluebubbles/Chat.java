package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import partyline.drivers.Cache;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// What is known about the talk with one person: the Mac's name of the chat, and the last things that we sent
/// there. One thing is done in a chat at a time ([#turn]), since the Mac tells two overlapping sends the same
/// guid. Thread-safe.
final class Chat {

    /// Something that went out as `guid`; `key` is the client id, with the number of the part if it is not the last.
    record Sent(String key, String guid, Service service, Set<String> leftOut) {}

    private static final int REMEMBERED = 24;
    private static final int FAILED = 24;

    private final PhoneNumber person;
    private final ReentrantLock turn = new ReentrantLock(true);
    private final Deque<Sent> sent = new ArrayDeque<>();
    /// When what is not known to have gone out was handed to the Mac, left in doubt, or first looked for.
    private final Map<String, Instant> handed = new HashMap<>();
    /// The rows of tries that failed.
    private final Map<String, Boolean> failed = Cache.newest(FAILED);

    private String guid = "";
    private boolean anew;

    /// `note` is what [#note()] once gave, or empty.
    Chat(PhoneNumber person, Optional<String> note) {
        this.person = person;
        note.map(Json::read).ifPresent(list -> list.forEach(it -> sent.add(sent(it))));
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

    synchronized Optional<Sent> sent(String key) {
        return sent.stream().filter(it -> it.key().equals(key)).findFirst();
    }

    /// Whether `guid` is known to be something else than the piece with this key, which did not fail yet.
    synchronized boolean isAnother(String guid, String key) {
        return failed.containsKey(guid)
                || sent.stream()
                        .anyMatch(it -> it.guid().equals(guid) && !it.key().equals(key));
    }

    synchronized void failed(String guid) {
        failed.put(guid, true);
    }

    /// Whether this is the Mac's name of it.
    synchronized boolean is(MacMessage.Chat chat) {
        return chat.person().filter(person::equals).isPresent()
                || !guid.isEmpty() && chat.guid().equals(guid);
    }

    /// Whether something is under way here.
    boolean isBusy() {
        return turn.isLocked();
    }

    synchronized boolean sentAs(String guid) {
        return sent.stream().anyMatch(it -> it.guid().equals(guid));
    }

    synchronized void remember(Sent went) {
        handed.remove(went.key());
        sent.add(went);
        if (sent.size() > REMEMBERED) {
            sent.remove();
        }
    }

    /// When this was first handed over, as far as this run of the program knows.
    synchronized Instant handed(String key, Instant now) {
        return handed.computeIfAbsent(key, _ -> now);
    }

    synchronized void handedAt(String key, Instant now) {
        handed.put(key, now);
    }

    synchronized void forget(String key) {
        handed.remove(key);
    }

    /// What must survive a restart.
    synchronized String note() {
        ArrayNode list = Json.array();
        for (Sent it : sent) {
            list.addArray()
                    .add(it.key())
                    .add(it.guid())
                    .add(it.service().wire())
                    .add(String.join(" ", it.leftOut()));
        }
        return Json.write(list);
    }

    private static Sent sent(JsonNode kept) {
        return new Sent(
                kept.path(0).asString(),
                kept.path(1).asString(),
                Service.of(kept.path(2).asString()),
                Arrays.stream(kept.path(3).asString().split(" "))
                        .filter(it -> !it.isEmpty())
                        .collect(Collectors.toSet()));
    }
}
