import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/// A server process and what the kernel says about it.
final class Server implements AutoCloseable {

    /// The flags that `make run` and the service use.
    static final List<String> FLAGS = List.of("-XX:+UseSerialGC", "-Xms16m", "-Xmx112m", "-XX:+UseCompactObjectHeaders");

    /// What the process has used since it began. `compilers` is the processor time of each thread that
    /// compiles; one that has had nothing to do for a while ends and is missing.
    record Used(double cpuMillis, Map<String, Double> compilers, long bytesWritten) {

        static final Used NOTHING = new Used(0, Map.of(), 0);

        Used since(Used before) {
            Map<String, Double> compiled = new HashMap<>();
            compilers.forEach((thread, millis) ->
                    compiled.put(thread, millis - before.compilers.getOrDefault(thread, 0.0)));
            return new Used(cpuMillis - before.cpuMillis, compiled, bytesWritten - before.bytesWritten);
        }

        Used and(Used other) {
            Map<String, Double> both = new HashMap<>(compilers);
            other.compilers.forEach((thread, millis) -> both.merge(thread, millis, Double::sum));
            return new Used(cpuMillis + other.cpuMillis, both, bytesWritten + other.bytesWritten);
        }

        /// Processor time without that of the threads that compile.
        double withoutCompilers() {
            return cpuMillis
                    - compilers.values().stream().mapToDouble(Double::doubleValue).sum();
        }
    }

    /// What the kernel calls the threads that compile, or clean up after it.
    private static final Pattern COMPILER = Pattern.compile("C[12] Compiler|Sweeper");
    private static final String PROBE = "/api/whoami";
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final Process process;
    private final int port;
    private final Path data;
    private final double startMillis;

    /// Over the folder `data`; what it prints is in a file beside that.
    private Server(List<String> command, Map<String, String> environment, int port, Path data, String probe)
            throws IOException, InterruptedException {
        this.port = port;
        this.data = data;
        Path log = data.resolveSibling(data.getFileName() + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("PARTYLINE_ADMIN_KEY", Bench.KEY);
        builder.environment().put("MALLOC_ARENA_MAX", "2");
        builder.environment().putAll(environment);
        long begun = System.nanoTime();
        this.process = builder.start();
        while (!answers(probe)) {
            if (!process.isAlive() || System.nanoTime() - begun > PATIENCE_NANOS) {
                throw new IllegalStateException("no answer from " + command + "\n" + Files.readString(log));
            }
            Thread.sleep(2);
        }
        this.startMillis = (System.nanoTime() - begun) / 1e6;
    }

    /// The packaged jar over the data folder `data`.
    static Server partyline(Path data, List<String> flags) throws IOException, InterruptedException {
        return partyline(data, flags, Bench.CONFIG);
    }

    static Server partyline(Path data, List<String> flags, Path config) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = java(flags, System.getProperty("bench.flags", ""));
        command.addAll(List.of("-jar", Bench.JAR.toString()));
        command.addAll(arguments(config, data, port));
        return new Server(command, Map.of(), port, data, PROBE);
    }

    /// The same by `config/partyline`, with its AOT cache in `cache`.
    static Server script(Path data, Path cache) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(List.of("config/partyline", "serve"));
        command.addAll(arguments(Bench.CONFIG, data, port));
        Map<String, String> environment = Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "PARTYLINE_JAR",
                Bench.JAR.toString(),
                "CACHE_DIRECTORY",
                cache.toString());
        return new Server(command, environment, port, data, PROBE);
    }

    /// The floor, posting to `url`; it gets the heap of the server.
    static Server floor(Path folder, String url) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = java(FLAGS, "");
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "Floor",
                String.valueOf(port),
                folder.resolve("floor.db").toString(),
                url));
        return new Server(command, Map.of(), port, folder, "");
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /// From exec to the first answer.
    double startMillis() {
        return startMillis;
    }

    /// Resident memory in MiB.
    double residentMiB() throws IOException {
        return Files.readAllLines(proc("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .sum()
                / 1024.0;
    }

    Used used() throws IOException {
        long bytes = Files.readAllLines(proc("io")).stream()
                .filter(line -> line.startsWith("write_bytes:"))
                .mapToLong(line -> Long.parseLong(line.substring(12).strip()))
                .sum();
        Map<String, Double> compilers = new HashMap<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(proc("task"))) {
            for (Path thread : threads) {
                try {
                    if (COMPILER.matcher(Files.readString(thread.resolve("comm"))).lookingAt()) {
                        compilers.put(thread.getFileName().toString(), cpuMillis(thread.resolve("stat")));
                    }
                } catch (NoSuchFileException e) {
                    // The thread ended meanwhile.
                }
            }
        }
        return new Used(cpuMillis(proc("stat")), compilers, bytes);
    }

    private static double cpuMillis(Path stat) throws IOException {
        String[] fields = Files.readString(stat).replaceFirst("(?s).*\\) ", "").split(" ");
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10.0;
    }

    /// Pages of the database that hold something, in bytes; those in the log of writes count as well.
    long fileBytes() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("partyline.db"));
                Statement statement = connection.createStatement()) {
            return (number(statement, "page_count") - number(statement, "freelist_count"))
                    * number(statement, "page_size");
        }
    }

    private static long number(Statement statement, String pragma) throws SQLException {
        try (ResultSet row = statement.executeQuery("PRAGMA " + pragma)) {
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(15, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    /// The path of one of the JDK's programs.
    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }

    private static List<String> java(List<String> flags, String more) {
        List<String> command = new ArrayList<>();
        command.add(tool("java"));
        command.addAll(flags);
        if (!more.isBlank()) {
            command.addAll(List.of(more.split(" ")));
        }
        return command;
    }

    private static List<String> arguments(Path config, Path data, int port) {
        return List.of(
                "--config", config.toString(), "--data", data.toString(), "--port", String.valueOf(port));
    }

    /// Any answer will do, also a refusal; without a path, that somebody listens.
    private boolean answers(String path) {
        try (Wire wire = new Wire(port)) {
            if (!path.isEmpty()) {
                wire.get(path);
            }
            return true;
        } catch (Wire.Refused e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private Path proc(String name) {
        return Path.of("/proc", String.valueOf(process.pid()), name);
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
