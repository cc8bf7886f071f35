package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Random traffic of two organizations with two agents each, and three people who talk with all of them over the same
/// lines, while rules come and go. After each step every key must see exactly what a plain model says.
class TenancyTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final int STEPS = 150;

    /// An agent, its own key and its organization's.
    private record Agent(String handle, String id, Api own, Api organization) {}

    /// What the model remembers of a pair.
    private static final class Pair {
        private Optional<String> line = Optional.empty();
        private boolean blocked;
        private final List<String> shown = new ArrayList<>();
        private final List<String> hidden = new ArrayList<>();
    }

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final List<String> people = List.of(server.person(), server.person(), server.person());
    private final List<Agent> agents =
            List.of(agent(server.admin()), agent(server.admin()), agent(server.stranger()), agent(server.stranger()));
    private final Map<String, Pair> pairs = new HashMap<>();

    @Test
    void every_key_sees_what_is_its_own_and_nothing_else() {
        for (int step = 0; step < STEPS; step++) {
            Agent agent = agents.get(random.nextInt(agents.size()));
            String person = people.get(random.nextInt(people.size()));
            step(agent, person, "text " + step);
            String where = "seed " + seed + " step " + step;
            agents.forEach(it -> assertThat(waitFor(() -> seen(it), seen -> seen.equals(expected(it))))
                    .as(where)
                    .isNotNull());
        }
        agents.forEach(this::audit);
    }

    private void step(Agent agent, String person, String text) {
        Pair pair = pair(agent, person);
        switch (random.nextInt(6)) {
            case 0 -> connect(agent, person, pair);
            case 1 -> disconnect(agent, person, pair);
            case 2 -> toggleRule(agent, person, pair);
            case 3 -> send(agent, person, pair, text);
            default -> write(person, pair, text);
        }
    }

    private void connect(Agent agent, String person, Pair pair) {
        if (pair.line.isPresent()) {
            return;
        }
        long before = greetings(agent, person);
        server.admin().text(person, ROUTER, "connect @" + agent.handle());
        if (!pair.blocked) {
            waitFor(() -> greetings(agent, person), count -> count > before);
            pair.line = lineOf(agent, person);
        }
    }

    private void disconnect(Agent agent, String person, Pair pair) {
        server.admin().text(person, ROUTER, "disconnect @" + agent.handle());
        waitFor(() -> agent.own().get("/api/v1/imessage/assignments").text(), text -> !text.contains(person));
        pair.line = Optional.empty();
    }

    private void toggleRule(Agent agent, String person, Pair pair) {
        String rules = "/api/v1/imessage/identities/" + agent.handle() + "/contact-rules";
        if (pair.blocked) {
            agent.own()
                    .get(rules)
                    .json()
                    .valueStream()
                    .filter(rule -> rule.path("match_target").asString().equals(person))
                    .forEach(rule -> agent.organization()
                            .delete(rules + "/" + rule.path("id").asString())
                            .expect(204));
        } else {
            agent.own()
                    .post(rules, "{\"action\":\"block\",\"match_target\":\"%s\"}".formatted(person))
                    .expect(201);
        }
        pair.blocked = !pair.blocked;
    }

    private void send(Agent agent, String person, Pair pair, String text) {
        int wanted = pair.blocked ? 403 : pair.line.isPresent() && said(pair) ? 201 : 0;
        Api.Answer answer = agent.own().post(Talk.MESSAGES, "{\"to\":\"%s\",\"text\":\"%s\"}".formatted(person, text));
        assertThat(answer.status()).as(answer.text()).isIn(wanted == 0 ? Set.of(404, 409) : Set.of(wanted));
        if (wanted == 201) {
            pair.shown.add(text);
        }
    }

    private void write(String person, Pair pair, String text) {
        pair.line.ifPresent(line -> {
            server.admin().text(person, line, text);
            (pair.blocked ? pair.hidden : pair.shown).add(text);
        });
    }

    /// The admin sees the hidden ones as well, of its own organization alone.
    private void audit(Agent agent) {
        Set<String> all = new HashSet<>(expected(agent));
        people.forEach(person -> all.addAll(pair(agent, person).hidden));
        String path = Talk.MESSAGES + "?limit=200&agent_identity_id=" + agent.id();
        assertThat(texts(agent.organization().get(path).expect(200).json())).isEqualTo(all);
        agents.stream()
                .filter(other ->
                        other.organization().key() != agent.organization().key())
                .forEach(other -> {
                    other.organization().get(path).expect(404);
                    other.own().get(path).expect(403);
                });
    }

    private Set<String> seen(Agent agent) {
        return texts(agent.own().get(Talk.MESSAGES + "?limit=200").expect(200).json());
    }

    private Set<String> expected(Agent agent) {
        return people.stream()
                .flatMap(person -> pair(agent, person).shown.stream())
                .collect(Collectors.toSet());
    }

    private static boolean said(Pair pair) {
        return !pair.shown.isEmpty();
    }

    private Pair pair(Agent agent, String person) {
        return pairs.computeIfAbsent(agent.handle() + person, _ -> new Pair());
    }

    /// How often the agent was introduced in a thread of its own.
    private static long greetings(Agent agent, String person) {
        return server.admin()
                .phone(person)
                .path("threads")
                .valueStream()
                .flatMap(thread -> thread.path("bubbles").valueStream())
                .filter(bubble -> greets(agent, bubble))
                .count();
    }

    private static Optional<String> lineOf(Agent agent, String person) {
        return server.admin()
                .phone(person)
                .path("threads")
                .valueStream()
                .filter(thread -> thread.path("bubbles")
                        .valueStream()
                        .filter(it -> isGreeting(it))
                        .reduce((_, last) -> last)
                        .filter(last -> greets(agent, last))
                        .isPresent())
                .map(thread -> thread.path("line").asString())
                .findFirst();
    }

    private static boolean isGreeting(JsonNode bubble) {
        return bubble.path("text").asString("").startsWith("Hello, this is");
    }

    private static boolean greets(Agent agent, JsonNode bubble) {
        return isGreeting(bubble) && bubble.path("text").asString().contains("@" + agent.handle());
    }

    private static Agent agent(Api organization) {
        JsonNode identity = organization.identity("agent-" + UUID.randomUUID());
        return new Agent(
                identity.path("agent_handle").asString(),
                identity.path("id").asString(),
                organization.scoped(identity),
                organization);
    }

    private static Set<String> texts(JsonNode messages) {
        return IntStream.range(0, messages.size())
                .mapToObj(at -> messages.get(at).path("content").asString(""))
                .collect(Collectors.toSet());
    }
}
