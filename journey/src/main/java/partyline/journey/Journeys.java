package partyline.journey;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/// Makes four journeys through the packaged jar and prints which files of ours run in each, in the order of their first
/// call.
///
/// What runs by chance is left out by making each journey several times and taking what ran each time; what always
/// runs, by looking at a server that is left alone. Arguments: the jar; `counts` to have no lists.
public final class Journeys {

    private static final Path AGENT = Path.of("journey/target/lib/org.jacoco.agent-runtime.jar");
    private static final Duration LATENCY = Duration.ofMillis(400);
    private static final Duration LEFT_ALONE = Duration.ofMillis(1_500);
    private static final int TIMES = 3;
    private static final int ATTEMPTS = 5;

    private Journeys() {}

    public static void main(String[] arguments) throws IOException {
        boolean lists = !List.of(arguments).contains("counts");
        Path folder = Files.createTempDirectory("partyline-journey");
        try (JarFile jar = new JarFile(arguments[0])) {
            measure(jar, folder).forEach(report -> {
                if (lists) {
                    report.printFiles(System.out);
                } else {
                    report.printCounts(System.out);
                }
            });
        }
        delete(folder);
    }

    private static List<Report> measure(JarFile jar, Path folder) throws IOException {
        int port = MeasuredServer.freePort();
        List<String> options =
                List.of("-XX:TieredStopAtLevel=1", Coverage.option(AGENT, port), CallTrace.option(folder, types(jar)));
        try (EventReceiver receiver = new EventReceiver();
                MeasuredServer server = new MeasuredServer(Path.of(jar.getName()), options, folder, LATENCY)) {
            server.awaitAnswer();
            Coverage coverage = new Coverage(jar, SourceTree.of(Path.of("")), port);
            Traveller traveller = new Traveller(server.api(), receiver, LATENCY);
            Map<Journey, List<Measurement>> measurements = new EnumMap<>(Journey.class);
            for (Journey journey : Journey.values()) {
                measurements.put(journey, several(() -> make(journey, traveller, coverage)));
            }
            List<Measurement> idle = several(() -> leaveAlone(coverage));
            CallTrace trace = CallTrace.of(server, folder, coverage.types());
            return measurements.entrySet().stream()
                    .map(it -> new Report(it.getKey(), Ran.eachTime(it.getValue(), trace), Ran.eachTime(idle, trace)))
                    .toList();
        }
    }

    private static Measurement make(Journey journey, Traveller traveller, Coverage coverage) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            if (traveller.go(journey, coverage)) {
                return coverage.measurement();
            }
        }
        throw new IllegalStateException("this machine is too slow, or too busy, to measure " + journey.title());
    }

    private static Measurement leaveAlone(Coverage coverage) {
        coverage.open();
        Wait.of(LEFT_ALONE);
        coverage.close();
        return coverage.measurement();
    }

    private static List<Measurement> several(Supplier<Measurement> measure) {
        return Stream.generate(measure).limit(TIMES).toList();
    }

    /// The names of all types of ours.
    private static Stream<String> types(JarFile jar) {
        return jar.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.startsWith("partyline/") && name.endsWith(".class"))
                .map(name ->
                        name.substring(0, name.length() - ".class".length()).replace('/', '.'));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
