package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Scenario.given;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What the API answers to wrong requests: the documented error, and nothing changes.
class RefusalsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String IDENTITIES = "/api/v1/identities/";
    private static final String MESSAGES = "/api/v1/imessage/messages";
    private static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";

    static Stream<Scenario> refusals() {
        JsonNode mine = server.admin().identity("mine");
        JsonNode sibling = server.admin().identity("sibling");
        Api scoped = server.admin().scoped(mine);
        String own = mine.path("id").asString();
        String other = sibling.path("id").asString();
        return Stream.of(
                        authentication(scoped),
                        input(),
                        identities(scoped),
                        sending(scoped, own),
                        visibility(scoped, other),
                        subscriptions(own))
                .flatMap(scenarios -> scenarios);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void is_refused(Scenario scenario) {
        scenario.play(server.admin());
    }

    @Test
    void an_oversized_body_is_413_whether_its_length_is_told_or_not() {
        String large = "{\"agent_handle\":\"" + "x".repeat(2_000_000) + "\"}";
        assertThat(RawClient.post(server.admin(), IDENTITIES, large, true).status())
                .isEqualTo(413);
        assertThat(RawClient.post(server.admin(), IDENTITIES, large, false).status())
                .isEqualTo(413);
    }

    private static Stream<Scenario> authentication(Api scoped) {
        return Stream.of(
                given("no key").as(_ -> server.nobody()).get("/api/whoami").answers(401, "X-API-Key"),
                given("a key of no shape")
                        .as(api -> api.with("nonsense"))
                        .get("/api/whoami")
                        .answers(401),
                given("a key with another secret")
                        .as(api -> api.with(api.key().substring(0, api.key().length() - 1) + "~"))
                        .get("/api/whoami")
                        .answers(401),
                given("an unknown key")
                        .as(api -> api.with("ApiKey_" + UNKNOWN + ".aaaaaaaaaaaaaaaaaaaaaaaaaaaa"))
                        .get("/api/whoami")
                        .answers(401),
                given("a path that is not there").get("/api/v1/nothing").answers(404, "not_found", "no such path"),
                given("a method that is not there").delete("/api/whoami").answers(405, "method_not_allowed", "use GET"),
                given("another tenant at the simulator")
                        .as(_ -> server.stranger())
                        .get("/simulator/phones/%2B12025550140")
                        .answers(403, "operator_key_required"),
                given("an agent at the simulator")
                        .as(_ -> scoped)
                        .post("/simulator/messages", "{}")
                        .answers(403, "admin_key_required"),
                given("an agent that wants to create an identity")
                        .as(_ -> scoped)
                        .post(IDENTITIES, "{\"agent_handle\":\"another\"}")
                        .answers(403),
                given("an agent that wants to mint a key")
                        .as(_ -> scoped)
                        .post("/api/v1/api-keys", "{\"label\":\"more\"}")
                        .answers(403));
    }

    private static Stream<Scenario> input() {
        return Stream.of(
                given("a body that is not JSON").post(IDENTITIES, "{agent").answers(422, "not JSON"),
                given("a body that is a list").post(IDENTITIES, "[]").answers(422, "JSON object"),
                given("a deeply nested body").post(IDENTITIES, "[".repeat(5000)).answers(422),
                given("a number for a handle")
                        .post(IDENTITIES, "{\"agent_handle\":7}")
                        .answers(422, "agent_handle"),
                given("no handle").post(IDENTITIES, "{}").answers(422, "agent_handle", "required"),
                given("a handle with a space")
                        .post(IDENTITIES, "{\"agent_handle\":\"a b\"}")
                        .answers(422, "a-z"),
                given("a flag that is none")
                        .post(IDENTITIES, "{\"agent_handle\":\"flagged\",\"imessage_enabled\":\"yes\"}")
                        .answers(422, "imessage_enabled"),
                given("a limit of zero").get(MESSAGES + "?limit=0").answers(422, "limit", "1 to 200"),
                given("a limit of 201").get(MESSAGES + "?limit=201").answers(422, "limit"),
                given("a limit in words").get(MESSAGES + "?limit=ten").answers(422, "limit"),
                given("a negative offset").get(MESSAGES + "?offset=-1").answers(422, "offset"),
                given("a flag in the query that is none")
                        .get(MESSAGES + "?is_read=1")
                        .answers(422, "is_read"),
                given("an id that is none")
                        .get(MESSAGES + "?conversation_id=1-1-1-1-1")
                        .answers(422, "UUID"),
                given("a conversation's path that is none")
                        .get("/api/v1/imessage/conversations/x")
                        .answers(422, "UUID"),
                given("a person's number with spaces")
                        .get("/simulator/phones/%2B1%20202")
                        .answers(422, "E.164"),
                given("a text to no line")
                        .post(
                                "/simulator/messages",
                                "{\"from\":\"+12025550140\",\"to\":\"+12025550199\",\"text\":\"x\"}")
                        .answers(422, "to"));
    }

    private static Stream<Scenario> identities(Api scoped) {
        return Stream.of(
                given("a handle that is taken, in other letters")
                        .post(IDENTITIES, "{\"agent_handle\":\"@MINE\"}")
                        .answers(409, "agent_handle_unavailable", "\"blocking_namespace\":\"identities\""),
                given("a handle that another tenant has")
                        .as(_ -> server.stranger())
                        .post(IDENTITIES, "{\"agent_handle\":\"mine\"}")
                        .answers(409, "agent_handle_unavailable"),
                given("a rename to a handle that is taken")
                        .patch(IDENTITIES + "mine", "{\"agent_handle\":\"sibling\"}")
                        .answers(409, "agent_handle_unavailable"),
                given("an unknown handle").get(IDENTITIES + "nobody-here").answers(404, "identity_not_found"),
                given("a handle that cannot be one").get(IDENTITIES + "a%20b").answers(404, "identity_not_found"),
                given("an agent that looks at its sibling")
                        .as(_ -> scoped)
                        .get(IDENTITIES + "sibling")
                        .answers(404),
                given("another tenant that looks")
                        .as(_ -> server.stranger())
                        .get(IDENTITIES + "mine")
                        .answers(404),
                given("another tenant that deletes")
                        .as(_ -> server.stranger())
                        .delete(IDENTITIES + "mine")
                        .answers(404),
                given("an agent that opens itself to everybody")
                        .as(_ -> scoped)
                        .patch(IDENTITIES + "mine", "{\"imessage_filter_mode\":\"blacklist\"}")
                        .answers(403),
                given("a filter mode of its own making")
                        .patch(IDENTITIES + "mine", "{\"imessage_filter_mode\":\"greylist\"}")
                        .answers(422, "whitelist"),
                given("a key for an identity that is not there")
                        .post("/api/v1/api-keys", "{\"label\":\"x\",\"scoped_identity_id\":\"" + UNKNOWN + "\"}")
                        .answers(404),
                given("an admin key over HTTP")
                        .post("/api/v1/api-keys", "{\"label\":\"x\"}")
                        .answers(403),
                given("a signing key of the whole organization")
                        .post("/api/v1/signing-keys", "{}")
                        .answers(409, "/signing-key"));
    }

    private static Stream<Scenario> sending(Api scoped, String own) {
        String to = MESSAGES + "?agent_identity_id=" + own;
        return Stream.of(
                given("neither to nor conversation_id")
                        .post(to, "{\"text\":\"x\"}")
                        .answers(422, "exactly one"),
                given("both to and conversation_id")
                        .post(to, "{\"to\":\"+12025550999\",\"conversation_id\":\"" + UNKNOWN + "\",\"text\":\"x\"}")
                        .answers(422, "exactly one"),
                given("an admin that does not say as whom")
                        .post(MESSAGES, "{\"to\":\"+12025550999\",\"text\":\"x\"}")
                        .answers(422, "agent_identity_id"),
                given("a number in national form")
                        .post(to, "{\"to\":\"202 555 0999\",\"text\":\"x\"}")
                        .answers(422, "E.164"),
                given("a group")
                        .post(to, "{\"to\":[\"+12025550999\",\"+12025550998\"],\"text\":\"x\"}")
                        .answers(422, "group"),
                given("nothing to say").post(to, "{\"to\":\"+12025550999\"}").answers(422, "text"),
                given("two media")
                        .post(to, "{\"to\":\"+12025550999\",\"media_urls\":[\"https://a.b/c\",\"https://a.b/d\"]}")
                        .answers(422, "at most one"),
                given("media that is no URL")
                        .post(to, "{\"to\":\"+12025550999\",\"media_urls\":[\"javascript:alert(1)\"]}")
                        .answers(422, "media_urls"),
                given("a style that is none")
                        .post(to, "{\"to\":\"+12025550999\",\"text\":\"x\",\"send_style\":\"sparkle\"}")
                        .answers(422, "confetti"),
                given("a text that is too long")
                        .post(to, "{\"to\":\"+12025550999\",\"text\":\"" + "x".repeat(18_997) + "\"}")
                        .answers(422, "18996"),
                given("an unknown conversation")
                        .post(MESSAGES, "{\"conversation_id\":\"" + UNKNOWN + "\",\"text\":\"x\"}")
                        .answers(404, "conversation_not_found"),
                given("an unknown identity")
                        .post(MESSAGES + "?agent_identity_id=" + UNKNOWN, "{\"to\":\"+12025550999\",\"text\":\"x\"}")
                        .answers(404, "identity_not_found"),
                given("a person who never connected")
                        .as(_ -> scoped)
                        .post(MESSAGES, "{\"to\":[\"+12025550999\"],\"text\":\"x\"}")
                        .answers(
                                404,
                                "imessage_not_connected",
                                "\"connect_command\":\"connect @mine\"",
                                "\"router_number\":\"+12025550100\""));
    }

    private static Stream<Scenario> visibility(Api scoped, String other) {
        return Stream.of(
                given("an agent that asks for its sibling's messages")
                        .as(_ -> scoped)
                        .get(MESSAGES + "?agent_identity_id=" + other)
                        .answers(403, "foreign_identity"),
                given("an admin that asks for a foreign identity's conversations")
                        .as(_ -> server.stranger())
                        .get("/api/v1/imessage/conversations?agent_identity_id=" + other)
                        .answers(404, "identity_not_found"),
                given("an unknown conversation")
                        .get("/api/v1/imessage/conversations/" + UNKNOWN)
                        .answers(404, "conversation_not_found"));
    }

    private static Stream<Scenario> subscriptions(String own) {
        String all = "/api/v1/webhooks/subscriptions";
        String wish = "{\"agent_identity_id\":\"" + own + "\",\"url\":\"%s\",\"event_types\":[%s]}";
        return Stream.of(
                given("an unknown owner")
                        .post(all, wish.replace(own, UNKNOWN).formatted("https://a.example/x", "\"imessage.sent\""))
                        .answers(404),
                given("no owner")
                        .post(all, "{\"url\":\"https://a.example\",\"event_types\":[\"imessage.sent\"]}")
                        .answers(422),
                given("a mailbox as owner")
                        .post(
                                all,
                                "{\"mailbox_id\":\"" + UNKNOWN
                                        + "\",\"url\":\"https://a.example\",\"event_types\":[\"message.received\"]}")
                        .answers(404),
                given("no events")
                        .post(all, wish.formatted("https://a.example/x", ""))
                        .answers(422, "event_types"),
                given("an event that nobody knows")
                        .post(all, wish.formatted("https://a.example/x", "\"a2a.task.updated\""))
                        .answers(422, "a2a.task.updated"),
                given("an event of a service that is not here")
                        .post(all, wish.formatted("https://a.example/x", "\"slack.app_mention\""))
                        .answers(422, "slack.app_mention"),
                given("a key that nobody knows")
                        .post(
                                all,
                                wish.formatted("https://a.example/x", "\"imessage.sent\"")
                                        .replace("{", "{\"filter\":1,"))
                        .answers(422, "filter"),
                given("another scope").get(all + "?scope=organization").answers(422, "scope"),
                given("another scope to delete with")
                        .delete(all + "/" + UNKNOWN + "?scope=all")
                        .answers(422, "scope"),
                given("a parameter that nobody knows")
                        .delete(all + "/" + UNKNOWN + "?expected_revision=1")
                        .answers(422, "expected_revision"),
                given("plain http to the world")
                        .post(all, wish.formatted("http://8.8.8.8/x", "\"imessage.sent\""))
                        .answers(422, "url", "outbound.allow"),
                given("a private network")
                        .post(all, wish.formatted("https://10.0.0.1/x", "\"imessage.sent\""))
                        .answers(422, "url"),
                given("credentials in the URL")
                        .post(all, wish.formatted("https://me:secret@a.example/x", "\"imessage.sent\""))
                        .answers(422, "url"),
                given("an unknown subscription").get(all + "/" + UNKNOWN).answers(404, "subscription_not_found"),
                given("an unknown subscription to delete")
                        .delete(all + "/" + UNKNOWN)
                        .answers(404));
    }
}
