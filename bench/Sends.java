import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Accepted sends: the agent's POST until its 201, while the line sends what was accepted behind it.
final class Sends {

    private static final int[] CLIENTS = {1, 16, 256};
    /// With so many the yardstick takes turns.
    private static final int GROUPED = 64;
    private static final int TURNS = 3;
    private static final Duration HALF = Bench.SPAN.dividedBy(2);

    private Sends() {}

    static List<Row> measure() throws Exception {
        try (Loop loop = new Loop();
                Yardstick raw = new Yardstick(Bench.newFolder("yardstick"))) {
            Bridge bridge = new Bridge(loop);
            try (Server server = Server.partyline(Bench.newFolder("sends"), Server.FLAGS, bridge.config())) {
                World world = World.create(server, bridge, 0, 256);
                Fleet fleet = new Fleet(loop, server.port(), 256, 0, world::send);
                Flows.warm(fleet, server);
                Map<Integer, Load.Result> sends = new TreeMap<>();
                for (int clients : CLIENTS) {
                    sends.put(clients, sends(fleet, server, clients));
                }
                Load.Result trivial = Load.closed(1, HALF, HALF, _ -> {
                    Wire wire = new Wire(server.port());
                    return _ -> wire.get("/api/whoami");
                });
                Load.Result grouped = Load.Result.of(new long[0], Duration.ZERO);
                for (int turn = 0; turn < TURNS; turn++) {
                    sends.merge(GROUPED, sends(fleet, server, GROUPED), Load.Result::and);
                    grouped = grouped.and(raw.grouped(GROUPED, HALF, HALF));
                }
                return rows(sends, trivial, raw.single(HALF, HALF), grouped);
            }
        }
    }

    private static Load.Result sends(Fleet fleet, Server server, int clients) throws Exception {
        Load.Result result = fleet.closed(clients, HALF, HALF);
        Flows.settle(server);
        return result;
    }

    private static List<Row> rows(
            Map<Integer, Load.Result> sends, Load.Result trivial, Load.Result single, Load.Result grouped) {
        List<Row> rows = new ArrayList<>();
        sends.forEach((clients, result) -> rows.add(Row.plain(
                "accepted sends, %d client%s".formatted(clients, clients == 1 ? "" : "s"),
                "%s/s, p50 %s ms, p99 %s ms"
                        .formatted(
                                Row.number(result.perSecond()), Row.number(result.p50()), Row.number(result.p99())),
                "")));
        double at64 = sends.get(GROUPED).perSecond();
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
                Row.number(sends.get(1).p50()) + " ms",
                "%s ms transaction + %s ms HTTP".formatted(Row.number(single.p50()), Row.number(trivial.p50())),
                sends.get(1).p50() / yardstick,
                2));
        return rows;
    }
}
