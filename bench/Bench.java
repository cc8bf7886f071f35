import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// `make bench`: measures the packaged jar beside yardsticks of the same run and prints one table. This process is the
/// load and the receiver; the server and the floor are processes of their own. Arguments choose some of the parts.
public final class Bench {

    static final Path JAR = Path.of(System.getProperty("bench.jar", "app/target/partyline.jar")).toAbsolutePath();
    static final String KEY = "ApiKey_00000000-0000-4000-8000-000000000001.a-secret-for-the-benchmark";
    static final Path FOLDER = folder();
    static final Path CONFIG = FOLDER.resolve("partyline.yaml");

    /// Seconds of a measurement, after as many of warming up.
    static final Duration SPAN = Duration.ofSeconds(Integer.getInteger("bench.seconds", 5));

    private static final List<String> PARTS =
            List.of("floor", "sends", "life", "dead", "lists", "memory", "streams", "backup", "start");

    /// Takes longer than all of them, and is measured when it is named.
    private static final String GROWTH = "growth";

    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        Set<String> parts = Set.copyOf(arguments.length == 0 ? PARTS : List.of(arguments));
        double load = Method.load();
        try {
            Files.writeString(CONFIG, config());
            List<Row> rows = new ArrayList<>();
            for (String part : Stream.concat(PARTS.stream(), Stream.of(GROWTH)).toList()) {
                if (parts.contains(part)) {
                    System.err.println(part + " ...");
                    List<Row> measured = measure(part);
                    System.err.print(Row.table(measured));
                    rows.addAll(measured);
                }
            }
            String table = Row.table(rows);
            System.out.println(table);
            if (parts.containsAll(PARTS)) {
                Files.writeString(Path.of("bench/results.md"), Method.text(table, load));
            }
        } finally {
            delete(FOLDER);
        }
    }

    private static List<Row> measure(String part) throws Exception {
        return switch (part) {
            case "sends" -> Sends.measure();
            case "life" -> Flows.life();
            case "floor" -> Flows.texts();
            case "dead" -> DeadReceiver.measure();
            case "lists" -> Lists.measure();
            case "memory" -> Memory.measure();
            case "streams" -> Streams.measure();
            case "backup" -> Backups.measure();
            case GROWTH -> Growth.measure();
            case "start" -> Start.measure();
            default -> throw new IllegalArgumentException(part);
        };
    }

    /// No caps, and phones that take no time.
    private static String config() {
        return """
                outbound:
                  allow: [127.0.0.0/8]
                simulator:
                  latency_ms: 0
                limits:
                  sends_per_24h: 0
                  alternations_per_minute: 0
                  streams_per_key: 2000
                  router_replies_per_hour: 10000
                """;
    }

    static Path newFolder(String name) throws IOException {
        return Files.createTempDirectory(FOLDER, name);
    }

    private static Path folder() {
        try {
            return Files.createTempDirectory(Path.of(System.getProperty("bench.folder", "target")).toAbsolutePath(), "bench-");
        } catch (IOException e) {
            throw new IllegalStateException("cannot make a folder under target/", e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
