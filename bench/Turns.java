import java.lang.management.ManagementFactory;
import java.time.Duration;

/// Servers that are measured in turns, so that all have the same better and worse moments of the machine.
final class Turns {

    static final int ROUNDS = 5;
    /// What a server does behind its answers belongs to its turn.
    private static final Duration REST = Duration.ofMillis(200);

    /// A server with its load, and what became of all its turns.
    static final class Player {

        final Server server;
        final Fleet fleet;
        Load.Result result = Load.Result.of(new long[0], Duration.ZERO);
        private Server.Used used = Server.Used.NOTHING;
        private double loadMillis;
        private long trips;

        Player(Server server, Fleet fleet) {
            this.server = server;
            this.fleet = fleet;
        }

        double perSecond() {
            return result.perSecond();
        }

        /// Microseconds of processor time for each message.
        double cpu() {
            return used.cpuMillis() * 1_000 / trips;
        }

        double cpuWithoutCompilers() {
            return used.withoutCompilers() * 1_000 / trips;
        }

        /// What the load, receivers and all, took for each message.
        double load() {
            return loadMillis * 1_000 / trips;
        }

        /// KB written for each message, as the kernel counts.
        double written() {
            return used.bytesWritten() / 1_000.0 / trips;
        }

        private void play(int inFlight, Duration turn) throws Exception {
            Server.Used before = server.used();
            double loadBefore = cpuMillis();
            long tripsBefore = fleet.count();
            result = result.and(fleet.closed(inFlight, Duration.ZERO, turn));
            Thread.sleep(REST);
            trips += fleet.count() - tripsBefore;
            loadMillis += cpuMillis() - loadBefore;
            used = used.and(server.used().since(before));
        }

        private static double cpuMillis() {
            return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                            .getProcessCpuTime()
                    / 1e6;
        }
    }

    private Turns() {}

    /// Each plays for `measured` in all.
    static void play(int inFlight, Duration measured, Player... players) throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            for (Player each : players) {
                each.play(inFlight, measured.dividedBy(ROUNDS));
            }
        }
    }
}
