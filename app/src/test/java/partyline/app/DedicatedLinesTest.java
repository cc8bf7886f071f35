package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// An agent that has a line for itself: people write to it without a router, and nobody else gets it.
@ResourceLock(Resources.SYSTEM_ERR)
class DedicatedLinesTest {

    private static final ShiftedClock CLOCK = new ShiftedClock();
    private static final String OWN = "+12025550110";
    private static final String THEIRS = "+12025550111";
    private static final String VACANT = "+12025550112";
    private static final String NUMBERS = "/api/v1/imessage/numbers";

    @RegisterExtension
    static final TestServer server = new TestServer("""
            lines:
              - {id: front, number: "+12025550100", roles: [router]}
              - {id: pool-1, number: "+12025550101"}
              - {id: pool-2, number: "+12025550102"}
              - {id: own, number: "+12025550110", dedicated: "@own-agent"}
              - {id: theirs, number: "+12025550111", dedicated: their-agent}
              - {id: vacant, number: "+12025550112", dedicated: "@vacant-agent"}
            """, CLOCK);

    private Api admin = server.admin();
    private final String person = server.person();
    private JsonNode identity;
    private Api agent;

    DedicatedLinesTest() {
        identity = made(admin, "own-agent");
        agent = admin.scoped(identity);
    }

    @BeforeEach
    void theirs() {
        made(server.stranger(), "their-agent");
    }

    @AfterEach
    void right() {
        CLOCK.right();
    }

    @Test
    void the_first_text_reaches_the_agent_and_connects_the_person_without_a_word_of_ours() {
        admin.text(person, OWN, "is this the florist?");

        JsonNode message = heard(1).getFirst();
        assertThat(message.path("content").asString()).isEqualTo("is this the florist?");
        JsonNode assignment = assignments().getFirst();
        assertThat(message.path("assignment_id")).isEqualTo(assignment.path("id"));
        agent.post(MESSAGES, "{\"to\":\"%s\",\"text\":\"it is\"}".formatted(person))
                .expect(201);
        waitFor(() -> texts(OWN), it -> it.equals(List.of("is this the florist?", "it is")));
        assertThat(admin.phone(person).path("threads")).hasSize(1);
    }

    @Test
    void a_file_comes_along_with_the_first_text() {
        String url = Upload.of(agent, "tulip.txt", "text/plain", "a tulip".getBytes(StandardCharsets.UTF_8))
                .url();

        admin.post(
                        "/simulator/messages",
                        "{\"from\":\"%s\",\"to\":\"%s\",\"media_url\":\"%s\"}".formatted(person, OWN, url))
                .expect(201);

        JsonNode message = heard(1).getFirst();
        assertThat(message.path("media")).hasSize(1);
        assertThat(message.path("media_error").isNull()).isTrue();
    }

