package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Who may reach whom, and what the blocked leave behind.
class RulesTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private final Talk talk = Talk.begin(server);
    private final String rules = "/api/v1/imessage/identities/" + talk.handle() + "/contact-rules";

    @Test
    void a_rule_is_made_read_changed_paused_and_deleted() {
        JsonNode made = talk.admin()
                .post(rules, rule("block", "+12025550999"))
                .expect(201)
                .json();

        assertThat(made.propertyNames())
                .containsExactly(
                        "id",
                        "agent_identity_id",
                        "action",
                        "match_type",
                        "match_target",
                        "direction",
                        "status",
                        "contact",
                        "created_at",
                        "updated_at");
        String one = rules + "/" + made.path("id").asString();
        assertThat(talk.agent().get(one).expect(200).json()).isEqualTo(made);
        Api.Answer duplicate =
                talk.admin().post(rules, rule("allow", "+12025550999")).expect(409);
        assertThat(duplicate.json().path("detail").path("existing_rule_id")).isEqualTo(made.path("id"));
        talk.agent().patch(one, "{\"action\":\"allow\"}").expect(403);
        talk.agent().delete(one).expect(403);
        talk.agent().get("/api/v1/imessage/contact-rules").expect(403);
        assertThat(talk.admin()
                        .patch(one, "{\"action\":\"allow\"}")
                        .expect(200)
                        .json()
                        .path("action")
                        .asString())
                .isEqualTo("allow");
        assertThat(talk.admin()
                        .patch(one, "{\"status\":\"paused\"}")
                        .expect(200)
                        .json()
                        .path("status")
                        .asString())
                .isEqualTo("paused");
        talk.admin().post(rules, rule("allow", "+12025550999")).expect(409);
        assertThat(talk.admin().get("/api/v1/imessage/contact-rules?limit=200").json())
                .contains(talk.admin().get(one).json());
        assertThat(talk.agent().get(rules + "?action=block").json()).isEmpty();
        assertThat(talk.agent()
                        .get(rules + "?action=allow&match_type=exact_number")
                        .json())
                .hasSize(1);
        talk.admin().delete(one).expect(204);
        talk.admin().get(one).expect(404);
        talk.admin().post(rules, rule("allow", "+12025550999")).expect(201);
    }

    @Test
    void wrong_rules_and_foreign_ones_are_refused() {
        talk.admin().post(rules, rule("deny", "+12025550999")).expect(422);
        talk.admin().post(rules, rule("block", "0999")).expect(422);
        talk.admin().post(rules, "{}").expect(422);
        talk.admin()
                .post(rules, "{\"action\":\"block\",\"match_type\":\"prefix\",\"match_target\":\"+12025550999\"}")
                .expect(422);
        server.stranger().get(rules).expect(404);
        Talk other = Talk.begin(server);
        other.agent().get(rules).expect(404);
        server.stranger().post(rules, rule("block", "+12025550999")).expect(404);
    }

    @Test
    void what_a_blocked_person_writes_is_for_the_admins_eyes_alone() {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            talk.subscribe(receiver, "imessage.received");
            JsonNode rule = talk.admin()
                    .post(rules, rule("block", talk.person()))
                    .expect(201)
                    .json();

            talk.admin().text(talk.person(), talk.line(), "let me in");

            String own = Talk.MESSAGES + "?agent_identity_id="
                    + talk.identity().path("id").asString();
            JsonNode audited =
                    waitFor(() -> talk.admin().get(own + "&is_blocked=true").json(), it -> it.size() == 1);
            assertThat(audited.get(0).path("content").asString()).isEqualTo("let me in");
            assertThat(audited.get(0).path("is_blocked").asBoolean()).isTrue();
            assertThat(talk.agent().get(Talk.MESSAGES).json()).hasSize(1);
            assertThat(talk.agent().get(Talk.MESSAGES + "?is_blocked=true").json())
                    .isEmpty();
            talk.agent()
                    .get(Talk.MESSAGES + "/" + audited.get(0).path("id").asString())
                    .expect(404);
            JsonNode seen =
                    talk.agent().get("/api/v1/imessage/conversations").json().get(0);
            assertThat(seen.path("latest_text").asString()).isEqualTo("hello");
            assertThat(seen.path("total_count").asInt()).isEqualTo(1);
            assertThat(seen.path("unread_count").asInt()).isEqualTo(1);
            String all = "/api/v1/imessage/conversations?agent_identity_id="
                    + talk.identity().path("id").asString();
            assertThat(talk.admin().get(all).json().get(0).path("total_count").asInt())
                    .isEqualTo(2);
            assertThat(talk.admin()
                            .get(all + "&is_blocked=false")
                            .json()
                            .get(0)
                            .path("total_count")
                            .asInt())
                    .isEqualTo(1);
            talk.admin().delete(rules + "/" + rule.path("id").asString()).expect(204);
            talk.admin().text(talk.person(), talk.line(), "thank you");
            assertThat(receiver.await("imessage.received").body())
                    .contains("thank you")
                    .doesNotContain("let me in");
        }
    }

    @Test
    void nothing_leaves_for_a_blocked_number_and_the_answer_names_the_rule() {
        JsonNode rule = talk.admin()
                .post(rules, rule("block", talk.person()))
                .expect(201)
                .json();
        int shown = talk.bubbles().size();

        JsonNode refused = talk.reply("x").expect(403).json().path("detail");

        assertThat(refused.path("error").asString()).isEqualTo("recipient_blocked");
        assertThat(refused.path("matched_rule_id")).isEqualTo(rule.path("id"));
        assertThat(refused.path("address").asString()).isEqualTo(talk.person());
        String target = "{\"conversation_id\":\"%s\"}".formatted(talk.conversation());
        talk.agent().post("/api/v1/imessage/typing", target).expect(403);
        talk.agent().post("/api/v1/imessage/mark-read", target).expect(403);
        talk.agent()
                .post(
                        "/api/v1/imessage/reactions",
                        "{\"message_id\":\"%s\",\"reaction\":\"like\"}".formatted(talk.first()))
                .expect(403);
        assertThat(talk.bubbles()).hasSize(shown);
        talk.admin()
                .patch(rules + "/" + rule.path("id").asString(), "{\"status\":\"paused\"}")
                .expect(200);
        talk.reply("x").expect(201);
    }

    @Test
    void in_whitelist_mode_only_the_allowed_are_reached_and_no_rule_is_named() {
        talk.admin()
                .patch("/api/v1/identities/" + talk.handle(), "{\"imessage_filter_mode\":\"whitelist\"}")
                .expect(200);

        JsonNode refused = talk.reply("x").expect(403).json().path("detail");
        talk.admin().post(rules, rule("allow", talk.person())).expect(201);

        assertThat(refused.path("matched_rule_id").isNull()).isTrue();
        assertThat(refused.has("matched_rule_id")).isTrue();
        talk.delivered("you are welcome");
    }

    @Test
    void a_conversation_with_nothing_but_blocked_messages_does_not_exist_for_the_agent() {
        String person = server.person();
        String line = talk.admin().connect(person, talk.handle());
        talk.admin().post(rules, rule("block", person)).expect(201);

        talk.admin().text(person, line, "psst");

        String all = "/api/v1/imessage/conversations?is_blocked=true&agent_identity_id="
                + talk.identity().path("id").asString();
        JsonNode audited = waitFor(() -> talk.admin().get(all).json(), it -> it.size() == 1);
        assertThat(talk.agent().get("/api/v1/imessage/conversations").json()).hasSize(1);
        talk.agent()
                .get("/api/v1/imessage/conversations/"
                        + audited.get(0).path("id").asString())
                .expect(404);
        talk.admin().text(person, ROUTER, "list");
    }

    private static String rule(String action, String number) {
        return "{\"action\":\"%s\",\"match_type\":\"exact_number\",\"match_target\":\"%s\"}".formatted(action, number);
    }
}
