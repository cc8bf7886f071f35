import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Accepted sends while the server backs itself up, and in between. The database has as much as a few years leave
/// there, so that a backup takes some time.
final class Backups {

    private static final int CLIENTS = 16;
    private static final int CONVERSATIONS = 2_000;
    private static final int MESSAGES = 1_000_000;
    private static final Duration CHECK = Duration.ofMinutes(2);
    private static final Duration SLICE = Duration.ofMillis(500);
    private static final int BACKUPS = 2;
    /// A backup that is not whole yet has such a name.
    private static final String UNDER_WAY = ".partyline-";

    private Backups() {}

    static List<Row> measure() throws Exception {
        Path data = Bench.newFolder("backup");
        Path taken = Bench.newFolder("taken");
        try (Loop loop = new Loop()) {
            Bridge bridge = new Bridge(loop);
            World world;
            try (Server server = Server.partyline(data, Server.FLAGS, bridge.config())) {
                world = World.create(server, bridge, 0, CLIENTS);
            }
            Seed.fill(data.resolve("partyline.db"), CONVERSATIONS, MESSAGES);
            Path config = bridge.config();
            Files.writeString(
                    config, Files.readString(config) + "backup: {every: 10m, folder: \"" + taken + "\"}\n");
            try (Server server = Server.partyline(data, Server.FLAGS, config)) {
                Flows.settle(server, CHECK);
                Fleet fleet = new Fleet(loop, server.port(), CLIENTS, 0, world.on(server)::send);
                Flows.warm(fleet, server);
                Load.Result alone = Load.Result.of(new long[0], Duration.ZERO);
                Load.Result beside = alone;
                int backups = 0;
                boolean before = isUnderWay(taken);
                while (backups < BACKUPS) {
                    Load.Result slice = fleet.closed(CLIENTS, Duration.ZERO, SLICE);
                    boolean after = isUnderWay(taken);
                    if (before && after) {
                        beside = beside.and(slice);
                    } else if (!before && !after) {
                        alone = alone.and(slice);
                    }
                    backups += before && !after ? 1 : 0;
                    if (!after) {
                        // The server looks once a minute whether the last one is there and young enough.
                        delete(taken);
                    }
                    before = after;
                }
                Flows.settle(server);
                return List.of(
                        Row.atLeast(
                                "accepted sends, %d clients, beside a backup".formatted(CLIENTS),
                                told(beside) + ", " + backups + " backups of " + Row.number(beside.seconds() / backups)
                                        + " s",
                                told(alone) + " alone",
                                beside.perSecond() / alone.perSecond(),
                                0.9));
            }
        }
    }

    private static boolean isUnderWay(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith(UNDER_WAY));
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(it -> !it.equals(folder)).sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static String told(Load.Result result) {
        return "%s/s, p99 %s ms".formatted(Row.number(result.perSecond()), Row.number(result.p99()));
    }
}
