package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// What a number would get of an agent, and why; it must be what it gets.
class ReachTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private final Talk talk = Talk.begin(server);
    private final String agent = "/api/v1/imessage/identities/" + talk.handle();
    private final String stranger = server.person();

    @Test
    void the_mode_decides_about_whom_no_rule_names() {
        assertThat(words(inbound(stranger))).isEqualTo("true open");
        assertThat(words(outbound(stranger))).isEqualTo("true open");

        change("{\"phone_inbound_filter_mode\":\"whitelist\"}");

        assertThat(words(inbound(stranger))).isEqualTo("false not_listed");
        assertThat(words(outbound(stranger))).isEqualTo("true open");
        assertThat(inbound(stranger).path("matched_rule_id").isNull()).isTrue();
    }

    @Test
    void a_rule_is_named_and_decides_about_its_side_until_it_is_paused() {
        String rule = rule(talk.person(), "block", "inbound");

        JsonNode inbound = inbound(talk.person());
        assertThat(words(inbound)).isEqualTo("false block_rule");
        assertThat(inbound.path("matched_rule_id").asString()).isEqualTo(rule);
        assertThat(inbound.path("sentence").asString())
                .contains(talk.person(), "@" + talk.handle(), "block rule", "connected");
        assertThat(words(outbound(talk.person()))).isEqualTo("true open");
        talk.admin().text(talk.person(), talk.line(), "is kept out");
        waitFor(
                () -> talk.admin()
                        .get(Talk.MESSAGES + "?is_blocked=true&conversation_id=" + talk.conversation())
                        .json(),
                it -> it.size() == 1);

        talk.admin()
                .patch(agent + "/contact-rules/" + rule, "{\"status\":\"paused\"}")
                .expect(200);
        assertThat(words(inbound(talk.person()))).isEqualTo("true open");
    }

    @Test
    void an_allow_rule_lets_one_in_where_only_who_is_listed_may() {
        change("{\"phone_filter_mode\":\"whitelist\"}");
        String rule = rule(stranger, "allow", "both");

        assertThat(words(inbound(stranger))).isEqualTo("true allow_rule");
        assertThat(outbound(stranger).path("matched_rule_id").asString()).isEqualTo(rule);
        assertThat(words(outbound(server.person()))).isEqualTo("false not_listed");
    }

    @Test
    void an_agent_that_is_switched_off_reaches_nobody() {
        change("{\"imessage_enabled\":false}");

        assertThat(words(inbound(talk.person()))).isEqualTo("false identity_disabled");
        assertThat(words(outbound(talk.person()))).isEqualTo("false identity_disabled");
    }

    @Test
    void it_tells_who_is_connected_and_who_said_stop_and_takes_it_back() {
        assertThat(inbound(talk.person()).path("connected").asBoolean(false)).isTrue();
        assertThat(inbound(stranger).path("connected").asBoolean(true)).isFalse();

        talk.admin().text(talk.person(), Api.ROUTER, "STOP");

        JsonNode stopped = waitFor(
                () -> inbound(talk.person()), it -> !it.path("connected").asBoolean(true));
        assertThat(stopped.path("stopped_at").isString()).isTrue();
        assertThat(stopped.path("sentence").asString()).contains("STOP");
        assertThat(talk.agent()
                        .get(reach(talk.person(), "inbound"))
                        .json()
                        .path("stopped_at")
                        .isNull())
                .as("what was said to the router is for admins")
                .isTrue();

        talk.admin().text(talk.person(), Api.ROUTER, "START");
        waitFor(() -> inbound(talk.person()), it -> it.path("stopped_at").isNull());
    }

    @Test
    void somebody_of_another_organization_who_stopped_is_a_stranger_here() {
        Talk foreign = Talk.begin(server, server.stranger());
        talk.admin().text(foreign.person(), Api.ROUTER, "STOP");
        waitFor(
                () -> server.stranger().get("/api/v1/imessage/consents").json(),
                it -> it.toString().contains(foreign.person()));

        assertThat(inbound(foreign.person()).path("stopped_at").isNull()).isTrue();
        assertThat(inbound(foreign.person()).path("connected").asBoolean(true)).isFalse();
    }

    @Test
    void a_number_is_needed_and_one_of_two_ways() {
        assertThat(talk.agent().get(agent + "/reach").expect(422).text()).contains("number");
        assertThat(talk.agent().get(agent + "/reach?number=x").expect(422).text())
                .contains("number");
        assertThat(talk.agent().get(reach(stranger, "both")).expect(422).text()).contains("direction");
        server.stranger().get(reach(stranger, "inbound")).expect(404);
    }

    private void change(String settings) {
        talk.admin().patch("/api/v1/identities/" + talk.handle(), settings).expect(200);
    }

    private String rule(String number, String action, String direction) {
        String body =
                "{\"match_target\":\"%s\",\"action\":\"%s\",\"direction\":\"%s\"}".formatted(number, action, direction);
        return talk.admin()
                .post(agent + "/contact-rules", body)
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    private JsonNode inbound(String number) {
        return talk.admin().get(reach(number, "inbound")).expect(200).json();
    }

    private JsonNode outbound(String number) {
        return talk.admin().get(reach(number, "outbound")).expect(200).json();
    }

    private String reach(String number, String direction) {
        return agent + "/reach?number=" + Api.encode(number) + "&direction=" + direction;
    }

    private static String words(JsonNode reach) {
        return reach.path("allowed").asBoolean() + " " + reach.path("reason").asString();
    }
}
