package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// What a person and an agent do while other writes fail beside theirs, so that theirs are rolled back and run again.
/// All of it happens once.
class SharedGroupsTest {

    private static final LineTap TAP = new LineTap();
    /// Each kind of write has run twice long before, as a rule in the first.
    private static final int MOST_ROUNDS = 30;

    @RegisterExtension
    static final TestServer server =
            new TestServer("limits:\n  alternations_per_minute: 0\n", InstantSource.system(), TAP::around);

    private final Api admin = server.admin();

    @Test
    void whatever_is_done_beside_writes_that_fail_happens_once() {
        try (Troublemaker trouble = new Troublemaker(
                        server.wiring().database(), server.folder().resolve("partyline.db"));
                FileServer files = new FileServer()) {
            for (int round = 0; round < MOST_ROUNDS && !trouble.undone().containsAll(Troublemaker.kinds()); round++) {
                live(files);
            }
            assertThat(trouble.undone()).as("what ran twice").isEqualTo(Troublemaker.kinds());
        }
        assertThat(server.wiring().database().read(SharedGroupsTest::holes))
                .as("holes in the journal")
                .isZero();
    }

    private void live(FileServer files) {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            Talk talk = Talk.begin(server);
            subscribe(talk, receiver);
            assertThat(rule(talk)).isEqualTo(1);
            String reply = replied(talk);
            react(talk, reply);
            admin.post(
                            "/simulator/messages",
                            "{\"from\":\"%s\",\"to\":\"%s\",\"text\":\"look\",\"media_url\":\"%s\"}"
                                    .formatted(talk.person(), talk.line(), files.url(200, 10, "a.png")))
                    .expect(201);
            waitFor(() -> texts(talk), it -> it.contains("look"));
            talk.agent()
                    .post("/api/v1/imessage/mark-read", "{\"conversation_id\":\"%s\"}".formatted(talk.conversation()))
                    .expect(200);
            admin.text(talk.person(), Api.ROUTER, "list");
            waitFor(() -> admin.bubbles(talk.person(), Api.ROUTER), it -> it.size() >= 5);

            assertOnce(talk, receiver);
            assertErased(talk);
        }
    }

    private void subscribe(Talk talk, RecordingReceiver receiver) {
        String types = "\"imessage.sent\",\"imessage.delivered\",\"imessage.received\",\"imessage.reaction_received\"";
        String wish = "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[%s]}"
                .formatted(talk.identity().path("id").asString(), receiver.url(), types);
        talk.agent().post("/api/v1/webhooks/subscriptions", wish).expect(201);
        assertThat(talk.agent().get("/api/v1/webhooks/subscriptions").json().path("subscriptions"))
                .hasSize(1);
    }

    private int rule(Talk talk) {
        String rules = "/api/v1/imessage/identities/" + talk.handle() + "/contact-rules";
        admin.post(rules, "{\"match_target\":\"+12025559999\",\"action\":\"block\"}")
                .expect(201);
        return admin.get(rules).json().size();
    }

    /// The agent's answer, asked for twice under one key.
    private static String replied(Talk talk) {
        Api once = talk.agent().with(Map.of("Idempotency-Key", "reply-once"));
        String body = "{\"conversation_id\":\"%s\",\"text\":\"reply\"}".formatted(talk.conversation());
        Api.Answer first = once.post(MESSAGES, body).expect(201);
        Api.Answer again = once.post(MESSAGES, body).expect(201);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(first.response().headers().firstValue("X-RateLimit-Remaining"))
                .isEqualTo(again.response().headers().firstValue("X-RateLimit-Remaining"))
                .contains("99");
        String id = first.json().path("message").path("id").asString();
        waitFor(() -> talk.message(id).path("status").asString(), "delivered"::equals);
        return id;
    }

    /// Each reacts to what the other said.
    private static void react(Talk talk, String reply) {
        talk.agent()
                .post(
                        "/api/v1/imessage/reactions",
                        "{\"message_id\":\"%s\",\"reaction\":\"like\"}".formatted(talk.first()))
                .expect(201);
        talk.tapback(talk.bubble("reply"), "love", Map.of());
        waitFor(() -> talk.message(reply).path("reactions").size(), it -> it == 1);
    }

    private void assertOnce(Talk talk, RecordingReceiver receiver) {
        assertThat(texts(talk)).containsExactly("look", "reply", "hello");
        assertThat(talk.bubbles().stream().map(it -> it.path("text").asString("")))
                .containsOnlyOnce("hello", "reply", "look");
        assertThat(talk.bubble("hello").path("tapbacks")).hasSize(1);
        assertThat(talk.bubble("reply").path("tapbacks")).hasSize(1);
        JsonNode conversation = talk.agent()
                .get("/api/v1/imessage/conversations/" + talk.conversation())
                .json();
        assertThat(conversation.path("unread_count").asInt()).isZero();
        Map<String, Long> told = waitFor(() -> events(talk), it -> it.containsKey("imessage.delivered"));
        assertThat(told)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "connection.created", 1L,
                        "imessage.received", 2L,
                        "imessage.sent", 1L,
                        "imessage.delivered", 1L,
                        "imessage.reaction_received", 1L));
        List<RecordingReceiver.Post> posts = waitFor(receiver::posts, it -> it.size() >= 4);
        assertThat(posts)
                .extracting(RecordingReceiver.Post::type)
                .containsExactlyInAnyOrder(
                        "imessage.sent", "imessage.delivered", "imessage.reaction_received", "imessage.received");
        assertThat(posts).extracting(RecordingReceiver.Post::requestId).doesNotHaveDuplicates();
        // The router's words and card, the greeting, the reply, and the router's list.
        assertThat(TAP.calls("send", talk.person())).hasSize(5).doesNotHaveDuplicates();
        assertThat(TAP.calls("tapback", talk.person())).hasSize(1);
        assertThat(TAP.calls("markRead", talk.person())).hasSize(1);
    }

    /// Nothing of the person is left, and who comes again is new.
    private void assertErased(Talk talk) {
        server.operate("erase", "--number", talk.person());
        assertThat(texts(talk)).isEmpty();
        assertThat(events(talk)).containsOnlyKeys("erased");

        String line = admin.connect(talk.person(), talk.handle());
        admin.text(talk.person(), line, "hello again");

        waitFor(() -> texts(talk), it -> !it.isEmpty());
        assertThat(texts(talk)).containsExactly("hello again");
    }

    private static List<String> texts(Talk talk) {
        return talk.agent()
                .get(MESSAGES)
                .expect(200)
                .json()
                .valueStream()
                .map(it -> it.path("content").asString())
                .toList();
    }

    /// How many events of each type the journal has of this agent.
    private static Map<String, Long> events(Talk talk) {
        return server.wiring().database().read(handle -> {
            Map<String, Long> counts = new HashMap<>();
            handle.createQuery(
                            "SELECT type, count(*) AS events FROM journal JOIN symbol ON no = identity_no WHERE text = :identity GROUP BY type")
                    .bind("identity", talk.identity().path("id").asString())
                    .map((row, _) -> Map.entry(row.getString("type"), row.getLong("events")))
                    .forEach(it -> counts.put(it.getKey(), it.getValue()));
            return counts;
        });
    }

    private static long holes(Handle handle) {
        return handle.createQuery("SELECT max(seq) - min(seq) + 1 - count(*) FROM journal GROUP BY organization_no")
                .mapTo(long.class)
                .one();
    }
}
