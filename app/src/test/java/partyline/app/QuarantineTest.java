package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.app.operator.Backup;
import partyline.app.operator.Restore;
import partyline.kernel.Throttle;
import tools.jackson.databind.JsonNode;

/// A restored server that somebody only wants to look at reaches nobody.
class QuarantineTest {

    private static final String SETTINGS =
            "webhooks: {retry_delays: [1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s]}";

    @TempDir
    Path folder;

    private final TestServer lost = new TestServer(SETTINGS);
    private final TestServer server = new TestServer();
    private final RecordingReceiver receiver = new RecordingReceiver(500);

    @BeforeEach
    void open() throws IOException {
        lost.open();
    }

    @AfterEach
    void close() throws IOException {
        lost.close();
        server.close();
        receiver.close();
    }

    @Test
    void nothing_is_sent_or_posted_until_it_is_ended_also_by_hand_and_after_a_restart() throws IOException {
        Talk talk = owing().with(server);
        List<String> shown = shown(talk);
        int posts = receiver.posts().size();
        String subscription = subscription(talk);

        String drill = id(talk.reply("said in the drill"));
        talk.admin().text(talk.person(), talk.line(), "asked in the drill");
        talk.agent()
                .post(
                        "/api/v1/imessage/reactions",
                        "{\"message_id\":\"%s\",\"reaction\":\"love\"}".formatted(talk.first()))
                .expect(502);
        talk.agent()
                .post("/api/v1/imessage/typing", "{\"conversation_id\":\"%s\"}".formatted(talk.conversation()))
                .expect(204);
        talk.agent()
                .post("/api/v1/webhooks/subscriptions/" + subscription + "/test", "")
                .expect(201);
        server.wiring().look();

        assertThat(shown(talk)).isEqualTo(shown);
        assertThat(receiver.posts()).hasSize(posts);
        assertThat(talk.message(drill).path("status").asString()).isEqualTo("queued");
        server.stop();
        server.start();
        Talk again = talk.with(server);
        server.wiring().look();
        assertThat(shown(again)).isEqualTo(shown);
        assertThat(receiver.posts()).hasSize(posts);

        assertThat(server.operate("resume")).contains("resumed");

        waitFor(() -> shown(again), it -> it.containsAll(List.of("owed", "said in the drill")));
        waitFor(receiver::posts, it -> it.size() > posts);
        waitFor(
                () -> again.agent().get(Talk.MESSAGES).expect(200).text(),
                messages -> messages.contains("asked in the drill"));
        assertThat(shown(again)).doesNotHaveDuplicates();
        assertThatThrownBy(() -> server.operate("resume")).hasMessageContaining("not in quarantine");
    }

    @Test
    void it_is_told_wherever_somebody_looks_and_can_be_ended_before_a_start() throws IOException {
        owing();

        assertThat(Banner.of(server.wiring(), false)).contains("In quarantine", "resume --data");
        assertThat(ready(server.admin()).path("quarantine").asBoolean(false)).isTrue();
        assertThat(ready(server.nobody()).has("quarantine")).isFalse();
        assertThat(status().path("quarantine").asBoolean(false)).isTrue();

        server.stop();
        assertThat(server.operate("resume")).contains("resumed");
        server.start();

        assertThat(Banner.of(server.wiring(), false)).doesNotContain("quarantine");
        assertThat(ready(server.admin()).path("quarantine").asBoolean(true)).isFalse();
        assertThat(status().path("quarantine").asBoolean(true)).isFalse();
    }

    /// A server that is lost while it owes a message and a webhook, and another of its backup, in quarantine.
    private Talk owing() throws IOException {
        Talk talk = Talk.begin(lost);
        talk.subscribe(receiver, "imessage.received");
        talk.admin().text(talk.person(), talk.line(), "who hears this?");
        receiver.await("imessage.received");
        talk.admin()
                .post("/simulator/faults", "{\"kind\":\"not_sent\",\"times\":100}")
                .expect(204);
        talk.reply("owed").expect(201);
        new Backup(lost.folder(), "", "", InstantSource.system(), Throttle::none).into(folder.resolve("backup"));
        lost.stop();
        Path data = folder.resolve("data");
        new Restore(data, "", InstantSource.system()).from(folder.resolve("backup"), true);
        server.open(data, lost);
        return talk;
    }

    private static String id(Api.Answer sent) {
        return sent.expect(201).json().path("message").path("id").asString();
    }

    private static String subscription(Talk talk) {
        return talk.agent()
                .get("/api/v1/webhooks/subscriptions")
                .expect(200)
                .json()
                .path("subscriptions")
                .path(0)
                .path("id")
                .asString();
    }

    /// What others said, on the person's phone.
    private static List<String> shown(Talk talk) {
        return talk.bubbles().stream()
                .filter(it -> !it.path("mine").asBoolean(false))
                .map(it -> it.path("text").asString(""))
                .toList();
    }

    private static JsonNode ready(Api api) {
        return api.get("/readyz").json();
    }

    private JsonNode status() {
        return server.admin().get("/api/v1/server").expect(200).json();
    }
}
