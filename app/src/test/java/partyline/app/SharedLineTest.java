package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// A server with a single line, which is router and pool at once, and people with several agents on it.
class SharedLineTest {

    private static final String LINE = "+12025550100";

    @RegisterExtension
    static final TestServer server = new TestServer("""
            lines:
              - {id: only, number: "+12025550100"}
            media: {wait_seconds: 1}
            """);

    private final Api admin = server.admin();
    private final String person = server.person();

    /// An agent of this person's.
    private record Agent(Api api, String handle) {

        List<JsonNode> messages() {
            JsonNode list = api.get(Talk.MESSAGES).expect(200).json();
            return StreamSupport.stream(list.spliterator(), false).toList().reversed();
        }

        /// The newest inbound text, once there are so many messages.
        String heard(int count) {
            return waitFor(this::messages, it -> it.size() == count)
                    .getLast()
                    .path("content")
                    .asString();
        }

        void says(String text) {
            String conversation = messages().getLast().path("conversation_id").asString();
            api.post(Talk.MESSAGES, "{\"conversation_id\":\"%s\",\"text\":\"%s\"}".formatted(conversation, text))
                    .expect(201);
        }
    }

    @Test
    void one_line_is_router_and_pool_and_a_single_agent_needs_no_name() {
        Agent agent = connected("only");

        text("hello there");

        assertThat(agent.heard(1)).isEqualTo("hello there");
        agent.says("hello yourself");
        shows("hello yourself");
        assertThat(admin.phone(person).path("threads")).hasSize(1);
        text("what is this?");
        assertThat(agent.heard(3)).isEqualTo("what is this?");
    }

    @Test
    void agents_on_one_line_are_told_apart_and_an_address_counts_once() {
        Agent first = connected("first");
        text("to the first");
        assertThat(first.heard(1)).isEqualTo("to the first");
        Agent second = connected("second");

        text("to the newest");
        assertThat(second.heard(1)).isEqualTo("to the newest");
        text("@%s just this".formatted(first.handle()));
        assertThat(first.heard(2)).isEqualTo("just this");
        text("and on");
        assertThat(second.heard(2)).isEqualTo("and on");
        text("Hey @%s here?".formatted(first.handle()));
        assertThat(second.heard(3)).isEqualTo("Hey @%s here?".formatted(first.handle()));

        first.says("from the first");
        second.says("from the second");
        shows(first.handle() + ": from the first");
        shows(second.handle() + ": from the second");
        assertThat(first.messages().getLast().path("content").asString()).isEqualTo("from the first");
    }

    @Test
    void a_name_is_read_in_what_phones_make_of_it() {
        Agent first = connected("meant");
        Agent second = connected("focus");

        text("\u2068\uFF20%s\u2069\u00A0my password is x".formatted(first.handle()));
        assertThat(first.heard(1)).isEqualTo("my password is x");
        text("\u201C@%s and again\u201D".formatted(first.handle()));
        assertThat(first.heard(2)).isEqualTo("and again");
        text("@%s?".formatted(first.handle()));
        assertThat(first.heard(3)).isEqualTo("@%s?".formatted(first.handle()));
        assertThat(second.messages()).isEmpty();
    }

    @Test
    void a_file_with_nothing_but_a_name_goes_to_that_agent() {
        Agent first = connected("file");
        Agent second = connected("words");

        admin.post(
                        "/simulator/messages",
                        "{\"from\":\"%s\",\"to\":\"%s\",\"text\":\"@%s\",\"media_url\":\"http://127.0.0.1:9/x.png\"}"
                                .formatted(person, LINE, first.handle()))
                .expect(201);

        JsonNode message = waitFor(first::messages, it -> it.size() == 1).getFirst();
        assertThat(message.path("content").isNull()).isTrue();
        assertThat(message.path("media_error").isObject()).isTrue();
        assertThat(second.messages()).isEmpty();
    }

