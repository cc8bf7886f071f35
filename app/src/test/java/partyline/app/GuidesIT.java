package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Every block of code in the guides, run as it stands there beside the packaged jar.
@Tag("needs-tools")
class GuidesIT {

    private static final String SAM = "+12025550140";
    private static final String NODE = "npx -y node@22 ";
    /// What runs here, beside the commands of each guide; [DocsPagesTest] reads the JSON. `text` is for other programs.
    private static final Set<String> RUN = Set.of(
            "agent.py",
            "agent.mts",
            "signatures.sh",
            "signatures.py",
            "signatures.mts",
            "Signatures.java",
            "event",
            "refusal",
            "validation",
            "mcp");
    /// How the code that checks signatures is called, by a program in its language.
    private static final Map<String, String> CHECKS = Map.of(
            "signatures.sh",
            "set +e; . ./signatures.sh; true",
            "signatures.py",
            """
                    python3 - <<'END'
                    import os
                    from signatures import is_signed_by_inkbox, is_signed_by_standard
                    told, key = os.environ, os.environ["SIGNING_KEY"]
                    headers = {
                        "X-Inkbox-Request-ID": told["request_id"], "X-Inkbox-Timestamp": told["timestamp"],
                        "X-Inkbox-Signature": told["inkbox_signature"], "webhook-id": told["webhook_id"],
                        "webhook-timestamp": told["timestamp"], "webhook-signature": told["webhook_signature"]}
                    body = open("body", "rb").read()
                    if is_signed_by_inkbox(key, headers, body): print("the signature of Inkbox is right")
                    if is_signed_by_standard(key, headers, body): print("the signature of Standard Webhooks is right")
                    END
                    """,
            "signatures.mts",
            """
                    cat > check.mts <<'END'
                    import { readFileSync } from 'node:fs';
                    import { isSignedByInkbox, isSignedByStandard } from './signatures.mts';
                    const told = process.env;
                    const headers = new Headers({
                      'X-Inkbox-Request-ID': told.request_id!, 'X-Inkbox-Timestamp': told.timestamp!,
                      'X-Inkbox-Signature': told.inkbox_signature!, 'webhook-id': told.webhook_id!,
                      'webhook-timestamp': told.timestamp!, 'webhook-signature': told.webhook_signature! });
                    const body = readFileSync('body');
                    if (isSignedByInkbox(told.SIGNING_KEY!, headers, body)) console.log('the signature of Inkbox is right');
                    if (isSignedByStandard(told.SIGNING_KEY!, headers, body)) console.log('the signature of Standard Webhooks is right');
                    END
                    """ + NODE + "check.mts",
            "Signatures.java",
            """
                    cat > Check.java <<'END'
                    import java.nio.file.Files;
                    import java.nio.file.Path;
                    import java.util.Map;
                    public class Check {
                        public static void main(String[] none) throws Exception {
                            Map<String, String> told = System.getenv();
                            Map<String, String> headers = Map.of(
                                    "X-Inkbox-Request-ID", told.get("request_id"), "X-Inkbox-Timestamp", told.get("timestamp"),
                                    "X-Inkbox-Signature", told.get("inkbox_signature"), "webhook-id", told.get("webhook_id"),
                                    "webhook-timestamp", told.get("timestamp"), "webhook-signature", told.get("webhook_signature"));
                            byte[] body = Files.readAllBytes(Path.of("body"));
                            String key = told.get("SIGNING_KEY");
                            if (Signatures.isSignedByInkbox(key, it -> headers.getOrDefault(it, ""), body)) {
                                System.out.println("the signature of Inkbox is right");
                            }
                            if (Signatures.isSignedByStandard(key, it -> headers.getOrDefault(it, ""), body)) {
                                System.out.println("the signature of Standard Webhooks is right");
                            }
                        }
                    }
                    END
                    """ + Program.java() + " Check.java");

