package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Scenario.given;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Lines that do wrong what the simulator is told to do wrong, and what an agent and a person notice of it.
class FaultsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String FAULTS = "/simulator/faults";

    static Stream<Scenario> refusals() {
        return Stream.of(
                given("no kind").post(FAULTS, "{}").answers(422, "kind", "required"),
                given("an unknown kind").post(FAULTS, "{\"kind\":\"explode\"}").answers(422, "kind", "unknown_lost"),
                given("no times")
                        .post(FAULTS, "{\"kind\":\"refuse\",\"times\":0}")
                        .answers(422, "times", "1 to 1000"),
                given("too many times")
                        .post(FAULTS, "{\"kind\":\"refuse\",\"times\":1001}")
                        .answers(422, "times"),
                given("too long a delay")
                        .post(FAULTS, "{\"kind\":\"delay\",\"delay_ms\":60001}")
                        .answers(422, "delay_ms"),
                given("a delay of no length")
                        .post(FAULTS, "{\"kind\":\"delay\"}")
                        .answers(422, "delay_ms"),
                given("a line that is no number")
                        .post(FAULTS, "{\"kind\":\"refuse\",\"line\":\"sim-pool-1\"}")
                        .answers(422, "line", "E.164"),
                given("a number that is no line")
                        .post(FAULTS, "{\"kind\":\"refuse\",\"line\":\"+12025550199\"}")
                        .answers(422, "line", Api.ROUTER),
                given("another tenant")
                        .as(_ -> server.stranger())
                        .post(FAULTS, "{\"kind\":\"refuse\"}")
                        .answers(403, "operator_key_required"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void is_refused(Scenario scenario) {
        scenario.play(server.admin());
    }

    @Test
    void what_the_line_refuses_is_declined_and_the_agent_is_told() {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            Talk talk = Talk.begin(server);
            talk.subscribe(receiver, "imessage.delivery_failed");
            arm(talk, "refuse", 1);

            JsonNode refused = settled(talk, sent(talk, "refused"), "declined");

            assertFailed(refused, "simulated_refusal");
            assertThat(receiver.await("imessage.delivery_failed")
                            .json()
                            .findPath("status")
                            .asString())
                    .isEqualTo("declined");
            talk.delivered("next");
            assertThat(shown(talk, "refused")).isZero();
        }
    }

    @Test
    void what_fails_on_its_way_is_an_error_and_the_agent_is_told() {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            Talk talk = Talk.begin(server);
            talk.subscribe(receiver, "imessage.delivery_failed");
            arm(talk, "fail", 1);

            JsonNode failed = settled(talk, sent(talk, "failed"), "error");

            assertFailed(failed, "simulated_failure");
            assertThat(receiver.await("imessage.delivery_failed")
                            .json()
                            .findPath("status")
                            .asString())
                    .isEqualTo("error");
            talk.delivered("next");
            assertThat(shown(talk, "failed")).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"not_sent", "unknown_sent", "unknown_lost", "delay", "repeat_id"})
    void what_goes_wrong_for_a_while_is_delivered_once(String kind) {
        Talk talk = Talk.begin(server);
        arm(talk, kind, 1);

        String id = sent(talk, "stubborn");
        String next = sent(talk, "next");

        settled(talk, id, "delivered");
        settled(talk, next, "delivered");
        assertThat(talk.bubbles().stream().map(it -> it.path("text").asString("")))
                .as("once, and in order")
                .endsWith("stubborn", "next")
                .containsOnlyOnce("stubborn");
    }

    @Test
    void a_tapback_on_a_message_that_may_have_left_counts_as_soon_as_that_is_known() {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            Talk talk = Talk.begin(server);
            talk.subscribe(receiver, "imessage.reaction_received");
            arm(talk, "unknown_sent", 1);

            String id = sent(talk, "did you get this?");
            JsonNode bubble = talk.bubble("did you get this?");
            talk.tapback(bubble, "love", Map.of());
            talk.tapback(bubble, "laugh", Map.of());

            JsonNode tapbacks = waitFor(() -> talk.message(id).path("reactions"), it -> !it.isEmpty());
            assertThat(tapbacks.size()).isOne();
            assertThat(tapbacks.get(0).path("reaction").asString()).isEqualTo("laugh");
            assertThat(waitFor(receiver::posts, posts -> posts.size() == 2).stream()
                            .map(it -> it.json()
                                    .path("data")
                                    .path("reaction")
                                    .path("reaction")
                                    .asString()))
                    .containsExactly("love", "laugh");
        }
    }

    @Test
    void a_lost_receipt_leaves_the_status_where_it_was() {
        Talk talk = Talk.begin(server);
        arm(talk, "drop_receipt", 2);

        String id = sent(talk, "hardly heard of");
        talk.bubble("hardly heard of");
        talk.delivered("heard of");

        assertThat(talk.message(id).path("status").asString()).isEqualTo("accepted");
    }

    @Test
    void what_a_person_says_is_kept_once_however_often_it_is_told() {
        Talk talk = Talk.begin(server);
        arm(talk, "duplicate_inbound", 1);

        talk.admin().text(talk.person(), talk.line(), "twice");
        talk.admin().text(talk.person(), talk.line(), "after");

        List<String> said = waitFor(
                () -> talk.agent()
                        .get(Talk.MESSAGES)
                        .json()
                        .valueStream()
                        .map(it -> it.path("content").asString())
                        .toList(),
                it -> it.contains("after"));
        assertThat(said).containsExactly("after", "twice", "hello");
    }

    @Test
    void a_fault_without_a_line_meets_whichever_comes_first() {
        Talk talk = Talk.begin(server);
        server.admin().post(FAULTS, "{\"kind\":\"refuse\",\"times\":2}").expect(204);

        settled(talk, sent(talk, "one"), "declined");
        settled(talk, sent(talk, "two"), "declined");
        talk.delivered("three");
    }

    private static void arm(Talk talk, String kind, int times) {
        String body = "{\"line\":\"%s\",\"kind\":\"%s\",\"times\":%d,\"delay_ms\":%d}"
                .formatted(talk.line(), kind, times, kind.equals("delay") ? 50 : 0);
        server.admin().post(FAULTS, body).expect(204);
    }

    private static String sent(Talk talk, String text) {
        return talk.reply(text).expect(201).json().path("message").path("id").asString();
    }

    private static JsonNode settled(Talk talk, String id, String status) {
        return waitFor(
                () -> talk.message(id),
                message -> message.path("status").asString().equals(status));
    }

    private static long shown(Talk talk, String text) {
        return talk.bubbles().stream()
                .filter(it -> it.path("text").asString("").equals(text))
                .count();
    }

    private static void assertFailed(JsonNode message, String code) {
        for (JsonNode told : List.of(message, message.path("recipients").get(0))) {
            assertThat(told.path("error_code").asString()).isEqualTo(code);
            assertThat(told.path("error_message").asString("")).isNotEmpty();
            assertThat(told.path("error_reason").asString("")).isNotEmpty();
            assertThat(told.path("error_detail").asString("")).isNotEmpty();
        }
        assertThat(message.path("recipients").get(0).path("failed_at").isNull()).isFalse();
    }
}
