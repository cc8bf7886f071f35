package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `trace MESSAGE_ID`, on a running server and on its folder at rest.
class TraceTest {

    private final TestServer server = new TestServer();

    @BeforeEach
    void open() throws IOException {
        server.open();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void a_message_is_followed_from_the_agent_to_the_person_and_to_the_receiver_of_webhooks() {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            Talk talk = Talk.begin(server);
            String subscription = subscribe(talk, receiver, "imessage.delivered");
            String id = talk.delivered("the secret words");
            receiver.await("imessage.delivered");

            String trace = waitFor(() -> server.operate("trace", id), it -> it.contains("answered 200"));

            assertThat(trace)
                    .contains(id, "from the agent", "status delivered", "event imessage.sent", subscription)
                    .containsSubsequence("accepted for sending", "handed over to line", "webhook", "answered 200")
                    .doesNotContain("the secret words", talk.person(), talk.line(), receiver.url());
            server.stop();
            assertThat(server.operate("trace", id)).isEqualTo(trace);
        }
    }

    @Test
    void what_failed_says_when_it_is_due_again() {
        try (RecordingReceiver receiver = new RecordingReceiver(500)) {
            Talk talk = Talk.begin(server);
            String subscription = subscribe(talk, receiver, "imessage.received");
            talk.admin().text(talk.person(), talk.line(), "more");
            String id = receiver.await("imessage.received")
                    .json()
                    .at("/data/message/id")
                    .asString();

            String trace = waitFor(() -> server.operate("trace", id), it -> it.contains("due again"));

            assertThat(trace)
                    .contains("from the person", "stored", "event imessage.received")
                    .contains("webhook " + subscription + "  answered 500")
                    .contains("webhook " + subscription + "  due again after 1 attempts");
        }
    }

    @Test
    void who_asks_for_no_message_is_told_which_id_to_take() {
        assertThatThrownBy(() -> server.operate("trace", "0190c5d2-1111-7aaa-8bbb-222233334444"))
                .hasMessageContaining("There is no message");
        assertThatThrownBy(() -> server.operate("trace", "lunch"))
                .hasMessageContaining("take the id that the API gives it");
    }

    private static String subscribe(Talk talk, RecordingReceiver receiver, String type) {
        String body = "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"%s\"]}"
                .formatted(talk.identity().path("id").asString(), receiver.url(), type);
        return talk.agent()
                .post("/api/v1/webhooks/subscriptions", body)
                .expect(201)
                .json()
                .path("id")
                .asString();
    }
}
