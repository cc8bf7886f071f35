package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every object of the wire contract, field by field, the null ones too. What differs from run to run is replaced:
/// ids by `<id>`, times by `<time>`, the person's number and the agent's handle by their kind.
class ContractTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ROOT = "/api/v1/imessage";

    /// A request, told by what it asks for, and the answer that it must get.
    private record Row(String name, Function<Talk, Api.Answer> request, int status, String answer) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static final String INBOUND = """
            {"id": "<id>", "conversation_id": "<id>", "assignment_id": "<id>", "direction": "inbound",
             "remote_number": "<person>", "sender_number": null, "participants": null, "is_group": false,
             "content": "hello", "message_type": "message", "service": "imessage", "send_style": null, "media": null,
             "was_downgraded": false, "status": "received", "error_code": null, "error_message": null,
             "error_reason": null, "error_detail": null, "is_read": false, "is_blocked": false, "recipients": null,
             "reactions": null, "created_at": "<time>", "updated_at": "<time>", "read_at": null, "degraded": null}
            """;

    private static final String QUEUED = """
            {"message": {"id": "<id>", "conversation_id": "<id>", "assignment_id": "<id>", "direction": "outbound",
             "remote_number": "<person>", "sender_number": null, "participants": null, "is_group": false,
             "content": "Done!", "message_type": "message", "service": "imessage", "send_style": "confetti",
             "media": null, "was_downgraded": false, "status": "queued", "error_code": null, "error_message": null,
             "error_reason": null, "error_detail": null, "is_read": false, "is_blocked": false,
             "recipients": [{"remote_number": "<person>", "delivery_status": "queued", "service": "imessage",
               "error_code": null, "error_message": null, "error_reason": null, "error_detail": null,
               "sent_at": null, "delivered_at": null, "failed_at": null}],
             "reactions": null, "created_at": "<time>", "updated_at": "<time>", "read_at": null, "degraded": null}}
            """;

    private static final String CONVERSATION = """
            {"id": "<id>", "assignment_id": "<id>", "assignment_status": "active", "remote_number": "<person>",
             "participants": null, "is_group": false, "group_creation_status": null, %s
             "created_at": "<time>", "updated_at": "<time>"}
            """;

    private static final String IDENTITY = """
            {"id": "<id>", "organization_id": "<organization>", "agent_handle": "<handle>", "display_name": "<handle>",
             "description": null, "email_address": null, "imessage_enabled": true, "imessage_filter_mode": "blacklist",
             "mail_filter_mode": "blacklist", "phone_filter_mode": "blacklist", "signing_key_configured": false,
             "signing_key_created_at": null, "created_at": "<time>", "updated_at": "<time>", "mailbox": null,
             "phone_number": null, "imessage_number": null, "tunnel": null}
            """;

    static Stream<Row> rows() {
        return Stream.concat(conversations(), others());
    }

    private static Stream<Row> conversations() {
        return Stream.of(
                new Row("a list of messages", talk -> talk.agent().get(ROOT + "/messages"), 200, "[" + INBOUND + "]"),
                new Row("one message", talk -> talk.agent().get(ROOT + "/messages/" + talk.first()), 200, INBOUND),
                new Row(
                        "a send",
                        talk -> talk.agent()
                                .post(
                                        ROOT + "/messages",
                                        "{\"to\":\"%s\",\"text\":\"Done!\",\"send_style\":\"confetti\"}"
                                                .formatted(talk.person())),
                        201,
                        QUEUED),
                new Row(
                        "a list of conversations",
                        talk -> talk.agent().get(ROOT + "/conversations"),
                        200,
                        "[" + CONVERSATION.formatted("""
                                "latest_text": "hello", "latest_message_at": "<time>", "latest_direction": "inbound",
                                "latest_has_media": false, "unread_count": 1, "total_count": 1,""") + "]"),
                new Row(
                        "one conversation",
                        talk -> talk.agent().get(ROOT + "/conversations/" + talk.conversation()),
                        200,
                        CONVERSATION.formatted("")),
                new Row("a list of assignments", talk -> talk.agent().get(ROOT + "/assignments"), 200, """
                        [{"id": "<id>", "remote_number": "<person>", "agent_identity_id": "<id>",
                          "organization_id": "<organization>", "status": "active", "released_at": null,
                          "created_at": "<time>", "updated_at": "<time>"}]
                        """),
                new Row(
                        "marking read",
                        talk -> talk.agent()
                                .post(
                                        ROOT + "/mark-read",
                                        "{\"conversation_id\":\"%s\"}".formatted(talk.conversation())),
                        200,
                        "{\"conversation_id\": \"<id>\", \"updated_count\": 1}"),
                new Row(
                        "a tapback",
                        talk -> talk.agent()
                                .post(
                                        ROOT + "/reactions",
                                        "{\"message_id\":\"%s\",\"reaction\":\"like\",\"part_index\":0}"
                                                .formatted(talk.first())),
                        201,
                        """
                        {"id": "<id>", "conversation_id": "<id>", "assignment_id": "<id>", "target_message_id": "<id>",
                         "direction": "outbound", "reaction": "like", "custom_emoji": null, "remote_number": "<person>",
                         "part_index": 0, "created_at": "<time>", "updated_at": "<time>"}
                        """));
    }

    private static Stream<Row> others() {
        String rules = ROOT + "/identities/%s/contact-rules";
        return Stream.of(
                new Row("the router's number", talk -> talk.agent().get(ROOT + "/triage-number"), 200, """
                        {"number": "+12025550100", "connect_command": "connect @<handle>",
                         "sms_link": "sms:+12025550100?&body=connect%20%40<handle>"}
                        """),
                new Row(
                        "the router's number for an admin",
                        talk -> talk.admin().get(ROOT + "/triage-number"),
                        200,
                        """
                        {"number": "+12025550100", "connect_command": "connect @your-handle",
                         "sms_link": "sms:+12025550100?&body=connect%20%40your-handle"}
                        """),
                new Row("the numbers", talk -> talk.admin().get(ROOT + "/numbers"), 200, "[]"),
                new Row(
                        "a contact rule",
                        talk -> talk.agent()
                                .post(
                                        rules.formatted(talk.handle()),
                                        "{\"action\":\"block\",\"match_type\":\"exact_number\",\"match_target\":\"+12025550999\"}"),
                        201,
                        """
                        {"id": "<id>", "agent_identity_id": "<id>", "action": "block", "match_type": "exact_number",
                         "match_target": "+12025550999", "status": "active", "created_at": "<time>", "updated_at": "<time>"}
                        """),
                new Row(
                        "one identity",
                        talk -> talk.agent().get("/api/v1/identities/@" + talk.handle()),
                        200,
                        IDENTITY),
                new Row(
                        "the identities of an agent",
                        talk -> talk.agent().get("/api/v1/identities/"),
                        200,
                        "[" + IDENTITY + "]"),
                new Row(
                        "a signing key's status",
                        talk -> talk.agent().get("/api/v1/identities/" + talk.handle() + "/signing-key"),
                        200,
                        "{\"configured\": false, \"created_at\": null}"),
                new Row("whoami of an agent", talk -> talk.agent().get("/api/whoami"), 200, """
                        {"auth_type": "api_key", "auth_subtype": "api_key.agent_scoped.claimed", "scope": null,
                         "organization_id": "<organization>", "created_by": "owner", "creator_type": "human",
                         "key_id": "ApiKey_<id>", "label": "test", "description": null, "created_at": "<time>",
                         "last_used_at": "<ignored>", "expires_at": null}
                        """));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void looks_as_the_contract_says(Row row) {
        Talk talk = Talk.begin(server);

        Api.Answer answer = row.request().apply(talk).expect(row.status());

        assertThat(normal(answer, talk)).isEqualTo(new JsonMapper().readTree(row.answer()));
    }

    private static JsonNode normal(Api.Answer answer, Talk talk) {
        String text = answer.text();
        Map<String, String> kinds = Map.of(
                talk.person(), "<person>",
                talk.handle(), "<handle>",
                talk.identity().path("organization_id").asString(), "<organization>");
        for (Map.Entry<String, String> kind : kinds.entrySet()) {
            text = text.replace(kind.getKey(), kind.getValue());
        }
        text = text.replaceAll("\"last_used_at\":(null|\"[^\"]*\")", "\"last_used_at\":\"<ignored>\"")
                .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z", "<time>");
        return new JsonMapper().readTree(text);
    }
}