    private static final Set<String> COMMANDS = Set.of("first-agent", "receiving", "replying", "mcp");

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
        assertThat(GuideBlock.all().stream()
                        .filter(it -> !it.isCommand() && !it.language().equals("text"))
                        .map(GuideBlock::name))
                .containsExactlyInAnyOrderElementsOf(RUN);
        assertThat(GuideBlock.all().stream()
                        .filter(GuideBlock::isCommand)
                        .map(GuideBlock::guide)
                        .collect(Collectors.toSet()))
                .isEqualTo(COMMANDS);
    }

    @ParameterizedTest
    @CsvSource({"agent.py,python3 agent.py", "agent.mts," + NODE + "agent.mts"})
    void the_first_agent_is_made_as_written_and_answers(String file, String command) throws IOException {
        Files.writeString(folder.resolve(file), GuideBlock.named(file));
        // A job of its own, which ends with the shell, whatever npx started in between.
        String agent = "set -m; PARTYLINE_URL=" + jar.base() + " " + command
                + " > agent.log 2>&1 & trap \"kill -- -$!\" EXIT; set +m; until grep -q listening agent.log; do sleep 0.1; done;"
                + " until [ -e agent.place ]; do sleep 0.1; done\n";
        String typed = GuideBlock.commands("first-agent")
                .replace("http://127.0.0.1:8080", jar.base())
                .replace("ApiKey_...", jar.key())
                // Somebody who reads along waits longer when their machine is busy, and has started the agent by now.
                .replace("sleep 2", "sleep 6")
                .replaceFirst("\nsay\\(\\)", Matcher.quoteReplacement("\n" + agent + "say()"));
        try (Program conversation = shell(typed, Map.of())) {
            int exitCode = conversation.exitCode();

            assertThat(exitCode).as(conversation.output()).isZero();
            assertThat(conversation.output())
                    .contains("\"agent_handle\":\"my-agent\"", "\"connect_command\":\"connect @my-agent\"")
                    .contains("You said: marco");
        }
        assertThat(GuideBlock.read(folder.resolve("agent.log"))).isEqualTo("listening\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"receiving", "replying", "mcp"})
    void the_commands_of_a_guide_do_what_it_says(String guide) throws IOException {
        Api agent = admin.scoped(admin.identity("my-agent"));
        String line = admin.connect(SAM, "my-agent");
        admin.text(SAM, line, "hello");
        JsonNode message = waitFor(() -> agent.get(Talk.MESSAGES).json(), it -> it.size() == 1)
                .get(0);
        String conversation = message.path("conversation_id").asString();
        Files.write(folder.resolve("photo.jpg"), new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1});
        Map<String, String> settings = Map.of(
                "API", jar.base(),
                "PARTYLINE_API_KEY", agent.key(),
                "ID", agent.get("/api/whoami").json().at("/agent_identity/id").asString(),
                "EVENT", "evt_1",
                "CONVERSATION", conversation,
                "MESSAGE", message.path("id").asString());
        // A minute of stream is a second here; that curl ends it is no failure.
        String typed = GuideBlock.commands(guide)
                .replace(
                        "--max-time 60 \"$API/api/v1/imessage/events?after=$NEXT\" -H \"X-API-Key: $PARTYLINE_API_KEY\"",
                        """
                        --max-time 1 "$API/api/v1/imessage/events?after=$NEXT" -H "X-API-Key: $PARTYLINE_API_KEY" || [ $? = 28 ]""")
                .replace("wait=50", "wait=1");
        try (Program program = shell(typed, settings)) {
            int exitCode = program.exitCode();

            assertThat(exitCode).as(program.output()).isZero();
            assertThat(program.output()).doesNotContain("\"detail\"");
            switch (guide) {
                case "receiving" ->
                    assertThat(program.output())
                            .contains("{\"events\":[],\"next\":", ": open", "\"signing_key\":\"whsec_");
                case "mcp" -> assertThat(program.output()).contains("wait_for_message", conversation);
                default ->
                    waitFor(
                            () -> admin.bubbles(SAM, line).toString(),
                            it -> it.contains("On it.")
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
                            """.formatted(
                                    identity.path("id").asString(), receiver.url()))
                    .expect(201)
                    .json()
                    .path("signing_key")
                    .asString();
            admin.text(SAM, admin.connect(SAM, "my-agent"), "\"zwölf\" 👋");
            RecordingReceiver.Post post = receiver.await("imessage.received");
            Files.writeString(folder.resolve(file), GuideBlock.named(file));

            assertThat(told(file, key, post, post.body()).lines())
                    .containsExactly("the signature of Inkbox is right", "the signature of Standard Webhooks is right");
            assertThat(told(file, key, post, post.body() + " ")).isEmpty();
            assertThat(told(file, "whsec_" + "0".repeat(64), post, post.body())).isEmpty();
        }
    }

    /// Which of the two signatures the code of a guide takes for right.
    private String told(String file, String key, RecordingReceiver.Post post, String body) throws IOException {
        Files.writeString(folder.resolve("body"), body);
        Map<String, String> settings = Map.of(
                "SIGNING_KEY", key,
                "request_id", post.requestId(),
                "timestamp", post.timestamp(),
                "inkbox_signature", post.signature(),
                "webhook_id", post.json().path("id").asString(),
                "webhook_signature", post.standard());
        try (Program program = shell(CHECKS.get(file), settings)) {
            assertThat(program.exitCode()).as(program.output()).isZero();
            return program.output();
        }
    }

    private Program shell(String typed, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("CURL_HOME", folder.toString());
        return Program.start(folder, environment, List.of("bash", "-eu", "-o", "pipefail", "-c", typed));
    }
}
