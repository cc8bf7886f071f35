import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Accepted sends: the agent's POST until its 201, while the line sends what was accepted behind it.
final class Sends {

    private static final int[] CLIENTS = {1, 16, 64, 256};
    private static final Duration HALF = Bench.SPAN.dividedBy(2);

    private Sends() {}

    static List<Row> measure() throws Exception {
        List<Load.Result> sends = new ArrayList<>();
        Load.Result trivial;
        try (Loop loop = new Loop()) {
            Bridge bridge = new Bridge(loop);
            try (Server server = Server.partyline(Bench.newFolder("sends"), Server.FLAGS, bridge.config())) {
                World world = World.create(server, bridge, 0, 256);
                Fleet fleet = new Fleet(loop, server.port(), 256, 0, world::send);
                Flows.warm(fleet, server);
                for (int clients : CLIENTS) {
                    sends.add(fleet.closed(clients, HALF, Bench.SPAN));
                    Flows.settle(server);
                }
                trivial = Load.closed(1, HALF, HALF, _ -> {
                    Wire wire = new Wire(server.port());
                    return _ -> wire.get("/api/whoami");
                });
            }
        }
        try (Yardstick raw = new Yardstick(Bench.newFolder("yardstick"))) {
            return rows(sends, trivial, raw.single(HALF, Bench.SPAN), raw.grouped(64, HALF, Bench.SPAN));
        }
    }

    private static List<Row> rows(
            List<Load.Result> sends, Load.Result trivial, Load.Result single, Load.Result grouped) {
        List<Row> rows = new ArrayList<>();
        for (int at = 0; at < CLIENTS.length; at++) {
            rows.add(Row.plain(
                    "accepted sends, %d client%s".formatted(CLIENTS[at], CLIENTS[at] == 1 ? "" : "s"),
                    "%s/s, p50 %s ms, p99 %s ms"
                            .formatted(
                                    Row.number(sends.get(at).perSecond()),
                                    Row.number(sends.get(at).p50()),
                                    Row.number(sends.get(at).p99())),
                    ""));
        }
        double at64 = sends.get(2).perSecond();
        rows.add(Row.plain(
                "accepted sends, 64 clients, against one transaction each",
                Row.number(at64) + "/s",
                Row.number(single.perSecond()) + "/s raw JDBC",
                at64 / single.perSecond()));
        rows.add(Row.atLeast(
                "accepted sends, 64 clients, against grouped",
                Row.number(at64) + "/s",
                Row.number(grouped.perSecond()) + "/s raw JDBC",
                at64 / grouped.perSecond(),
                0.35));
        double yardstick = single.p50() + trivial.p50();
        rows.add(Row.atMost(
                "latency of a send, 1 client, p50",
                Row.number(sends.get(0).p50()) + " ms",
                "%s ms transaction + %s ms HTTP".formatted(Row.number(single.p50()), Row.number(trivial.p50())),
                sends.get(0).p50() / yardstick,
                2));
        return rows;
    }
}
