package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Connecting, as a person with a phone meets it.
class ConnectTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private final Api admin = server.admin();
    private final String person = server.person();

    @Test
    void connecting_brings_a_confirmation_a_card_and_a_first_text_from_a_line_of_the_agents_own() {
        admin.post("/api/v1/identities", """
                        {"agent_handle": "concierge", "display_name": "Ada", "description": "Books tables.",
                         "imessage_enabled": true}
                        """).expect(201);

        String line = admin.connect(person, "concierge");

        List<JsonNode> router = waitFor(() -> admin.bubbles(person, ROUTER), bubbles -> bubbles.size() == 3);
        assertThat(router.get(1).path("text").asString()).contains("connected with Ada (@concierge)");
        String card = router.get(2).path("contact_card").asString();
        assertThat(card).contains("VERSION:3.0", "FN:Ada", line, "Books tables.", "Automated agent");
        JsonNode first = admin.bubbles(person, line).getFirst();
        assertThat(first.path("text").asString()).contains("Ada", "automated agent", "disconnect @concierge", ROUTER);
        assertThat(admin.get("/api/v1/imessage/messages")
                        .json()
                        .valueStream()
                        .map(it -> it.path("remote_number").asString()))
                .as("the router's word is no message of the conversation")
                .doesNotContain(person);
    }

    @Test
    void commands_are_read_as_people_type_them() {
        admin.identity("typed-agent");

        assertThat(answer("  Connect   typed-agent. ")).contains("You are connected");
        assertThat(answer("CONNECT @Typed-Agent!")).contains("already connected");
        assertThat(answer("List")).contains("@typed-agent");
        assertThat(answer("disconnect@typed-agent")).contains("disconnected from");
        assertThat(answer("disconnect @typed-agent")).contains("not connected with @typed-agent");
        assertThat(answer("list?")).contains("not connected with any agent");
        assertThat(answer("help")).contains("connect @agent", "disconnect @agent", "replace @old @new", "list");
        assertThat(answer("what is this")).contains("connect @agent", "disconnect @agent", "replace @old @new", "list");
    }

    @Test
    void an_unknown_handle_a_switched_off_agent_and_a_closed_one_answer_alike() {
        admin.post("/api/v1/identities", "{\"agent_handle\": \"sleeping-agent\"}")
                .expect(201);
        admin.identity("private-agent");
        admin.patch("/api/v1/identities/private-agent", "{\"imessage_filter_mode\": \"whitelist\"}")
                .expect(200);

        Set<String> answers = Stream.of("unknown-agent", "sleeping-agent", "private-agent")
                .map(handle -> answer("connect @" + handle).replace(handle, "…"))
                .collect(Collectors.toSet());

        assertThat(answers).hasSize(1);
        assertThat(admin.get("/api/v1/imessage/assignments")
                        .json()
                        .valueStream()
                        .map(it -> it.path("remote_number").asString()))
                .doesNotContain(person);
    }

    @Test
    void when_every_line_is_taken_the_router_names_the_two_ways_out_and_both_work() {
        for (int agent = 1; agent <= 6; agent++) {
            admin.identity("crowd-" + agent);
        }
        for (int agent = 1; agent <= 5; agent++) {
            answer("connect @crowd-" + agent);
        }
        waitFor(this::agentLines, lines -> lines.size() == 5);

        assertThat(answer("connect @crowd-6")).contains("disconnect @crowd-1", "replace @crowd-1 @crowd-6");
        assertThat(answer("replace @crowd-1 @crowd-6")).contains("You are connected with crowd-6");
        assertThat(answer("list")).contains("@crowd-6").doesNotContain("@crowd-1,");
        assertThat(answer("disconnect @crowd-2")).contains("disconnected");
        assertThat(answer("connect @crowd-1")).contains("You are connected");
    }

    @Test
    void a_pair_gets_its_old_line_back() {
        admin.identity("faithful-agent");
        String line = admin.connect(person, "faithful-agent");
        answer("disconnect @faithful-agent");

        answer("connect @faithful-agent");

        assertThat(agentLines()).containsExactly(line);
    }

    @Test
    void replacing_takes_another_line_while_one_is_free() {
        admin.identity("old-agent");
        admin.identity("new-agent");
        admin.connect(person, "old-agent");

        answer("replace @old-agent with @new-agent");

        waitFor(this::agentLines, lines -> lines.size() == 2);
    }

    @Test
    void a_text_where_no_conversation_is_any_more_is_not_kept_and_brings_one_hint() {
        JsonNode identity = admin.identity("former-agent");
        String line = admin.connect(person, "former-agent");
        answer("disconnect @former-agent");
        int shown = admin.bubbles(person, line).size();

        admin.text(person, line, "are you there?");
        admin.text(person, line, "hello?");

        List<JsonNode> bubbles = waitFor(() -> admin.bubbles(person, line), it -> it.size() == shown + 3);
        assertThat(bubbles.stream().filter(it -> it.path("text").asString().contains("nobody read that")))
                .hasSize(1);
        String own = "/api/v1/imessage/messages?agent_identity_id="
                + identity.path("id").asString();
        assertThat(admin.get(own).json()).isEmpty();
    }

    @Test
    void after_thirty_answers_in_an_hour_nobody_connects_but_everybody_may_leave() {
        admin.identity("early-agent");
        admin.identity("late-agent");
        admin.connect(person, "early-agent");
        waitFor(() -> admin.bubbles(person, ROUTER), bubbles -> bubbles.size() == 3);
        for (int at = 1; at < 30; at++) {
            admin.text(person, ROUTER, "help");
        }
        waitFor(() -> admin.bubbles(person, ROUTER), bubbles -> bubbles.size() == 3 + 2 * 29);

        admin.text(person, ROUTER, "connect @late-agent");
        admin.text(person, ROUTER, "disconnect @early-agent");

        waitFor(this::agents, List::isEmpty);
        assertThat(admin.bubbles(person, ROUTER)).hasSize(3 + 2 * 29 + 2);
    }

    @Test
    void after_ten_unknown_names_in_an_hour_a_known_one_is_not_told_from_them() {
        admin.identity("hidden-agent");
        for (int at = 0; at < 10; at++) {
            assertThat(answer("connect @guess-" + at)).contains("There is no agent");
        }

        assertThat(answer("connect @hidden-agent")).contains("many names that I do not know");
        assertThat(answer("replace @nobody-here @hidden-agent")).contains("many names that I do not know");

        assertThat(agents()).isEmpty();
        assertThat(answer("list")).contains("not connected with any agent");
    }

    @Test
    void who_is_blocked_while_connected_learns_it_neither_by_connecting_again_nor_from_a_hint() {
        admin.identity("open-agent");
        admin.identity("closed-agent");
        String open = admin.connect(person, "open-agent");
        String closed = admin.connect(person, "closed-agent");
        admin.post(
                        "/api/v1/imessage/identities/closed-agent/contact-rules",
                        "{\"action\":\"block\",\"match_target\":\"%s\"}".formatted(person))
                .expect(201);

        assertThat(answer("connect @closed-agent").replace("closed", "open"))
                .isEqualTo(answer("connect @open-agent"))
                .contains("already connected");
        answer("disconnect @open-agent");
        answer("disconnect @closed-agent");
        admin.text(person, closed, "are you there?");
        List<JsonNode> hinted = waitFor(
                () -> admin.bubbles(person, closed),
                it -> it.getLast().path("text").asString().contains("nobody read that"));

        assertThat(hinted.getLast().path("text").asString()).contains("@closed-agent");
        assertThat(open).isNotEqualTo(closed);
    }

    private List<JsonNode> agents() {
        return admin.get("/api/v1/imessage/assignments?limit=200")
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("remote_number").asString().equals(person))
                .toList();
    }

    /// Texts the router and returns the text of its next answer.
    private String answer(String command) {
        long before = heard();
        admin.text(person, ROUTER, command);
        waitFor(this::heard, heard -> heard > before);
        return admin.bubbles(person, ROUTER).stream()
                .filter(bubble -> !bubble.path("mine").asBoolean()
                        && bubble.path("contact_card").isNull())
                .map(bubble -> bubble.path("text").asString())
                .reduce((_, last) -> last)
                .orElseThrow();
    }

    private long heard() {
        return admin.bubbles(person, ROUTER).stream()
                .filter(bubble -> !bubble.path("mine").asBoolean()
                        && bubble.path("contact_card").isNull())
                .count();
    }

    private Set<String> agentLines() {
        return admin.phone(person)
                .path("threads")
                .valueStream()
                .map(thread -> thread.path("line").asString())
                .filter(line -> !line.equals(ROUTER))
                .collect(Collectors.toSet());
    }
}
