import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// What idle event streams cost, and what readers that never read. Heap is what is alive after a
/// collection.
final class Streams {

    private static final int IDLE = 200;
    private static final int STALLED = 50;
    private static final int EVENTS = 400;
    /// What the kernel takes for a reader that does not read, in bytes.
    private static final int SMALL = 4_096;
    private static final String TEXT = "x".repeat(15_000);
    private static final Pattern USED = Pattern.compile("total \\d+K, used (\\d+)K");

    private record Figures(double heapMiB, double residentMiB) {}

    private Streams() {}

    static List<Row> measure() throws Exception {
        Path config = Files.writeString(
                Bench.FOLDER.resolve("streams.yaml"),
                Files.readString(Bench.CONFIG) + "stream:\n  heartbeat_seconds: 1\n");
        try (Server server = Server.partyline(Bench.newFolder("streams"), Server.FLAGS, config);
                Wire wire = new Wire(server.port())) {
            World world = World.create(server, 6, 1);
            close(open(server, STALLED, 0)); // what the first streams and texts load and compile is not theirs
            text(wire, world, EVENTS);
            Figures before = figures(server);

            List<Wire> idle = open(server, IDLE, 0);
            for (Wire each : idle) {
                each.awaitLine(": still here");
            }
            Figures then = figures(server);
            close(idle);

            Figures again = figures(server);
            List<Wire> stalled = open(server, STALLED, SMALL);
            text(wire, world, EVENTS);
            Figures last = figures(server);
            close(stalled);
            return List.of(
                    Row.plain(
                            "an idle event stream, of %d".formatted(IDLE),
                            "%s KB heap, %s KB resident"
                                    .formatted(
                                            each(then.heapMiB - before.heapMiB),
                                            each(then.residentMiB - before.residentMiB)),
                            ""),
                    Row.plain(
                            "%d event streams that nobody reads, %d events of 15 KB".formatted(STALLED, EVENTS),
                            "%s MiB heap, %s MiB resident"
                                    .formatted(
                                            Row.number(last.heapMiB - again.heapMiB),
                                            Row.number(last.residentMiB - again.residentMiB)),
                            ""));
        }
    }

    private static String each(double allMiB) {
        return Row.number(allMiB * 1_048.576 / IDLE);
    }

    private static void text(Wire wire, World world, int times) throws IOException {
        for (int at = 0; at < times; at++) {
            wire.post(world.phones().text(world.people().getFirst(), World.LINE, TEXT));
        }
    }

    /// `buffer` is how much the kernel takes for one that does not read; 0 leaves that to it.
    private static List<Wire> open(Server server, int count, int buffer) throws IOException {
        List<Wire> streams = new ArrayList<>();
        for (int at = 0; at < count; at++) {
            Wire stream = new Wire(server.port(), buffer);
            stream.follow("/api/v1/imessage/events");
            stream.awaitLine(": open");
            streams.add(stream);
        }
        return streams;
    }

    private static void close(List<Wire> streams) throws IOException {
        for (Wire each : streams) {
            each.close();
        }
    }

    private static Figures figures(Server server) throws IOException {
        jcmd(server, "GC.run");
        jcmd(server, "GC.run");
        double heapKiB = USED.matcher(jcmd(server, "GC.heap_info"))
                .results()
                .mapToDouble(each -> Double.parseDouble(each.group(1)))
                .sum();
        return new Figures(heapKiB / 1_024, server.residentMiB());
    }

    private static String jcmd(Server server, String command) throws IOException {
        Process process =
                new ProcessBuilder(Server.tool("jcmd"), Long.toString(server.pid()), command).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
