package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Scenario.given;

import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What the agent plugins ask for beside iMessage.
class PluginStubsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String CALLS = "/api/v1/phone/incoming-call-action";
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
                given("an unknown agent").get(of(UNKNOWN)).answers(404, "identity_not_found"),
                given("another tenant's agent").get(of(id(foreign))).answers(404, "identity_not_found"),
                given("an agent that asks about its sibling")
                        .as(_ -> scoped)
                        .get(of(id(sibling)))
                        .answers(403, "foreign_identity"),
                given("no key").as(_ -> server.nobody()).get(CALLS).answers(401),
                given("an agent that lists numbers")
                        .as(_ -> scoped)
                        .get(NUMBERS)
                        .answers(403, "admin_key_required"),
                given("an agent that wants a number")
                        .as(_ -> scoped)
                        .post(NUMBERS, "{\"type\":\"dedicated_inbound\"}")
                        .answers(403, "admin_key_required"),
                given("a number of no type").post(NUMBERS, "{}").answers(422, "type"),
                given("a number of an unknown type")
                        .post(NUMBERS, "{\"type\":\"golden\"}")
                        .answers(422, "dedicated_inbound"));
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
        assertThat(server.admin().get(of(id(identity))).expect(200).text()).isEqualTo(webhook);
        Api again = server.admin().with(agent.key());
        assertThat(again.put(CALLS, "{\"incoming_call_action\":\"hosted_agent\"}")
                        .expect(200)
                        .text())
                .isEqualTo(action(identity, "\"hosted_agent\"", "null", "null"));
    }

    @Test
    void only_the_four_actions_are_taken_and_only_for_an_agent_of_ones_own() {
        JsonNode identity = fresh();
        Api agent = admin.scoped(identity);

        assertThat(agent.put(CALLS, "{\"incoming_call_action\":\"ring\"}")
                        .expect(422)
                        .text())
                .contains("incoming_call_action", "auto_accept");
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

    @Test
    void there_are_no_mailboxes_or_numbers() {
        Api agent = admin.scoped(fresh());

        assertThat(agent.get("/api/v1/mail/mailboxes").expect(200).text()).isEqualTo("[]");
        assertThat(admin.get(NUMBERS).expect(200).text()).isEqualTo("[]");
    }

    @Test
    void a_number_of_ones_own_is_beyond_the_plan() {
        JsonNode detail = admin.post(NUMBERS, "{\"type\":\"dedicated_outbound\"}")
                .expect(402)
                .json()
                .path("detail");

        assertThat(detail.path("error").asString()).isEqualTo("dedicated_imessage_number_quota_exceeded");
        assertThat(detail.path("number_type").asString()).isEqualTo("dedicated_outbound");
        assertThat(detail.path("limit").asInt(-1)).isZero();
        assertThat(detail.path("current").asInt(-1)).isZero();
        assertThat(detail.propertyNames())
                .containsExactly(
                        "error", "code", "message", "number_type", "limit", "current", "upgrade_url", "contact_email");
    }

    private JsonNode fresh() {
        return admin.identity("stub-" + UUID.randomUUID());
    }

    private static String id(JsonNode identity) {
        return identity.path("id").asString();
    }

    private static String of(String id) {
        return CALLS + "?agent_identity_id=" + id;
    }

    private static String action(JsonNode identity, String action, String websocket, String webhook) {
        return """
                {"agent_identity_id":"%s","incoming_call_action":%s,"client_websocket_url":%s,\
                "incoming_call_webhook_url":%s}""".formatted(id(identity), action, websocket, webhook);
    }
}
