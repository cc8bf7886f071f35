package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.transport.InboundEvent.TextReceived;
import tools.jackson.databind.JsonNode;

/// What comes from somebody who is blocked but still connected.
class UnseenMailTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int MOST = 100;
    private static final LineTap TAP = new LineTap();
    private static final ShiftedClock CLOCK = new ShiftedClock();

    @RegisterExtension
    static final TestServer server = new TestServer("", CLOCK, TAP::around);

    private final Talk talk = Talk.begin(server);

    @BeforeEach
    void block() {
        block(talk.handle(), talk.person());
    }

    @AfterEach
    void right() {
        CLOCK.right();
    }

    @Test
    void it_moves_nothing_of_the_conversation_that_the_agent_sees() {
        JsonNode before = conversation();

        write("let me in");

        assertThat(conversation()).isEqualTo(before);
    }

    @Test
    void a_conversation_begins_for_the_agent_with_the_first_text_that_it_sees() {
        JsonNode identity = server.admin().identity("agent-" + UUID.randomUUID());
        String handle = identity.path("agent_handle").asString();
        String person = server.person();
        String line = server.admin().connect(person, handle);
        String rule = block(handle, person);
        TextReceived hidden = TAP.text(server.admin().text(person, line, "hidden"));
        String all = MESSAGES + "?agent_identity_id=" + identity.path("id").asString();
        waitFor(PATIENCE, () -> server.admin().get(all).json().size(), it -> it == 1);
        server.admin().delete(rules(handle) + "/" + rule).expect(204);

        again(hidden, "seen");

        Api agent = server.admin().scoped(identity);
        JsonNode conversation =
                agent.get("/api/v1/imessage/conversations").expect(200).json().get(0);
        JsonNode seen = agent.get(MESSAGES).expect(200).json().get(0);
        assertThat(seen.path("content").asString()).isEqualTo("seen");
        assertThat(conversation.path("created_at")).isEqualTo(seen.path("created_at"));
    }

    @Test
    void a_bounded_number_of_texts_a_day_is_kept() {
        TextReceived first = write("let me in");
        for (int text = 1; text < MOST; text++) {
            again(first, "let me in " + text);
        }
        again(first, "one too many");
        assertThat(kept()).hasSize(MOST).noneMatch(it -> says(it, "one too many"));

        CLOCK.jump(Duration.ofHours(25));
        again(first, "the next day");
        assertThat(kept()).hasSize(MOST + 1).anyMatch(it -> says(it, "the next day"));
    }

    /// Returns the id of the rule.
    private static String block(String handle, String person) {
        return server.admin()
                .post(rules(handle), "{\"match_target\":\"%s\",\"action\":\"block\"}".formatted(person))
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    private static String rules(String handle) {
        return "/api/v1/imessage/identities/" + handle + "/contact-rules";
    }

    /// The person writes, and an admin sees it.
    private TextReceived write(String words) {
        String id = talk.admin().text(talk.person(), talk.line(), words);
        waitFor(PATIENCE, () -> kept().path(0).path("content").asString(""), words::equals);
        return TAP.text(id);
    }

    private static void again(TextReceived text, String words) {
        TAP.bring(new TextReceived(
                text.line(),
                text.from(),
                text.at(),
                UUID.randomUUID().toString(),
                words,
                null,
                null,
                text.service(),
                null));
    }

    private static boolean says(JsonNode message, String words) {
        return message.path("content").asString().equals(words);
    }

    private JsonNode kept() {
        return talk.admin()
                .get(MESSAGES + "?is_blocked=true&limit=200&conversation_id=" + talk.conversation())
                .expect(200)
                .json();
    }

    private JsonNode conversation() {
        return talk.agent()
                .get("/api/v1/imessage/conversations/" + talk.conversation())
                .expect(200)
                .json();
    }
}
