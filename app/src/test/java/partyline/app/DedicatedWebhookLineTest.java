package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.drivers.contract.FakeLine;
import partyline.fakes.webhook.FakeProgram;
import tools.jackson.databind.JsonNode;

/// An agent's own number over a line that a program of the operator's speaks for; Ann has nobody else.
class DedicatedWebhookLineTest {

    private static final String OWN = "+12025550110";

    private final FakeProgram ann = new FakeProgram();
    private final TestServer server = new TestServer("""
            lines:
              - {id: front, number: "+12025550100", roles: [router]}
              - {id: own, number: "%s", dedicated: "@own-agent", cold: true, driver: webhook, webhook: {url: "%s", secret: "%s", greet: 200ms}}
            """.formatted(OWN, ann.url(), FakeProgram.SECRET));

    private Api agent;

    @BeforeEach
    void open() throws IOException {
        server.open();
        agent = server.admin().scoped(server.admin().identity("own-agent"));
        waitFor(
                LineStory.PATIENCE,
                () -> server.admin().get("/api/v1/lines").expect(200).json().get(1),
                line -> line.path("state").asString().equals("up"));
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        ann.close();
    }

    @Test
    void ann_writes_the_agent_answers_and_stop_is_heeded() {
        ann.writes("is this the florist?");
        JsonNode first = heard(1).getFirst();
        assertThat(first.path("remote_number").asString()).isEqualTo(FakeLine.PERSON);
        say("it is").expect(201);
        shows("it is");

        ann.writes("STOP");

        waitFor(
                LineStory.PATIENCE,
                ann::bubbles,
                it -> it.size() == 2 && it.getLast().text().contains("Text START here"));
        say("are you sure?").expect(409);
        ann.writes("hello?");
        ann.writes("START");
        waitFor(LineStory.PATIENCE, ann::bubbles, it -> it.size() == 3);
        ann.writes("back again");
        assertThat(heard(2).getFirst().path("content").asString()).isEqualTo("back again");
        say("welcome").expect(201);
        shows("welcome");
    }

    @Test
    void who_is_blocked_is_kept_for_the_admin_and_hears_nothing() {
        server.admin()
                .post(
                        "/api/v1/imessage/identities/own-agent/contact-rules",
                        "{\"match_target\":\"%s\",\"action\":\"block\"}".formatted(FakeLine.PERSON))
                .expect(201);

        ann.writes("let me in");

        waitFor(
                LineStory.PATIENCE,
                () -> server.admin()
                        .get(MESSAGES + "?is_blocked=true")
                        .expect(200)
                        .json(),
                it -> it.size() == 1);
        assertThat(heard(0)).isEmpty();
        assertThat(agent.get("/api/v1/imessage/assignments").expect(200).text()).isEqualTo("[]");
        assertThat(ann.bubbles()).isEmpty();
        say("hello").expect(403);
    }

    @Test
    void the_agent_writes_first() {
        say("your flowers are ready").expect(201);

        shows("your flowers are ready");
        ann.writes("thank you");
        assertThat(heard(1).getFirst().path("content").asString()).isEqualTo("thank you");
    }

    private Api.Answer say(String text) {
        return agent.post(MESSAGES, "{\"to\":\"%s\",\"text\":\"%s\"}".formatted(FakeLine.PERSON, text));
    }

    private void shows(String text) {
        waitFor(LineStory.PATIENCE, ann::bubbles, it -> it.stream().anyMatch(bubble -> text.equals(bubble.text())));
    }

    /// What the agent heard, newest first, once there is so much.
    private List<JsonNode> heard(int count) {
        return waitFor(
                LineStory.PATIENCE,
                () -> agent.get(MESSAGES)
                        .expect(200)
                        .json()
                        .valueStream()
                        .filter(it -> it.path("direction").asString().equals("inbound"))
                        .toList(),
                it -> it.size() == count);
    }
}
