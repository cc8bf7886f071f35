package partyline.drivers.linq;

import java.util.Map;
import java.util.Optional;
import partyline.drivers.Cache;
import partyline.kernel.PhoneNumber;
import partyline.transport.Line;

/// The line's threads, each with its person: Linq has one for every pair. What is not known is asked for. Thread-safe.
final class LinqChats {

    private static final int MOST = 10_000;

    private final LinqClient client;
    private final Line line;
    private final Map<String, LinqChat> chats = Cache.newest(MOST);
    private final Map<PhoneNumber, String> ids = Cache.newest(MOST);

    LinqChats(LinqClient client, Line line) {
        this.client = client;
        this.line = line;
    }

    void learn(LinqChat chat) {
        chats.put(chat.id(), chat);
        if (chat.isOf(line.number())) {
            chat.person().ifPresent(person -> ids.put(person, chat.id()));
        }
    }

    /// Where texts to `person` go from now on.
    void learn(String id, PhoneNumber person) {
        learn(new LinqChat(id, Optional.of(line.number()), person.text(), false, Optional.empty()));
    }

    /// Linq does not know this one any more.
    void forget(String id) {
        Optional.ofNullable(chats.remove(id)).flatMap(LinqChat::person).ifPresent(ids::remove);
    }

    /// Empty when there is none yet, or Linq does not say.
    Optional<String> with(PhoneNumber person) {
        return Optional.ofNullable(ids.get(person)).or(() -> {
            client.chatsWith(person).forEach(this::learn);
            return Optional.ofNullable(ids.get(person));
        });
    }

    /// Empty when Linq does not say.
    Optional<LinqChat> chat(String id) {
        return Optional.ofNullable(chats.get(id)).or(() -> {
            client.chat(id).ifPresent(this::learn);
            return Optional.ofNullable(chats.get(id));
        });
    }
}
