package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// A driver that hangs, answers too late, never knows, or tells receipts wildly.
@Timeout(60)
class HungDriverTest {

    private static final AtomicBoolean HANGING = new AtomicBoolean();
    private static final ShiftedClock CLOCK = new ShiftedClock();

    @RegisterExtension
    static final TestServer server = new TestServer("", CLOCK, driver -> new MoodyDriver(driver, HANGING::get));

    @BeforeEach
    void hang() {
        HANGING.set(true);
    }

    @AfterEach
    void goOn() {
        HANGING.set(false);
        CLOCK.right();
    }

    @Test
    void a_driver_that_never_answers_holds_nobody_else_up_and_the_message_ends_as_unknown() {
        Talk talk = Talk.begin(server);
        Talk other = Talk.begin(server);
        String hung = sent(talk, "hang for ever");
        String next = sent(talk, "behind it");

        other.delivered("past it");

        assertThat(status(talk, hung)).isEqualTo("queued");
        until(talk, hung, "error");
        assertThat(talk.message(hung).path("error_code").asString()).isEqualTo("outcome_unknown");
        waitFor(() -> status(talk, next), "delivered"::equals);
        assertThat(shown(talk, "hang for ever")).isZero();
    }

    @Test
    void what_a_driver_never_knows_ends_as_unknown_also_when_the_clock_went_back() {
        Talk talk = Talk.begin(server);
        String blind = sent(talk, "blind from birth");
        waitFor(() -> attempts(blind), it -> it > 0);
        CLOCK.jump(Duration.ofDays(-1));
        server.wiring().look();
        waitFor(() -> attempts(blind), it -> it > 1);

        until(talk, blind, "error");

        assertThat(talk.message(blind).path("error_code").asString()).isEqualTo("outcome_unknown");
    }

    @Test
    void a_pause_of_an_hour_lasts_an_hour_and_holds_up_nobody_else() {
        Talk talk = Talk.begin(server);
        Talk other = Talk.begin(server);
        String id = sent(talk, "rest first");
        waitFor(() -> attempts(id), it -> it == 1);

        CLOCK.jump(Duration.ofMinutes(59));
        server.wiring().look();
        other.delivered("meanwhile");
        assertThat(attempts(id)).isEqualTo(1);
        assertThat(status(talk, id)).isEqualTo("queued");
        CLOCK.jump(Duration.ofMinutes(2));
        server.wiring().look();

        waitFor(() -> status(talk, id), "delivered"::equals);
    }

    @Test
    void a_pause_of_an_hour_does_not_wait_for_a_clock_that_went_back() {
        Talk talk = Talk.begin(server);
        String id = sent(talk, "rest first");
        waitFor(() -> attempts(id), it -> it == 1);

        CLOCK.jump(Duration.ofDays(-1));
        server.wiring().look();

        waitFor(() -> status(talk, id), "delivered"::equals);
    }

    @Test
    void a_message_that_cannot_be_handled_is_set_aside_and_those_behind_it_go() {
        Talk talk = Talk.begin(server);
        String hung = sent(talk, "hang before it");
        String bad = sent(talk, "bad");
        String behind = sent(talk, "behind it");
        set(bad, "service = 'smoke signals'");

        HANGING.set(false);

        waitFor(Duration.ofSeconds(60), () -> status(talk, behind), "delivered"::equals);
        set(bad, "service = 'imessage'");
        assertThat(status(talk, hung)).isEqualTo("delivered");
        assertThat(talk.message(bad).path("status").asString()).isEqualTo("error");
        assertThat(talk.message(bad).path("error_code").asString()).isEqualTo("internal_error");
        assertThat(shown(talk, "bad")).isZero();
    }

    @Test
    void a_text_with_the_id_of_one_of_ours_is_kept_all_the_same() {
        Talk talk = Talk.begin(server);

        talk.delivered("same id");

        waitFor(
                () -> talk.agent().get(Talk.MESSAGES).expect(200).text(),
                messages -> messages.contains("under the same id"));
    }

    @Test
    void a_tapback_that_can_never_be_set_is_not_safe_to_try_again() {
        Talk talk = Talk.begin(server);

        Api.Answer never = react(talk, "eyes");
        Api.Answer later = react(talk, "question");

        assertThat(never.expect(400).text())
                .contains("imessage_not_reactable", "its line cannot set this one", "\"reason\":\"unsupported\"");
        assertThat(later.expect(502).text()).contains("imessage_line_failed");
    }

    private static Api.Answer react(Talk talk, String reaction) {
        return talk.agent()
                .post(
                        "/api/v1/imessage/reactions",
                        "{\"message_id\":\"%s\",\"reaction\":\"%s\"}".formatted(talk.first(), reaction));
    }

    @Test
    void an_answer_after_the_time_out_is_found_again_and_nothing_is_sent_twice() {
        Talk talk = Talk.begin(server);

        talk.delivered("late but sent");

        assertThat(shown(talk, "late but sent")).isEqualTo(1);
    }

    @Test
    void receipts_before_the_answer_backwards_and_twice_tell_each_step_once_and_in_order() {
        Talk talk = Talk.begin(server);
        try (EventReader reader = new EventReader(talk.agent(), "")) {
            talk.delivered("early news");
            String last = talk.delivered("the usual");

            reader.await(4);
            waitFor(() -> status(talk, last), "delivered"::equals);
            assertThat(reader.types())
                    .isEqualTo(List.of("imessage.sent", "imessage.delivered", "imessage.sent", "imessage.delivered"));
        }
    }

    @Test
    void the_server_stops_although_a_driver_hangs_and_sends_once_at_the_next_start() {
        Talk before = Talk.begin(server);
        String hung = sent(before, "hang over");

        server.restart(_ -> HANGING.set(false));

        Talk talk = before.with(server);
        until(talk, hung, "delivered");
        assertThat(shown(talk, "hang over")).isEqualTo(1);
    }

    /// Lets minutes pass until the message has this status.
    private static void until(Talk talk, String id, String status) {
        waitFor(
                () -> {
                    CLOCK.jump(Duration.ofMinutes(1));
                    server.wiring().look();
                    return status(talk, id);
                },
                status::equals);
    }

    private static String sent(Talk talk, String text) {
        return talk.reply(text).expect(201).json().path("message").path("id").asString();
    }

    private static String status(Talk talk, String id) {
        return talk.message(id).path("status").asString();
    }

    private static void set(String message, String change) {
        server.wiring()
                .database()
                .update(tx -> tx.handle().execute("UPDATE message SET " + change + " WHERE uuid = ?", message));
    }

    private static int attempts(String message) {
        return server.wiring()
                .database()
                .read(handle -> handle.createQuery("SELECT attempts FROM message WHERE uuid = :id")
                        .bind("id", message)
                        .mapTo(int.class)
                        .one());
    }

    private static long shown(Talk talk, String text) {
        return talk.bubbles().stream()
                .filter(it -> it.path("text").asString("").equals(text))
                .count();
    }
}