    @Test
    void what_begins_with_a_name_of_nobody_here_is_asked_about_and_given_to_nobody() {
        Agent first = connected("near");
        Agent second = connected("focus");

        text("@nobody-here my password is x");
        shows(
                "Nobody got that: you have no agent @nobody-here here. You have @%s, @%s. Please send it again, with one of these names at its beginning, or with no name for the one you talk with now."
                        .formatted(first.handle(), second.handle()));
        text("@h\u00E9lper my password is x");
        waitFor(this::texts, it -> it.getLast().contains("you have no agent of that name here"));
        text("\u00BFqu\u00E9 tal?");

        assertThat(second.heard(1)).isEqualTo("\u00BFqu\u00E9 tal?");
        assertThat(first.messages()).isEmpty();
    }

    @Test
    void switch_moves_the_talk_and_connecting_again_does_too() {
        Agent first = connected("left");
        Agent second = connected("right");

        text("switch @" + first.handle());
        shows("You talk with %s (@%s) now.".formatted(first.handle(), first.handle()));
        text("hello left");
        assertThat(first.heard(1)).isEqualTo("hello left");
        text("connect @" + second.handle());
        waitFor(this::texts, it -> it.getLast().startsWith("You are connected with " + second.handle()));
        text("hello right");
        assertThat(second.heard(1)).isEqualTo("hello right");
        text("switch @unknown-agent");
        shows("You are not connected with @unknown-agent. Text \"list\" to see your agents.");
    }

    @Test
    void tapbacks_and_read_receipts_follow_their_message() {
        Agent first = connected("one");
        text("hello one");
        first.heard(1);
        Agent second = connected("two");
        text("hello two");
        second.heard(1);
        first.says("react to me");
        JsonNode bubble = bubble(first.handle() + ": react to me");

        admin.post(
                        "/simulator/tapbacks",
                        "{\"from\":\"%s\",\"message_id\":\"%s\",\"reaction\":\"love\"}"
                                .formatted(person, bubble.path("id").asString()))
                .expect(204);

        waitFor(() -> first.messages().getLast().path("reactions"), it -> it.size() == 1);
        assertThat(second.messages().getLast().path("reactions").isNull()).isTrue();
    }

    @Test
    void the_name_goes_when_the_other_agent_does() {
        Agent first = connected("stays");
        text("hello");
        first.heard(1);
        Agent second = connected("leaves");
        text("disconnect @" + second.handle());
        waitFor(this::texts, it -> it.getLast().startsWith("You are disconnected from " + second.handle()));

        text("still there?");
        assertThat(first.heard(2)).isEqualTo("still there?");
        first.says("yes");

        shows("yes");
    }

    @Test
    void stop_ends_everything_on_the_line() {
        connected("red");
        connected("blue");

        text("STOP");

        waitFor(
                () -> admin.get("/api/v1/imessage/assignments?limit=200")
                        .expect(200)
                        .json()
                        .valueStream()
                        .filter(it -> it.path("remote_number").asString().equals(person))
                        .toList(),
                List::isEmpty);
    }

    @Test
    void who_has_no_agent_is_told_the_commands() {
        text("hello?");

        waitFor(this::texts, it -> it.size() == 2);
        assertThat(texts().getLast()).contains("connect @agent");
    }

    private Agent connected(String name) {
        String handle = name + "-" + UUID.randomUUID().toString().substring(0, 8);
        JsonNode identity = admin.identity(handle);
        text("connect @" + handle);
        waitFor(
                this::texts,
                it -> it.getLast().startsWith("You are connected with %s (@%s)".formatted(handle, handle)));
        return new Agent(admin.scoped(identity), handle);
    }

    private void text(String text) {
        admin.text(person, LINE, text);
    }

    private List<String> texts() {
        return admin.bubbles(person, LINE).stream()
                .map(it -> it.path("text").asString(""))
                .toList();
    }

    private void shows(String text) {
        waitFor(this::texts, it -> it.contains(text));
    }

    private JsonNode bubble(String text) {
        return waitFor(
                        () -> admin.bubbles(person, LINE).stream()
                                .filter(it -> it.path("text").asString("").equals(text))
                                .toList(),
                        it -> it.size() == 1)
                .getFirst();
    }
}
