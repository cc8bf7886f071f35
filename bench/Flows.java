import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Messages from one end to the other, in turns with the floor.
final class Flows {

    static final int IN_FLIGHT = 64;
    private static final int WEBHOOKS = 3;
    /// As long as two processors need to compile what is hot, beside the load.
    static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("bench.warmup", 45));
    /// For what is small, or like something that was driven before.
    private static final Duration SHORT_WARM_UP = WARM_UP.dividedBy(2);

    private Flows() {}

    /// A person's text until its webhook is on the receiver's socket, as fast as it goes and slower.
    static List<Row> texts() throws Exception {
        try (Loop loop = new Loop();
                Floors floors = new Floors(loop)) {
            Turns.Player least = floors.warm();
            Bridge bridge = new Bridge(loop);
            List<Row> rows = new ArrayList<>();
            try (Server server = Server.partyline(Bench.newFolder("texts"), Server.FLAGS, bridge.config())) {
                Fleet fleet = texts(loop, server, bridge);
                settle(server);
                long bytes = server.fileBytes();
                Load.Result cold = fleet.closed(IN_FLIGHT, Duration.ZERO, Bench.SPAN);
                Load.Result coldLeast = floors.cold();
                fleet.closed(IN_FLIGHT, Duration.ZERO, WARM_UP);
                Turns.Player ours = new Turns.Player(server, fleet);
                Turns.play(IN_FLIGHT, Bench.SPAN.multipliedBy(2), ours, least);
                Turns.Player alone = new Turns.Player(server, fleet);
                Turns.Player leastAlone = new Turns.Player(least.server, least.fleet);
                Turns.play(1, Bench.SPAN, alone, leastAlone);
                Load.Result steady = fleet.steady(200, Duration.ofSeconds(1), Bench.SPAN.multipliedBy(2));
                settle(server);
                rows.addAll(throughput(ours, least, cold, coldLeast));
                rows.add(Row.atMost(
                        "file per text and its webhook",
                        (server.fileBytes() - bytes) / 1_000.0 / fleet.count(),
                        " KB",
                        1.2));
                rows.addAll(latencies(alone, leastAlone, steady));
            }
            rows.add(simulated(loop));
            return rows;
        }
    }

    private static List<Row> throughput(
            Turns.Player ours, Turns.Player least, Load.Result cold, Load.Result coldLeast) {
        return List.of(
                Row.atLeast(
                        "text -> stored -> signed webhook, 64 in flight",
                        perSecond(ours.result),
                        perSecond(least.result) + " the floor",
                        ours.perSecond() / least.perSecond(),
                        0.6),
                Row.plain(
                        "the same in the first %d seconds after a start".formatted(Bench.SPAN.toSeconds()),
                        perSecond(cold),
                        perSecond(coldLeast) + " the floor",
                        cold.perSecond() / coldLeast.perSecond()),
                Row.plain(
                        "CPU per text, with what the compiler took",
                        micros(ours.cpu()),
                        micros(least.cpu()) + " the floor",
                        ours.cpu() / least.cpu()),
                Row.atMost(
                        "CPU per text without the compiler, against the floor's",
                        micros(ours.cpuWithoutCompilers()),
                        micros(least.cpuWithoutCompilers()) + " the floor",
                        ours.cpuWithoutCompilers() / least.cpuWithoutCompilers(),
                        1.4),
                Row.plain(
                        "CPU per text of the load and the receiver",
                        micros(ours.load()),
                        micros(least.load()) + " with the floor"),
                Row.atMost("bytes written per text", ours.written(), " KB", 16));
    }

    private static List<Row> latencies(Turns.Player alone, Turns.Player leastAlone, Load.Result steady) {
        return List.of(
                Row.atMost(
                        "text to webhook, one in flight, p50",
                        alone.result.p50(),
                        leastAlone.result.p50(),
                        " ms",
                        "the floor",
                        1.5),
                Row.atMost("text to webhook at 200/s, p50", steady.p50(), " ms", 10),
                Row.atMost("text to webhook at 200/s, p99", steady.p99(), " ms", 50));
    }

    /// The same with simulated phones, whose own work the server does too.
    private static Row simulated(Loop loop) throws Exception {
        try (Server server = Server.partyline(Bench.newFolder("phones"), Server.FLAGS)) {
            Load.Result result = texts(loop, server, World.Phones.SIMULATED)
                    .closed(IN_FLIGHT, SHORT_WARM_UP, Bench.SPAN);
            return Row.plain("as fast as it goes with simulated phones", perSecond(result), "");
        }
    }

    /// An agent's message: accepted, sent, delivered, and three webhooks of it received.
    static List<Row> life() throws Exception {
        try (Loop loop = new Loop();
                Floors floors = new Floors(loop);
                Server server = Server.partyline(Bench.newFolder("life"), Server.FLAGS)) {
            Turns.Player least = floors.warm();
            World world = World.create(server, 1, IN_FLIGHT);
            Receiver receiver = new Receiver(loop);
            world.subscribe(receiver.url("/all"), "imessage.sent", "imessage.delivered");
            world.subscribe(receiver.url("/delivered"), "imessage.delivered");
            Fleet fleet = new Fleet(loop, server.port(), IN_FLIGHT, WEBHOOKS, world::send);
            receiver.listen(fleet::heard);
            fleet.closed(IN_FLIGHT, Duration.ZERO, WARM_UP);
            Turns.Player ours = new Turns.Player(server, fleet);
            Turns.play(IN_FLIGHT, Bench.SPAN.multipliedBy(2), ours, least);
            return List.of(
                    Row.atLeast(
                            "whole life of a message, three webhooks, 64 in flight",
                            perSecond(ours.result),
                            perSecond(least.result) + " the floor",
                            ours.perSecond() / least.perSecond(),
                            0.2),
                    Row.plain(
                            "whole life, latency",
                            "p50 %s ms, p99 %s ms"
                                    .formatted(Row.number(ours.result.p50()), Row.number(ours.result.p99())),
                            ""),
                    Row.plain(
                            "whole life, CPU and bytes written per message",
                            micros(ours.cpu()) + ", " + Row.number(ours.written()) + " KB",
                            ""),
                    Row.atMost("memory under full load", server.residentMiB(), " MiB", 260));
        }
    }

    /// Floors, each with a file and a receiver of its own.
    private record Floors(Loop loop, List<Server> open) implements AutoCloseable {

        Floors(Loop loop) {
            this(loop, new ArrayList<>());
        }

        /// One that has been driven for a while, as the load has.
        Turns.Player warm() throws Exception {
            Turns.Player floor = start();
            floor.fleet.closed(IN_FLIGHT, Duration.ZERO, SHORT_WARM_UP);
            return floor;
        }

        /// What one does as soon as it is started.
        Load.Result cold() throws Exception {
            Turns.Player floor = start();
            Load.Result result = floor.fleet.closed(IN_FLIGHT, Duration.ZERO, Bench.SPAN);
            floor.server.close();
            return result;
        }

        private Turns.Player start() throws Exception {
            Receiver receiver = new Receiver(loop);
            Server server = Server.floor(Bench.newFolder("floor"), receiver.url("/"));
            open.add(server);
            Fleet fleet = new Fleet(loop, server.port(), IN_FLIGHT, 1, Floors::request);
            receiver.listen(fleet::heard);
            return new Turns.Player(server, fleet);
        }

        private static Wire.Request request(int client, int number) {
            return new Wire.Request("/", "{\"text\":\"<<" + number + ">>" + "x".repeat(290) + "\"}");
        }

        @Override
        public void close() throws InterruptedException {
            for (Server each : open) {
                each.close();
            }
        }
    }

    private static Fleet texts(Loop loop, Server server, World.Phones phones) throws IOException, InterruptedException {
        return texts(loop, World.create(server, phones, 3, IN_FLIGHT));
    }

    /// People who text an agent that has a receiver.
    static Fleet texts(Loop loop, World world) throws IOException {
        Receiver receiver = new Receiver(loop);
        world.subscribe(receiver.url("/"), "imessage.received");
        Fleet fleet = new Fleet(loop, world.server().port(), IN_FLIGHT, 1, world::text);
        receiver.listen(fleet::heard);
        return fleet;
    }

    /// Lets the JIT see the send path before anything is measured.
    static void warm(Fleet sends, Server server) throws Exception {
        sends.closed(16, Duration.ZERO, WARM_UP);
        settle(server);
    }

    /// Waits until the server has nothing to do any more, half a minute at most where nothing else is said.
    static void settle(Server server) throws Exception {
        settle(server, Duration.ofSeconds(30));
    }

    static void settle(Server server, Duration patience) throws Exception {
        long until = System.nanoTime() + patience.toNanos();
        double before;
        do {
            before = server.used().cpuMillis();
            Thread.sleep(500);
        } while (server.used().cpuMillis() - before > 50 && System.nanoTime() < until);
    }

    private static String perSecond(Load.Result result) {
        return Row.number(result.perSecond()) + "/s";
    }

    static String micros(double value) {
        return Row.number(value) + " µs";
    }
}
