package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import partyline.app.TenancyModel.Pair;
import partyline.app.TenancyModel.Rule;
import partyline.app.TenancyModel.Said;
import partyline.app.TenancyModel.View;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Two organizations with two agents each and a few people, on a real server and in the model; every step is done to
/// both, and then every key is asked for all that it can see.
final class TenancyWorld {

    /// One thing that somebody does. `other` is an agent too, for a replacement.
    record Step(Kind kind, int agent, int other, int person) {}

    /// What somebody does.
    enum Kind {
        CONNECT,
        DISCONNECT,
        RELEASE,
        REPLACE,
        WRITE,
        SEND,
        TAPBACK,
        REACT,
        MARK_READ,
        ALLOW,
        BLOCK,
        PAUSE,
        DELETE_RULE,
        WHITELIST,
        PICTURE
    }

    /// An agent, its own key and its organization's.
    private record Agent(String handle, String id, Api own, Api organization) {}

    static final int AGENTS = 4;
    static final int PEOPLE = 3;

    private static final List<String> SIDES = List.of("inbound", "outbound");
    private static final List<String> DIRECTIONS = List.of("inbound", "outbound", "both");
    private static final String ROOT = "/api/v1/imessage";
    private static final String EVENTS = ROOT + "/events?after=0&limit=200&types=imessage.received,imessage.sent,"
            + "imessage.delivered,imessage.reaction_received,connection.created,connection.released";

    private final TestServer server;
    /// The operator's agents, since nobody else may call back to this machine.
    private final TenancyModel model = new TenancyModel(Set.of(0, 1));
    private final List<String> people = new ArrayList<>();
    private final List<Agent> agents;
    /// How many bytes the picture of each agent has.
    private final Map<Integer, Integer> pictures = new HashMap<>();
    private int texts;

    TenancyWorld(TestServer server, RecordingReceiver receiver) {
        this.server = server;
        for (int person = 0; person < PEOPLE; person++) {
            people.add(server.person());
        }
        this.agents = Stream.of(server.admin(), server.admin(), server.stranger(), server.stranger())
                .map(TenancyWorld::agent)
                .toList();
        agents.subList(0, 2).forEach(agent -> subscribe(agent, receiver));
    }

    private static void subscribe(Agent agent, RecordingReceiver receiver) {
        String wish =
                "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"imessage.received\",\"imessage.sent\",\"imessage.delivered\",\"imessage.reaction_received\"]}";
        agent.own()
                .post("/api/v1/webhooks/subscriptions", wish.formatted(agent.id(), receiver.url()))
                .expect(201);
    }

    /// Does the step and waits until every key sees what the model says; fails when one does not within ten seconds.
    void take(Step step) {
        carryOut(step);
        for (int agent = 0; agent < AGENTS; agent++) {
            check(step, agents.get(agent).own(), Optional.empty(), model.ofAgent(agent, PEOPLE));
        }
        for (int agent = 0; agent < AGENTS; agent++) {
            Agent asked = agents.get(agent);
            check(step, asked.organization(), Optional.of(asked), model.ofAdmin(List.of(agent), PEOPLE));
        }
        checkPicture(step);
    }

    /// Its own key shows an agent's picture, and the keys of its organization: the first two are of one.
    private void checkPicture(Step step) {
        String path = "/api/v1/identities/" + agents.get(step.agent()).handle() + "/avatar";
        int size = pictures.getOrDefault(step.agent(), 0);
        for (int asker = 0; asker < AGENTS; asker++) {
            Agent other = agents.get(asker);
            int shown = asker == step.agent() ? size : 0;
            int shownToAdmin = asker / 2 == step.agent() / 2 ? size : 0;
            assertThat(picture(other.own(), path)).as("after %s", step).isEqualTo(shown);
            assertThat(picture(other.organization(), path)).as("after %s", step).isEqualTo(shownToAdmin);
        }
    }

    private static int picture(Api key, String path) {
        HttpResponse<byte[]> answer = Upload.fetch(key.base() + path, "X-API-Key", key.key());
        return answer.statusCode() == 200 ? answer.body().length : 0;
    }

    private void check(Step step, Api key, Optional<Agent> narrowed, View expected) {
        int[] looks = {0};
        View seen = waitFor(() -> view(key, narrowed), it -> it.equals(expected) || ++looks[0] > 250);
        assertThat(seen)
                .as("after %s, %s", step, narrowed.isPresent() ? "an admin" : "an agent")
                .isEqualTo(expected);
    }

