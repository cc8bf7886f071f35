package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The data folders of every schema that a release had, as `upgrades/live.py` left them, start and go on.
class UpgradesTest {

    private static final String KEY = "ApiKey_00000000-0000-4000-8000-0000000000aa.a-secret-of-the-upgrade-fixture";
    private static final String ANN = "+12025550140";
    private static final String LINE = "+12025550101";
    private static final String EVENTS = "/api/v1/imessage/events";
    /// What a server changes by being asked or by trying again.
    private static final List<String> FLEETING = List.of("last_used_at");

    static Stream<String> folders() {
        return Stream.of("schema-140.zip");
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
