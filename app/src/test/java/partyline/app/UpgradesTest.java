package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import partyline.kernel.DatabaseCopy;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The data folders of every schema that a release had, as `upgrades/live.py` left them, start and go on.
class UpgradesTest {

    private static final String KEY = "ApiKey_00000000-0000-4000-8000-0000000000aa.a-secret-of-the-upgrade-fixture";
    private static final String ANN = "+12025550140";
    private static final String LINE = "+12025550101";
    private static final String EVENTS = "/api/v1/imessage/events";
    /// What a server changes by being asked or by trying again.
    private static final List<String> FLEETING = List.of("last_used_at", "oldest_seconds");

    static List<String> folders() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/upgrades"))) {
            return files.map(it -> it.getFileName().toString())
                    .filter(it -> it.matches("schema-\\d+\\.zip"))
                    .toList();
        }
    }

    /// Those that this version has something to do for.
    static List<String> older() throws IOException {
        return folders().stream()
                .filter(it -> Integer.parseInt(it.replaceAll("\\D", "")) < DatabaseCopy.NEWEST_SCHEMA)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("folders")
    void a_folder_of_before_answers_what_it_answered_then_and_goes_on(String archive) throws IOException {
        Path folder = Files.createTempDirectory("partyline");
        JsonNode then = unpack(archive, folder);
        try (TestServer server = new TestServer()) {
            server.open(folder);
            Api admin = server.nobody().with(KEY);
            Api agent = server.nobody().with(then.path("agent").stringValue());

            then.path("admin").properties().forEach(it -> same(admin, it));
            then.path("own").properties().forEach(it -> same(agent, it));
            String place = "?after=" + then.path("events").path("next");
            JsonNode events = agent.get(EVENTS + "?after=0", "application/json").json();
            assertThat(holds(then.path("events").path("events"), events.path("events")))
                    .isTrue();

            admin.text(ANN, LINE, "after the upgrade");
            JsonNode heard = Api.waitFor(
                    () -> agent.get(EVENTS + place, "application/json")
                            .expect(200)
                            .json()
                            .path("events"),
                    it -> !it.isEmpty());
            assertThat(heard.path(0).toString())
                    .contains("after the upgrade", then.path("conversation").stringValue());
            JsonNode sent = agent.with(Map.of("Idempotency-Key", "once"))
                    .post(
                            Talk.MESSAGES,
                            "{\"conversation_id\":\"%s\",\"text\":\"with a key\"}"
                                    .formatted(then.path("conversation").stringValue()))
                    .expect(201)
                    .json();
            assertThat(then.path("own").toString())
                    .contains(sent.path("message").path("id").stringValue());

            assertThat(server.operate("erase", "--number", ANN)).contains("erased");
            assertThat(admin.get(Talk.MESSAGES + "?limit=200").text()).doesNotContain(ANN, "grüß dich");
        }
    }

    @ParameterizedTest
    @MethodSource("older")
    void what_an_upgrade_would_do_is_told_and_nothing_is_done(String archive) throws IOException {
        Path folder = Files.createTempDirectory("partyline");
        unpack(archive, folder);
        String schema = archive.replaceAll("\\D", "");
        Map<String, Object> before = contents(folder);

        assertThat(command(0, "upgrade", "--check", "--data", folder.toString()))
                .contains("schema " + schema, "schema " + DatabaseCopy.NEWEST_SCHEMA, "would run     00")
                .contains("partyline.db.schema-" + schema + ".bak", "about 1 s", "MB that the disk has left")
                .contains("Nothing was changed.");

        assertThat(contents(folder)).isEqualTo(before);
        try (TestServer server = new TestServer()) {
            server.open(folder);
            Map<String, Object> running = contents(folder);
            assertThat(command(0, "upgrade", "--check", "--data", folder.toString()))
                    .contains("would run     nothing", "Nothing was changed.");
            assertThat(contents(folder).keySet()).isEqualTo(running.keySet());
            killed(folder);
        }
        assertThat(command(2, "upgrade", "--data", folder.toString())).contains("--check");
    }

    @ParameterizedTest
    @MethodSource("older")
    void an_older_program_names_the_copy_to_go_back_to_and_takes_it(String archive) throws IOException {
        Path folder = Files.createTempDirectory("partyline");
        JsonNode then = unpack(archive, folder);
        try (TestServer server = new TestServer()) {
            server.open(folder);
            server.stop();
            Path database = folder.resolve("partyline.db");
            newer(database);
            String[] check = {"upgrade", "--check", "--data", folder.toString()};

            String sentence = command(1, check);

            String copy = "partyline.db.schema-" + archive.replaceAll("\\D", "") + ".bak";
            assertThat(sentence).contains("schema 999", "(" + copy + ")");
            assertThatThrownBy(server::start).hasMessage(sentence.strip());
            Files.move(folder.resolve(copy), database, StandardCopyOption.REPLACE_EXISTING);
            server.start();
            Api admin = server.nobody().with(KEY);
            then.path("admin").properties().forEach(it -> same(admin, it));
            server.stop();

            newer(database);
            Files.delete(folder.resolve(copy));
            assertThat(command(1, check)).contains("restore a backup of before its upgrade");
        }
    }

    /// What a crash left is not touched either: the log of changes goes into the file at the next start.
    private static void killed(Path running) throws IOException {
        Path folder = Files.createTempDirectory("partyline");
        for (String name : List.of("partyline.db", "partyline.db-wal")) {
            Files.copy(running.resolve(name), folder.resolve(name));
        }
        Map<String, Object> before = contents(folder);

        assertThat(command(0, "upgrade", "--check", "--data", folder.toString()))
                .contains("schema " + DatabaseCopy.NEWEST_SCHEMA);

        assertThat(contents(folder)).containsAllEntriesOf(before);
    }

    private static void newer(Path database) {
        try (Handle handle = Jdbi.open("jdbc:sqlite:" + database)) {
            handle.execute("PRAGMA user_version = 999");
        }
    }

    private static String command(int code, String... words) {
        StringWriter printed = new StringWriter();
        CommandLine commands = Main.commands();
        commands.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(printed, true));
        assertThat(commands.execute(words)).as(printed.toString()).isEqualTo(code);
        return printed.toString();
    }

    /// Every file, with what is in it and when it changed.
    private static Map<String, Object> contents(Path folder) throws IOException {
        Map<String, Object> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(
                        file.toString(),
                        List.of(Arrays.hashCode(Files.readAllBytes(file)), Files.getLastModifiedTime(file)));
            }
        }
        return contents;
    }

    /// Unpacks the folder, and returns what was answered then.
    private static JsonNode unpack(String archive, Path folder) throws IOException {
        try (InputStream in = UpgradesTest.class.getResourceAsStream("/upgrades/" + archive);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path to = folder.resolve(entry.getName());
                Files.createDirectories(to.getParent());
                Files.copy(zip, to);
            }
        }
        return new JsonMapper().readTree(Files.readString(folder.resolve("answers.json")));
    }

    private static void same(Api api, Map.Entry<String, JsonNode> recorded) {
        JsonNode now = api.get(recorded.getKey()).expect(200).json();
        assertThat(holds(recorded.getValue(), now))
                .as("%s answered%n%s%nand now%n%s", recorded.getKey(), recorded.getValue(), now)
                .isTrue();
    }

    /// Whether all that was said is still said: fields and elements may have come since.
    private static boolean holds(JsonNode then, JsonNode now) {
        if (then.isObject()) {
            return then.properties().stream()
                    .filter(it -> !FLEETING.contains(it.getKey()))
                    .allMatch(it -> holds(it.getValue(), now.path(it.getKey())));
        }
        if (then.isArray()) {
            return then.valueStream().allMatch(it -> now.valueStream().anyMatch(other -> holds(it, other)));
        }
        return then.equals(now);
    }
}
