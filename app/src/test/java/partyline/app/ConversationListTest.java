package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Lists of conversations as an admin works with them, and what tells admins whose something is and who sent it.
class ConversationListTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ROOT = "/api/v1/imessage";
    private static final String LIST = ROOT + "/conversations";
    private static final String WHOSE = "agent_identity_id";

    private final Talk talk = Talk.begin(server);

    @Test
    void an_admin_is_told_whose_conversations_and_messages_are_and_an_agent_is_not() {
        String own = talk.identity().path("id").asString();
        for (String path : List.of(
                LIST + "/" + talk.conversation(),
                LIST + "?agent_identity_id=" + own,
                Talk.MESSAGES + "/" + talk.first(),
                Talk.MESSAGES + "?conversation_id=" + talk.conversation(),
                Talk.MESSAGES + "?q=hello&conversation_id=" + talk.conversation())) {
            JsonNode admins = found(talk.admin(), path);
            JsonNode agents = found(talk.agent(), path);

            assertThat(admins.path(WHOSE).asString()).as(path).isEqualTo(own);
            assertThat(agents.has(WHOSE)).as(path).isFalse();
        }
    }

    @Test
    void a_list_is_narrowed_to_a_person_of_the_own_organization() {
        Talk other = Talk.begin(server);
        Talk foreign = Talk.begin(server, server.stranger());
        String asked = LIST + "?remote_number=" + Api.encode(talk.person());

        assertThat(ids(talk.admin(), asked)).containsExactly(talk.conversation());
        assertThat(ids(talk.agent(), asked)).containsExactly(talk.conversation());
        assertThat(ids(other.agent(), asked)).isEmpty();
        assertThat(ids(server.stranger(), asked)).isEmpty();
        assertThat(ids(talk.admin(), LIST + "?remote_number=" + Api.encode(foreign.person())))
                .isEmpty();
        assertThat(talk.admin().get(LIST + "?remote_number=5").expect(422).text())
                .contains("remote_number");
    }

    @Test
    void those_with_unread_messages_and_those_without_are_told_apart() {
        String unread = LIST + "?limit=200&unread=true";
        String read = LIST + "?limit=200&unread=false";
        assertThat(ids(talk.admin(), unread)).contains(talk.conversation());
        assertThat(ids(talk.agent(), read)).isEmpty();

        talk.agent()
                .post(ROOT + "/mark-read", "{\"conversation_id\":\"%s\"}".formatted(talk.conversation()))
                .expect(200);

        assertThat(ids(talk.admin(), unread)).doesNotContain(talk.conversation());
        assertThat(ids(talk.agent(), read)).containsExactly(talk.conversation());
    }

    @Test
    void pages_walked_by_cursor_give_each_conversation_once_the_liveliest_first() {
        List<String> begun = new ArrayList<>(List.of(talk.conversation()));
        for (int at = 0; at < 4; at++) {
            begun.addFirst(somebodyElse());
        }
        String narrowed = "&agent_identity_id=" + talk.identity().path("id").asString();

        assertThat(walked(talk.agent(), LIST + "?limit=2")).isEqualTo(begun);
        assertThat(walked(talk.admin(), LIST + "?limit=2" + narrowed)).isEqualTo(begun);
        assertThat(walked(talk.admin(), LIST + "?limit=1&is_blocked=false" + narrowed))
                .isEqualTo(begun);
        assertThat(walked(talk.admin(), LIST + "?limit=2"))
                .containsSubsequence(begun)
                .doesNotHaveDuplicates();
    }

    @Test
    void what_becomes_lively_while_somebody_walks_is_at_the_top_and_moves_nothing_else() {
        String second = somebodyElse();
        String third = somebodyElse();
        Api.Answer page = talk.agent().get(LIST + "?limit=1").expect(200);
        assertThat(page.json().path(0).path("id").asString()).isEqualTo(third);

        talk.delivered("lively again");

        assertThat(walked(talk.agent(), page.next().orElseThrow())).containsExactly(second);
        assertThat(ids(talk.agent(), LIST)).containsExactly(talk.conversation(), third, second);
    }

    @Test
    void what_an_admin_sends_for_an_agent_says_so_in_answers_lists_and_events() {
        String body = "{\"conversation_id\":\"%s\",\"text\":\"a human here\"}".formatted(talk.conversation());
        JsonNode answer =
                talk.admin().post(Talk.MESSAGES, body).expect(201).json().path("message");
        String sent = answer.path("id").asString();
        waitFor(() -> talk.message(sent).path("status").asString(), "delivered"::equals);
        String own = talk.delivered("a machine here");

        assertThat(answer.path("sent_by").asString()).isEqualTo("admin");
        assertThat(talk.message(sent).path("sent_by").asString()).isEqualTo("admin");
        assertThat(talk.message(own).has("sent_by")).isFalse();
        List<JsonNode> told = waitFor(this::told, it -> it.size() == 2);
        assertThat(told.get(0).path("sent_by").asString()).isEqualTo("admin");
        assertThat(told.get(1).has("sent_by")).isFalse();
        assertThat(told).noneMatch(it -> it.has(WHOSE));
    }

    /// The messages of the events that tell of deliveries.
    private List<JsonNode> told() {
        return talk.agent()
                .get(ROOT + "/events?after=0&types=imessage.delivered", "application/json")
                .expect(200)
                .json()
                .path("events")
                .valueStream()
                .map(event -> event.path("data").path("message"))
                .toList();
    }

    /// Another person writes to the agent; returns their conversation.
    private String somebodyElse() {
        String person = server.person();
        String line = talk.admin().connect(person, talk.handle());
        talk.admin().text(person, line, "hello");
        return waitFor(
                        () -> ids(talk.agent(), LIST + "?remote_number=" + Api.encode(person)),
                        found -> !found.isEmpty())
                .getFirst();
    }

    private static JsonNode found(Api api, String path) {
        JsonNode json =
                waitFor(() -> api.get(path), answer -> answer.status() == 200).json();
        return json.isArray() ? json.path(0) : json;
    }

    private static List<String> walked(Api api, String first) {
        List<String> ids = new ArrayList<>();
        for (Optional<String> next = Optional.of(first); next.isPresent(); ) {
            Api.Answer page = api.get(next.get()).expect(200);
            page.json().forEach(it -> ids.add(it.path("id").asString()));
            next = page.next();
        }
        return ids;
    }

    private static List<String> ids(Api api, String path) {
        return api.get(path)
                .expect(200)
                .json()
                .valueStream()
                .map(it -> it.path("id").asString())
                .toList();
    }
}
