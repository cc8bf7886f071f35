import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What a text costs with ten thousand and with three million messages in the database. Takes some minutes, most of
/// them to fill that.
final class Growth {

    private static final int CONVERSATIONS = 2_000;
    private static final int FEW = 10_000;
    private static final int MANY = 3_000_000;
    private static final Duration CHECK = Duration.ofMinutes(5);
    /// The golden ratio in 64 bits: no two products are the same, and they lie anywhere.
    private static final long SCATTERING = 0x9E3779B97F4A7C15L;

    private Growth() {}

    static List<Row> measure() throws Exception {
        try (Loop loop = new Loop()) {
            Bridge bridge = new Bridge(loop, SCATTERING);
            Bridge other = new Bridge(loop, SCATTERING);
            Path fewData = Bench.newFolder("few");
            Path manyData = Bench.newFolder("many");
            World fewWorld = filled(fewData, bridge, FEW);
            World manyWorld = filled(manyData, other, MANY);
            try (Server fewServer = Server.partyline(fewData, Server.FLAGS, bridge.config());
                    Server manyServer = Server.partyline(manyData, Server.FLAGS, other.config())) {
                Turns.Player few = new Turns.Player(fewServer, Flows.texts(loop, fewWorld.on(fewServer)));
                Turns.Player many = new Turns.Player(manyServer, Flows.texts(loop, manyWorld.on(manyServer)));
                // A file that others changed is looked through from end to end.
                Flows.settle(fewServer, CHECK);
                Flows.settle(manyServer, CHECK);
                few.fleet.closed(Flows.IN_FLIGHT, Duration.ZERO, Flows.WARM_UP);
                many.fleet.closed(Flows.IN_FLIGHT, Duration.ZERO, Flows.WARM_UP);
                Turns.play(Flows.IN_FLIGHT, Bench.SPAN.multipliedBy(2), few, many);
                return List.of(
                        Row.atMost(
                                "CPU per text without the compiler, at 3 million messages",
                                Flows.micros(many.cpuWithoutCompilers()),
                                Flows.micros(few.cpuWithoutCompilers()) + " at 10 thousand",
                                many.cpuWithoutCompilers() / few.cpuWithoutCompilers(),
                                1.5),
                        Row.plain(
                                "bytes written per text, at 3 million messages",
                                Row.number(many.written()) + " KB",
                                Row.number(few.written()) + " KB at 10 thousand",
                                many.written() / few.written()));
            }
        }
    }

    /// People and messages in the folder of a server that is stopped again.
    private static World filled(Path data, Bridge bridge, int messages) throws Exception {
        World world;
        try (Server server = Server.partyline(data, Server.FLAGS, bridge.config())) {
            world = World.create(server, bridge, 3, Flows.IN_FLIGHT);
        }
        Seed.fill(data.resolve("partyline.db"), CONVERSATIONS, messages);
        return world;
    }
}
