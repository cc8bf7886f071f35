package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import partyline.drivers.contract.FakeLine;
import partyline.drivers.contract.LittleServer;
import partyline.fakes.webhook.FakeProgram;
import partyline.kernel.Json;

/// Every rule of `docs/operating/alerts.yml`, by a Prometheus that asks two servers: it fires when its fault is made,
/// and goes when that is mended. One server has two lines over programs and a receiver, the other a disk of its own.
/// The rules are those of the file but for their times, which are cut to seconds.
@Tag("needs-tools")
class AlertsIT {

    private static final String KEY = "ApiKey_00000000-0000-4000-8000-0000000000aa.a-secret-of-the-alerts-test";
    private static final Map<String, String> SETTINGS = Map.of("PARTYLINE_ADMIN_KEY", KEY);
    private static final List<String> ON_A_SMALL_DISK = List.of(
            "unshare",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o size=64m small data && exec \"$@\"",
            "sh");
    private static final Pattern RULE = Pattern.compile("- alert: (\\w+)");

    @TempDir
    static Path folder;

    private static final FakeProgram front = new FakeProgram();
    private static final FakeProgram pool = new FakeProgram();
    private static final LittleServer outside = new LittleServer(AlertsIT::answer);
    private static volatile boolean hangs;
    private static volatile int status = 200;

    private static Jar server;
    private static Jar small;
    private static Program prometheus;
    private static Api watch;
    private static String data = "data";
    private static Api agent;
    private static String conversation;
    private static Handle reader;

    /// How a fault is made and mended.
    private record Fault(Executable make, Executable mend) {}

    private static final Map<String, Fault> FAULTS = Map.ofEntries(
            Map.entry("PartylineUnreachable", new Fault(() -> small.kill(), AlertsIT::startSmall)),
            Map.entry("PartylineLineDown", new Fault(pool::stop, pool::start)),
            Map.entry(
                    "PartylineLineDegraded",
                    new Fault(() -> pool.greets("{\"state\": \"degraded\"}"), () -> pool.greets("{}"))),
            Map.entry("PartylineSendsStuck", new Fault(AlertsIT::sendInVain, () -> pool.isBusy(false))),
            Map.entry("PartylineRouterStuck", new Fault(AlertsIT::askInVain, () -> front.isBusy(false))),
            Map.entry("PartylineInboxStuck", new Fault(AlertsIT::writeWithAFile, AlertsIT::answerAgain)),
            Map.entry("PartylineSendsGivenUp", new Fault(AlertsIT::sendForTooLong, () -> pool.isBusy(false))),
            Map.entry("PartylineInboundGivenUp", new Fault(AlertsIT::breakTheHandling, AlertsIT::mendTheHandling)),
            Map.entry("PartylineReceiverFails", new Fault(() -> receive(500), () -> receive(200))),
            Map.entry("PartylineWebhooksLate", new Fault(AlertsIT::writeToOneThatHangs, AlertsIT::answerAgain)),
            Map.entry("PartylineDiskFull", new Fault(AlertsIT::fillTheDisk, AlertsIT::makeRoom)),
            Map.entry("PartylineDiskFillsUp", new Fault(() -> leave(5), AlertsIT::makeRoom)),
            Map.entry("PartylineDatabaseDamaged", new Fault(AlertsIT::damage, AlertsIT::restore)),
            Map.entry("PartylineWritesSlow", new Fault(AlertsIT::writeSlowly, () -> {})),
            Map.entry("PartylineLogLong", new Fault(AlertsIT::readWithoutEnd, AlertsIT::endReading)));

    static List<String> rules() throws IOException {
        return RULE.matcher(Files.readString(file()))
                .results()
                .map(it -> it.group(1))
                .toList();
    }

    @BeforeAll
    static void begin() throws IOException {
        Files.writeString(folder.resolve("partyline.yaml"), """
                lines:
                  - {id: front, number: "%s", roles: [router], driver: webhook, webhook: %s}
                  - {id: pool, number: "%s", roles: [pool], driver: webhook, webhook: %s}
                """.formatted(
                        Api.ROUTER, keys(front), LineWorld.POOL_NUMBER, keys(pool)));
        server = start("0");
        Files.createDirectories(folder.resolve("small/data"));
        small = startSmall("0");
        watch = prometheus();
        Api admin = new Api(server.base(), KEY);
        agent = admin.scoped(admin.identity("agent"));
        agent.post("/api/v1/webhooks/subscriptions", """
                {"agent_identity_id": %s, "url": "%s/receiver", "event_types": ["imessage.received"]}
                """.formatted(
                                agent.get("/api/v1/identities/agent").json().path("id"), outside.url()))
                .expect(201);
        front.writes("connect @agent");
        waitFor(pool::bubbles, it -> !it.isEmpty());
        pool.writes("hello");
        conversation = waitFor(
                        () -> agent.get("/api/v1/imessage/conversations")
                                .expect(200)
                                .json(),
                        it -> !it.isEmpty())
                .path(0)
                .path("id")
                .asString();
    }

