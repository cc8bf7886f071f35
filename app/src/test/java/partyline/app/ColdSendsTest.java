package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Agents that write first: on a number of their own that the operator opened for it, and nowhere else.
class ColdSendsTest {

    @RegisterExtension
    static final TestServer server = new TestServer("""
            lines:
              - {id: front, number: "+12025550100", roles: [router]}
              - {id: pool, number: "+12025550101"}
              - {id: shy, number: "+12025550110", dedicated: "@shy-agent"}
              - {id: open, number: "+12025550111", dedicated: "@open-agent", cold: true}
              - {id: slow, number: "+12025550112", dedicated: "@slow-agent", cold: true, pace: {new_people_per_hour: 1}}
              - {id: ruled, number: "+12025550114", dedicated: "@ruled-agent", cold: true}
              - {id: few, number: "+12025550113", dedicated: "@few-agent", cold: true}
            limits:
              sends_per_24h: 8
              router_replies_per_hour: 1000
            """);

    private static final String OPEN = "+12025550111";

    private final Api admin = server.admin();
    private final String person = server.person();

    @ParameterizedTest
    @ValueSource(strings = {"shy-agent", "agent-of-the-pool"})
    void nobody_writes_first_where_it_is_not_switched_on(String handle) {
        Api agent = agent(handle);

        assertThat(write(agent, "hello").expect(404).text()).contains("imessage_not_connected");

        admin.connect(person, handle);
        assertThat(write(agent, "hello").expect(409).text()).contains("imessage_awaiting_inbound");
    }

    @Test
    void a_first_word_begins_the_conversation_and_the_answer_belongs_to_it() {
        Api agent = agent("open-agent");

        JsonNode message = write(agent, "your table is free").expect(201).json().path("message");

        waitFor(() -> texts(OPEN), it -> it.equals(List.of("your table is free")));
        waitFor(
                () -> agent.get(MESSAGES + "/" + message.path("id").asString()).json(),
                it -> it.path("status").asString().equals("delivered"));
        write(agent, "shall we keep it?").expect(201);
        admin.text(person, OPEN, "yes please");
        JsonNode answer = waitFor(
                        () -> agent.get(MESSAGES).expect(200).json(),
                        it -> it.path(0).path("direction").asString().equals("inbound"))
                .get(0);
        assertThat(answer.path("conversation_id")).isEqualTo(message.path("conversation_id"));
        assertThat(answer.path("assignment_id")).isEqualTo(message.path("assignment_id"));
        assertThat(admin.phone(person).path("threads")).as("no word of ours").hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"outbound, 403", "both, 403", "inbound, 201"})
    void what_the_rules_forbid_to_send_is_not_sent(String direction, int status) {
        Api agent = agent("ruled-agent");
        admin.post(
                        "/api/v1/imessage/identities/ruled-agent/contact-rules",
                        "{\"match_target\":\"%s\",\"action\":\"block\",\"direction\":\"%s\"}"
                                .formatted(person, direction))
                .expect(201);

        Api.Answer answer = write(agent, "hello").expect(status);

        assertThat(answer.text().contains("recipient_blocked")).isEqualTo(status == 403);
        assertThat(assignments()).hasSize(status == 403 ? 0 : 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {ROUTER, OPEN})
    void who_said_stop_there_or_to_the_router_is_not_written_to_until_start(String line) {
        Api agent = agent("open-agent");
        admin.text(person, line, "STOP");
        waitFor(
                this::export,
                it -> line.equals(ROUTER)
                        ? it.path("stopped_at").isString()
                        : it.path("stopped_lines").path(0).asString("").equals("open"));

        assertThat(write(agent, "hello").expect(403).text()).contains("recipient_blocked", "STOP");
        server.operate("erase", "--number", person);
        write(agent, "hello").expect(403);
        assertThat(assignments()).isEmpty();
        admin.text(person, line, "START");
        waitFor(
                () -> admin.bubbles(person, line),
                it -> it.getLast().path("text").asString("").contains("Welcome back"));
        write(agent, "hello").expect(201);
    }

    @Test
    void who_disconnected_has_to_write_first_again() {
        Api agent = agent("open-agent");
        admin.text(person, OPEN, "hello");
        waitFor(this::assignments, it -> it.size() == 1);
        admin.text(person, OPEN, "disconnect");
        waitFor(this::assignments, List::isEmpty);

        assertThat(write(agent, "come back").expect(409).text()).contains("imessage_assignment_inactive", OPEN);
    }

    @Test
    void a_line_that_met_enough_new_people_answers_only_those_it_knows() {
        Api agent = agent("slow-agent");
        write(agent, "hello").expect(201);

        Api.Answer answer = agent.post(MESSAGES, body("hello").replace(person, server.person()))
                .expect(429);

        assertThat(answer.text()).contains("new_people_limit_reached", "pace");
        assertThat(Integer.parseInt(
                        answer.response().headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(3_000, 3_600);
        write(agent, "me again").expect(201);
        String another = server.person();
        admin.text(another, "+12025550112", "I write first");
        waitFor(
                () -> agent.get(MESSAGES).expect(200).json(),
                it -> it.path(0).path("remote_number").asString().equals(another));
    }

    @Test
    void the_cap_on_sends_holds_and_nobody_is_connected_beyond_it() {
        Api agent = agent("few-agent");
        while (agent.post(MESSAGES, body("hello").replace(person, server.person()))
                        .status()
                == 201) {
            assertThat(agent.get(MESSAGES).expect(200).json().size()).isLessThanOrEqualTo(8);
        }

        assertThat(write(agent, "one more").expect(429).text()).contains("sender_rate_limited");
        assertThat(assignments()).isEmpty();
    }

    @Test
    void a_repeated_first_word_is_said_once() {
        Api agent = agent("open-agent").with(Map.of("Idempotency-Key", "once-" + person));

        JsonNode first = write(agent, "just once").expect(201).json();
        assertThat(write(agent, "just once").expect(201).json().path("message").path("id"))
                .isEqualTo(first.path("message").path("id"));

        waitFor(() -> texts(OPEN), it -> it.equals(List.of("just once")));
    }

    @Test
    void several_people_at_once_are_refused_by_name() {
        String several = "{\"to\":[\"%s\",\"%s\"],\"text\":\"hi\"}".formatted(person, server.person());

        assertThat(agent("open-agent").post(MESSAGES, several).expect(422).text())
                .contains("\"to\"", "group");
    }

    /// A key of the agent that has this handle.
    private Api agent(String handle) {
        Api.Answer found = admin.get("/api/v1/identities/" + handle);
        return admin.scoped(found.status() == 200 ? found.json() : admin.identity(handle));
    }

    private Api.Answer write(Api agent, String text) {
        return agent.post(MESSAGES, body(text));
    }

    private String body(String text) {
        return "{\"to\":\"%s\",\"text\":\"%s\"}".formatted(person, text);
    }

    private List<String> texts(String line) {
        return admin.bubbles(person, line).stream()
                .map(it -> it.path("text").asString(""))
                .toList();
    }

    private JsonNode export() {
        return new JsonMapper().readTree(server.operate("export", "--number", person));
    }

    private List<JsonNode> assignments() {
        return admin.get("/api/v1/imessage/assignments?limit=200")
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("remote_number").asString().equals(person))
                .toList();
    }
}