    @Test
    void whom_a_rule_keeps_out_is_stored_for_the_admin_and_neither_connected_nor_answered() {
        String rules = "/api/v1/imessage/identities/own-agent/contact-rules";
        String rule = admin.post(rules, "{\"match_target\":\"%s\",\"action\":\"block\"}".formatted(person))
                .expect(201)
                .json()
                .path("id")
                .asString();

        admin.text(person, OWN, "let me in");
        admin.text(person, OWN, "please");

        isUnseen(2);
        JsonNode unseen = admin.get("/api/v1/imessage/conversations?is_blocked=true&agent_identity_id=" + id(identity))
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("remote_number").asString().equals(person))
                .toList()
                .getFirst();
        assertThat(unseen.path("assignment_status").asString()).isEqualTo("released");
        assertThat(write("hello").expect(403).text()).contains("recipient_blocked");
        admin.delete(rules + "/" + rule).expect(204);
        assertThat(write("hello").expect(404).text()).contains("imessage_not_connected", OWN);
        admin.text(person, OWN, "and now?");
        assertThat(heard(1).getFirst().path("content").asString()).isEqualTo("and now?");
        assertThat(assignments()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"imessage_filter_mode", "phone_inbound_filter_mode", "phone_outbound_filter_mode"})
    void a_whitelist_of_either_way_keeps_everybody_out_with_all_they_bring(String mode) {
        change("{\"%s\":\"whitelist\"}".formatted(mode));
        try {
            admin.post(
                            "/simulator/messages",
                            "{\"from\":\"%s\",\"to\":\"%s\",\"text\":\"let me in\",\"media_url\":\"http://127.0.0.1:9/x.png\"}"
                                    .formatted(person, OWN))
                    .expect(201);
            assertThat(isUnseen(1).getFirst().path("media_error").toString()).contains("blocked");
        } finally {
            change("{\"imessage_filter_mode\":\"blacklist\"}");
        }
    }

    @Test
    void an_agent_that_is_switched_off_keeps_everybody_out() {
        change("{\"imessage_enabled\":false}");
        try {
            admin.text(person, OWN, "anybody?");
            isUnseen(1);
        } finally {
            change("{\"imessage_enabled\":true}");
        }
    }

    @Test
    void the_number_is_given_and_taken_by_the_operator_alone() {
        String own = id(agent.get("/api/v1/identities/own-agent").json().path("imessage_number"));
        String theirs = id(server.stranger().get(NUMBERS).json().get(0));
        String body = "{\"imessage_number_id\":%s}";

        change(body.formatted("\"" + own + "\""));
        assertThat(admin.patch("/api/v1/identities/own-agent", body.formatted("null"))
                        .expect(422)
                        .text())
                .contains("imessage_number_id", "configuration");
        for (String other : List.of(theirs, UUID.randomUUID().toString())) {
            assertThat(admin.patch("/api/v1/identities/own-agent", body.formatted("\"" + other + "\""))
                            .expect(404)
                            .text())
                    .contains("imessage_number_unknown");
        }
        admin.patch(
                        "/api/v1/identities/"
                                + admin.identity("plain-" + UUID.randomUUID())
                                        .path("agent_handle")
                                        .asString(),
                        body.formatted("\"" + own + "\""))
                .expect(404);
        agent.patch("/api/v1/identities/own-agent", body.formatted("null")).expect(403);
        assertThat(id(agent.get("/api/v1/identities/own-agent").json().path("imessage_number")))
                .isEqualTo(own);
    }

    @Test
    void stop_ends_it_and_holds_until_start() {
        admin.text(person, OWN, "hello");
        heard(1);

        assertThat(answered(OWN, "Stop!")).contains("disconnected from @own-agent", "START");

        assertThat(assignments()).isEmpty();
        assertThat(write("are you there?").expect(409).text()).contains("imessage_assignment_inactive");
        server.restart();
        admin = server.admin();
        agent = admin.with(agent.key());
        silent("hello again");
        silent("stop");
        heard(1);
        assertThat(answered(OWN, "start")).contains("Welcome back");
        assertThat(assignments()).isEmpty();
        admin.text(person, OWN, "here I am");
        assertThat(heard(2).getLast().path("content").asString()).isEqualTo("here I am");
        List<String> told = admin.get("/api/v1/imessage/consents?limit=200")
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("remote_number").asString().equals(person))
                .map(it -> it.path("change").asString() + " "
                        + it.path("agent_identity_id").equals(identity.path("id")))
                .toList();
        assertThat(told).containsExactly("started true", "stopped true");
    }

    @Test
    void who_never_wrote_can_stop_too_and_hears_nothing_of_the_agent() {
        silent("STOP");
        silent("hello");
        assertThat(heard(0)).isEmpty();
        assertThat(assignments()).isEmpty();

        assertThat(answered(OWN, "START")).doesNotContain("own-agent");
    }

    @Test
    void who_asks_the_router_for_the_agent_has_taken_a_stop_back() {
        admin.text(person, OWN, "hello");
        heard(1);
        answered(OWN, "stop");

        admin.text(person, ROUTER, "connect @own-agent");

        waitFor(this::assignments, it -> it.size() == 1);
        admin.text(person, OWN, "hello again");
        heard(2);
    }

    @Test
    void who_stopped_everything_at_the_router_is_left_alone_here_too() {
        admin.text(person, OWN, "hello");
        heard(1);
        admin.text(person, ROUTER, "STOP");
        waitFor(this::assignments, List::isEmpty);

        silent("is anybody there?");

        heard(1);
        admin.text(person, ROUTER, "START");
        waitFor(() -> texts(ROUTER), it -> it.getLast().contains("Welcome back"));
        admin.text(person, OWN, "hello again");
        heard(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"disconnect", "Disconnect @own-agent."})
    void disconnect_ends_it_until_the_next_text(String words) {
        admin.text(person, OWN, "hello");
        heard(1);

        assertThat(answered(OWN, words)).contains("disconnected from own-agent", "Write here");

        assertThat(assignments()).isEmpty();
        silent(words);
        assertThat(assignments()).isEmpty();
        admin.text(person, OWN, "hello again");
        heard(2);
        assertThat(assignments()).hasSize(1);
    }

    @Test
    void other_commands_of_the_router_are_words_to_the_agent() {
        List<String> words =
                List.of("connect @their-agent", "disconnect @their-agent", "list", "help", "@x hi", "start");

        words.forEach(word -> admin.text(person, OWN, word));

        assertThat(heard(words.size()).stream().map(it -> it.path("content").asString()))
                .containsExactlyElementsOf(words);
        assertThat(texts(OWN)).as("nothing is answered").hasSize(words.size());
    }

    @Test
    void the_router_connects_with_the_agent_on_its_own_number_and_gives_that_to_nobody_else() {
        String first = "first-" + UUID.randomUUID();
        String second = "second-" + UUID.randomUUID();
        String third = "third-" + UUID.randomUUID();
        List.of(first, second, third).forEach(admin::identity);
        admin.connect(person, first);
        admin.text(person, ROUTER, "connect @" + second);
        waitFor(() -> admin.phone(person).path("threads"), it -> it.size() == 3);
        admin.text(person, ROUTER, "connect @" + third);
        waitFor(() -> texts(ROUTER), it -> it.getLast().contains("as many agents as there are lines"));

        admin.text(person, ROUTER, "connect @own-agent");

        waitFor(() -> texts(OWN), it -> it.size() == 1 && it.getFirst().contains("own-agent"));
        admin.text(person, OWN, "hello");
        heard(1);
    }

    @Test
    void a_model_is_told_that_any_text_to_the_number_connects() {
        JsonNode way = Mcp.of(agent).done("connect_instructions", "{}");

        assertThat(way.path("number").asString()).isEqualTo(OWN);
        assertThat(way.path("sms_link").asString()).isEqualTo("sms:" + OWN);
        assertThat(way.path("instructions").asString()).contains("text anything to " + OWN);
        assertThat(way.has("connect_command")).isFalse();
    }

    @Test
    void the_number_is_told_in_the_identity_and_in_the_list_of_its_organization_alone() {
        JsonNode number =
                admin.get("/api/v1/identities/own-agent").expect(200).json().path("imessage_number");
        assertThat(number.toString())
                .isEqualTo(
                        "{\"id\":\"%s\",\"number\":\"%s\",\"type\":\"dedicated_outbound\"}".formatted(id(number), OWN));
        assertThat(agent.get("/api/v1/identities/own-agent").json().path("imessage_number"))
                .isEqualTo(number);
        JsonNode listed = admin.get(NUMBERS).expect(200).json();
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).toString())
                .isEqualTo(
                        "{\"id\":\"%s\",\"number\":\"%s\",\"type\":\"dedicated_outbound\",\"status\":\"active\",\"agent_identity_id\":\"%s\",\"agent_handle\":\"own-agent\"}"
                                .formatted(id(number), OWN, id(identity)));
        JsonNode theirs = server.stranger().get(NUMBERS).expect(200).json();
        assertThat(theirs).hasSize(1);
        assertThat(theirs.get(0).path("number").asString()).isEqualTo(THEIRS);
        assertThat(admin.identity("plain-" + UUID.randomUUID())
                        .path("imessage_number")
                        .isNull())
                .isTrue();
        agent.get(NUMBERS).expect(403);

        server.restart();

        admin = server.admin();
        assertThat(admin.get(NUMBERS).expect(200).json()).isEqualTo(listed);
        assertThat(admin.get("/api/v1/lines")
                        .expect(200)
                        .json()
                        .valueStream()
                        .filter(it -> it.path("number").isNull()))
                .as("those of the pool are told to nobody")
                .hasSize(2);
    }

    @Test
    void another_organizations_agent_gets_nothing_that_is_written_here() {
        Api theirs = server.stranger()
                .scoped(server.stranger().get("/api/v1/identities/their-agent").json());
        admin.text(person, OWN, "for one pair of eyes");
        heard(1);

        assertThat(theirs.get(MESSAGES).expect(200).text()).doesNotContain(person);
        theirs.post(MESSAGES, "{\"to\":\"%s\",\"text\":\"hi\"}".formatted(person))
                .expect(404);
    }

    @Test
    void a_line_whose_agent_is_deleted_is_nobodys_until_its_organization_makes_it_anew() {
        CLOCK.jump(Duration.ofSeconds(1));
        made(admin, "vacant-agent");
        admin.text(person, VACANT, "hello");
        waitFor(this::assignmentsOfAll, it -> it.size() == 1);
        String number = listed(VACANT).path("id").asString();
        admin.delete("/api/v1/identities/vacant-agent").expect(204);

        silentOn(VACANT, "is anybody there?");

        assertThat(listed(VACANT).path("agent_handle").isNull()).isTrue();
        try (LogLines log = new LogLines()) {
            server.restart();
            assertThat(log.text()).contains("line_of_nobody", "@vacant-agent");
        }
        admin = server.admin();
        CLOCK.jump(Duration.ofDays(200));
        JsonNode taken = made(server.stranger(), "vacant-agent");
        assertThat(taken.path("imessage_number").isNull()).isTrue();
        silentOn(VACANT, "and now?");
        assertThat(server.stranger().scoped(taken).get(MESSAGES).expect(200).text())
                .isEqualTo("[]");
        assertThat(server.stranger().get(NUMBERS).expect(200).text()).doesNotContain(VACANT);
        server.stranger().delete("/api/v1/identities/vacant-agent").expect(204);
        CLOCK.jump(Duration.ofDays(200));
        made(admin, "vacant-agent");
        admin.text(person, VACANT, "back again");
        waitFor(this::assignmentsOfAll, it -> it.size() == 1);
        assertThat(listed(VACANT).path("id").asString()).isEqualTo(number);
        admin.delete("/api/v1/identities/vacant-agent").expect(204);
    }

    @Test
    void who_talked_with_the_agent_on_a_pool_line_meets_it_on_its_own_number_from_their_first_text_there() {
        String before = "before-" + UUID.randomUUID();
        Api talker = admin.scoped(admin.identity(before));
        String pool = admin.connect(person, before);
        admin.text(person, pool, "hello");
        waitFor(() -> talker.get(MESSAGES).expect(200).json(), it -> it.size() == 1);
        admin.patch("/api/v1/identities/" + before, "{\"agent_handle\":\"vacant-agent\"}")
                .expect(200);
        reply(talker, "still here");
        waitFor(() -> texts(pool), it -> it.getLast().equals("still here"));

        admin.text(person, VACANT, "over here");

        JsonNode messages = waitFor(() -> talker.get(MESSAGES).expect(200).json(), it -> it.size() == 3);
        assertThat(messages.get(0).path("conversation_id"))
                .isEqualTo(messages.get(2).path("conversation_id"));
        reply(talker, "so am I");
        waitFor(() -> texts(VACANT), it -> it.getLast().equals("so am I"));
        assertThat(assignmentsOfAll()).hasSize(1);
        admin.delete("/api/v1/identities/vacant-agent").expect(204);
    }

    private static JsonNode made(Api owner, String handle) {
        Api.Answer found = owner.get("/api/v1/identities/" + handle);
        return found.status() == 200 ? found.json() : owner.identity(handle);
    }

    private void change(String body) {
        admin.patch("/api/v1/identities/own-agent", body).expect(200);
    }

    private Api.Answer write(String text) {
        return agent.post(MESSAGES, "{\"to\":\"%s\",\"text\":\"%s\"}".formatted(person, text));
    }

    private void reply(Api talker, String text) {
        talker.post(MESSAGES, "{\"to\":\"%s\",\"text\":\"%s\"}".formatted(person, text))
                .expect(201);
    }

    /// What the agent got of the person, oldest first, once there are so many.
    private List<JsonNode> heard(int count) {
        return waitFor(
                () -> agent.get(MESSAGES + "?limit=200")
                        .expect(200)
                        .json()
                        .valueStream()
                        .filter(it -> it.path("remote_number").asString().equals(person))
                        .filter(it -> it.path("direction").asString().equals("inbound"))
                        .toList()
                        .reversed(),
                it -> it.size() == count);
    }

    /// So many texts are there, for the admin alone, and nothing came of them.
    private List<JsonNode> isUnseen(int count) {
        List<JsonNode> unseen = waitFor(
                () -> admin.get(MESSAGES + "?is_blocked=true&limit=200&agent_identity_id=" + id(identity))
                        .expect(200)
                        .json()
                        .valueStream()
                        .filter(it -> it.path("remote_number").asString().equals(person))
                        .toList(),
                it -> it.size() == count);
        assertThat(heard(0)).isEmpty();
        assertThat(assignments()).isEmpty();
        assertThat(admin.bubbles(person, OWN)).allMatch(it -> it.path("mine").asBoolean());
        return unseen;
    }

    private List<JsonNode> assignments() {
        return assignments(agent);
    }

    private List<JsonNode> assignmentsOfAll() {
        return assignments(admin);
    }

    private List<JsonNode> assignments(Api api) {
        return api.get("/api/v1/imessage/assignments?limit=200")
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("remote_number").asString().equals(person))
                .toList();
    }

    private JsonNode listed(String number) {
        return admin.get(NUMBERS)
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("number").asString().equals(number))
                .findFirst()
                .orElseThrow();
    }

    private List<String> texts(String line) {
        return admin.bubbles(person, line).stream()
                .map(it -> it.path("text").asString(""))
                .toList();
    }

    private String answered(String line, String text) {
        int before = texts(line).size();
        admin.text(person, line, text);
        return waitFor(() -> texts(line), it -> it.size() == before + 2).getLast();
    }

    private void silent(String text) {
        silentOn(OWN, text);
    }

    /// Texts, and waits until the router has answered what came after it.
    private void silentOn(String line, String text) {
        int before = texts(line).size();
        admin.text(person, line, text);
        String later = server.person();
        admin.text(person, ROUTER, "list");
        admin.text(later, ROUTER, "list");
        waitFor(() -> admin.bubbles(later, ROUTER), it -> it.size() == 2);
        waitFor(
                () -> admin.bubbles(person, line).stream()
                        .allMatch(it -> !it.path("delivered_at").isNull()),
                all -> all);
        assertThat(texts(line)).as(text).hasSize(before + 1);
    }

    private static String id(JsonNode json) {
        return json.path("id").asString();
    }
}
