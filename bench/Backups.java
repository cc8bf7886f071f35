import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Accepted sends while the server is backed up, again and again, by the command in a process of its own. The database
/// has as much as a few years leave there, so that it is the backup that is measured and not the start of a JVM.
final class Backups {

    private static final int CLIENTS = 16;
    private static final int TURNS = 3;
    private static final int CONVERSATIONS = 2_000;
    private static final int MESSAGES = 1_000_000;
    private static final Duration CHECK = Duration.ofMinutes(2);

    private Backups() {}

    static List<Row> measure() throws Exception {
        Path data = Bench.newFolder("backup");
        try (Loop loop = new Loop()) {
            Bridge bridge = new Bridge(loop);
            World world;
            try (Server server = Server.partyline(data, Server.FLAGS, bridge.config())) {
                world = World.create(server, bridge, 0, CLIENTS);
            }
            Seed.fill(data.resolve("partyline.db"), CONVERSATIONS, MESSAGES);
            try (Server server = Server.partyline(data, Server.FLAGS, bridge.config())) {
                Flows.settle(server, CHECK);
                Fleet fleet = new Fleet(loop, server.port(), CLIENTS, 0, world.on(server)::send);
                Flows.warm(fleet, server);
                Load.Result alone = Load.Result.of(new long[0], Duration.ZERO);
                Load.Result beside = alone;
                int taken = 0;
                for (int turn = 0; turn < TURNS; turn++) {
                    alone = alone.and(sends(fleet, server));
                    try (Taker taker = new Taker(data)) {
                        beside = beside.and(sends(fleet, server));
                        taken += taker.count;
                    }
                }
                return List.of(
                        Row.atLeast(
                                "accepted sends, %d clients, beside a backup".formatted(CLIENTS),
                                told(beside) + ", " + taken + " backups",
                                told(alone) + " alone",
                                beside.perSecond() / alone.perSecond(),
                                0.9));
            }
        }
    }

    private static Load.Result sends(Fleet fleet, Server server) throws Exception {
        Load.Result result = fleet.closed(CLIENTS, Duration.ZERO, Bench.SPAN.multipliedBy(3));
        Flows.settle(server);
        return result;
    }

    private static String told(Load.Result result) {
        return "%s/s, p99 %s ms".formatted(Row.number(result.perSecond()), Row.number(result.p99()));
    }

    /// Takes one backup after the other until it is closed.
    private static final class Taker implements AutoCloseable {

        private final Path data;
        private final Thread thread;
        private volatile boolean closing;
        private volatile int count;

        Taker(Path data) {
            this.data = data;
            this.thread = Thread.ofPlatform().start(this::run);
        }

        private void run() {
            try {
                while (!closing) {
                    List<String> command = new ArrayList<>(List.of(Server.tool("java")));
                    command.addAll(Server.FLAGS);
                    command.addAll(List.of("-jar", Bench.JAR.toString(), "backup"));
                    command.addAll(List.of(
                            Bench.newFolder("taken").resolve("backup").toString(), "--data", data.toString()));
                    if (new ProcessBuilder(command).inheritIO().redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor()
                            != 0) {
                        throw new IllegalStateException("a backup failed");
                    }
                    count++;
                }
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws InterruptedException {
            closing = true;
            thread.join();
        }
    }
}
