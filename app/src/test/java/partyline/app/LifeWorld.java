package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import partyline.kernel.Timestamps;
import tools.jackson.databind.JsonNode;

/// The true counterpart of the model: fresh agents and people on a real server, driven and looked at through
/// HTTP alone, but for the question whether all has settled.
final class LifeWorld {

    /// Nothing is put off for longer.
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private final TestServer server;
    private final VirtualClock clock;
    private final List<JsonNode> identities = new ArrayList<>();
    private final List<String> keys = new ArrayList<>();
    private final List<String> people = new ArrayList<>();
    /// The number of the line that an agent last greeted a person from, by both.
    private final Map<String, String> lines = new HashMap<>();

    private final Map<String, String> rules = new HashMap<>();

    LifeWorld(TestServer server, VirtualClock clock) {
        this.server = server;
        this.clock = clock;
        for (int agent = 0; agent < Step.AGENTS; agent++) {
            JsonNode identity = server.admin().identity("life-" + UUID.randomUUID());
            identities.add(identity);
            keys.add(server.admin().scoped(identity).key());
        }
        for (int person = 0; person < Step.PEOPLE; person++) {
            people.add(server.person());
        }
    }

    String person(int person) {
        return people.get(person);
    }

    String handle(int agent) {
        return identities.get(agent).path("agent_handle").asString();
    }

    Api agent(int agent) {
        return server.admin().with(keys.get(agent));
    }

    String line(int agent, int person) {
        return lines.getOrDefault(agent + " " + person, "");
    }

    void command(int person, String words) {
        server.admin().text(person(person), Api.ROUTER, words);
    }

    void text(int agent, int person, String text) {
        server.admin().text(person(person), line(agent, person), text);
    }

    Api.Answer send(int agent, int person, String text, String key) {
        return agent(agent)
                .with(key.isEmpty() ? Map.of() : Map.of("Idempotency-Key", key))
                .post(Talk.MESSAGES, "{\"to\":\"%s\",\"text\":\"%s\"}".formatted(person(person), text));
    }

    void fault(int agent, int person, String kind) {
        String body = "{\"line\":\"%s\",\"kind\":\"%s\"}".formatted(line(agent, person), kind);
        server.admin().post("/simulator/faults", body).expect(204);
    }

    Api.Answer react(int agent, int person, String text) {
        String id = listed(agent, person, text).path("id").asString();
        return agent(agent)
                .post("/api/v1/imessage/reactions", "{\"message_id\":\"%s\",\"reaction\":\"love\"}".formatted(id));
    }

    void tap(int person, String text) {
        String bubble = bubbles(person)
                .filter(it -> it.path("text").asString("").equals(text))
                .map(it -> it.path("id").asString())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no bubble " + text));
        String body = "{\"from\":\"%s\",\"message_id\":\"%s\",\"reaction\":\"like\"}".formatted(person(person), bubble);
        server.admin().post("/simulator/tapbacks", body).expect(204);
    }

    Api.Answer markRead(int agent, int person, String text) {
        String conversation =
                listed(agent, person, text).path("conversation_id").asString();
        return agent(agent).post("/api/v1/imessage/mark-read", "{\"conversation_id\":\"%s\"}".formatted(conversation));
    }

    void block(int agent, int person) {
        String body = "{\"match_type\":\"exact_number\",\"match_target\":\"%s\",\"action\":\"block\"}"
                .formatted(person(person));
        JsonNode rule = server.admin().post(rulesOf(agent), body).expect(201).json();
        rules.put(agent + " " + person, rule.path("id").asString());
    }

    void unblock(int agent, int person) {
        server.admin()
                .delete(rulesOf(agent) + "/" + rules.get(agent + " " + person))
                .expect(204);
    }

    void enable(int agent, boolean enabled) {
        server.admin()
                .patch("/api/v1/identities/" + handle(agent), "{\"imessage_enabled\":%s}".formatted(enabled))
                .expect(200);
    }

    void delete(int agent) {
        server.admin().delete("/api/v1/identities/" + handle(agent)).expect(204);
    }

    void online(int person, boolean online) {
        server.admin()
                .patch("/simulator/phones/" + Api.encode(person(person)), "{\"online\":%s}".formatted(online))
                .expect(200);
    }

    /// Waits until nothing is due any more.
    void settle() {
        waitFor(this::due, it -> it == 0);
    }

    /// Reads from the phone which line the agent greeted from last; ids of bubbles grow.
    void learnLine(int agent, int person) {
        String sign = "\"disconnect @" + handle(agent) + "\"";
        String newest = "";
        for (JsonNode thread : server.admin().phone(person(person)).path("threads")) {
            for (JsonNode bubble : thread.path("bubbles")) {
                String text = bubble.path("text").asString("");
                String id = bubble.path("id").asString();
                if (text.startsWith("Hello, this is") && text.contains(sign) && id.compareTo(newest) > 0) {
                    newest = id;
                    lines.put(agent + " " + person, thread.path("line").asString());
                }
            }
        }
    }

    /// What a list of the agent's shows.
    JsonNode list(int agent, String path) {
        return agent(agent).get("/api/v1/imessage/" + path).expect(200).json();
    }

    /// The part of a list that is about this person.
    List<JsonNode> of(int person, JsonNode list) {
        return list.valueStream()
                .filter(it -> it.path("remote_number").asString().equals(person(person)))
                .toList();
    }

    /// The texts of messages that this phone shows, whoever wrote them.
    List<String> shown(int person) {
        return bubbles(person)
                .map(bubble -> bubble.path("text").asString(""))
                .filter(text -> text.startsWith("#"))
                .sorted()
                .toList();
    }

    private Stream<JsonNode> bubbles(int person) {
        return server.admin()
                .phone(person(person))
                .path("threads")
                .valueStream()
                .flatMap(thread -> thread.path("bubbles").valueStream());
    }

    private JsonNode listed(int agent, int person, String text) {
        List<JsonNode> found = of(person, list(agent, "messages?limit=200")).stream()
                .filter(it -> it.path("content").asString().equals(text))
                .toList();
        assertThat(found).as(text).hasSize(1);
        return found.getFirst();
    }

    private String rulesOf(int agent) {
        return "/api/v1/imessage/identities/" + handle(agent) + "/contact-rules";
    }

    /// What is due now, also by a clock that has gone back since.
    private int due() {
        return server.wiring()
                .database()
                .read(handle -> handle.createQuery("""
                        SELECT (SELECT count(*) FROM transport_inbox
                                 WHERE due_at NOT BETWEEN :now + 1 AND :latest)
                             + (SELECT count(*) FROM transport_outbox
                                 WHERE due_at NOT BETWEEN :now + 1 AND :latest)
                             + (SELECT count(*) FROM message WHERE status = 'queued'
                                   AND id = (SELECT min(q.id) FROM message q WHERE q.status = 'queued'
                                                AND q.conversation_id = message.conversation_id)
                                   AND coalesce(next_attempt_at, 0) NOT BETWEEN :now + 1 AND :latest)
                             + (SELECT count(*) FROM sim_due d LEFT JOIN sim_phone p ON p.number = d.person
                                 WHERE d.due_at NOT BETWEEN :now + 1 AND :latest
                                   AND (d.kind IN ('sent', 'failed') OR coalesce(p.online, 1) = 1))
                        """)
                        .bind("now", Timestamps.micros(clock.instant()))
                        .bind("latest", Timestamps.micros(clock.instant().plus(LONGEST_WAIT)))
                        .mapTo(int.class)
                        .one());
    }
}
