package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.util.List;
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
}
