package partyline.app;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import partyline.app.http.HttpServer;
import partyline.app.operator.OperationsClient;
import partyline.identities.ApiKeys;
import partyline.identities.Organization;
import partyline.identities.Organizations;
import partyline.identities.ServerKey;
import partyline.kernel.Database;
import partyline.transport.Driver;

/// A real server in this process, on a free port and a real database file, with two organizations: the operator's, and
/// another one.
public final class TestServer implements BeforeAllCallback, AfterAllCallback, AutoCloseable {

    private Path folder = Path.of("");
    private String operatorKey = "";
    private String otherKey = "";
    private Optional<Wiring> wiring = Optional.empty();
    private int people = 0;
    private final String settings;
    private final InstantSource clock;
    private final UnaryOperator<Driver> wire;

    /// As it comes, without a configuration file.
    public TestServer() {
        this("");
    }

    /// With what a configuration file says.
    public TestServer(String settings) {
        this(settings, InstantSource.system());
    }

    /// With another clock.
    public TestServer(String settings, InstantSource clock) {
        this(settings, clock, UnaryOperator.identity());
    }

    /// With a driver that misbehaves, too.
    public TestServer(String settings, InstantSource clock, UnaryOperator<Driver> wire) {
        this.settings = settings;
        this.clock = clock;
        this.wire = wire;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        open();
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        close();
    }

    /// Makes the folder and starts; for a test that needs a server of its own.
    public void open() throws IOException {
        folder = Files.createTempDirectory("partyline");
        ServerKey.open(folder.resolve("server.key"), true);
        try (Database database = Database.open(folder.resolve("partyline.db"))) {
            operatorKey = organization(database, "operator");
            otherKey = organization(database, "other");
        }
        start();
    }

    /// Starts in a folder that another server left, whose organizations and keys are those of then; it goes at the end.
    void open(Path left) {
        folder = left;
        start();
    }

    /// Starts in a folder with what `other` had, also its organizations and keys; it goes at the end.
    void open(Path data, TestServer other) {
        operatorKey = other.operatorKey;
        otherKey = other.otherKey;
        open(data);
    }

    @Override
    public void close() throws IOException {
        stop();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(TestServer::delete);
        }
    }

    /// The operator's admin.
    public Api admin() {
        return new Api(base(), operatorKey);
    }

    /// The admin of another organization.
    Api stranger() {
        return new Api(base(), otherKey);
    }

    public Api nobody() {
        return new Api(base(), "");
    }

    /// A number that no test has used.
    public synchronized String person() {
        people++;
        return "+1202556%04d".formatted(people);
    }

    void restart() {
        restart(_ -> {});
    }

    /// Stops, does something to the database, and starts.
    void restart(Consumer<Database> meanwhile) {
        stop();
        try (Database database = Database.open(folder.resolve("partyline.db"))) {
            meanwhile.accept(database);
        }
        start();
    }

    List<HttpServer.Route> routes() {
        return wiring.orElseThrow().routes();
    }

    public Path folder() {
        return folder;
    }

    /// What the operator sees who gives a command, whether the server runs or not.
    public String operate(String... words) {
        List<String> command = List.of(words);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new OperationsClient(folder)
                .run(command, taken -> Wiring.atRest(taken, read(), operations -> Cli.run(command, operations)), out);
        return out.toString(StandardCharsets.UTF_8);
    }

    Wiring wiring() {
        return wiring.orElseThrow();
    }

    private String base() {
        return wiring.orElseThrow().baseUrl();
    }

    public void start() {
        wiring = Optional.of(Wiring.start(Config.of(read()), Optional.empty(), clock, wire));
    }

    private Settings read() {
        Map<String, String> flags =
                Map.of("http.port", "0", "data.folder", folder.toString(), "simulator.latency_ms", latency());
        return Settings.read(file(), Map.of(), flags);
    }

    /// A millisecond, unless the settings speak of it: a flag would win over them.
    private String latency() {
        return settings.contains("latency_ms: 0") ? "0" : "1";
    }

    private Optional<Path> file() {
        try {
            return settings.isEmpty()
                    ? Optional.empty()
                    : Optional.of(Files.writeString(folder.resolve("partyline.yaml"), settings));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void stop() {
        wiring.ifPresent(Wiring::close);
    }

    private static String organization(Database database, String name) {
        ApiKeys keys = new ApiKeys(database, InstantSource.system());
        Organizations organizations = new Organizations(database, InstantSource.system());
        return database.write(tx -> {
            Organization made = organizations.create(tx, name);
            return keys.mintAdmin(tx, made.id(), "test").text();
        });
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
