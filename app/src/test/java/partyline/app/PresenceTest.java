package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Read receipts and typing, in both directions.
class PresenceTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private final Talk talk = Talk.begin(server);

    @Test
    void marking_read_shows_on_the_phone_counts_once_and_empties_the_unread() {
        JsonNode first = markRead().expect(200).json();

        assertThat(first.path("updated_count").asInt()).isEqualTo(1);
        assertThat(first.path("conversation_id").asString()).isEqualTo(talk.conversation());
        assertThat(markRead().expect(200).json().path("updated_count").asInt()).isZero();
        assertThat(talk.message(talk.first()).path("is_read").asBoolean()).isTrue();
        assertThat(waitFor(() -> talk.bubble("hello").path("read_at"), it -> !it.isNull()))
                .isNotNull();
        assertThat(talk.agent()
                        .get("/api/v1/imessage/conversations")
                        .json()
                        .get(0)
                        .path("unread_count")
                        .asInt())
                .isZero();
        assertThat(talk.agent().get(Talk.MESSAGES + "?is_read=true").json()).hasSize(1);
    }

    @Test
    void the_typing_bubble_shows_until_a_message_is_sent() {
        talk.agent().post("/api/v1/imessage/typing", conversation()).expect(204);
        waitFor(this::typing, it -> it);

        talk.delivered("here I am");

        waitFor(this::typing, it -> !it);
    }

    @Test
    void when_the_person_reads_a_message_it_says_so() {
        String id = talk.delivered("read me");
        assertThat(talk.message(id).path("read_at").isNull()).isTrue();

        talk.admin()
                .post("/simulator/read", "{\"from\":\"%s\",\"to\":\"%s\"}".formatted(talk.person(), talk.line()))
                .expect(204);

        waitFor(() -> talk.message(id).path("read_at"), it -> !it.isNull());
        assertThat(talk.message(id).path("status").asString()).isEqualTo("delivered");
    }

    @Test
    void a_phone_is_shown_sixty_typing_bubbles_a_minute_and_then_the_agent_is_told_to_wait() {
        for (int at = 0; at < 60; at++) {
            talk.agent().post("/api/v1/imessage/typing", conversation()).expect(204);
        }

        Api.Answer refused =
                talk.agent().post("/api/v1/imessage/typing", conversation()).expect(429);

        assertThat(refused.text()).contains("conversation_rate_limited");
        assertThat(Integer.parseInt(
                        refused.response().headers().firstValue("Retry-After").orElse("")))
                .isBetween(1, 60);
        Talk other = Talk.begin(server);
        other.agent()
                .post("/api/v1/imessage/typing", "{\"conversation_id\":\"%s\"}".formatted(other.conversation()))
                .expect(204);
    }

    @Test
    void strangers_and_released_connections_are_refused() {
        assertThat(server.stranger()
                        .post("/api/v1/imessage/mark-read", conversation())
                        .status())
                .isEqualTo(404);
        assertThat(server.stranger()
                        .post("/api/v1/imessage/typing", conversation())
                        .status())
                .isEqualTo(404);
        talk.agent().post("/api/v1/imessage/typing", "{}").expect(422);
        talk.admin().text(talk.person(), Api.ROUTER, "disconnect @" + talk.handle());
        waitFor(() -> talk.agent().get("/api/v1/imessage/assignments").json(), JsonNode::isEmpty);

        assertThat(markRead().expect(409).text()).contains("imessage_assignment_inactive");
        talk.agent().post("/api/v1/imessage/typing", conversation()).expect(409);
    }

    private Api.Answer markRead() {
        return talk.agent().post("/api/v1/imessage/mark-read", conversation());
    }

    private String conversation() {
        return "{\"conversation_id\":\"%s\"}".formatted(talk.conversation());
    }

    private boolean typing() {
        return talk.admin()
                .phone(talk.person())
                .path("threads")
                .valueStream()
                .filter(thread -> thread.path("line").asString().equals(talk.line()))
                .anyMatch(thread -> thread.path("typing").asBoolean());
    }
}
