package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Scenario.given;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the agent plugins ask for beside iMessage.
class PluginStubsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String CALLS = "/api/v1/phone/incoming-call-action";
    private static final String VOICE_AI = "/api/v1/phone/hosted-agent-config";
    private static final String NUMBERS = "/api/v1/imessage/numbers";
    private static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";

    private final Api admin = server.admin();

    static Stream<Scenario> refusals() {
        JsonNode mine = server.admin().identity("stub-agent");
        JsonNode sibling = server.admin().identity("stub-sibling");
        JsonNode foreign = server.stranger().identity("stub-stranger");
        Api scoped = server.admin().scoped(mine);
        return Stream.of(
                given("an admin who names no agent").get(CALLS).answers(422, "agent_identity_id"),
                given("an unknown agent").get(of(CALLS, UNKNOWN)).answers(404, "identity_not_found"),
                given("another tenant's agent").get(of(CALLS, id(foreign))).answers(404, "identity_not_found"),
                given("an agent that asks about its sibling")
                        .as(_ -> scoped)
                        .get(of(CALLS, id(sibling)))
                        .answers(403, "foreign_identity"),
                given("no key").as(_ -> server.nobody()).get(CALLS).answers(401),
                given("an admin who names no agent to speak for").get(VOICE_AI).answers(422, "agent_identity_id"),
                given("an agent that lists numbers")
                        .as(_ -> scoped)
                        .get(NUMBERS)
                        .answers(403, "admin_key_required"),
                given("an agent that wants a number")
                        .as(_ -> scoped)
                        .post(NUMBERS, "{}")
                        .answers(403, "admin_key_required"),
                given("a number of an unknown type")
                        .post(NUMBERS, "{\"type\":\"golden\"}")
                        .answers(422, "dedicated_inbound"),
                given("a number with a wish")
                        .post(NUMBERS, "{\"area\":\"212\"}")
                        .answers(422, "area"),
                given("an agent that switches Companion")
                        .as(_ -> scoped)
                        .patch("/api/v1/identities/stub-agent/companion", "{\"enabled\":false}")
                        .answers(403, "admin_key_required"),
                given("Companion of an unknown agent")
                        .patch("/api/v1/identities/stub-nobody/companion", "{\"enabled\":true}")
                        .answers(404, "identity_not_found"),
                given("Companion with a wish")
                        .patch("/api/v1/identities/stub-agent/companion", "{\"channels\":[\"mail\"]}")
                        .answers(422, "channels"),
                given("what an agent is asked by others")
                        .post("/api/v1/identities/stub-agent/a2a/settings", "{\"enabled\":true}")
                        .answers(404),
                given("tasks of an unknown agent")
                        .get("/api/v1/identities/stub-nobody/a2a/tasks?limit=50")
                        .answers(404, "identity_not_found"),
                given("what a number can")
                        .get("/api/v1/imessage/check-messaging-capability?number=%2B12025550140")
                        .answers(404),
                given("the state of the channels")
                        .get("/api/v1/identities/stub-agent/channel-status")
                        .answers(404),
                given("another router").get("/api/v1/imessage/router").answers(404),
                given("an admin that asks who it is")
                        .get("/api/v1/identities/self")
                        .answers(404, "identity_not_found"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void is_refused(Scenario scenario) {
        scenario.play(admin);
    }

    @Test
    void what_to_do_with_calls_is_stored_and_told_again() {
        JsonNode identity = fresh();
        Api agent = admin.scoped(identity);

        assertThat(agent.get(CALLS).expect(200).text()).isEqualTo(action(identity, "\"auto_reject\"", "null", "null"));
        String webhook = action(identity, "\"webhook\"", "\"wss://a.example/call\"", "\"https://a.example/call\"");
        assertThat(agent.put(CALLS, webhook).expect(200).text()).isEqualTo(webhook);
        server.restart();
        assertThat(server.admin().get(of(CALLS, id(identity))).expect(200).text())
                .isEqualTo(webhook);
        Api again = server.admin().with(agent.key());
        assertThat(again.put(CALLS, "{\"incoming_call_action\":\"hosted_agent\",\"forwarding_sip_uri\":null}")
                        .expect(200)
                        .text())
                .isEqualTo(action(identity, "\"hosted_agent\"", "null", "null"));
    }

    @Test
    void only_the_four_actions_are_taken_and_only_for_an_agent_of_ones_own() {
        JsonNode identity = fresh();
        Api agent = admin.scoped(identity);

        for (String other : List.of("ring", "forward")) {
            assertThat(agent.put(CALLS, "{\"incoming_call_action\":\"%s\"}".formatted(other))
                            .expect(422)
                            .text())
                    .contains("incoming_call_action", "auto_accept");
        }
        assertThat(agent.put(CALLS, "{}").expect(422).text()).contains("required");
        assertThat(admin.put(CALLS, "{\"incoming_call_action\":\"auto_accept\"}")
                        .expect(422)
                        .text())
                .contains("agent_identity_id");
        agent.put(CALLS, action(fresh(), "\"webhook\"", "null", "null")).expect(403);
        admin.put(CALLS, action(identity, "\"auto_accept\"", "null", "null")).expect(200);
        server.stranger()
                .put(CALLS, action(identity, "\"webhook\"", "null", "null"))
                .expect(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"forwarding_phone_number\":\"+12025550140\"",
                "\"forwarding_sip_uri\":\"sip:a@b.example\"",
                "\"forwarding_target_type\":\"phone\""
            })
    void calls_go_on_to_nobody(String wish) {
        Api agent = admin.scoped(fresh());

        assertThat(agent.put(CALLS, "{\"incoming_call_action\":\"auto_accept\",%s}".formatted(wish))
                        .expect(422)
                        .text())
                .contains(wish.split("\"")[1]);
        assertThat(agent.get(CALLS).expect(200).text()).contains("auto_reject");
    }

    @Test
    void there_are_no_mailboxes_numbers_or_voices() {
        Api agent = admin.scoped(fresh());

        for (String path : List.of("/api/v1/mail/mailboxes", "/api/v1/phone/numbers")) {
            assertThat(agent.get(path).expect(200).text()).as(path).isEqualTo("[]");
        }
        assertThat(admin.get(NUMBERS).expect(200).text()).isEqualTo("[]");
        assertThat(agent.get("/api/v1/phone/hosted-agent-voices").expect(200).text())
                .isEqualTo("{\"default_voice\":\"none\",\"voices\":[]}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"type\":\"dedicated_outbound\"}"})
    void a_number_of_ones_own_is_beyond_the_plan(String body) {
        JsonNode detail = admin.post(NUMBERS, body).expect(402).json().path("detail");

        String message = detail.path("message").asString();
        assertThat(message).contains("router");
        assertThat(detail.toString()).isEqualTo("""
                {"error":"dedicated_imessage_number_quota_exceeded","code":"dedicated_imessage_number_quota_exceeded",\
                "message":"%s","number_type":"dedicated_outbound","limit":0,"current":0,"upgrade_url":"",\
                "contact_email":""}""".formatted(message));
    }

    private JsonNode fresh() {
        return admin.identity("stub-" + UUID.randomUUID());
    }

    private static String id(JsonNode identity) {
        return identity.path("id").asString();
    }

    private static String of(String path, String id) {
        return path + "?agent_identity_id=" + id;
    }

    private static String action(JsonNode identity, String action, String websocket, String webhook) {
        return """
                {"agent_identity_id":"%s","incoming_call_action":%s,"client_websocket_url":%s,\
                "incoming_call_webhook_url":%s}""".formatted(id(identity), action, websocket, webhook);
    }
}
