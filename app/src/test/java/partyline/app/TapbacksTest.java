package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Tapbacks, from both ends.
class TapbacksTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String REACTIONS = "/api/v1/imessage/reactions";

    private final Talk talk = Talk.begin(server);

    @Test
    void an_agents_tapback_is_on_the_phone_and_has_every_field_of_the_contract() {
        JsonNode made = react(talk.first(), "like").expect(201).json();

        assertThat(made.propertyNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "conversation_id",
                        "assignment_id",
                        "target_message_id",
                        "direction",
                        "reaction",
                        "custom_emoji",
                        "remote_number",
                        "part_index",
                        "created_at",
                        "updated_at");
        assertThat(made.path("direction").asString()).isEqualTo("outbound");
        assertThat(made.path("target_message_id").asString()).isEqualTo(talk.first());
        JsonNode shown = talk.bubble("hello").path("tapbacks").get(0);
        assertThat(shown.path("mine").asBoolean()).isFalse();
        assertThat(shown.path("reaction").asString()).isEqualTo("like");
        JsonNode live = talk.message(talk.first()).path("reactions").get(0);
        assertThat(live.propertyNames())
                .containsExactlyInAnyOrder(
                        "id", "direction", "reaction", "custom_emoji", "remote_number", "part_index", "created_at");
    }

    @Test
    void a_second_one_takes_the_place_of_the_first_with_an_id_of_its_own() {
        String first = react(talk.first(), "like").expect(201).json().path("id").asString();

        String second =
                react(talk.first(), "eyes").expect(201).json().path("id").asString();

        assertThat(second).isNotEqualTo(first);
        assertThat(talk.message(talk.first()).path("reactions")).hasSize(1);
        assertThat(talk.bubble("hello").path("tapbacks")).hasSize(1);
        talk.agent().delete(REACTIONS + "/" + second).expect(204);
        assertThat(talk.message(talk.first()).path("reactions").isNull()).isTrue();
        assertThat(talk.bubble("hello").path("tapbacks")).isEmpty();
    }

    @Test
    void taking_back_what_is_gone_or_replaced_is_done_already_and_leaves_the_phone_alone() {
        String replaced = made("like");
        String gone = made("eyes");

        talk.agent().delete(REACTIONS + "/" + replaced).expect(204);
        assertThat(reactions(talk.first())).as("the newer one stays").containsExactly("eyes");
        talk.agent().delete(REACTIONS + "/" + gone).expect(204);
        disconnect();

        for (String id : List.of(replaced, gone, gone)) {
            talk.agent().delete(REACTIONS + "/" + id).expect(204);
            talk.admin().delete(REACTIONS + "/" + id).expect(204);
        }
        talk.agent().delete(REACTIONS + "/00000000-0000-4000-8000-000000000000").expect(404);
        assertThat(talk.agent()
                        .get("/api/v1/imessage/events?after=0&limit=200", "application/json")
                        .text())
                .as("nobody is told of it")
                .doesNotContain("imessage.reaction");
    }

    @Test
    void only_its_maker_takes_a_tapback_back_while_connected_and_never_the_persons() {
        String own = talk.delivered("Done!");
        talk.tapback(talk.bubble("Done!"), "love", Map.of());
        String theirs = waitFor(() -> talk.message(own).path("reactions"), it -> it.size() == 1)
                .get(0)
                .path("id")
                .asString();
        String live = made("like");

        assertThat(talk.agent().delete(REACTIONS + "/" + theirs).expect(404).text())
                .contains("reaction_not_found");
        talk.admin().delete(REACTIONS + "/" + theirs).expect(404);
        for (Api other : List.of(server.stranger(), Talk.begin(server).agent())) {
            other.delete(REACTIONS + "/" + live).expect(404);
        }
        disconnect();
        assertThat(talk.agent().delete(REACTIONS + "/" + live).expect(409).text())
                .contains("imessage_assignment_inactive");
        assertThat(reactions(talk.first())).containsExactly("like");
        assertThat(reactions(own)).containsExactly("love");
    }

    @Test
    void an_agent_may_react_to_its_own_message_too_and_to_its_parts() {
        String own = talk.delivered("mine");

        react(own, "laugh").expect(201);
        talk.agent()
                .post(REACTIONS, "{\"message_id\":\"%s\",\"reaction\":\"love\",\"part_index\":1}".formatted(own))
                .expect(201);

        assertThat(talk.message(own).path("reactions")).hasSize(2);
    }

    @Test
    void a_persons_tapback_its_swap_and_its_removal_are_reflected_and_told() {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            talk.subscribe(receiver, "imessage.reaction_received");
            String own = talk.delivered("Done!");
            JsonNode bubble = talk.bubble("Done!");

            talk.tapback(bubble, "love", Map.of());
            waitFor(() -> reactions(own), it -> it.equals(List.of("love")));
            talk.tapback(bubble, "custom", Map.of("custom_emoji", "\"🌴\""));
            waitFor(() -> reactions(own), it -> it.equals(List.of("custom")));
            talk.tapback(bubble, "custom", Map.of("custom_emoji", "\"🌴\"", "remove", "true"));
            waitFor(() -> reactions(own), List::isEmpty);

            List<RecordingReceiver.Post> posts = waitFor(receiver::posts, it -> it.size() == 2);
            JsonNode added = posts.get(0).json().path("data").path("reaction");
            JsonNode swapped = posts.get(1).json().path("data").path("reaction");
            assertThat(posts.get(0).json().path("data").path("message").isNull())
                    .isTrue();
            assertThat(added.path("reaction").asString()).isEqualTo("love");
            assertThat(swapped.path("custom_emoji").asString()).isEqualTo("🌴");
            assertThat(swapped.path("id")).isNotEqualTo(added.path("id"));
            assertThat(swapped.path("assignment_id").isNull()).isFalse();
            assertThat(swapped.path("target_message_id").asString()).isEqualTo(own);
        }
    }

    @Test
    void a_phone_is_shown_sixty_tapbacks_in_ten_minutes_and_then_the_agent_is_told_to_wait() {
        for (int at = 0; at < 30; at++) {
            String live =
                    react(talk.first(), "like").expect(201).json().path("id").asString();
            talk.agent().delete(REACTIONS + "/" + live).expect(204);
        }

        Api.Answer refused = react(talk.first(), "love").expect(429);

        assertThat(refused.text()).contains("conversation_rate_limited");
        assertThat(Integer.parseInt(
                        refused.response().headers().firstValue("Retry-After").orElse("")))
                .isBetween(1, 600);
        assertThat(talk.message(talk.first()).path("reactions").isNull()).isTrue();
    }

    @Test
    void what_cannot_be_reacted_to_is_refused() {
        assertThat(react(talk.first(), "custom").expect(422).text()).contains("reaction");
        assertThat(react(talk.first(), "sparkle").expect(422).text()).contains("eyes");
        react("00000000-0000-4000-8000-000000000000", "like").expect(404);
        assertThat(server.stranger().post(REACTIONS, wish(talk.first(), "like")).status())
                .isEqualTo(404);
        Talk other = Talk.begin(server);
        other.agent().post(REACTIONS, wish(talk.first(), "like")).expect(404);
        talk.admin().post(REACTIONS, wish(talk.first(), "question")).expect(201);
    }

    @Test
    void after_a_disconnect_and_while_switched_off_nothing_can_be_reacted_to() {
        talk.agent()
                .patch("/api/v1/identities/" + talk.handle(), "{\"imessage_enabled\":false}")
                .expect(200);
        assertThat(react(talk.first(), "like").expect(400).text()).contains("imessage_not_enabled");
        talk.agent()
                .patch("/api/v1/identities/" + talk.handle(), "{\"imessage_enabled\":true}")
                .expect(200);
        disconnect();

        assertThat(react(talk.first(), "like").expect(409).text())
                .contains("imessage_assignment_inactive", "connect @");
    }

    @Test
    void a_phone_that_shows_no_tapbacks_gets_none_and_keeps_the_old_one() {
        String live = react(talk.first(), "love").expect(201).json().path("id").asString();
        service("sms");

        assertThat(react(talk.first(), "like").expect(400).text())
                .contains("imessage_not_reactable", "phone", "\"unsupported\"");
        assertThat(capabilities().path("tapbacks").asBoolean()).isFalse();
        assertThat(capabilities().path("media").asBoolean()).isTrue();
        talk.agent().delete(REACTIONS + "/" + live).expect(400);
        assertThat(reactions(talk.first())).containsExactly("love");
        service("imessage");
        talk.agent().delete(REACTIONS + "/" + live).expect(204);
    }

    @Test
    void a_message_that_the_line_has_not_taken_cannot_take_a_tapback_yet() {
        talk.admin()
                .post("/simulator/faults", "{\"line\":\"%s\",\"kind\":\"not_sent\"}".formatted(talk.line()))
                .expect(204);
        String waiting =
                talk.reply("slow").expect(201).json().path("message").path("id").asString();

        assertThat(react(waiting, "like").expect(400).text())
                .contains("imessage_not_reactable", "not reached", "not_sent_yet");

        waitFor(() -> talk.message(waiting).path("status").asString(), "delivered"::equals);
        react(waiting, "like").expect(201);
    }

    private void disconnect() {
        talk.admin().text(talk.person(), Api.ROUTER, "disconnect @" + talk.handle());
        waitFor(() -> talk.agent().get("/api/v1/imessage/assignments").json(), JsonNode::isEmpty);
    }

    private String made(String reaction) {
        return react(talk.first(), reaction).expect(201).json().path("id").asString();
    }

    /// What the person's phone shows now.
    private JsonNode capabilities() {
        return talk.agent()
                .get("/api/v1/imessage/conversations/" + talk.conversation() + "/capabilities")
                .expect(200)
                .json();
    }

    private void service(String best) {
        talk.admin()
                .patch("/simulator/phones/" + Api.encode(talk.person()), "{\"service\":\"%s\"}".formatted(best))
                .expect(200);
    }

    private Api.Answer react(String message, String reaction) {
        return talk.agent().post(REACTIONS, wish(message, reaction));
    }

    private static String wish(String message, String reaction) {
        return "{\"message_id\":\"%s\",\"reaction\":\"%s\"}".formatted(message, reaction);
    }

    private List<String> reactions(String message) {
        return talk.message(message)
                .path("reactions")
                .valueStream()
                .map(it -> it.path("reaction").asString())
                .toList();
    }
}
