package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.conversations.Conversations;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.Pruning;
import partyline.kernel.Storage;
import tools.jackson.databind.JsonNode;

/// The clock of the machine is put forward and back while everything runs.
class ClockJumpTest {

    private static final Duration DAY = Duration.ofDays(1);
    private static final ShiftedClock CLOCK = new ShiftedClock();

    @RegisterExtension
    static final TestServer server = new TestServer("limits: {sends_per_24h: 3}", CLOCK);

    @AfterEach
    void right() {
        CLOCK.right();
    }

    @Test
    void after_a_restart_with_the_clock_put_back_what_is_new_still_comes_last() {
        Talk before = Talk.begin(server);
        before.delivered("today");
        CLOCK.jump(DAY.multipliedBy(-2));
        server.restart();
        Talk talk = before.with(server);

        talk.admin().text(talk.person(), Api.ROUTER, "disconnect @" + talk.handle());
        talk.admin().text(talk.person(), Api.ROUTER, "connect @" + talk.handle());
        waitFor(() -> greetings(talk), it -> it == 2);
        talk.delivered("the day before yesterday");

        List<String> listed = talk.agent()
                .get(Talk.MESSAGES)
                .json()
                .valueStream()
                .map(it -> it.path("content").asString())
                .toList();
        assertThat(listed).containsExactly("the day before yesterday", "today", "hello");
    }

    @Test
    void what_was_put_off_does_not_wait_for_a_clock_that_went_back() {
        Talk talk = Talk.begin(server);
        String fault = "{\"line\":\"%s\",\"kind\":\"not_sent\"}".formatted(talk.line());
        server.admin().post("/simulator/faults", fault).expect(204);
        String id = talk.reply("put off")
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();
        waitFor(() -> attempts("message"), it -> it == 1);

        CLOCK.jump(DAY.negated());
        server.wiring().look();

        waitFor(() -> talk.message(id).path("status").asString(), "delivered"::equals);
    }

    @Test
    void events_that_are_owed_do_not_wait_for_a_clock_that_went_back() {
        Talk talk = Talk.begin(server);
        try (BusyReceiver receiver = new BusyReceiver(1)) {
            talk.agent()
                    .post(
                            "/api/v1/webhooks/subscriptions",
                            "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"imessage.sent\"]}"
                                    .formatted(talk.identity().path("id").asString(), receiver.url()))
                    .expect(201);
            talk.delivered("one");
            waitFor(receiver::refused, it -> it == 1);
            waitFor(() -> attempts("webhook_delivery"), it -> it == 1);

            CLOCK.jump(DAY.negated());
            waitFor(
                    () -> {
                        server.wiring().look();
                        return receiver.taken();
                    },
                    it -> it == 1);
        }
    }

    @Test
    void the_cap_asks_for_no_negative_wait_and_ends_when_the_day_is_over() {
        Talk talk = Talk.begin(server);
        for (String text : List.of("one", "two", "three")) {
            talk.reply(text).expect(201);
        }

        CLOCK.jump(Duration.ofHours(-1));
        long back = retryAfter(talk.reply("four").expect(429));
        CLOCK.jump(Duration.ofHours(20));
        long forth = retryAfter(talk.reply("four").expect(429));
        CLOCK.jump(Duration.ofHours(6));

        assertThat(back)
                .isBetween(
                        Duration.ofHours(24).toSeconds(), Duration.ofHours(26).toSeconds());
        assertThat(forth).isBetween(1L, Duration.ofHours(6).toSeconds());
        talk.reply("four").expect(201);
    }

    @Test
    void an_idempotency_key_is_known_for_a_week_whichever_way_the_clock_jumps() {
        Talk talk = Talk.begin(server);
        String first = keyed(talk);

        CLOCK.jump(DAY.negated());
        prune();
        String back = keyed(talk);
        CLOCK.jump(DAY.multipliedBy(8).minusHours(1));
        prune();
        String nearly = keyed(talk);
        CLOCK.jump(Duration.ofHours(2));
        prune();
        String over = keyed(talk);

        assertThat(List.of(back, nearly)).containsOnly(first);
        assertThat(over).isNotEqualTo(first);
    }

    /// As the server does once a day.
    private static void prune() {
        Ids ids = new Ids(CLOCK);
        Storage storage = new Storage(server.wiring().database(), new Journal(ids, CLOCK), ids, CLOCK);
        try (Pruning pruning = Conversations.pruning(storage)) {
            pruning.run();
        }
    }

    /// How many attempts were made at what still waits in this table.
    private static int attempts(String table) {
        String sql = "SELECT coalesce(sum(attempts), 0) FROM " + table + " WHERE next_attempt_at IS NOT NULL AND "
                + (table.equals("message") ? "status = 'queued'" : "state = 'pending'");
        return server.wiring()
                .database()
                .read(handle -> handle.createQuery(sql).mapTo(int.class).one());
    }

    private static String keyed(Talk talk) {
        return talk.agent()
                .with(Map.of("Idempotency-Key", "the-key"))
                .post(Talk.MESSAGES, "{\"conversation_id\":\"%s\",\"text\":\"once\"}".formatted(talk.conversation()))
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();
    }

    private static long retryAfter(Api.Answer answer) {
        return Long.parseLong(
                answer.response().headers().firstValue("Retry-After").orElseThrow());
    }

    private static long greetings(Talk talk) {
        return talk.bubbles().stream()
                .map((JsonNode it) -> it.path("text").asString(""))
                .filter(it -> it.startsWith("Hello, this is"))
                .count();
    }
}
