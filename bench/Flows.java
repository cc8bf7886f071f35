import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Messages from one end to the other.
final class Flows {

    private static final int IN_FLIGHT = 64;
    private static final int WEBHOOKS = 3;
    /// As long as two processors need to compile what is hot, beside the load.
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("bench.warmup", 45));
    /// For what is small, or has a processor to spare.
    private static final Duration SHORT_WARM_UP = WARM_UP.dividedBy(2);

    private Flows() {}

    /// An agent's message: accepted, sent, delivered, and three webhooks of it received.
    static List<Row> life() throws Exception {
        try (Receiver receiver = new Receiver();
                Server server = Server.partyline(Bench.newFolder("life"), Server.FLAGS)) {
            World world = World.create(server, 1, IN_FLIGHT);
            world.subscribe(receiver.url("/all"), "imessage.sent", "imessage.delivered");
            world.subscribe(receiver.url("/delivered"), "imessage.delivered");
            Server.Used before = server.used();
            long received = receiver.received();
            Load.Result result = roundTrips(receiver, WEBHOOKS, WARM_UP, client -> {
                Wire wire = new Wire(server.port(), Bench.KEY);
                return number -> wire.post("/api/v1/imessage/messages", world.outbound(client, number));
            });
            double messages = (receiver.received() - received) / (double) WEBHOOKS;
            Server.Used used = server.used().since(before);
            return List.of(
                    Row.atLeast("whole life of a message, three webhooks, 64 in flight", result.perSecond(), "/s", 1_000),
                    Row.plain("whole life, latency", latency(result), ""),
                    cost("whole life, CPU and bytes written per message", used, messages),
                    Row.atMost("memory under full load", server.residentMiB(), " MiB", 300));
        }
    }

    /// A person's text until its webhook is on the receiver's socket, 200 texts a second.
    static List<Row> inbound() throws Exception {
        try (Receiver receiver = new Receiver();
                Bridge bridge = new Bridge();
                Server server = Server.partyline(Bench.newFolder("inbound"), Server.FLAGS, bridge.config())) {
            World world = World.create(server, bridge, 2, IN_FLIGHT);
            world.subscribe(receiver.url("/"), "imessage.received");
            Load.Result result = Load.steady(
                    IN_FLIGHT, 200, SHORT_WARM_UP, Bench.SPAN.multipliedBy(2), world::texts, receiver::listen);
            return List.of(
                    Row.atMost("text to webhook at 200/s, p50", result.p50(), " ms", 10),
                    Row.atMost("text to webhook at 200/s, p99", result.p99(), " ms", 50));
        }
    }

    /// The same as fast as it goes, 64 in flight, against the floor: the server, the floor, the server, the
    /// floor. In the end once more with simulated phones, whose own work the server does too.
    static List<Row> floor() throws Exception {
        double least = 0;
        Throughput ours = null;
        double figure = 0;
        for (int round = 0; round < 2; round++) {
            try (Bridge bridge = new Bridge();
                    Server server = Server.partyline(Bench.newFolder("ours"), Server.FLAGS, bridge.config())) {
                ours = texts(server, bridge);
                figure += ours.perSecond() / 2;
            }
            Path folder = Bench.newFolder("floor");
            try (Receiver receiver = new Receiver();
                    Server floor = Server.floor(folder, receiver.url("/"))) {
                String words = "x".repeat(290);
                least += roundTrips(receiver, 1, SHORT_WARM_UP, _ -> {
                                    Wire wire = new Wire(floor.port(), Bench.KEY);
                                    return number ->
                                            wire.post("/", "{\"text\":\"<<" + number + ">>" + words + "\"}");
                                })
                                .perSecond()
                        / 2;
            }
        }
        try (Server server = Server.partyline(Bench.newFolder("phones"), Server.FLAGS)) {
            Throughput simulated = texts(server, World.Phones.SIMULATED);
            return List.of(
                    Row.atLeast(
                            "text -> stored -> signed webhook, 64 in flight",
                            Row.number(figure) + "/s",
                            Row.number(least) + "/s the floor",
                            figure / least,
                            0.5),
                    ours.cost("text to webhook, CPU and bytes written per message"),
                    Row.plain("the same with simulated phones", Row.number(simulated.perSecond()) + "/s", ""));
        }
    }

    private record Throughput(double perSecond, Server.Used used, long messages) {

        Row cost(String name) {
            return Flows.cost(name, used, messages);
        }
    }

    /// As many texts as go, each until its webhook came.
    private static Throughput texts(Server server, World.Phones phones) throws Exception {
        try (Receiver receiver = new Receiver()) {
            World world = World.create(server, phones, 3, IN_FLIGHT);
            world.subscribe(receiver.url("/"), "imessage.received");
            Server.Used before = server.used();
            Load.Result result = roundTrips(receiver, 1, WARM_UP, world::texts);
            return new Throughput(result.perSecond(), server.used().since(before), receiver.received());
        }
    }

    /// Lets the JIT see the send path before anything is measured.
    static void warm(World world) throws Exception {
        Load.closed(16, Duration.ZERO, WARM_UP, client -> {
            Wire wire = new Wire(world.server().port(), Bench.KEY);
            return number -> wire.post("/api/v1/imessage/messages", world.outbound(client, number));
        });
        settle(world.server());
    }

    /// Waits until the server has nothing to do any more, half a minute at most.
    static void settle(Server server) throws Exception {
        long until = System.nanoTime() + 30_000_000_000L;
        double before;
        do {
            before = server.used().cpuMillis();
            Thread.sleep(500);
        } while (server.used().cpuMillis() - before > 50 && System.nanoTime() < until);
    }

    /// A closed loop in which a trip is over when so many webhooks of its number came.
    private static Load.Result roundTrips(Receiver receiver, int webhooks, Duration warmUp, Load.Client client)
            throws Exception {
        Semaphore[] heard = Stream.generate(() -> new Semaphore(0)).limit(IN_FLIGHT).toArray(Semaphore[]::new);
        receiver.listen(number -> heard[number % IN_FLIGHT].release());
        return Load.closed(IN_FLIGHT, warmUp, Bench.SPAN, index -> {
            Load.Trip there = client.of(index);
            return number -> {
                there.go(number);
                if (!heard[index].tryAcquire(webhooks, 30, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("no webhook of " + number);
                }
            };
        });
    }

    private static Row cost(String name, Server.Used used, double messages) {
        return Row.plain(
                name,
                "%s µs, %s KB".formatted(
                        Row.number(used.cpuMillis() * 1_000 / messages),
                        Row.number(used.bytesWritten() / 1_000.0 / messages)),
                "");
    }

    private static String latency(Load.Result result) {
        return "p50 %s ms, p99 %s ms".formatted(Row.number(result.p50()), Row.number(result.p99()));
    }
}
