package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.encode;
import static partyline.app.Api.waitFor;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// People without iMessage, on a line that falls back to SMS and on one that does not.
class FallbackTest {

    @RegisterExtension
    static final TestServer strict = new TestServer(lines("none"));

    @RegisterExtension
    static final TestServer usual = new TestServer(lines("sms"));

    @Test
    void with_a_fallback_the_message_travels_on_what_the_phone_has_without_its_effect() {
        Talk talk = Talk.begin(usual);
        has(talk, "rcs");

        String first = styled(talk, "over rcs");
        JsonNode rcs = waitFor(() -> talk.message(first), it -> status(it).equals("delivered"));
        has(talk, "sms");
        JsonNode sms = talk.message(talk.delivered("over sms"));

        assertThat(rcs.path("service").asString()).isEqualTo("rcs");
        assertThat(sms.path("service").asString()).isEqualTo("sms");
        for (JsonNode message : List.of(rcs, sms)) {
            assertThat(message.path("was_downgraded").asBoolean()).isTrue();
            assertThat(message.path("recipients").get(0).path("service")).isEqualTo(message.path("service"));
        }
        assertThat(talk.bubble("over rcs").path("send_style").isNull()).isTrue();
    }

    @Test
    void without_one_it_is_declined_with_the_reason_and_never_shown() {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            Talk talk = Talk.begin(strict);
            talk.subscribe(receiver, "imessage.delivery_failed");
            has(talk, "sms");

            String id = styled(talk, "not over sms");

            JsonNode declined = waitFor(() -> talk.message(id), it -> status(it).equals("declined"));
            for (JsonNode told : List.of(declined, declined.path("recipients").get(0))) {
                assertThat(told.path("error_code").asString()).isEqualTo("no_imessage");
                assertThat(told.path("error_message").asString("")).isNotEmpty();
                assertThat(told.path("error_reason").asString()).isEqualTo("no_imessage");
                assertThat(told.path("error_detail").asString("")).contains("no iMessage");
            }
            assertThat(declined.path("was_downgraded").asBoolean()).isFalse();
            assertThat(receiver.await("imessage.delivery_failed").body()).contains(id);
            has(talk, "imessage");
            talk.delivered("again over iMessage");
            assertThat(talk.bubbles().stream().map(it -> it.path("text").asString("")))
                    .doesNotContain("not over sms");
        }
    }

    @Test
    void words_of_a_line_without_fallback_are_given_up() {
        Api admin = strict.admin();
        String person = strict.person();
        admin.identity("unheard-agent");
        admin.patch("/simulator/phones/" + encode(person), "{\"service\":\"sms\"}")
                .expect(200);

        admin.text(person, ROUTER, "connect @unheard-agent");

        waitFor(() -> admin.bubbles(person, ROUTER), bubbles -> bubbles.size() == 3);
        admin.text(person, ROUTER, "list");
        waitFor(() -> admin.bubbles(person, ROUTER), bubbles -> bubbles.size() == 5);
        assertThat(admin.phone(person).path("threads")).hasSize(1);
    }

    private static String styled(Talk talk, String text) {
        String body = "{\"conversation_id\":\"%s\",\"text\":\"%s\",\"send_style\":\"confetti\"}"
                .formatted(talk.conversation(), text);
        return talk.agent()
                .post(Talk.MESSAGES, body)
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();
    }

    private static void has(Talk talk, String service) {
        talk.admin()
                .patch("/simulator/phones/" + encode(talk.person()), "{\"service\":\"" + service + "\"}")
                .expect(200);
    }

    private static String status(JsonNode message) {
        return message.path("status").asString();
    }

    private static String lines(String fallback) {
        return """
                lines:
                  - {id: front, number: "+12025550100", roles: [router]}
                  - {id: pool, number: "+12025550101", roles: [pool], fallback: %s}
                """.formatted(fallback);
    }

    @Test
    void who_has_lost_imessage_gets_the_text_once_and_the_agent_hears_of_one_send() {
        Talk talk = Talk.begin(usual);
        try (EventReader reader = new EventReader(talk.agent(), "")) {
            talk.admin()
                    .post("/simulator/faults", "{\"kind\":\"fail_no_imessage\"}")
                    .expect(204);

            String id = styled(talk, "after all");
            JsonNode sent = waitFor(() -> talk.message(id), it -> status(it).equals("delivered"));
            talk.delivered("the usual");

            reader.await(4);
            assertThat(reader.types())
                    .containsExactly("imessage.sent", "imessage.delivered", "imessage.sent", "imessage.delivered");
            assertThat(sent.path("error_code").isNull()).isTrue();
            assertThat(talk.bubbles().stream().map(it -> it.path("text").asString("")))
                    .containsOnlyOnce("after all");
        }
    }

    @Test
    void what_fails_a_second_time_has_failed() {
        Talk talk = Talk.begin(usual);
        talk.admin()
                .post("/simulator/faults", "{\"kind\":\"fail_no_imessage\",\"times\":2}")
                .expect(204);

        String id = styled(talk, "never");

        JsonNode failed = waitFor(() -> talk.message(id), it -> status(it).equals("error"));
        assertThat(failed.path("error_code").asString()).isEqualTo("no_imessage");
        talk.delivered("the next");
    }

    @Test
    void without_a_fallback_a_late_word_that_there_is_no_imessage_is_an_error() {
        Talk talk = Talk.begin(strict);
        talk.admin()
                .post("/simulator/faults", "{\"kind\":\"fail_no_imessage\"}")
                .expect(204);

        String id = styled(talk, "lost");

        JsonNode failed = waitFor(() -> talk.message(id), it -> status(it).equals("error"));
        assertThat(failed.path("error_code").asString()).isEqualTo("no_imessage");
        assertThat(failed.path("error_detail").asString("")).contains("no iMessage");
    }
}
