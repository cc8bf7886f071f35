package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;

/// The whole story, told to the packaged jar as a process of its own.
@Execution(ExecutionMode.CONCURRENT)
class StoryIT {

    private static final String SAM = "+12025550140";

    @TempDir
    Path folder;

    private Jar jar;
    private final RecordingReceiver receiver = new RecordingReceiver();

    @AfterEach
    void stop() {
        receiver.close();
        jar.close();
    }

    @Test
    void a_person_connects_talks_and_leaves_and_the_history_survives_a_restart() {
        jar = Jar.start(folder, Map.of(), "--port", "0");
        Api admin = new Api(jar.base(), jar.key());
        JsonNode identity = admin.identity("my-agent");
        Api agent = admin.scoped(identity);
        String secret = subscribe(agent, identity);

        String line = admin.connect(SAM, "my-agent");
        admin.text(SAM, line, "book dinner for two");
        RecordingReceiver.Post received = receiver.await("imessage.received");
        assertThat(received.signedWith(secret)).isTrue();
        JsonNode message = received.json().path("data").path("message");
        assertThat(message.path("content").asString()).isEqualTo("book dinner for two");

        String conversation = message.path("conversation_id").asString();
        String reply = reply(agent, conversation, "Done!")
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();
        waitFor(() -> admin.bubbles(SAM, line), bubbles -> said(bubbles).contains("Done!"));
        waitFor(() -> status(agent, reply), "delivered"::equals);
        receiver.await("imessage.sent");
        assertThat(receiver.await("imessage.delivered").signedWith(secret)).isTrue();
        assertThat(receiver.posts()).noneMatch(post -> post.body().contains(line));

        admin.text(SAM, ROUTER, "disconnect @my-agent");
        waitFor(() -> agent.get("/api/v1/imessage/assignments").json().size(), size -> size == 0);
        assertThat(reply(agent, conversation, "Still there?").expect(409).text())
                .contains("imessage_assignment_inactive");

        assertThat(jar.terminate()).isZero();
        jar = Jar.start(folder, Map.of(), "--port", "0");
        Api after = new Api(jar.base(), agent.key());
        assertThat(jar.key()).as("the key is shown once").isEmpty();
        JsonNode history = after.get("/api/v1/imessage/messages?conversation_id=" + conversation)
                .expect(200)
                .json();
        assertThat(history.valueStream()
                        .map(it -> it.path("content").asString())
                        .toList())
                .containsExactly("Done!", "book dinner for two");
        assertThat(jar.terminate()).isZero();
    }

    @Test
    void a_message_that_was_accepted_before_a_kill_is_delivered_once_after_it() {
        Path slow = config("simulator:\n  latency_ms: 300\n");
        jar = Jar.start(folder, Map.of(), "--port", "0", "--config", slow.toString());
        Api admin = new Api(jar.base(), jar.key());
        Api agent = admin.scoped(admin.identity("my-agent"));
        String line = admin.connect(SAM, "my-agent");
        admin.text(SAM, line, "hello");
        String conversation = waitFor(
                        () -> agent.get("/api/v1/imessage/conversations").json(), it -> it.size() == 1)
                .get(0)
                .path("id")
                .asString();
        String reply = reply(agent, conversation, "once")
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();

        jar.kill();
        jar = Jar.start(folder, Map.of(), "--port", "0", "--config", slow.toString());
        Api adminAgain = new Api(jar.base(), admin.key());
        Api agentAgain = new Api(jar.base(), agent.key());

        waitFor(() -> status(agentAgain, reply), "delivered"::equals);
        assertThat(said(adminAgain.bubbles(SAM, line))).containsOnlyOnce("once");
        assertThat(jar.terminate()).isZero();
    }

