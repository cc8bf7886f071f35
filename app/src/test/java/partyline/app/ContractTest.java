package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Every successful request of the wire contract and its answer, field by field, the null ones too.
class ContractTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ROOT = "/api/v1/imessage";

    /// A request, told by what it asks for, and the answer that it must get.
    private record Row(String name, Function<Talk, Api.Answer> request, int status, JsonNode answer) {

        private static Row of(String name, Function<Talk, Api.Answer> request, int status, String answer) {
            return new Row(name, request, status, Wire.json(answer));
        }

        private static Row list(String name, Function<Talk, Api.Answer> request, JsonNode... rows) {
            return of(name, request, 200, List.of(rows).toString());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String CONVERSATION = """
            {"id": "<id>", "assignment_id": "<id>", "assignment_status": "active", "remote_number": "<person>",
             "participants": null, "is_group": false, "group_creation_status": null, %s
             "created_at": "<time>", "updated_at": "<time>"}
            """;

    private static final String SUMMARY = "[" + CONVERSATION.formatted("""
            "latest_text": "hello", "latest_message_at": "<time>", "latest_direction": "inbound",
            "latest_has_media": false, "unread_count": %d, "total_count": 1,""") + "]";

    private static final String TAPBACK = """
            {"id": "<id>", "conversation_id": "<id>", "assignment_id": "<id>", "target_message_id": "<id>",
             "direction": "outbound", "reaction": "%s", "custom_emoji": null, "remote_number": "<person>",
             "part_index": %d, "created_at": "<time>", "updated_at": "<time>"}
            """;

    private static final String LIVE = """
            {"reactions": [{"id": "<id>", "direction": "inbound", "reaction": "custom", "custom_emoji": "🌴",
              "remote_number": "<person>", "part_index": 0, "created_at": "<time>"}]}
            """;

    private static final String IDENTITY = """
            {"id": "<id>", "organization_id": "<organization>", "agent_handle": "<handle>", "display_name": "<handle>",
             "description": null, "email_address": null, "imessage_enabled": true, "imessage_filter_mode": "blacklist",
             "phone_filter_mode": "blacklist", "phone_inbound_filter_mode": "blacklist",
             "phone_outbound_filter_mode": "blacklist", "mail_filter_mode": "blacklist",
             "mail_inbound_filter_mode": "blacklist", "mail_outbound_filter_mode": "blacklist",
             "contact_sharing_enabled": true, "signing_key_configured": false,
             "signing_key_created_at": null, "created_at": "<time>", "updated_at": "<time>", "mailbox": null,
             "phone_number": null, "imessage_number": null, "tunnel": null}
            """;

    static Stream<Row> rows() {
        return Stream.of(reading(), sending(), acting(), router(), keys()).flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void looks_as_the_contract_says(Row row) {
        Talk talk = Talk.begin(server);

        Api.Answer answer = row.request().apply(talk).expect(row.status());

        assertThat(Wire.normal(answer.text(), talk)).isEqualTo(row.answer());
    }

    private static Stream<Row> reading() {
        return Stream.of(
                Row.list("a list of messages", get("/messages"), Wire.inbound("{}")),
                Row.list(
                        "messages of one conversation, for an admin",
                        talk -> talk.admin().get(Talk.MESSAGES + "?conversation_id=" + talk.conversation()),
                        Wire.inbound("{\"agent_identity_id\": \"<id>\"}")),
                Row.list("messages that were read", get("/messages?is_read=true")),
                new Row("one message", talk -> message(talk, talk.first()), 200, Wire.inbound("{}")),
                new Row("a message with a person's tapback", ContractTest::withTapback, 200, Wire.inbound(LIVE)),
                Row.of("a list of conversations", get("/conversations"), 200, SUMMARY.formatted(1)),
                Row.of("one conversation", of("/conversations/"), 200, CONVERSATION.formatted("")),
                Row.of(
                        "one conversation after a disconnect",
                        talk -> of("/conversations/").apply(disconnected(talk)),
                        200,
                        CONVERSATION.formatted("").replace("active", "released")),
                Row.of("a list of assignments", get("/assignments"), 200, """
                        [{"id": "<id>", "remote_number": "<person>", "agent_identity_id": "<id>",
                          "organization_id": "<organization>", "status": "active", "released_at": null,
                          "created_at": "<time>", "updated_at": "<time>"}]
                        """),
                Row.list(
                        "assignments after a disconnect",
                        talk -> get("/assignments").apply(disconnected(talk))));
    }

    private static Stream<Row> sending() {
        String styled = "{\"content\": \"Done!\", \"send_style\": \"confetti\"}";
        return Stream.of(
                new Row(
                        "a send to a number",
                        post("/messages", "{'to':'%2$s','text':'Done!','send_style':'confetti'}"),
                        201,
                        in("message", Wire.outbound(styled, "{}"))),
                new Row(
                        "a send to a list of one number",
                        post("/messages", "{'to':['%2$s'],'text':'Done!','send_style':'confetti'}"),
                        201,
                        in("message", Wire.outbound(styled, "{}"))),
                new Row(
                        "a reply, with what may be null",
                        post(
                                "/messages",
                                "{'conversation_id':'%1$s','text':'Done!','media_urls':null,'send_style':null}"),
                        201,
                        in("message", Wire.outbound("{\"content\": \"Done!\"}", "{}"))),
                new Row(
                        "a delivered message",
                        talk -> message(talk, talk.delivered("Done!")),
                        200,
                        Wire.delivered("{\"content\": \"Done!\"}")),
                new Row("a message that fell back on SMS", ContractTest::overSms, 200, Wire.overSms("green")));
    }

    private static Stream<Row> acting() {
        return Stream.of(
                Row.of(
                        "marking read",
                        post("/mark-read", "{'conversation_id':'%1$s'}"),
                        200,
                        "{\"conversation_id\": \"<id>\", \"updated_count\": 1}"),
                Row.of(
                        "marking read what is read",
                        talk -> {
                            post("/mark-read", "{'conversation_id':'%1$s'}").apply(talk);
                            return post("/mark-read", "{'conversation_id':'%1$s'}")
                                    .apply(talk);
                        },
                        200,
                        "{\"conversation_id\": \"<id>\", \"updated_count\": 0}"),
                Row.of(
                        "a tapback",
                        post("/reactions", "{'message_id':'%3$s','reaction':'like','part_index':0}"),
                        201,
                        TAPBACK.formatted("like", 0)),
                Row.of(
                        "eyes on the second part",
                        post("/reactions", "{'message_id':'%3$s','reaction':'eyes','part_index':1}"),
                        201,
                        TAPBACK.formatted("eyes", 1)));
    }

    private static Stream<Row> router() {
        return Stream.of(
                Row.of("the router's number", get("/triage-number"), 200, """
                        {"number": "+12025550100", "connect_command": "connect @<handle>",
                         "sms_link": "sms:+12025550100?&body=connect%20%40<handle>"}
                        """),
                Row.of("the router's number for an admin", talk -> talk.admin().get(ROOT + "/triage-number"), 200, """
                        {"number": "+12025550100", "connect_command": "connect @your-handle",
                         "sms_link": "sms:+12025550100?&body=connect%20%40your-handle"}
                        """),
                Row.list("the numbers", talk -> talk.admin().get(ROOT + "/numbers")),
                Row.of(
                        "a contact rule",
                        talk -> talk.admin().post(ROOT + "/identities/" + talk.handle() + "/contact-rules", """
                                        {"action": "block", "match_type": "exact_number", "match_target": "+12025550999"}
                                        """),
                        201,
                        """
                        {"id": "<id>", "agent_identity_id": "<id>", "action": "block", "match_type": "exact_number",
                         "match_target": "+12025550999", "direction": "both", "status": "active", "contact": null,
                         "created_at": "<time>", "updated_at": "<time>"}
                        """));
    }

    private static Stream<Row> keys() {
        return Stream.of(
                Row.of("one identity", talk -> talk.agent().get(identity(talk)), 200, IDENTITY),
                Row.of(
                        "the identities of an agent",
                        talk -> talk.agent().get("/api/v1/identities/"),
                        200,
                        "[" + IDENTITY + "]"),
                Row.of(
                        "a signing key's status",
                        talk -> talk.agent().get(identity(talk) + "/signing-key"),
                        200,
                        "{\"configured\": false, \"created_at\": null}"),
                Row.of(
                        "a new signing key",
                        talk -> talk.agent().post(identity(talk) + "/signing-key", "{}"),
                        201,
                        "{\"signing_key\": \"<signing key>\", \"created_at\": \"<time>\"}"),
                Row.of("a new API key", ContractTest::minted, 201, """
                        {"api_key": "ApiKey_<id>.<secret>", "record": {"id": "ApiKey_<id>",
                          "organization_id": "<organization>", "created_by": "owner", "creator_type": "human",
                          "scoped_identity_id": "<id>", "label": "runtime", "description": null, "status": "active",
                          "last4": "<ignored>", "display_prefix": "<ignored>", "last_used_at": "<ignored>",
                          "expires_at": null, "revoked_at": null, "created_at": "<time>", "updated_at": "<time>"}}
                        """),
                Row.of("whoami of an agent", talk -> talk.agent().get("/api/whoami"), 200, """
                        {"auth_type": "api_key", "auth_subtype": "api_key.agent_scoped.claimed", "scope": "agent_identity:<id>",
                         "agent_identity": {"id": "<id>", "agent_handle": "<handle>"},
                         "organization_id": "<organization>", "created_by": "owner", "creator_type": "human",
                         "key_id": "ApiKey_<id>", "label": "test", "description": null, "created_at": "<time>",
                         "last_used_at": "<ignored>", "expires_at": null}
                        """));
    }

    private static Function<Talk, Api.Answer> get(String path) {
        return talk -> talk.agent().get(ROOT + path);
    }

    private static Function<Talk, Api.Answer> of(String path) {
        return talk -> talk.agent().get(ROOT + path + talk.conversation());
    }

    /// `%1$s` is the conversation, `%2$s` the person, `%3$s` the first message.
    private static Function<Talk, Api.Answer> post(String path, String body) {
        return talk -> talk.agent()
                .post(ROOT + path, body.replace('\'', '"').formatted(talk.conversation(), talk.person(), talk.first()));
    }

    private static Api.Answer message(Talk talk, String id) {
        return talk.agent().get(Talk.MESSAGES + "/" + id);
    }

    private static Api.Answer withTapback(Talk talk) {
        talk.tapback(talk.bubble("hello"), "custom", Map.of("custom_emoji", "\"🌴\""));
        return Api.waitFor(
                () -> message(talk, talk.first()), answer -> answer.text().contains("🌴"));
    }

    private static Api.Answer overSms(Talk talk) {
        talk.admin()
                .patch("/simulator/phones/" + Api.encode(talk.person()), "{\"service\":\"sms\"}")
                .expect(200);
        return message(talk, talk.delivered("green"));
    }

    private static Talk disconnected(Talk talk) {
        talk.admin().text(talk.person(), Api.ROUTER, "disconnect @" + talk.handle());
        Api.waitFor(() -> talk.agent().get(ROOT + "/assignments").json(), JsonNode::isEmpty);
        return talk;
    }

    private static Api.Answer minted(Talk talk) {
        String body = "{\"label\":\"runtime\",\"scoped_identity_id\":\"%s\"}"
                .formatted(talk.identity().path("id").asString());
        return talk.admin().post("/api/v1/api-keys", body);
    }

    private static String identity(Talk talk) {
        return "/api/v1/identities/@" + talk.handle();
    }

    private static JsonNode in(String key, JsonNode value) {
        return Wire.json("{\"%s\": %s}".formatted(key, value));
    }
}