    private void carryOut(Step step) {
        Agent agent = agents.get(step.agent());
        String person = people.get(step.person());
        Pair pair = model.pair(step.agent(), step.person());
        switch (step.kind()) {
            case CONNECT -> {
                command(person, "connect @" + agent.handle());
                model.connect(step.agent(), step.person());
            }
            case DISCONNECT -> {
                command(person, "disconnect @" + agent.handle());
                model.release(step.agent(), step.person());
            }
            case RELEASE -> release(step, agent);
            case REPLACE -> {
                command(
                        person,
                        "replace @%s @%s"
                                .formatted(
                                        agent.handle(), agents.get(step.other()).handle()));
                model.replace(step.agent(), step.other(), step.person());
            }
            case WRITE -> write(step, pair);
            case SEND -> send(step, pair);
            case TAPBACK -> tapback(step, pair);
            case REACT -> react(step, pair);
            case MARK_READ -> markRead(step, pair);
            case ALLOW -> rule(step, pair, "allow");
            case BLOCK -> rule(step, pair, "block");
            case PAUSE -> pause(step, pair);
            case DELETE_RULE -> deleteRule(step, pair);
            case PICTURE -> {
                byte[] picture = Upload.png(1, 1, texts++);
                Upload.avatar(agent.own(), agent.handle(), picture).expect(200);
                pictures.put(step.agent(), picture.length);
            }
            case WHITELIST -> {
                String side = SIDES.get(step.other() % SIDES.size());
                String mode = model.turnMode(step.agent(), side) ? "whitelist" : "blacklist";
                String patch = "{\"phone_%s_filter_mode\":\"%s\"}".formatted(side, mode);
                agent.organization()
                        .patch("/api/v1/identities/" + agent.handle(), patch)
                        .expect(200);
            }
        }
    }

    /// A command counts when its answer is on the phone.
    private void command(String person, String text) {
        int before = server.admin().bubbles(person, ROUTER).size();
        server.admin().text(person, ROUTER, text);
        waitFor(() -> server.admin().bubbles(person, ROUTER).size(), count -> count >= before + 2);
    }

