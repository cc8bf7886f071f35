package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The example line that Signal carries, beside the packaged jar and a fake of signal-cli-rest-api; either side is
/// killed
/// in between.
@Tag("needs-tools")
class SignalLineIT {

    private static final String ROUTER = "+12025550100";
    private static final String POOL = "+12025550101";
    private static final String ANN = "+12025550140";
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1};

    @TempDir
    Path folder;

    private final String port = Example.freePort();
    private final String server = Example.freePort();
    private Map<String, String> settings = Map.of();
    private Api agent;

    @Test
    void
            ann_talks_with_an_agent_over_signal_and_neither_a_kill_of_the_bridge_nor_of_the_server_loses_or_doubles_a_text()
                    throws IOException {
        Files.writeString(folder.resolve("partyline.yaml"), """
                lines:
                  - {id: front, number: "%1$s", roles: [router], driver: webhook,
                     webhook: {url: "http://127.0.0.1:%3$s/", secret: "${LINE_SECRET}", greet: 200ms}}
                  - {id: pool, number: "%2$s", driver: webhook,
                     webhook: {url: "http://127.0.0.1:%3$s/", secret: "${LINE_SECRET}", greet: 200ms}}
                """.formatted(ROUTER, POOL, port));
        try (FakeSignal signal = new FakeSignal()) {
            settings = Map.of(
                    "LINE_SECRET",
                    "a secret of the example line",
                    "LINE_PORT",
                    port,
                    "SIGNAL_URL",
                    signal.url(),
                    "SIGNAL_FILE",
                    folder.resolve("signal.db").toString());
            talk(signal);
        }
    }

    private void talk(FakeSignal signal) throws IOException {
        String output;
        try (Jar jar = jar()) {
            Api admin = new Api(jar.base(), jar.key());
            agent = admin.scoped(admin.identity("signal-agent"));
            try (Program bridge = bridge()) {
                waitFor(signal::polled, it -> it.containsAll(List.of(ROUTER, POOL)));
                signal.writes(ANN, ROUTER, "connect @signal-agent");
                waitFor(() -> signal.sent(POOL), it -> !it.isEmpty());
                allOfASignal(signal, admin);
                output =
                        bridge.awaitOutput(it -> it.contains("Dropped, the server says: from must be an E.164 number"));
                bridge.kill();
                signal.writes(ANN, POOL, "while the bridge is gone");
                say("nobody carries this yet", "");
            }
            try (Program bridge = bridge()) {
                heard("while the bridge is gone");
                waitFor(() -> signal.sent(POOL), it -> it.getLast().text().equals("nobody carries this yet"));
                jar.kill();
                signal.writes(ANN, POOL, "while the server is gone");
                bridge.awaitOutput(it -> it.contains("Not now, it is tried again"));
                try (Jar again = jar()) {
                    agent = new Api(again.base(), agent.key());
                    heard("while the server is gone");
                    say("all is well", "");
                    waitFor(() -> signal.sent(POOL), it -> it.getLast().text().equals("all is well"));
                }
                output += bridge.output();
            }
        }
        assertThat(signal.sent(POOL).stream().map(FakeSignal.Sent::text))
                .doesNotHaveDuplicates()
                .contains("look", "nobody carries this yet", "all is well");
        assertThat(output).doesNotContain("Traceback", "/hooks/");
    }

    private void allOfASignal(FakeSignal signal, Api admin) {
        signal.writesToGroup(ANN, POOL, "not for agents");
        signal.writes(null, POOL, "who am I?");
        signal.sendsFile(ANN, POOL, "my cat", "Länge 1.png", "image/png", PNG);
        JsonNode cat = heard("my cat");
        assertThat(cat.path("media").get(0).path("name").asString()).isEqualTo("Länge 1.png");
        assertThat(Upload.fetch(cat.path("media").get(0).path("url").asString()).body())
                .isEqualTo(PNG);

        String picture = Upload.of(agent, "dog.png", "image/png", PNG).url();
        String reply = say("look", ",\"media_urls\":[\"%s\"]".formatted(picture));
        waitFor(() -> message(reply).path("status").asString(), "delivered"::equals);
        FakeSignal.Sent sent = signal.sent(POOL).getLast();
        assertThat(sent.files())
                .singleElement()
                .asString()
                .startsWith("data:image/png;filename=dog.png;base64,iVBORw0K");

        String body = "{\"message_id\":\"%s\",\"reaction\":\"love\"}";
        agent.post("/api/v1/imessage/reactions", body.formatted(cat.path("id").asString()))
                .expect(201);
        waitFor(signal::shown, it -> it.toString().contains("POST /v1/reactions/" + POOL + " ❤️ " + ANN + ":"));
        signal.reacts(ANN, POOL, "👍", sent.at());
        waitFor(() -> message(reply).path("reactions").toString(), it -> it.contains("\"like\""));
        waitFor(
                () -> admin.get("/api/v1/lines").json().get(1).path("dropped").toString(),
                it -> it.contains("sender_name"));
    }

    private Program bridge() {
        return Program.start(
                Jar.repository().resolve("examples"), settings, List.of("python3", "-B", "signal_line.py"));
    }

    private Jar jar() {
        return Jar.start(
                folder, settings, "--config", folder.resolve("partyline.yaml").toString(), "--port", server);
    }

    private JsonNode message(String id) {
        return agent.get(Talk.MESSAGES + "/" + id).expect(200).json();
    }

    private JsonNode heard(String text) {
        List<JsonNode> found = waitFor(
                () -> agent.get(Talk.MESSAGES + "?limit=50")
                        .expect(200)
                        .json()
                        .valueStream()
                        .filter(it -> it.path("content").asString("").equals(text))
                        .toList(),
                it -> !it.isEmpty());
        assertThat(found).as("once").hasSize(1);
        return found.getFirst();
    }

    private String say(String text, String more) {
        String conversation = heard("my cat").path("conversation_id").asString();
        String body = "{\"conversation_id\":\"%s\",\"text\":\"%s\"%s}".formatted(conversation, text, more);
        return agent.post(Talk.MESSAGES, body)
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();
    }
}
