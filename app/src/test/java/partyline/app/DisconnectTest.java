package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// An admin ends a connection over the API.
class DisconnectTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    @RegisterExtension
    static final TestServer telling = new TestServer("router: {tell_disconnected: true}");

    private static final String ASSIGNMENTS = "/api/v1/imessage/assignments";

    @Test
    void it_ends_as_if_the_person_had_left_and_they_may_come_back() {
        Talk talk = Talk.begin(server);
        String assignment = assignment(talk);

        talk.admin().delete(assignment).expect(204);

        assertThat(talk.agent().get(ASSIGNMENTS).expect(200).json()).isEmpty();
        assertThat(talk.agent()
                        .get("/api/v1/imessage/conversations/" + talk.conversation())
                        .expect(200)
                        .json()
                        .path("assignment_status")
                        .asString())
                .isEqualTo("released");
        JsonNode told = released(talk).path("data").path("assignment");
        assertThat(assignment).endsWith(told.path("id").asString());
        assertThat(told.path("status").asString()).isEqualTo("released");
        assertThat(talk.reply("still there?").expect(409).text()).contains("imessage_assignment_inactive");
        talk.admin().text(talk.person(), talk.line(), "hello?");
        talk.bubble(
                "You are not connected with @%s any more, so nobody read that. Text \"connect @%s\" to %s to talk again."
                        .formatted(talk.handle(), talk.handle(), ROUTER));
        assertThat(talk.agent().get(Talk.MESSAGES).json())
                .as("it went to nobody")
                .hasSize(1);
        talk.admin().text(talk.person(), ROUTER, "connect @" + talk.handle());
        waitFor(() -> talk.agent().get(ASSIGNMENTS).json(), it -> it.size() == 1);
        assertThat(assignment(talk)).isNotEqualTo(assignment);
        talk.delivered("welcome back");
    }

    @Test
    void what_is_released_unknown_or_another_organizations_is_not_found_and_nothing_changes() {
        Talk talk = Talk.begin(server);
        String assignment = assignment(talk);
        String unknown = ASSIGNMENTS + "/" + UUID.randomUUID();

        String answer = server.stranger().delete(unknown).expect(404).text();

        assertThat(answer).contains("assignment_not_found");
        assertThat(server.stranger().delete(assignment).expect(404).text()).isEqualTo(answer);
        for (String path : List.of(assignment, unknown)) {
            assertThat(talk.agent().delete(path).expect(403).text())
                    .as("an agent's key is refused before anything is looked for")
                    .contains("admin_key_required");
        }
        talk.delivered("we still talk");
        talk.admin().delete(assignment).expect(204);
        assertThat(talk.admin().delete(assignment).expect(404).text()).isEqualTo(answer);
        assertThat(talk.admin().delete(ASSIGNMENTS + "/me").expect(422).text()).contains("assignment_id");
    }

    @Test
    void by_default_the_person_is_told_nothing() {
        Talk talk = Talk.begin(server);
        int before = talk.admin().bubbles(talk.person(), ROUTER).size();

        talk.admin().delete(assignment(talk)).expect(204);

        assertThat(afterList(talk).subList(before, before + 2))
                .as("their own words and the answer to them")
                .containsExactly("list", "You are not connected with any agent. Text \"connect @agent\" to start.");
        assertThat(talk.bubbles()).hasSize(2);
    }

    @Test
    void where_the_operator_wants_it_the_router_says_one_sentence() {
        Talk talk = Talk.begin(telling);
        String sentence = "%s (@%s) has ended your conversation: text \"connect @%s\" to talk again; nothing is lost."
                .formatted(talk.handle(), talk.handle(), talk.handle());

        talk.admin().delete(assignment(talk)).expect(204);

        waitFor(() -> texts(talk), it -> it.contains(sentence));
        assertThat(afterList(talk)).containsOnlyOnce(sentence);
        assertThat(talk.bubbles()).as("nothing in the agent's thread").hasSize(2);
    }

    private static String assignment(Talk talk) {
        return ASSIGNMENTS + "/"
                + talk.agent()
                        .get(ASSIGNMENTS)
                        .expect(200)
                        .json()
                        .get(0)
                        .path("id")
                        .asString();
    }

    private static JsonNode released(Talk talk) {
        return waitFor(
                        () -> talk.agent()
                                .get("/api/v1/imessage/events?after=0&types=connection.released", "application/json")
                                .expect(200)
                                .json()
                                .path("events"),
                        it -> it.size() == 1)
                .get(0);
    }

    /// What the router's thread shows once it answered `list`.
    private static List<String> afterList(Talk talk) {
        talk.admin().text(talk.person(), ROUTER, "list");
        return waitFor(() -> texts(talk), it -> it.getLast().startsWith("You are not connected"));
    }

    private static List<String> texts(Talk talk) {
        return talk.admin().bubbles(talk.person(), ROUTER).stream()
                .map(it -> it.path("text").asString(""))
                .toList();
    }
}
