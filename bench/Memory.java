import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What stays in memory while nothing happens.
final class Memory {

    private static final int CONVERSATIONS = 10_000;
    private static final int STREAMS = 200;

    private Memory() {}

    static List<Row> measure() throws Exception {
        Path data = Bench.newFolder("memory");
        try (Server server = Server.partyline(data, Server.FLAGS)) {
            World.create(server, 5, 1);
        }
        Seed.fill(data.resolve("partyline.db"), CONVERSATIONS, 5 * CONVERSATIONS);
        List<Wire> streams = new ArrayList<>();
        try (Server server = Server.partyline(data, Server.FLAGS)) {
            try (Wire wire = new Wire(server.port())) {
                for (int offset = 0; offset < CONVERSATIONS; offset += 200) {
                    wire.get("/api/v1/imessage/conversations?limit=200&offset=" + offset);
                }
            }
            Thread.sleep(2_000);
            double idle = server.residentMiB();
            for (int at = 0; at < STREAMS; at++) {
                Wire stream = new Wire(server.port());
                stream.follow("/api/v1/imessage/events");
                streams.add(stream);
            }
            Thread.sleep(2_000);
            return List.of(
                    Row.atMost("memory, idle, 10,000 conversations, each listed once", idle, " MiB", 160),
                    Row.plain("the same and 200 event streams", Row.number(server.residentMiB()) + " MiB", ""));
        } finally {
            for (Wire stream : streams) {
                stream.close();
            }
        }
    }
}
