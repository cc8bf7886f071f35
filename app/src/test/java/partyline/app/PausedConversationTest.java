package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// An agent and a program at the other end that answer each other at once, on a server that lets them do so five times
/// in a minute.
class PausedConversationTest {

    private static final int LIMIT = 5;

    @RegisterExtension
    static final TestServer server = new TestServer("limits: {alternations_per_minute: %d}".formatted(LIMIT));

    @Test
    void one_reply_too_many_pauses_this_conversation_alone_and_says_so_once() {
        Talk talk = Talk.begin(server);
        Talk other = Talk.begin(server);
        long start = place(talk);

        alternate(talk, LIMIT);
        text(talk, "and again");
        Api.Answer refused = talk.reply("no more").expect(429);
        talk.reply("no more").expect(429);

        JsonNode detail = refused.json().path("detail");
        assertThat(detail.path("code").asString()).isEqualTo("conversation_paused");
        assertThat(detail.path("error").asString()).isEqualTo("conversation_paused");
        assertThat(detail.path("message").asString()).contains("Retry-After");
        assertThat(Integer.parseInt(
                        refused.response().headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(280, 300);
        assertThat(events(talk, "?types=conversation.paused&after=" + start))
                .singleElement()
                .satisfies(event -> {
                    JsonNode told = event.path("data").path("conversation");
                    assertThat(told.path("id").asString()).isEqualTo(talk.conversation());
                    assertThat(told.path("remote_number").asString()).isEqualTo(talk.person());
                    assertThat(told.path("paused_until"))
                            .isEqualTo(refused.json().path("detail").path("paused_until"));
                    assertThat(event.toString()).doesNotContain(talk.line());
                });
        assertThat(events(talk, "?limit=200&after=" + start))
                .extracting(event -> event.path("event_type").asString())
                .doesNotContain("conversation.paused")
                .filteredOn("imessage.received"::equals)
                .hasSize(LIMIT);
        other.reply("not my loop").expect(201);
    }

    /// The agent replies to what was said last, and is answered, so many times; it ends with a reply.
    private static void alternate(Talk talk, int times) {
        talk.reply("reply").expect(201);
        for (int at = 1; at < times; at++) {
            text(talk, "answer");
            talk.reply("reply").expect(201);
        }
    }

    /// The person texts, and the text is there.
    private static void text(Talk talk, String text) {
        long before = inbound(talk).count();
        talk.admin().text(talk.person(), talk.line(), text);
        waitFor(() -> inbound(talk).count(), count -> count == before + 1);
    }

    private static Stream<JsonNode> inbound(Talk talk) {
        return talk.agent()
                .get(Talk.MESSAGES + "?limit=200&conversation_id=" + talk.conversation())
                .expect(200)
                .json()
                .valueStream()
                .filter(message -> message.path("direction").asString().equals("inbound"));
    }

    private static long place(Talk talk) {
        return poll(talk, "").path("next").asLong();
    }

    private static List<JsonNode> events(Talk talk, String query) {
        return poll(talk, query).path("events").valueStream().toList();
    }

    private static JsonNode poll(Talk talk, String query) {
        return talk.agent()
                .get("/api/v1/imessage/events" + query, "application/json")
                .expect(200)
                .json();
    }
}
