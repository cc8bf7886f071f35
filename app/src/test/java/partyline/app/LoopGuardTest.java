package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.kernel.Database;
import tools.jackson.databind.JsonNode;

/// An agent and a program at the other end that answer each other at once, on a server that lets them do so five times
/// in a minute.
class LoopGuardTest {

    private static final int LIMIT = 5;

    @RegisterExtension
    static final TestServer server = new TestServer("limits: {alternations_per_minute: %d}".formatted(LIMIT));

    @RegisterExtension
    static final TestServer unbounded = new TestServer("limits: {alternations_per_minute: 0}");

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

    @Test
    void the_pause_and_what_leads_to_it_survive_a_restart_and_time_ends_them() {
        Talk before = Talk.begin(server);
        alternate(before, LIMIT);
        text(before, "and again");

        server.restart();
        Talk after = before.with(server);
        after.reply("no more").expect(429);
        server.restart();
        Talk still = before.with(server);
        still.reply("no more").expect(429);
        server.restart(LoopGuardTest::sixMinutesPass);

        before.with(server).reply("at last").expect(201);
    }

    @Test
    void what_is_said_in_a_row_does_not_count_and_neither_does_what_is_a_minute_old() {
        Talk talk = Talk.begin(server);
        IntStream.range(0, 3 * LIMIT).forEach(at -> text(talk, "their story, part " + at));
        IntStream.range(0, 3 * LIMIT).forEach(_ -> talk.reply("my story").expect(201));
        alternate(talk, LIMIT - 1, "a text between two stories");

        server.restart(LoopGuardTest::sixMinutesPass);
        Talk later = talk.with(server);
        text(later, "back again");
        alternate(later, LIMIT);
    }

    @Test
    void a_limit_of_zero_is_none() {
        Talk talk = Talk.begin(unbounded);

        alternate(talk, 35);
    }

    /// The agent replies to what was said last, and is answered, so many times; it ends with a reply.
    private static void alternate(Talk talk, int times) {
        talk.reply("reply").expect(201);
        alternate(talk, times - 1, "answer");
    }

    private static void alternate(Talk talk, int times, String answer) {
        for (int at = 0; at < times; at++) {
            text(talk, answer);
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

    private static void sixMinutesPass(Database database) {
        database.update(tx -> {
            tx.handle().execute("UPDATE message SET created_at = created_at - 360000000");
            tx.handle().execute("UPDATE conversation SET paused_until = paused_until - 360000000");
        });
    }
}
