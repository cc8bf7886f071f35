import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An agent of its own and the people who are connected with it, one conversation each.
record World(Server server, Phones phones, String identity, List<String> people, List<String> conversations) {

    /// What people text with.
    interface Phones {

        Phones SIMULATED = (from, to, text) -> new Wire.Request(
                "/simulator/messages",
                "{\"from\":\"%s\",\"to\":\"%s\",\"text\":\"%s\"}".formatted(from, to, text));

        /// The request that brings the server a text.
        Wire.Request text(String from, String to, String text);
    }

    private static final JsonMapper JSON = JsonMapper.shared();
    static final String ROUTER = "+12025550100";
    static final String LINE = "+12025550101";
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    /// As long as people write.
    private static final String WORDS = " The quick brown fox jumps over the lazy dog, and then it does so again.".repeat(4);

    /// Makes the agent, connects `count` people with it, and lets each write once. `region` keeps the
    /// people of several worlds apart.
    static World create(Server server, int region, int count) throws IOException, InterruptedException {
        return create(server, Phones.SIMULATED, region, count);
    }

    static World create(Server server, Phones phones, int region, int count) throws IOException, InterruptedException {
        try (Wire wire = new Wire(server.port())) {
            String handle = "bench-" + UUID.randomUUID();
            String identity = JSON.readTree(wire.post(
                            "/api/v1/identities/",
                            "{\"agent_handle\":\"%s\",\"display_name\":\"Bench\",\"imessage_enabled\":true}"
                                    .formatted(handle)))
                    .path("id")
                    .asString();
            List<String> people = IntStream.range(0, count)
                    .mapToObj(index -> "+1202%07d".formatted(6_000_000 + region * 10_000 + index))
                    .toList();
            for (String person : people) {
                wire.post(phones.text(person, ROUTER, "connect @" + handle));
            }
            await(wire, "/api/v1/imessage/assignments", identity, count);
            for (String person : people) {
                wire.post(phones.text(person, LINE, "hello"));
            }
            Map<String, String> found = await(wire, "/api/v1/imessage/conversations", identity, count);
            return new World(
                    server, phones, identity, people, people.stream().map(found::get).toList());
        }
    }

    /// The same world on a server that was started again over its folder.
    World on(Server again) {
        return new World(again, phones, identity, people, conversations);
    }

    /// Tells `url` of these events of the agent.
    void subscribe(String url, String... types) throws IOException {
        try (Wire wire = new Wire(server.port())) {
            wire.post(
                    "/api/v1/webhooks/subscriptions",
                    "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"%s\"]}"
                            .formatted(identity, url, String.join("\",\"", types)));
        }
    }

    /// One of the people texts the agent.
    Wire.Request text(int client, int number) {
        return phones.text(people.get(client), LINE, "<<" + number + ">>" + WORDS);
    }

    /// The agent texts one of the people.
    Wire.Request send(int client, int number) {
        return new Wire.Request(
                "/api/v1/imessage/messages",
                "{\"conversation_id\":\"%s\",\"text\":\"<<%d>>%s\"}"
                        .formatted(conversations.get(client), number, WORDS));
    }

    /// Waits until the list holds `count` of the agent's, and returns their ids by person.
    private static Map<String, String> await(Wire wire, String list, String identity, int count)
            throws IOException, InterruptedException {
        Map<String, String> found = new HashMap<>();
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (found.size() < count) {
            if (System.nanoTime() > until) {
                throw new IllegalStateException("only " + found.size() + " of " + count + " at " + list);
            }
            Thread.sleep(20);
            found.clear();
            for (int offset = 0; offset < count; offset += 200) {
                String query = "?limit=200&offset=%d&agent_identity_id=%s".formatted(offset, identity);
                for (JsonNode each : JSON.readTree(wire.get(list + query))) {
                    found.put(each.path("remote_number").asString(), each.path("id").asString());
                }
            }
        }
        return found;
    }
}