    /// The agent's admin ends the connection, and the other organization's tries in vain.
    private void release(Step step, Agent agent) {
        agent.own()
                .get(ROOT + "/assignments?limit=200")
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("remote_number").asString().equals(people.get(step.person())))
                .map(it -> ROOT + "/assignments/" + it.path("id").asString())
                .forEach(path -> {
                    agents.get(AGENTS - 1 - step.agent())
                            .organization()
                            .delete(path)
                            .expect(404);
                    agent.organization().delete(path).expect(204);
                });
        model.release(step.agent(), step.person());
    }

    private void write(Step step, Pair pair) {
        if (pair.connected) {
            boolean open = model.open(step.agent(), step.person(), "inbound");
            Said said = new Said("text " + texts++, false, !open);
            server.admin().text(people.get(step.person()), line(step), said.text);
            pair.said.add(said);
            model.tell(step.agent(), step.person(), "imessage.received");
        }
    }

    private void send(Step step, Pair pair) {
        Said said = new Said("answer " + texts++, true, false);
        int status = agents.get(step.agent())
                .own()
                .post(
                        ROOT + "/messages",
                        "{\"to\":\"%s\",\"text\":\"%s\"}".formatted(people.get(step.person()), said.text))
                .status();
        boolean open = model.open(step.agent(), step.person(), "outbound");
        if (open && pair.connected && pair.personWrote()) {
            assertThat(status).isEqualTo(201);
            pair.said.add(said);
            model.tell(step.agent(), step.person(), "imessage.sent");
            model.tell(step.agent(), step.person(), "imessage.delivered");
        } else {
            assertThat(status).isIn(open ? List.of(404, 409) : List.of(403));
        }
    }

    /// The person reacts to the last bubble of the agent's thread that their phone shows.
    private void tapback(Step step, Pair pair) {
        if (!pair.connected || pair.said.isEmpty()) {
            return;
        }
        Said last = pair.said.getLast();
        JsonNode bubble = server.admin()
                .phone(people.get(step.person()))
                .path("threads")
                .valueStream()
                .flatMap(thread -> thread.path("bubbles").valueStream())
                .filter(it -> it.path("text").asString("").equals(last.text))
                .findFirst()
                .orElseThrow();
        String wish = "{\"from\":\"%s\",\"message_id\":\"%s\",\"reaction\":\"like\"}"
                .formatted(people.get(step.person()), bubble.path("id").asString());
        server.admin().post("/simulator/tapbacks", wish).expect(204);
        if (model.open(step.agent(), step.person(), "inbound") && last.reactions.add("inbound like")) {
            model.tell(step.agent(), step.person(), "imessage.reaction_received");
        }
    }

    private void react(Step step, Pair pair) {
        if (pair.shown().isEmpty()) {
            return;
        }
        Said last = pair.shown().getLast();
        Api own = agents.get(step.agent()).own();
        String id = find(own, last).path("id").asString();
        int status = own.post(ROOT + "/reactions", "{\"message_id\":\"%s\",\"reaction\":\"love\"}".formatted(id))
                .status();
        boolean open = model.open(step.agent(), step.person(), "outbound");
        assertThat(status).isEqualTo(!open ? 403 : pair.connected ? 201 : 409);
        if (status == 201) {
            last.reactions.add("outbound love");
        }
    }

    private void markRead(Step step, Pair pair) {
        if (pair.shown().isEmpty()) {
            return;
        }
        Api own = agents.get(step.agent()).own();
        String conversation =
                find(own, pair.shown().getLast()).path("conversation_id").asString();
        int status = own.post(ROOT + "/mark-read", "{\"conversation_id\":\"%s\"}".formatted(conversation))
                .status();
        boolean open = model.open(step.agent(), step.person(), "outbound");
        assertThat(status).isEqualTo(!open ? 403 : pair.connected ? 200 : 409);
        if (status == 200) {
            pair.shown().stream().filter(it -> !it.outbound).forEach(it -> it.read = true);
        }
    }

    /// One for a single side or both; a rule that is there widens, when it agrees.
    private void rule(Step step, Pair pair, String action) {
        Rule wished = new Rule(
                action, pair.rule.isPresent() ? "both" : DIRECTIONS.get(step.other() % DIRECTIONS.size()), false);
        boolean made = pair.rule
                .map(rule -> !rule.direction().equals("both")
                        && !rule.paused()
                        && rule.action().equals(action))
                .orElse(true);
        String wish = "{\"action\":\"%s\",\"match_target\":\"%s\",\"direction\":\"%s\"}"
                .formatted(action, people.get(step.person()), wished.direction());
        Api.Answer answer = agents.get(step.agent()).organization().post(rules(step), wish);
        assertThat(answer.status()).isEqualTo(made ? 201 : 409);
        if (made) {
            pair.rule = Optional.of(wished);
        }
    }

    private void pause(Step step, Pair pair) {
        pair.rule.ifPresent(rule -> {
            String patch = "{\"status\":\"%s\"}".formatted(rule.paused() ? "active" : "paused");
            agents.get(step.agent()).organization().patch(ruleOf(step), patch).expect(200);
            pair.rule = Optional.of(new Rule(rule.action(), rule.direction(), !rule.paused()));
        });
    }

    private void deleteRule(Step step, Pair pair) {
        pair.rule.ifPresent(_ -> {
            agents.get(step.agent()).organization().delete(ruleOf(step)).expect(204);
            pair.rule = Optional.empty();
        });
    }

    private String rules(Step step) {
        return ROOT + "/identities/" + agents.get(step.agent()).handle() + "/contact-rules";
    }

    private String ruleOf(Step step) {
        return rules(step) + "/"
                + agents.get(step.agent())
                        .own()
                        .get(rules(step))
                        .json()
                        .valueStream()
                        .filter(rule -> rule.path("match_target").asString().equals(people.get(step.person())))
                        .map(rule -> rule.path("id").asString())
                        .findFirst()
                        .orElseThrow();
    }

    private View view(Api key, Optional<Agent> narrowed) {
        Function<String, String> path = it -> ROOT + it + (it.contains("?") ? "&" : "?") + "limit=200"
                + narrowed.map(agent -> "&agent_identity_id=" + agent.id()).orElse("");
        Map<String, String> names = new HashMap<>();
        for (int person = 0; person < PEOPLE; person++) {
            names.put(people.get(person), "person " + person);
        }
        String ruled = narrowed.isPresent()
                ? path.apply("/contact-rules")
                : rules(new Step(
                        Kind.ALLOW, agents.stream().map(Agent::own).toList().indexOf(key), 0, 0));
        return new View(
                list(key.get(path.apply("/messages")).expect(200).json(), TenancyWorld::message),
                conversations(key, path.apply("/conversations").replace("limit=200", "limit=2"), names),
                list(
                        key.get(path.apply("/assignments")).expect(200).json(),
                        it -> name(names, it.path("remote_number"))),
                list(
                        key.get(ruled).expect(200).json(),
                        it -> "%s %s %s %s"
                                .formatted(
                                        name(names, it.path("match_target")),
                                        it.path("action").asString(),
                                        it.path("direction").asString(),
                                        it.path("status").asString())),
                list(events(key, narrowed), it -> event(it, names)),
                deliveries(key, narrowed, names),
                narrowed.map(agent -> people(key, agent, names)).orElse(List.of()));
    }

    /// All that are walked page by page.
    private static List<String> conversations(Api key, String first, Map<String, String> names) {
        List<JsonNode> found = new ArrayList<>();
        for (Optional<String> next = Optional.of(first); next.isPresent(); ) {
            Api.Answer page = key.get(next.get()).expect(200);
            page.json().forEach(found::add);
            next = page.next();
        }
        return TenancyModel.sorted(found.stream().map(it -> conversation(it, names)));
    }

    /// What the admin sees of each person with this agent; the admin of another organization nothing of it.
    private List<String> people(Api key, Agent agent, Map<String, String> names) {
        Function<Api, List<String>> shown = asker -> TenancyModel.sorted(people.stream()
                .map(person -> asker.get("/api/v1/people/" + Api.encode(person)))
                .filter(answer -> answer.status() == 200)
                .map(Api.Answer::json)
                .flatMap(person -> person.path("connections")
                        .valueStream()
                        .filter(it -> it.path("agent_identity_id").asString().equals(agent.id()))
                        .map(it -> "%s %s messages=%d unread=%d"
                                .formatted(
                                        name(names, person.path("number")),
                                        it.path("status").asString(),
                                        it.path("messages").asInt(),
                                        it.path("unread").asInt()))));
        Api other = key.key().equals(server.admin().key()) ? server.stranger() : server.admin();
        assertThat(shown.apply(other)).isEmpty();
        return shown.apply(key);
    }

    /// An admin's log is of its whole organization: what is not of the agent that was asked for is left out here.
    private static List<String> deliveries(Api key, Optional<Agent> narrowed, Map<String, String> names) {
        String own = narrowed.map(agent -> agent.own())
                .orElse(key)
                .get("/api/v1/webhooks/subscriptions")
                .expect(200)
                .json()
                .path("subscriptions")
                .path(0)
                .path("id")
                .asString("none");
        return list(
                key.get("/api/v1/webhooks/deliveries?limit=200" + (own.equals("none") ? "" : "&subscription_id=" + own))
                        .expect(200)
                        .json()
                        .path("deliveries"),
                it -> event(new JsonMapper().readTree(it.path("request_payload").asString()), names));
    }

    private static JsonNode events(Api key, Optional<Agent> narrowed) {
        String path = EVENTS
                + narrowed.map(agent -> "&agent_identity_id=" + agent.id()).orElse("");
        return key.get(path, "application/json").expect(200).json().path("events");
    }

    private static String message(JsonNode message) {
        List<String> reactions = message.path("reactions").isNull()
                ? List.of()
                : list(
                        message.path("reactions"),
                        it -> it.path("direction").asString() + " "
                                + it.path("reaction").asString());
        return message.path("content").asString("") + " read="
                + message.path("is_read").asBoolean() + " blocked="
                + message.path("is_blocked").asBoolean() + " " + reactions;
    }

    private static String conversation(JsonNode it, Map<String, String> names) {
        return "%s %s total=%d unread=%d latest=%s"
                .formatted(
                        name(names, it.path("remote_number")),
                        it.path("assignment_status").asString(),
                        it.path("total_count").asInt(),
                        it.path("unread_count").asInt(),
                        it.path("latest_text").asString(""));
    }

    private static String event(JsonNode event, Map<String, String> names) {
        String data = event.path("data").toString();
        List<String> named = names.keySet().stream().filter(data::contains).toList();
        assertThat(named).as(data).hasSize(1);
        return event.path("event_type").asString() + " "
                + names.get(named.getFirst()).substring("person ".length());
    }

    /// A number that nobody here has shows as it is, and fits nothing.
    private static String name(Map<String, String> names, JsonNode number) {
        return names.getOrDefault(number.asString(), number.asString());
    }

    private static JsonNode find(Api key, Said said) {
        return waitFor(
                        () -> key.get(ROOT + "/messages?limit=200")
                                .expect(200)
                                .json()
                                .valueStream()
                                .filter(it -> it.path("content").asString("").equals(said.text))
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    private static List<String> list(JsonNode array, Function<JsonNode, String> text) {
        return TenancyModel.sorted(array.valueStream().map(text));
    }

    /// The line of the pair's active connection, which no API tells but the operator's export.
    private String line(Step step) {
        JsonNode export = new JsonMapper().readTree(server.operate("export", "--number", people.get(step.person())));
        return export.path("conversations")
                .path("connection")
                .valueStream()
                .filter(it -> it.path("identity_id")
                        .asString()
                        .equals(agents.get(step.agent()).id()))
                .filter(it -> it.path("released_at").isNull())
                .map(it -> it.path("line").asString().replace("sim-pool-", "+1202555010"))
                .findFirst()
                .orElseThrow();
    }

    private static Agent agent(Api organization) {
        JsonNode identity = organization.identity("agent-" + UUID.randomUUID());
        return new Agent(
                identity.path("agent_handle").asString(),
                identity.path("id").asString(),
                organization.scoped(identity),
                organization);
    }
}
