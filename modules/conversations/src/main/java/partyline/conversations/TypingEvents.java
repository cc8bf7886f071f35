package partyline.conversations;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Storage;
import partyline.kernel.Tx;
import partyline.rules.Direction;
import tools.jackson.databind.node.ObjectNode;

/// Tells the journal that a person types, which is gone in a moment: only while somebody watches for it, and at most
/// once in five seconds for one person and line. That they stopped is not told; a message or silence says so.
/// Thread-safe.
final class TypingEvents {

    private static final String TYPE = "imessage.typing";
    private static final Duration QUIET = Duration.ofSeconds(5);

    /// Whose typing on which line was told.
    private record Bubble(PhoneNumber person, String line) {}

    private final Storage storage;
    private final EventPublisher announcer;
    private final ConversationResolver addressing;
    private final ConversationStore conversations = new ConversationStore();
    private final ConcurrentMap<Bubble, Instant> told = new ConcurrentHashMap<>();

    TypingEvents(Storage storage, EventPublisher announcer, ConversationResolver addressing) {
        this.addressing = addressing;
        this.storage = storage;
        this.announcer = announcer;
    }

    void typing(String line, PhoneNumber person) {
        Instant now = storage.clock().instant();
        Optional<Connection> connection = storage.database().read(handle -> addressing.inFocus(handle, person, line));
        if (connection.filter(this::watched).isPresent() && due(new Bubble(person, line), now)) {
            storage.database().update(tx -> addressing.inFocus(tx, person, line).ifPresent(it -> tell(tx, it)));
        }
    }

    private boolean watched(Connection connection) {
        return storage.journal().watched(connection.organization(), connection.identity(), TYPE);
    }

    /// Whether it is time to tell again; if so, it counts as told.
    private boolean due(Bubble bubble, Instant now) {
        told.values().removeIf(at -> at.isAfter(now) || !at.plus(QUIET).isAfter(now));
        return told.putIfAbsent(bubble, now) == null;
    }

    private void tell(Tx tx, Connection connection) {
        Optional<Id> conversation = conversations
                .find(tx, connection.identity(), connection.person())
                .map(ConversationStore.Row::id);
        ObjectNode data = Json.object();
        ObjectNode typing = data.putObject("typing");
        typing.put("conversation_id", conversation.map(Id::text).orElse(null));
        typing.put("assignment_id", connection.id().text());
        typing.put("direction", "inbound");
        typing.put("remote_number", connection.person().text());
        announcer.announce(
                tx,
                new Event.Draft(
                        connection.organization(),
                        Optional.of(connection.identity()),
                        conversation,
                        Optional.of(connection.person()),
                        TYPE,
                        Json.write(data)),
                Direction.INBOUND);
    }
}
