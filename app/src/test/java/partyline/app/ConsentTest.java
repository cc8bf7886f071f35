package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.encode;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// People who want no texts, and people who want them again.
class ConsentTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    @RegisterExtension
    static final TestServer configured = new TestServer("""
            consent:
              stop_words: [Genug jetzt]
              start_words: [Weiter]
              stopped_text: "Gut, Ruhe. Weiter? {router}"
              released_text: "Ohne {agent}."
            """);

    private static final String CONSENTS = "/api/v1/imessage/consents";

    private final Api admin = server.admin();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STOP",
                " stop. ",
                "StopAll!",
                "unsubscribe",
                "Opt-out.",
                "Stop. Thank you",
                "st\u00ADop\uD83D\uDED1"
            })
    void stop_in_an_agents_thread_ends_that_connection_alone_with_one_confirmation(String word) {
        Talk talk = Talk.begin(server);
        String other = "other-" + UUID.randomUUID();
        admin.identity(other);
        answered(talk.person(), ROUTER, "connect @" + other);
        awaitConnections(talk.person(), 2);

        String confirmation = answered(talk.person(), talk.line(), word);

        assertThat(confirmation).contains("disconnected", "connect @" + talk.handle(), ROUTER);
        awaitConnections(talk.person(), 1);
        assertThat(talk.agent().get(Talk.MESSAGES).json())
                .as("STOP is no message")
                .hasSize(1);
        assertThat(talk.reply("are you there?").expect(409).text()).contains("imessage_assignment_inactive");
        assertSilence(talk.person(), talk.line(), word);
        assertThat(answered(talk.person(), ROUTER, "connect @" + talk.handle())).contains("You are connected");
    }

    @Test
    void stop_to_the_router_ends_everything_until_start() {
        Talk talk = Talk.begin(server);
        String person = talk.person();

        assertThat(answered(person, ROUTER, "Stop")).contains("disconnected from all agents", "START", ROUTER);

        awaitConnections(person, 0);
        talk.reply("are you there?").expect(409);
        for (String command : List.of("STOP", "connect @" + talk.handle(), "help", "list", "what?")) {
            assertSilence(person, ROUTER, command);
        }
        assertSilence(person, talk.line(), "hello?");
        awaitConnections(person, 0);
        assertThat(answered(person, ROUTER, "Start.")).contains("Welcome back");
        awaitConnections(person, 0);
        assertThat(answered(person, ROUTER, "connect @" + talk.handle())).contains("You are connected");
        assertThat(answered(person, ROUTER, "start"))
                .as("no news: not understood")
                .contains("I did not understand");
    }

    @Test
    void somebody_who_never_connected_can_stop_too() {
        String person = server.person();
        String handle = "unwanted-" + UUID.randomUUID();
        admin.identity(handle);

        answered(person, ROUTER, "unsubscribe");

        assertSilence(person, ROUTER, "connect @" + handle);
        awaitConnections(person, 0);
        assertThat(answered(person, ROUTER, "unstop")).contains("Welcome back");
    }

    @Test
    void start_in_a_stopped_thread_brings_a_hint() {
        Talk talk = Talk.begin(server);
        answered(talk.person(), talk.line(), "stop");

        assertThat(answered(talk.person(), talk.line(), "start")).contains("connect @" + talk.handle(), ROUTER);
        awaitConnections(talk.person(), 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "Revoke", "END."})
    void the_words_of_sms_are_words_to_the_agent_on_imessage(String word) {
        Talk talk = Talk.begin(server);

        admin.text(talk.person(), talk.line(), word);

        waitFor(() -> talk.agent().get(Talk.MESSAGES).json(), it -> it.size() == 2);
        admin.patch("/simulator/phones/" + encode(talk.person()), "{\"service\":\"sms\"}")
                .expect(200);
        assertThat(answered(talk.person(), talk.line(), word)).contains("disconnected");
        awaitConnections(talk.person(), 0);
        assertThat(talk.agent().get(Talk.MESSAGES).json()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"stop sending pictures", "please stop", "stop by the shop at 5", "start"})
    void a_longer_text_or_a_start_is_for_the_agent(String text) {
        Talk talk = Talk.begin(server);

        admin.text(talk.person(), talk.line(), text);

        waitFor(() -> talk.agent().get(Talk.MESSAGES).json(), it -> it.size() == 2);
        awaitConnections(talk.person(), 1);
    }

    @Test
    void stop_and_start_survive_a_restart() {
        Talk talk = Talk.begin(server);
        answered(talk.person(), ROUTER, "stop");

        server.restart();

        Api again = server.admin();
        int before = again.bubbles(talk.person(), ROUTER).size();
        again.text(talk.person(), ROUTER, "connect @" + talk.handle());
        again.text(talk.person(), ROUTER, "start");
        waitFor(() -> again.bubbles(talk.person(), ROUTER), it -> it.size() == before + 3);
    }

    @Test
    void admins_see_who_said_what_and_no_tenant_sees_another() {
        Talk talk = Talk.begin(server);
        String person = talk.person();
        String foreign = "foreign-" + UUID.randomUUID();
        server.stranger().identity(foreign);
        answered(person, ROUTER, "connect @" + foreign);
        awaitConnections(person, 2);
        answered(person, talk.line(), "Stop!");
        answered(person, ROUTER, "STOPALL");
        answered(person, ROUTER, "Unstop");

        List<JsonNode> mine = changes(server.admin(), person);
        List<JsonNode> theirs = changes(server.stranger(), person);

        assertThat(mine.getFirst().propertyNames())
                .containsExactly("id", "remote_number", "agent_identity_id", "change", "words", "where", "created_at");
        assertThat(mine.stream().map(ConsentTest::told))
                .containsExactly(
                        "started Unstop router null",
                        "stopped STOPALL router null",
                        "stopped Stop! conversation "
                                + talk.identity().path("id").asString());
        assertThat(theirs.stream().map(ConsentTest::told))
                .containsExactly("started Unstop router null", "stopped STOPALL router null");
        assertThat(mine.stream().map(it -> it.path("id")))
                .doesNotContainAnyElementsOf(
                        theirs.stream().map(it -> it.path("id")).toList());
        assertThat(admin.get(CONSENTS + "?limit=1&offset=1").expect(200).json().get(0))
                .isEqualTo(mine.get(1));
        talk.agent().get(CONSENTS).expect(403);
        admin.get(CONSENTS + "?limit=0").expect(422);
    }

    @Test
    void words_and_answers_are_configuration() {
        Talk talk = Talk.begin(configured);
        Api operator = configured.admin();

        operator.text(talk.person(), talk.line(), "stop");
        waitFor(() -> talk.agent().get(Talk.MESSAGES).json(), it -> it.size() == 2);

        assertThat(answered(operator, talk.person(), talk.line(), "genug  jetzt"))
                .isEqualTo("Ohne @" + talk.handle() + ".");
        assertThat(answered(operator, talk.person(), ROUTER, "GENUG JETZT!")).isEqualTo("Gut, Ruhe. Weiter? " + ROUTER);
        assertThat(answered(operator, talk.person(), ROUTER, "weiter")).contains("Welcome back");
    }

    private String answered(String person, String line, String text) {
        return answered(admin, person, line, text);
    }

    /// Texts a line and returns the text of its next answer.
    private static String answered(Api api, String person, String line, String text) {
        int before = heard(api, person, line).size();
        api.text(person, line, text);
        return waitFor(() -> heard(api, person, line), heard -> heard.size() > before)
                .get(before);
    }

    private static List<String> heard(Api api, String person, String line) {
        return api.bubbles(person, line).stream()
                .filter(it ->
                        !it.path("mine").asBoolean() && it.path("contact_card").isNull())
                .map(it -> it.path("text").asString())
                .toList();
    }

    /// Texts a line, and waits until another person's text, which came after it, is answered.
    private void assertSilence(String person, String line, String text) {
        int before = heard(admin, person, line).size();
        String id = admin.text(person, line, text);
        waitFor(
                () -> admin.bubbles(person, line).stream()
                        .filter(it -> it.path("id").asString().equals(id))
                        .anyMatch(it -> !it.path("delivered_at").isNull()),
                arrived -> arrived);
        answered(server.person(), ROUTER, "help");
        assertThat(heard(admin, person, line)).as(text).hasSize(before);
    }

    private void awaitConnections(String person, int wanted) {
        waitFor(
                () -> Stream.of(server.admin(), server.stranger())
                        .flatMap(api -> api.get("/api/v1/imessage/assignments?limit=200")
                                .expect(200)
                                .json()
                                .valueStream())
                        .filter(it -> it.path("remote_number").asString().equals(person))
                        .count(),
                count -> count == wanted);
    }

    private static List<JsonNode> changes(Api api, String person) {
        return api.get(CONSENTS + "?limit=200")
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("remote_number").asString().equals(person))
                .toList();
    }

    private static String told(JsonNode change) {
        return Stream.of("change", "words", "where", "agent_identity_id")
                .map(key ->
                        change.path(key).isNull() ? "null" : change.path(key).asString())
                .reduce((all, next) -> all + " " + next)
                .orElseThrow();
    }
}
