package partyline.app;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What every key must see, kept in plain lists: no shared lines, no database, only who did what with whom.
final class TenancyModel {

    /// A message and what became of it.
    static final class Said {

        final String text;
        final boolean outbound;
        final boolean blocked;
        boolean read;
        final TreeSet<String> reactions = new TreeSet<>();

        Said(String text, boolean outbound, boolean blocked) {
            this.text = text;
            this.outbound = outbound;
            this.blocked = blocked;
        }

        String seen() {
            return text + " read=" + read + " blocked=" + blocked + " " + reactions;
        }
    }

    /// A rule for a number, one way or both.
    record Rule(String action, String direction, boolean paused) {

        boolean covers(String side) {
            return direction.equals("both") || direction.equals(side);
        }
    }

    /// An agent and a person.
    static final class Pair {

        Optional<Rule> rule = Optional.empty();
        boolean connected;
        boolean everConnected;
        final List<Said> said = new ArrayList<>();

        List<Said> shown() {
            return said.stream().filter(it -> !it.blocked).toList();
        }

        boolean personWrote() {
            return shown().stream().anyMatch(it -> !it.outbound);
        }
    }

    /// What one key is shown, each list in a fixed order.
    record View(
            List<String> messages,
            List<String> conversations,
            List<String> connections,
            List<String> rules,
            List<String> events,
            List<String> deliveries,
            List<String> people) {}

    private static final List<String> TOLD_TO_WEBHOOKS =
            List.of("imessage.received", "imessage.sent", "imessage.delivered", "imessage.reaction_received");

    /// The agents that subscribed a webhook.
    private final Set<Integer> subscribed;
    /// The sides of an agent that are in whitelist mode.
    private final Map<Integer, Set<String>> whitelists = new HashMap<>();
    private final Map<List<Integer>, Pair> pairs = new HashMap<>();
    private final Map<Integer, List<String>> events = new HashMap<>();

    TenancyModel(Set<Integer> subscribed) {
        this.subscribed = subscribed;
    }

    Pair pair(int agent, int person) {
        return pairs.computeIfAbsent(List.of(agent, person), _ -> new Pair());
    }

    /// Turns the mode of a side; true when it is a whitelist now.
    boolean turnMode(int agent, String side) {
        Set<String> sides = whitelists.computeIfAbsent(agent, _ -> new HashSet<>());
        return sides.remove(side) ? false : sides.add(side);
    }

    boolean open(int agent, int person, String side) {
        return pair(agent, person)
                .rule
                .filter(rule -> !rule.paused() && rule.covers(side))
                .map(rule -> rule.action().equals("allow"))
                .orElse(!whitelists.getOrDefault(agent, Set.of()).contains(side));
    }

    private boolean open(int agent, int person) {
        return open(agent, person, "inbound") && open(agent, person, "outbound");
    }

    /// Something happened that the agent hears of, unless that way is closed; of a connection, unless both are.
    void tell(int agent, int person, String type) {
        boolean in = open(agent, person, "inbound");
        boolean out = open(agent, person, "outbound");
        boolean heard = switch (type) {
            case "imessage.received", "imessage.reaction_received" -> in;
            case "imessage.sent", "imessage.delivered" -> out;
            default -> in || out;
        };
        if (heard) {
            events.computeIfAbsent(agent, _ -> new ArrayList<>()).add(type + " " + person);
        }
    }

    void connect(int agent, int person) {
        Pair pair = pair(agent, person);
        if (!pair.connected && open(agent, person)) {
            pair.connected = true;
            pair.everConnected = true;
            tell(agent, person, "connection.created");
        }
    }

    void release(int agent, int person) {
        if (pair(agent, person).connected) {
            pair(agent, person).connected = false;
            tell(agent, person, "connection.released");
        }
    }

    /// Whoever is connected with the next one already need not be able to connect with it.
    void replace(int old, int next, int person) {
        boolean possible = open(next, person) || pair(next, person).connected;
        if (old != next && possible && pair(old, person).connected) {
            release(old, person);
            connect(next, person);
        }
    }

    /// What one agent's key shows.
    View ofAgent(int agent, int people) {
        return view(List.of(agent), people, it -> !it.blocked, false);
    }

    /// What an admin's key shows of these agents.
    View ofAdmin(List<Integer> agents, int people) {
        return view(agents, people, _ -> true, true);
    }

    private View view(List<Integer> agents, int people, Predicate<Said> visible, boolean admin) {
        List<List<Integer>> mine = agents.stream()
                .flatMap(agent -> Stream.iterate(0, it -> it + 1).limit(people).map(person -> List.of(agent, person)))
                .filter(pairs::containsKey)
                .toList();
        List<String> heard = sorted(agents.stream().flatMap(agent -> events.getOrDefault(agent, List.of()).stream()));
        return new View(
                sorted(mine.stream()
                        .flatMap(it ->
                                pairs.get(it).said.stream().filter(visible).map(Said::seen))),
                sorted(mine.stream().flatMap(it -> conversation(it, visible).stream())),
                sorted(mine.stream().filter(it -> pairs.get(it).connected).map(it -> "person " + it.get(1))),
                sorted(mine.stream().flatMap(it -> rule(it).stream())),
                heard,
                agents.stream().anyMatch(subscribed::contains)
                        ? heard.stream().filter(TenancyModel::toWebhooks).toList()
                        : List.of(),
                admin ? sorted(mine.stream().flatMap(it -> person(it).stream())) : List.of());
    }

    /// What an admin sees who looks at a person.
    private Optional<String> person(List<Integer> key) {
        Pair pair = pairs.get(key);
        long unread = pair.said.stream().filter(it -> !it.outbound && !it.read).count();
        return pair.everConnected
                ? Optional.of("person %d %s messages=%d unread=%d"
                        .formatted(key.get(1), pair.connected ? "active" : "released", pair.said.size(), unread))
                : Optional.empty();
    }

    private static boolean toWebhooks(String event) {
        return TOLD_TO_WEBHOOKS.stream().anyMatch(event::startsWith);
    }

    private Optional<String> rule(List<Integer> key) {
        return pairs.get(key)
                .rule
                .map(rule -> "person %d %s %s %s"
                        .formatted(key.get(1), rule.action(), rule.direction(), rule.paused() ? "paused" : "active"));
    }

    private Optional<String> conversation(List<Integer> key, Predicate<Said> visible) {
        Pair pair = pairs.get(key);
        List<Said> seen = pair.said.stream().filter(visible).toList();
        long unread = seen.stream().filter(it -> !it.outbound && !it.read).count();
        return seen.isEmpty()
                ? Optional.empty()
                : Optional.of("person %d %s total=%d unread=%d latest=%s"
                        .formatted(
                                key.get(1),
                                pair.connected ? "active" : "released",
                                seen.size(),
                                unread,
                                seen.getLast().text));
    }

    static List<String> sorted(Stream<String> texts) {
        return texts.sorted(Comparator.naturalOrder()).collect(Collectors.toList());
    }
}
