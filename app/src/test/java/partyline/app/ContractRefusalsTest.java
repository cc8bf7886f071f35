package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Every refusal of the conversation's calls, its whole body, and which of two reasons is told first.
class ContractRefusalsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ROOT = "/api/v1/imessage";
    private static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";
    private static final String REPLY = "{'conversation_id':'%1$s','text':'x'}";
    private static final String TAPBACK = "{'message_id':'%3$s','reaction':'like'}";
    private static final String HERE = "{'conversation_id':'%1$s'}";

    private static final Consumer<Talk> NOTHING = _ -> {};
    private static final Consumer<Talk> DISABLED = talk -> patchIdentity(talk, "{\"imessage_enabled\":false}");
    private static final Consumer<Talk> WHITELISTED =
            talk -> patchIdentity(talk, "{\"imessage_filter_mode\":\"whitelist\"}");
    private static final Consumer<Talk> BLOCKED = talk -> talk.admin()
            .post(
                    ROOT + "/identities/" + talk.handle() + "/contact-rules",
                    "{\"action\":\"block\",\"match_target\":\"%s\"}".formatted(talk.person()))
            .expect(201);
    private static final Consumer<Talk> GONE = talk -> {
        talk.admin().text(talk.person(), Api.ROUTER, "disconnect @" + talk.handle());
        Api.waitFor(() -> talk.agent().get(ROOT + "/assignments").json(), JsonNode::isEmpty);
    };

    private static final String NOT_ENABLED = detail(
            "imessage_not_enabled", "This identity has not opted in to iMessage: set imessage_enabled to true.", "");
    private static final String BY_RULE = detail(
            "recipient_blocked",
            "Recipient is blocked by a contact rule.",
            ", \"matched_rule_id\": \"<id>\", \"address\": \"<person>\","
                    + " \"reason\": \"A block rule matches this number.\"");
    private static final String NOT_WHITELISTED = detail(
            "recipient_blocked",
            "Recipient is not on the whitelist.",
            ", \"matched_rule_id\": null, \"address\": \"<person>\","
                    + " \"reason\": \"The identity is in whitelist mode and no allow rule matches.\"");
    private static final String INACTIVE = connect("imessage_assignment_inactive", "is disconnected from");
    private static final String NO_CONVERSATION =
            detail("conversation_not_found", "There is no such conversation, or this key may not see it.", "");
    private static final String NO_MESSAGE =
            detail("message_not_found", "There is no such message, or this key may not see it.", "");

    /// After what happened, a request is refused so.
    private record Row(
            String name, Consumer<Talk> before, Function<Talk, Api.Answer> request, int status, String body) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> rows() {
        return Stream.of(states(), targets(), order()).flatMap(rows -> rows);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void is_refused_as_the_contract_says(Row row) {
        Talk talk = Talk.begin(server);
        row.before().accept(talk);

        Api.Answer answer = row.request().apply(talk).expect(row.status());

        assertThat(Wire.normal(answer.text(), talk)).isEqualTo(Wire.json(row.body()));
    }

    /// What every act in a conversation is refused for.
    private static Stream<Row> states() {
        return Stream.of("/messages " + REPLY, "/reactions " + TAPBACK, "/mark-read " + HERE, "/typing " + HERE)
                .map(text -> text.split(" ", 2))
                .flatMap(call -> Stream.of(
                        new Row(call[0] + " while disabled", DISABLED, post(call[0], call[1]), 400, NOT_ENABLED),
                        new Row(call[0] + " to a blocked person", BLOCKED, post(call[0], call[1]), 403, BY_RULE),
                        new Row(
                                call[0] + " to somebody not on the whitelist",
                                WHITELISTED,
                                post(call[0], call[1]),
                                403,
                                NOT_WHITELISTED),
                        new Row(call[0] + " after a disconnect", GONE, post(call[0], call[1]), 409, INACTIVE),
                        new Row(
                                call[0] + " by another agent",
                                NOTHING,
                                talk -> post(call[0], call[1]).apply(asAnotherAgent(talk)),
                                404,
                                call[0].equals("/reactions") ? NO_MESSAGE : NO_CONVERSATION)));
    }

    private static Stream<Row> targets() {
        return Stream.of(
                new Row(
                        "a send to a stranger",
                        NOTHING,
                        post("/messages", "{'to':'+12025569998','text':'x'}"),
                        404,
                        connect("imessage_not_connected", "is not connected with")),
                new Row(
                        "a send to a person who was silent",
                        NOTHING,
                        talk -> post("/messages", "{'to':'%2$s','text':'x'}").apply(silent(talk)),
                        409,
                        detail(
                                "imessage_awaiting_inbound",
                                "This person is connected but has not written yet: wait for their first message.",
                                "")),
                new Row(
                        "an unknown conversation",
                        NOTHING,
                        talk -> talk.agent().get(ROOT + "/conversations/" + UNKNOWN),
                        404,
                        NO_CONVERSATION),
                new Row(
                        "a conversation that is asserted to be another identity's",
                        NOTHING,
                        talk -> talk.admin()
                                .get(ROOT + "/conversations/" + talk.conversation() + "?agent_identity_id="
                                        + other().path("id").asString()),
                        404,
                        NO_CONVERSATION),
                new Row(
                        "conversations while disabled",
                        DISABLED,
                        talk -> talk.agent().get(ROOT + "/conversations"),
                        400,
                        NOT_ENABLED),
                new Row(
                        "an unknown message",
                        NOTHING,
                        talk -> talk.agent().get(Talk.MESSAGES + "/" + UNKNOWN),
                        404,
                        NO_MESSAGE),
                new Row(
                        "taking back what is not there",
                        NOTHING,
                        talk -> talk.agent().delete(ROOT + "/reactions/" + UNKNOWN),
                        404,
                        detail("reaction_not_found", "There is no such tapback of the agent's own to take back.", "")));
    }

    /// Validation, then what is unknown, then disabled, then blocked, then disconnected.
    private static Stream<Row> order() {
        return Stream.of(
                new Row(
                        "wrong before unknown",
                        NOTHING,
                        post("/messages", "{'conversation_id':'" + UNKNOWN + "'}"),
                        422,
                        """
                        {"detail": [{"type": "value_error", "loc": ["body", "text"],
                          "msg": "text is missing: provide text or one media URL", "input": null, "ctx": {}}]}
                        """),
                new Row(
                        "unknown before disabled",
                        DISABLED,
                        post("/messages", REPLY.replace("%1$s", UNKNOWN)),
                        404,
                        NO_CONVERSATION),
                new Row(
                        "disabled before blocked",
                        BLOCKED.andThen(DISABLED),
                        post("/messages", REPLY),
                        400,
                        NOT_ENABLED),
                new Row("blocked before disconnected", GONE.andThen(BLOCKED), post("/messages", REPLY), 403, BY_RULE));
    }

    private static Function<Talk, Api.Answer> post(String path, String body) {
        return talk -> talk.agent()
                .post(ROOT + path, body.replace('\'', '"').formatted(talk.conversation(), talk.person(), talk.first()));
    }

    private static JsonNode other() {
        return server.admin().identity("other-" + UUID.randomUUID());
    }

    private static Talk asAnotherAgent(Talk talk) {
        Api stranger = server.admin().scoped(other());
        return new Talk(
                talk.admin(), stranger, talk.identity(), talk.person(), talk.line(), talk.conversation(), talk.first());
    }

    /// The same agent with a person who connected and wrote nothing.
    private static Talk silent(Talk talk) {
        String person = server.person();
        String line = talk.admin().connect(person, talk.handle());
        return new Talk(talk.admin(), talk.agent(), talk.identity(), person, line, talk.conversation(), talk.first());
    }

    private static void patchIdentity(Talk talk, String body) {
        talk.admin().patch("/api/v1/identities/" + talk.handle(), body).expect(200);
    }

    private static String connect(String code, String what) {
        return detail(
                code,
                "This person " + what + " @<handle>: ask them to text \\\"connect @<handle>\\\" to +12025550100.",
                ", \"connect_command\": \"connect @<handle>\", \"router_number\": \"+12025550100\"");
    }

    private static String detail(String code, String message, String more) {
        return "{\"detail\": {\"error\": \"%s\", \"code\": \"%s\", \"message\": \"%s\"%s}}"
                .formatted(code, code, message, more);
    }
}
