package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every block of code in the guides, run as it stands there beside the packaged jar.
@Tag("needs-tools")
class GuidesIT {

    private static final String SAM = "+12025550140";
    private static final String NODE = "npx -y node@22 ";
    /// What runs here, beside the commands of each guide; [DocsPagesTest] reads the JSON.
    private static final Set<String> RUN = Set.of(
            "agent.py",
            "agent.mts",
            "signatures.sh",
            "signatures.py",
            "signatures.mts",
            "Signatures.java",
            "event",
            "refusal",
            "validation");
    private static final Set<String> COMMANDS = Set.of("first-agent", "receiving", "replying");

    @TempDir
    Path folder;

    private Jar jar;
    private Api admin;

    @BeforeEach
    void start() throws IOException {
        jar = Jar.start(folder, Map.of(), "--port", "0");
        admin = new Api(jar.base(), jar.key());
        // Where curl looks for its defaults: an answer of 400 or above ends the script like any failed command.
        Files.writeString(folder.resolve(".curlrc"), "fail-with-body\n");
    }

    @AfterEach
    void stop() {
        jar.close();
    }

    @Test
    void every_block_is_run() {
        assertThat(GuideBlock.all().stream().filter(it -> !it.isCommand()).map(GuideBlock::name))
                .containsExactlyInAnyOrderElementsOf(RUN);
        assertThat(GuideBlock.all().stream()
                        .filter(GuideBlock::isCommand)
                        .map(GuideBlock::guide)
                        .collect(Collectors.toSet()))
                .isEqualTo(COMMANDS);
    }

    @ParameterizedTest
    @CsvSource({"agent.py,python3 agent.py", "agent.mts," + NODE + "agent.mts"})
    void the_first_agent_is_made_as_written_and_goes_on_after_a_kill(String file, String command) throws IOException {
        Files.writeString(folder.resolve(file), GuideBlock.named(file));
        String agent = command + " > agent.log 2>&1 & until grep -q listening agent.log; do sleep 0.1; done;"
                + " until [ -e agent.place ]; do sleep 0.1; done\n";
        String typed = GuideBlock.commands("first-agent")
                .replace("http://127.0.0.1:8080", jar.base())
                .replace("ApiKey_...", jar.key())
                // Somebody who reads along waits longer when their machine is busy, and has started the agent by now.
                .replace("sleep 2", "sleep 6")
                .replaceFirst("\nsay\\(\\)", "\nPARTYLINE_URL=" + jar.base() + " " + agent + "say()");
        try (Program conversation = shell(typed, Map.of())) {
            int exitCode = conversation.exitCode();

            assertThat(exitCode).as(conversation.output()).isZero();
            assertThat(conversation.output())
                    .contains("\"agent_handle\":\"my-agent\"", "\"connect_command\":\"connect @my-agent\"")
                    .contains("You said: marco");
            conversation.kill();
        }
        Api.waitFor(() -> GuideBlock.read(folder.resolve("agent.log")), "listening\n"::equals);
    }

    @ParameterizedTest
    @ValueSource(strings = {"receiving", "replying"})
    void the_commands_of_a_guide_do_what_it_says(String guide) throws IOException {
        Api agent = admin.scoped(admin.identity("my-agent"));
        String line = admin.connect(SAM, "my-agent");
        admin.text(SAM, line, "hello");
        JsonNode message = waitFor(() -> agent.get(Talk.MESSAGES).json(), it -> it.size() == 1)
                .get(0);
        Files.write(folder.resolve("photo.jpg"), new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1});
        Map<String, String> settings = Map.of(
                "API", jar.base(),
                "KEY", agent.key(),
                "ID", agent.get("/api/whoami").json().at("/agent_identity/id").asString(),
                "EVENT", "evt_1",
                "CONVERSATION", message.path("conversation_id").asString(),
                "MESSAGE", message.path("id").asString());
        // A minute of stream is a second here; that curl ends it is no failure.
        String typed = GuideBlock.commands(guide)
                .replace("--max-time 60 \"$API/api/v1/imessage/events?after=$NEXT\" -H \"X-API-Key: $KEY\"", """
                        --max-time 1 "$API/api/v1/imessage/events?after=$NEXT" -H "X-API-Key: $KEY" || [ $? = 28 ]""")
                .replace("wait=50", "wait=1");
        try (Program program = shell(typed, settings)) {
            int exitCode = program.exitCode();

            assertThat(exitCode).as(program.output()).isZero();
            assertThat(program.output()).doesNotContain("\"detail\"");
            if (guide.equals("receiving")) {
                assertThat(program.output()).contains("{\"events\":[],\"next\":", ": open", "\"signing_key\":\"whsec_");
            } else {
                waitFor(() -> admin.bubbles(SAM, line).toString(), it -> it.contains("On it.")
                        && it.contains("photo.jpg")
                        && it.contains("\"reaction\":\"love\""));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"signatures.sh", "signatures.py", "signatures.mts", "Signatures.java"})
    void the_signatures_of_a_webhook_are_found_right_and_those_of_another_body_wrong(String file) throws IOException {
        JsonNode identity = admin.identity("my-agent");
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            String key = admin.post("/api/v1/webhooks/subscriptions", """
                            {"agent_identity_id": "%s", "url": "%s", "event_types": ["imessage.received"]}
                            """.formatted(identity.path("id").asString(), receiver.url()))
                    .expect(201)
                    .json()
                    .path("signing_key")
                    .asString();
            admin.text(SAM, admin.connect(SAM, "my-agent"), "\"zwölf\" 👋");
            RecordingReceiver.Post post = receiver.await("imessage.received");
            Files.writeString(folder.resolve(file), GuideBlock.named(file));

            assertThat(told(file, key, post, post.body())).isEqualTo("inkbox standard");
            assertThat(told(file, key, post, post.body() + " ")).isEmpty();
            assertThat(told(file, "whsec_" + "0".repeat(64), post, post.body())).isEmpty();
        }
    }

    /// Which of the two signatures the code of a guide takes for right.
    private String told(String file, String key, RecordingReceiver.Post post, String body) throws IOException {
        Files.writeString(folder.resolve("body"), body);
        Map<String, String> settings = new HashMap<>();
        settings.put("SIGNING_KEY", key);
        settings.put("request_id", post.requestId());
        settings.put("timestamp", post.timestamp());
        settings.put("inkbox_signature", post.signature());
        settings.put("webhook_id", post.json().path("id").asString());
        settings.put("webhook_signature", post.standard());
        Path harness = folder.resolve(harnessName(file));
        Files.writeString(harness, harness(file));
        List<String> command = new ArrayList<>(List.of(launcher(file).split(" ")));
        command.add(harness.getFileName().toString());
        try (Program program = Program.start(folder, settings, command)) {
            assertThat(program.exitCode()).as(program.output()).isZero();
            return program.output()
                    .replaceAll("the signature of (Inkbox|Standard) ?(Webhooks)? ?is right", "$1")
                    .toLowerCase(java.util.Locale.ROOT)
                    .strip()
                    .replace('\n', ' ');
        }
    }
}
