package partyline.app.operator;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.config.Config;
import partyline.drivers.simulator.Simulator;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.SqliteLibrary;
import partyline.kernel.StartupFailure;
import partyline.transport.Driver;
import partyline.transport.DriverState;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Transport;

/// Tries out the configured lines: each at the start of the server, into the log; and all on command, without a server.
public final class LineCheck {

    private static final Logger LOG = LoggerFactory.getLogger(LineCheck.class);

    private LineCheck() {}

    /// Looks at every line in the background and logs what is wrong.
    public static void begin(Transport transport) {
        for (Line line : transport.lines().all()) {
            Thread.ofVirtual()
                    .name("check-" + line.id())
                    .start(() -> transport
                            .lines()
                            .check(line.id())
                            .forEach(problem -> LOG.error(
                                    "event=line_problem line={} problem=\"{}\""
                                            + " fix=\"mend it; docs/lines has a page for each service\"",
                                    line.id(),
                                    problem)));
        }
    }

    /// Prints what is wrong with each line; returns how many lines have a problem.
    public static int run(Config config, PrintWriter out) {
        try (Scratch scratch = Scratch.temporary()) {
            SqliteLibrary.load(scratch.path().resolve("sqlite"));
            return inScratch(config, scratch.path(), out);
        } catch (IOException e) {
            throw new StartupFailure("Cannot make a temporary folder (" + e + "): check the permissions of TMPDIR.", e);
        }
    }

    private static int inScratch(Config config, Path scratch, PrintWriter out) throws IOException {
        Path file = scratch.resolve("check.db");
        int bad = 0;
        InstantSource clock = Clock.systemUTC();
        try (Database database = Database.open(file)) {
            Map<Line, Driver> drivers = drivers(config, database, clock);
            for (Map.Entry<Line, Driver> entry : drivers.entrySet()) {
                List<String> problems = entry.getValue().check(entry.getKey());
                out.println(entry.getKey().id() + (problems.isEmpty() ? "  ok" : ""));
                problems.forEach(problem -> out.println("  " + problem));
                bad += problems.isEmpty() ? 0 : 1;
            }
            drivers.values().forEach(Driver::close);
        }
        return bad;
    }

    private static Map<Line, Driver> drivers(Config config, Database database, InstantSource clock) {
        Simulator simulator =
                new Simulator(database, new Ids(clock), clock, config.lines().simulated(), Simulator.Settings.usual());
        LineSetup.Surroundings around = new LineSetup.Surroundings(
                url -> {
                    throw new IOException("nothing is sent in a check: " + url);
                },
                new DriverState(database),
                clock,
                config.addresses());
        Map<String, Driver> byId = config.lines()
                .drivers(
                        simulator,
                        (line, options) -> new LineSetup(
                                line,
                                options,
                                () -> config.http().publicUrl().orElse("") + "/hooks/" + line.id(),
                                around));
        Map<Line, Driver> drivers = new LinkedHashMap<>();
        config.lines().all().forEach(line -> drivers.put(line, byId.get(line.id())));
        return drivers;
    }
}
