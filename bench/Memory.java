import java.nio.file.Path;
import java.util.List;

/// What stays in memory while nothing happens.
final class Memory {

    private static final int CONVERSATIONS = 10_000;

    private Memory() {}

    static List<Row> measure() throws Exception {
        Path data = Bench.newFolder("memory");
        try (Server server = Server.partyline(data, Server.FLAGS)) {
            World.create(server, 5, 1);
        }
        Seed.fill(data.resolve("partyline.db"), CONVERSATIONS, 5 * CONVERSATIONS);
        try (Server server = Server.partyline(data, Server.FLAGS)) {
            try (Wire wire = new Wire(server.port())) {
                for (int offset = 0; offset < CONVERSATIONS; offset += 200) {
                    wire.get("/api/v1/imessage/conversations?limit=200&offset=" + offset);
                }
            }
            Thread.sleep(2_000);
            return List.of(Row.atMost(
                    "memory, idle, 10,000 conversations, each listed once", server.residentMiB(), " MiB", 130));
        }
    }
}
