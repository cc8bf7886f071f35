import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Whether a receiver that is dead, slow or rude makes a live one wait. Two servers are texted at the same
/// time, so that both have the same moments of the machine: one whose agents each have such a receiver
/// beside a live one, and one whose agent has two live ones. A text goes to both receivers of its agent;
/// what counts is when the live one has it.
final class DeadReceiver {

    private static final int PEOPLE = 16;
    private static final int PER_SECOND = 100;
    private static final Duration MEASURED = Bench.SPAN.multipliedBy(2);
    /// Of each server; what the dead have not taken then is owed to them.
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration SLOW = Duration.ofSeconds(1);
    private static final byte[] OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private DeadReceiver() {}

    static List<Row> measure() throws Exception {
        try (Loop loop = new Loop();
                ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            Bridge free = new Bridge(loop);
            Bridge burdened = new Bridge(loop);
            try (Server without = Server.partyline(Bench.newFolder("live"), Server.FLAGS, free.config());
                    Server with = Server.partyline(Bench.newFolder("dead"), Server.FLAGS, burdened.config())) {
                Fleet live = agent(loop, World.create(without, free, 0, PEOPLE), new Receiver(loop).url("/"));
                live.closed(PEOPLE, Duration.ZERO, WARM_UP);
                Map<String, Fleet> beside = new LinkedHashMap<>();
                for (Map.Entry<String, String> each : receivers(loop, clock).entrySet()) {
                    World world = World.create(with, burdened, beside.size(), PEOPLE);
                    beside.put(each.getKey(), agent(loop, world, each.getValue()));
                }
                for (Fleet each : beside.values()) {
                    each.closed(PEOPLE, Duration.ZERO, WARM_UP.dividedBy(beside.size()));
                }
                return rows(live, beside);
            }
        }
    }

    private static List<Row> rows(Fleet live, Map<String, Fleet> beside) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Map.Entry<String, Fleet> each : beside.entrySet()) {
                Future<Load.Result> without = threads.submit(() -> steady(live));
                double with = steady(each.getValue()).p99();
                rows.add(Row.atMost(
                        "text to webhook at %d/s, p99, beside a receiver that %s".formatted(PER_SECOND, each.getKey()),
                        Row.number(with) + " ms",
                        Row.number(without.get().p99()) + " ms beside a live one",
                        with / without.get().p99(),
                        1.2));
            }
        }
        return rows;
    }

    private static Load.Result steady(Fleet fleet) throws InterruptedException {
        return fleet.steady(PER_SECOND, Duration.ZERO, MEASURED);
    }

    /// Where those are who fail, by what they do.
    private static Map<String, String> receivers(Loop loop, ScheduledExecutorService clock) throws IOException {
        Map<String, String> urls = new LinkedHashMap<>();
        urls.put("is dead", url(Server.freePort()));
        urls.put("never answers", url(loop.listen((_, _, _, _) -> {})));
        urls.put("takes a second", url(loop.listen((link, _, _, _) -> clock.schedule(
                () -> loop.execute(() -> link.write(OK)), SLOW.toMillis(), TimeUnit.MILLISECONDS))));
        urls.put("hangs up", url(loop.listen((link, _, _, _) -> link.close())));
        return urls;
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port + "/";
    }

    /// Texts for an agent with a live receiver and `other`.
    private static Fleet agent(Loop loop, World world, String other) throws IOException {
        Receiver receiver = new Receiver(loop);
        world.subscribe(other, "imessage.received");
        world.subscribe(receiver.url("/"), "imessage.received");
        Fleet fleet = new Fleet(loop, world.server().port(), PEOPLE, 1, world::text);
        receiver.listen(fleet::heard);
        return fleet;
    }
}