    @AfterAll
    static void end() {
        Stream.of(prometheus, server, small, front, pool, outside)
                .filter(Objects::nonNull)
                .forEach(AlertsIT::close);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void a_rule_fires_by_its_fault_and_goes_when_that_is_mended(String alert) throws Throwable {
        Fault fault = FAULTS.get(alert);
        assertThat(fault).as("how the fault is made that %s tells of", alert).isNotNull();
        waitFor(AlertsIT::firing, it -> it.isEmpty());

        fault.make().execute();
        waitFor(AlertsIT::firing, it -> it.contains(alert));

        fault.mend().execute();
        waitFor(AlertsIT::firing, it -> it.isEmpty());
    }

    @Test
    void what_is_read_of_a_server_keeps_to_the_conventions_of_prometheus() throws IOException {
        Files.writeString(
                folder.resolve("metrics"),
                Scrape.of(new Api(server.base(), KEY)).text());

        try (Program judge = Program.start(folder, Map.of(), List.of("sh", "-c", "promtool check metrics < metrics"))) {
            assertThat(judge.exitCode()).as(judge.output()).isZero();
        }
    }

    private static void sendInVain() {
        pool.isBusy(true);
        reply("not now");
    }

    private static void askInVain() {
        front.isBusy(true);
        front.writes("list");
    }

    /// What it was told to send a day ago, the server does not try again.
    private static void sendForTooLong() {
        pool.isBusy(true);
        reply("too late");
        change("UPDATE message SET created_at = created_at - 90000000000 WHERE status = 'queued'");
    }

    private static void writeWithAFile() {
        hangs = true;
        pool.posts("""
                {"type": "text", "id": "with-a-file", "from": "%s", "text": "look", "media_url": "%s/file"}
                """.formatted(FakeLine.PERSON, outside.url()));
    }

    private static void writeToOneThatHangs() {
        hangs = true;
        pool.writes("anybody there?");
    }

    private static void answerAgain() {
        hangs = false;
        outside.stop();
        outside.start();
    }

    /// As soon as the next event has come.
    private static void receive(int answered) {
        status = answered;
        pool.writes("answer me with " + answered);
    }

    /// The last of the tries that a person's text gets follows at once.
    private static void breakTheHandling() {
        change("CREATE TRIGGER fault BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'a bug'); END");
        pool.writes("nobody understands me");
        waitFor(
                () -> change("UPDATE transport_inbox SET attempts = 4, due_at = put_off_at WHERE due_at IS NOT NULL"),
                it -> it == 1);
        pool.writes("still there?");
    }

    private static void mendTheHandling() {
        change("DROP TRIGGER fault");
    }

    /// Another process has the file for longer than a second, again and again.
    private static void writeSlowly() {
        waitFor(
                () -> {
                    try (Handle other = open()) {
                        other.execute("BEGIN IMMEDIATE");
                        long since = System.nanoTime();
                        pool.writes("in a while");
                        waitFor(
                                () -> System.nanoTime() - since,
                                it -> it > Duration.ofMillis(1_200).toNanos());
                        other.execute("ROLLBACK");
                    }
                    return firing();
                },
                it -> it.contains("PartylineWritesSlow"));
    }

    private static void readWithoutEnd() {
        reader = open();
        reader.execute("BEGIN");
        reader.createQuery("SELECT count(*) FROM message").mapTo(int.class).one();
        change("CREATE TABLE ballast (bytes BLOB)");
        change("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 280)"
                + " INSERT INTO ballast SELECT zeroblob(1000000) FROM n");
    }

    private static void endReading() {
        reader.close();
        waitFor(
                () -> {
                    pool.writes("go on");
                    return firing();
                },
                it -> it.isEmpty());
        change("DROP TABLE ballast");
    }

    private static void fillTheDisk() throws IOException {
        leave(0);
        Api admin = new Api(small.base(), KEY);
        waitFor(
                () -> admin.post("/api/v1/identities/", "{\"agent_handle\":\"agent-" + System.nanoTime() + "\"}")
                        .status(),
                it -> it == 507);
    }

    private static void makeRoom() throws IOException {
        Files.delete(ballast());
        new Api(small.base(), KEY).identity("agent-" + System.nanoTime());
    }

    /// Leaves so many percent of the small disk, or nothing.
    private static void leave(int percent) throws IOException {
        FileStore disk = Files.getFileStore(ballast().getParent());
        long most = disk.getUsableSpace() - disk.getTotalSpace() * percent / 100;
        try (OutputStream out = Files.newOutputStream(ballast())) {
            byte[] page = new byte[4_096];
            for (long written = 0; written < most; written += page.length) {
                out.write(page);
            }
        }
    }

    private static Path ballast() {
        return small.root()
                .resolve(folder.resolve("small/data/ballast").toString().substring(1));
    }

    /// A row of which an index does not know.
    private static void damage() {
        run("backup", folder.resolve("backup").toString(), "--data", data);
        String port = port(server);
        server.kill();
        try (Handle file = open()) {
            file.execute("PRAGMA writable_schema = ON");
            file.execute("CREATE TEMP TABLE kept AS SELECT * FROM sqlite_master WHERE name = 'transport_early_age'");
            file.execute("DELETE FROM sqlite_master WHERE name = 'transport_early_age'");
            file.execute("PRAGMA writable_schema = RESET");
            file.execute("INSERT INTO transport_early VALUES (1, 'pool', 'astray', NULL, 'read', '{}', 1)");
            file.execute("PRAGMA writable_schema = ON");
            file.execute("INSERT INTO sqlite_master SELECT * FROM kept");
            file.execute("PRAGMA writable_schema = RESET");
        }
        server = start(port);
    }

    private static void restore() {
        String port = port(server);
        server.terminate();
        run("restore", folder.resolve("backup").toString(), "--data", "restored");
        data = "restored";
        server = start(port);
    }

    private static Jar start(String port) {
        Jar started = Jar.start(folder, SETTINGS, "--config", "partyline.yaml", "--data", data, "--port", port);
        started.base();
        return started;
    }

    private static void startSmall() {
        small = startSmall(port(small));
    }

    private static Jar startSmall(String port) {
        Jar started = Jar.start(folder.resolve("small"), SETTINGS, ON_A_SMALL_DISK, "--port", port);
        started.base();
        return started;
    }

    private static void run(String... command) {
        try (Jar jar = Jar.start(folder, SETTINGS, command)) {
            assertThat(jar.exitCode()).as(jar.output()).isZero();
        }
    }

    private static void reply(String text) {
        agent.post(Talk.MESSAGES, "{\"conversation_id\":\"%s\",\"text\":\"%s\"}".formatted(conversation, text))
                .expect(201);
    }

    private static void answer(LittleServer.Call call) throws IOException {
        if (hangs) {
            outside.hang();
        } else {
            call.answer(status, Json.object());
        }
    }

    private static Handle open() {
        Handle handle = Jdbi.open("jdbc:sqlite:" + folder.resolve(data).resolve("partyline.db"));
        handle.execute("PRAGMA busy_timeout = 10000");
        return handle;
    }

    /// What somebody else does to the server's database; how many rows that were.
    private static int change(String sql) {
        try (Handle other = open()) {
            return other.execute(sql);
        }
    }

    private static String keys(FakeProgram program) {
        return "{url: \"%s\", secret: \"%s\", greet: 200ms}".formatted(program.url(), FakeProgram.SECRET);
    }

    private static String port(Jar jar) {
        return jar.base().replaceFirst(".*:", "");
    }

    private static Path file() {
        return Jar.repository().resolve("docs/operating/alerts.yml");
    }

    /// A Prometheus that asks both servers twice a second; what is to last for minutes lasts for a moment, and what is
    /// looked at over minutes is over seconds.
    private static Api prometheus() throws IOException {
        String rules = Files.readString(file())
                .replaceAll("for: \\d+m", "for: 100ms")
                .replaceAll("(oldest_seconds\\{.*}) > \\d+", "$1 > 1")
                .replaceAll("\\[\\d+m]", "[4s]");
        Files.writeString(folder.resolve("alerts.yml"), rules);
        Files.writeString(folder.resolve("prometheus.yml"), """
                global: {scrape_interval: 500ms, scrape_timeout: 500ms, evaluation_interval: 500ms}
                rule_files: [alerts.yml]
                scrape_configs:
                  - job_name: partyline
                    authorization: {credentials: %s}
                    static_configs: [{targets: ["127.0.0.1:%s", "127.0.0.1:%s"]}]
                """.formatted(KEY, port(server), port(small)));
        String address = "127.0.0.1:" + freePort();
        prometheus = Program.start(
                folder,
                Map.of(),
                List.of(
                        "prometheus",
                        "--config.file=prometheus.yml",
                        "--storage.tsdb.path=prometheus",
                        "--web.listen-address=" + address));
        prometheus.awaitOutput(it -> it.contains("Server is ready"));
        return Api.undescribed("http://" + address);
    }

    /// The names of the rules that fire now, once both servers were asked.
    private static Set<String> firing() {
        return watch.get("/api/v1/alerts")
                .expect(200)
                .json()
                .path("data")
                .path("alerts")
                .valueStream()
                .filter(it -> it.path("state").asString().equals("firing"))
                .map(it -> it.path("labels").path("alertname").asString())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static int freePort() throws IOException {
        try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return any.getLocalPort();
        }
    }

    private static void close(AutoCloseable open) {
        try {
            open.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