    @Test
    void whatever_the_line_was_doing_at_a_kill_each_message_is_delivered_once_and_in_order() {
        List<String> accepted = List.of("late", "sent, who knows", "lost, who knows", "not yet", "plain");
        jar = Jar.start(folder, Map.of(), "--port", "0");
        Api admin = new Api(jar.base(), jar.key());
        Api agent = admin.scoped(admin.identity("my-agent"));
        String line = admin.connect(SAM, "my-agent");
        admin.text(SAM, line, "hello");
        String conversation = waitFor(
                        () -> agent.get("/api/v1/imessage/conversations").json(), it -> it.size() == 1)
                .get(0)
                .path("id")
                .asString();
        for (String kind : List.of("delay", "unknown_sent", "unknown_lost", "not_sent")) {
            admin.post(
                            "/simulator/faults",
                            "{\"kind\":\"%s\",\"delay_ms\":%d}".formatted(kind, kind.equals("delay") ? 800 : 0))
                    .expect(204);
        }
        accepted.forEach(text -> reply(agent, conversation, text).expect(201));
        assertThat(said(admin.bubbles(SAM, line))).doesNotContainAnyElementsOf(accepted);

        jar.kill();
        jar = Jar.start(folder, Map.of(), "--port", "0");
        Api adminAgain = new Api(jar.base(), admin.key());

        List<String> said = waitFor(() -> said(adminAgain.bubbles(SAM, line)), it -> it.contains("plain"));
        assertThat(said.stream().filter(accepted::contains).toList()).isEqualTo(accepted);
    }

    @Test
    void what_stops_the_start_is_said_in_one_sentence() {
        jar = Jar.start(folder, Map.of(), "--port", "0");
        String port = jar.base().substring(jar.base().lastIndexOf(':') + 1);

        assertThat(refusal("--port", "0")).contains("Another Partyline uses the data folder");
        assertThat(refusal("--data", folder.resolve("other").toString(), "--port", port))
                .contains("port " + port)
                .contains("--port");
        assertThat(refusal("--config", config("http:\n  prot: 1\n").toString())).contains("http.prot is not a key");
        assertThat(refusal("--config", config("http:\n  port: many\n").toString()))
                .contains("http.port is \"many\"");
        assertThat(refusal("--config", config("http: {{").toString())).contains("is not YAML");
        assertThat(refusal(
                        "--data",
                        folder.resolve("third").toString(),
                        "--config",
                        config("outbound:\n  allow: [everything]\n").toString()))
                .contains("outbound.allow", "everything");
        assertThat(refusal("--data", config("x").toString())).contains("cannot write to the data folder");
    }

    private String refusal(String... arguments) {
        try (Jar refused = Jar.start(folder, Map.of(), arguments)) {
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.output().lines()).as(refused.output()).hasSize(1);
            return refused.output();
        }
    }

    private Path config(String text) {
        try {
            return Files.writeString(Files.createTempFile(folder, "partyline", ".yaml"), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String subscribe(Api agent, JsonNode identity) {
        String body = """
                {"agent_identity_id": "%s", "url": "%s",
                 "event_types": ["imessage.received", "imessage.sent", "imessage.delivered"]}
                """.formatted(identity.path("id").asString(), receiver.url());
        return agent.post("/api/v1/webhooks/subscriptions", body)
                .expect(201)
                .json()
                .path("signing_key")
                .asString();
    }

    private static Api.Answer reply(Api agent, String conversation, String text) {
        return agent.post(
                "/api/v1/imessage/messages",
                "{\"conversation_id\":\"%s\",\"text\":\"%s\"}".formatted(conversation, text));
    }

    private static String status(Api agent, String message) {
        return agent.get("/api/v1/imessage/messages")
                .json()
                .valueStream()
                .filter(it -> it.path("id").asString().equals(message))
                .map(it -> it.path("status").asString())
                .findFirst()
                .orElse("");
    }

    private static List<String> said(List<JsonNode> bubbles) {
        return bubbles.stream().map(bubble -> bubble.path("text").asString("")).toList();
    }
}
