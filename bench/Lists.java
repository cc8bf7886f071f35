import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Lists of fifty with ten thousand and with a million messages in the database.
final class Lists {

    private static final int CONVERSATIONS = 200;
    private static final int FEW = 10_000;
    private static final int MANY = 1_000_000;
    private static final double REACH = 1.5;

    private Lists() {}

    static List<Row> measure() throws Exception {
        Path data = Bench.newFolder("lists");
        World world;
        try (Server server = Server.partyline(data, Server.FLAGS)) {
            world = World.create(server, 4, 1);
        }
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("50 messages of a conversation", "/api/v1/imessage/messages?limit=50&conversation_id=%s");
        paths.put("50 messages of an agent", "/api/v1/imessage/messages?limit=50&agent_identity_id=" + world.identity());
        paths.put("50 messages of all", "/api/v1/imessage/messages?limit=50");
        paths.put("50 conversations", "/api/v1/imessage/conversations?limit=50");
        Seed.fill(data.resolve("partyline.db"), CONVERSATIONS, FEW);
        List<Double> few = read(data, paths);
        Seed.fill(data.resolve("partyline.db"), CONVERSATIONS, MANY);
        List<Double> many = read(data, paths);
        List<Row> rows = new ArrayList<>();
        int at = 0;
        for (String name : paths.keySet()) {
            rows.add(Row.atMost(
                    name + ", at 1 million messages",
                    Row.number(many.get(at)) + " ms",
                    Row.number(few.get(at)) + " ms at 10 thousand",
                    many.get(at) / few.get(at),
                    REACH));
            at++;
        }
        return rows;
    }

    private static List<Double> read(Path data, Map<String, String> paths) throws Exception {
        List<Double> medians = new ArrayList<>();
        try (Server server = Server.partyline(data, Server.FLAGS)) {
            List<String> conversations = conversations(server);
            for (int turn = 0; turn < 2; turn++) { // the first of them warms up
                medians.clear();
                for (String path : paths.values()) {
                    medians.add(Load.closed(1, Duration.ZERO, Bench.SPAN.dividedBy(2), _ -> {
                                Wire wire = new Wire(server.port());
                                return number ->
                                        wire.get(path.formatted(conversations.get(number % conversations.size())));
                            })
                            .p50());
                }
            }
        }
        return medians;
    }

    private static List<String> conversations(Server server) throws Exception {
        List<String> ids = new ArrayList<>();
        try (Wire wire = new Wire(server.port())) {
            tools.jackson.databind.json.JsonMapper.shared()
                    .readTree(wire.get("/api/v1/imessage/conversations?limit=50"))
                    .forEach(each -> ids.add(each.path("id").asString()));
        }
        return ids;
    }
}
