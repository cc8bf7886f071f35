package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.node.ObjectNode;

/// The five events of the wire contract as a webhook gets them, field by field, the null ones too.
class ContractEventsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private final RecordingReceiver receiver = new RecordingReceiver();
    private final Talk talk = Talk.begin(server);

    @BeforeEach
    void subscribe() {
        String types = """
                "imessage.received","imessage.reaction_received","imessage.sent","imessage.delivered",\
                "imessage.delivery_failed\"""";
        talk.agent()
                .post(
                        "/api/v1/webhooks/subscriptions",
                        "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[%s]}"
                                .formatted(talk.identity().path("id").asString(), receiver.url(), types))
                .expect(201);
    }

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void a_persons_text_is_received() {
        talk.admin().text(talk.person(), talk.line(), "book dinner for two");

        assertPosted("imessage.received", "message", received("{\"content\": \"book dinner for two\"}"));
    }

    @Test
    void a_text_over_sms_is_received_as_such() {
        talk.admin()
                .patch("/simulator/phones/" + Api.encode(talk.person()), "{\"service\":\"sms\"}")
                .expect(200);
        talk.admin().text(talk.person(), talk.line(), "green");

        assertPosted("imessage.received", "message", received("{\"content\": \"green\", \"service\": \"sms\"}"));
    }

    @Test
    void a_persons_tapback_is_received() {
        talk.tapback(talk.bubble("hello"), "custom", Map.of("custom_emoji", "\"🌴\""));

        assertPosted("imessage.reaction_received", "reaction", (ObjectNode) Wire.json("""
                {"id": "<id>", "conversation_id": "<id>", "assignment_id": "<id>", "target_message_id": "<id>",
                 "direction": "inbound", "reaction": "custom", "custom_emoji": "🌴", "remote_number": "<person>",
                 "part_index": 0, "created_at": "<time>", "updated_at": "<time>"}
                """));
    }

    @Test
    void a_reply_is_sent_and_then_delivered() {
        talk.delivered("Done!");

        ObjectNode sent = Wire.outbound(
                "{\"content\": \"Done!\", \"status\": \"sent\"}",
                "{\"delivery_status\": \"sent\", \"sent_at\": \"<time>\"}");
        assertPosted("imessage.sent", "message", sent);
        assertPosted("imessage.delivered", "message", Wire.delivered("{\"content\": \"Done!\"}"));
        assertThat(receiver.posts().stream().map(RecordingReceiver.Post::type).toList())
                .isEqualTo(List.of("imessage.sent", "imessage.delivered"));
    }

    @Test
    void what_the_line_refuses_is_a_failed_delivery() {
        talk.admin()
                .post("/simulator/faults", "{\"line\":\"%s\",\"kind\":\"refuse\"}".formatted(talk.line()))
                .expect(204);

        talk.reply("Done!").expect(201);

        ObjectNode declined = Wire.failed(
                "declined",
                "simulated_refusal",
                "The message was not sent",
                "The simulator was told to refuse this text.");
        declined.put("content", "Done!");
        assertPosted("imessage.delivery_failed", "message", declined);
        assertThat(receiver.posts()).hasSize(1);
    }

    /// A text as it is told: with how its sender came to write.
    private static ObjectNode received(String changes) {
        return Wire.inbound(changes).put("sender_access", "direct");
    }

    private void assertPosted(String type, String about, ObjectNode object) {
        RecordingReceiver.Post post = receiver.await(type);
        assertThat(Wire.normal(post.body(), talk)).isEqualTo(Wire.event(type, about, object));
        assertThat(post.body()).doesNotContain(talk.line());
    }
}
