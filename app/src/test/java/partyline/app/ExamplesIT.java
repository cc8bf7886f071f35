package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The example agents, run as `examples/README.md` says, beside the packaged jar.
@Tag("needs-tools")
class ExamplesIT {

    private static final String SAM = "+12025550140";
    private static final String ANN = "+12025550141";

    @TempDir
    Path folder;

    private Jar jar;
    private Api admin;

    @BeforeEach
    void start() {
        start(Map.of(), "0");
    }

    @AfterEach
    void stop() {
        jar.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo.py", "Echo.java"})
    void an_agent_on_a_webhook_answers_who_connects_with_it(String file) {
        try (Program agent = Example.of(file).start(settings("my-echo"))) {
            agent.awaitOutput(printed -> printed.contains("@my-echo listens on"));
            String line = admin.connect(SAM, "my-echo");
            admin.text(SAM, line, "marco");
            admin.text(SAM, line, "\"polo\"\n👋");

            awaitSaid(agent, line, "You said: \"polo\"\n👋");
            assertThat(said(SAM, line)).containsOnlyOnce("You said: marco", "You said: \"polo\"\n👋");
            agent.awaitOutput(printed -> printed.contains("replied to " + SAM));
            assertThat(agent.output()).doesNotContain("no reply", "Exception", "Traceback");
        }
    }

    @Test
    void the_echo_agent_reads_types_reacts_and_says_why_it_was_silent() {
        jar.close();
        String port = Example.freePort();
        start(Map.of("PARTYLINE_LIMITS_SENDS_PER_24H", "1"), port);
        try (Program agent = Example.of("echo.py").start(settings("my-echo"))) {
            agent.awaitOutput(printed -> printed.contains("@my-echo listens on"));
            String line = admin.connect(SAM, "my-echo");
            admin.text(SAM, line, "marco");
            awaitSaid(agent, line, "You said: marco");
            assertThat(bubble(line, "marco").path("read_at").isNull()).isFalse();

            admin.text(SAM, line, "polo");
            awaitTapback(agent, line, "polo", "eyes");
            assertThat(typing(line)).isTrue();
            agent.awaitOutput(printed -> printed.contains("no reply to " + SAM + ": The server answered 429"));

            jar.close();
            start(Map.of(), port);
            admin.text(SAM, line, "again");
            awaitSaid(agent, line, """
                    I was quiet for a while: I had used up the messages that I may send in 24 hours.
                    You said: again""");
            admin.text(SAM, line, "Thanks!");
            awaitTapback(agent, line, "Thanks!", "love");
            admin.text(SAM, line, "more");
            awaitSaid(agent, line, "You said: more");
            assertThat(said(SAM, line)).doesNotContain("You said: Thanks!");
        }
    }

    @Test
    void the_demo_agent_reads_reacts_and_says_when_it_may_say_no_more() {
        jar.close();
        start(Map.of("PARTYLINE_LIMITS_SENDS_PER_24H", "2"), "0", "--demo");
        String line = admin.connect(SAM, "echo");
        admin.text(SAM, line, "Thanks!");
        Api.waitFor(() -> tapbacks(line, "Thanks!"), it -> it.contains("\"reaction\":\"love\""));
        admin.text(SAM, line, "marco");
        Api.waitFor(() -> said(SAM, line), it -> it.contains("You said: marco"));
        admin.text(SAM, line, "polo");
        Api.waitFor(() -> said(SAM, line), it -> it.contains("""
                You said: polo
                (This is my last message for now: I have sent as many in 24 hours as I may.)"""));
        admin.text(SAM, line, "more");
        Api.waitFor(() -> tapbacks(line, "more"), it -> it.contains("\"reaction\":\"eyes\""));

        assertThat(bubble(line, "more").path("read_at").isNull()).isFalse();
        assertThat(said(SAM, line)).doesNotContain("You said: Thanks!", "You said: more");
        assertThat(jar.output()).contains("sender_rate_limited");
    }

    /// The agent dies, hears afterwards of what it missed, and repeats nothing although its place is none of this
    /// server's,
    /// which sends it back to the start.
    @ParameterizedTest
    @ValueSource(strings = {"echo_stream.py", "EchoStream.java", "echo_poll.sh"})
    void an_agent_that_keeps_its_place_goes_on_where_it_was(String file) throws IOException {
        Map<String, String> settings = settings("my-reader");
        String line = admin.connect(SAM, "my-reader");
        try (Program agent = listening(file, settings)) {
            admin.text(SAM, line, "marco");
            awaitSaid(agent, line, "You said: marco");
        }
        admin.text(SAM, line, "\"polo\"\n👋 $(date) `id` %s \\");
        Files.writeString(folder.resolve("place"), "5");
        try (Program agent = listening(file, settings)) {
            awaitSaid(agent, line, "You said: \"polo\"\n👋 $(date) `id` %s \\");
            admin.post(
                            "/simulator/messages",
                            "{\"from\":\"%s\",\"to\":\"%s\",\"media_url\":\"%s\"}".formatted(SAM, line, picture()))
                    .expect(201);
            awaitSaid(agent, line, "I got your file.");
            assertThat(said(SAM, line)).containsOnlyOnce("You said: marco");
            assertThat(agent.output()).doesNotContain("no reply", "Exception", "Traceback", "curl:");
        }
    }

    @Test
    void agents_that_keep_their_place_may_take_turns_with_one_file() {
        Path place = folder.resolve("place");
        Map<String, String> settings = settings("my-turns");
        String line = admin.connect(SAM, "my-turns");
        int turn = 0;
        for (String file : List.of("echo_poll.sh", "echo_stream.py", "EchoStream.java", "echo_poll.sh")) {
            String words = "turn " + turn++;
            String before = turn == 1 ? "" : read(place);
            try (Program agent = listening(file, settings)) {
                admin.text(SAM, line, words);
                awaitSaid(agent, line, "You said: " + words);
                Api.waitFor(() -> read(place), noted -> !noted.equals(before));
            }
        }
    }

    @Test
    void the_to_do_agent_keeps_a_list_for_each_person_over_its_death() {
        Map<String, String> settings = settings("my-todo");
        String line = admin.connect(SAM, "my-todo");
        String other = admin.connect(ANN, "my-todo");
        try (Program agent = listening("todo.py", settings)) {
            admin.text(SAM, line, "buy milk");
            awaitSaid(agent, line, "Noted as number 1.");
            admin.text(SAM, line, "call \"mum\"; DROP TABLE task");
            awaitSaid(agent, line, "Noted as number 2.");
        }
        admin.text(SAM, line, "done 1");
        admin.text(ANN, other, "list");
        try (Program agent = listening("todo.py", settings)) {
            awaitSaid(agent, line, "Done: buy milk");
            Api.waitFor(() -> said(ANN, other), it -> it.contains("Nothing to do.") || agent.died());
            admin.text(SAM, line, "done 9");
            awaitSaid(agent, line, "There is no number 9: you have 1 to do.");
            admin.text(SAM, line, "LIST");
            awaitSaid(agent, line, "1. call \"mum\"; DROP TABLE task");
            assertThat(said(SAM, line)).containsOnlyOnce("Noted as number 1.", "Noted as number 2.", "Done: buy milk");
            assertThat(agent.output()).doesNotContain("not answered", "Traceback");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"llm.py", "llm.mts"})
    void a_language_model_is_shown_the_conversation_and_its_words_are_sent(String file) {
        try (FakeModel model = FakeModel.echo();
                Program agent = Example.of(file)
                        .start(
                                settings("my-model"),
                                Map.of(
                                        "OPENAI_BASE_URL", model.baseUrl() + "/",
                                        "OPENAI_API_KEY", "sk-of-the-test",
                                        "OPENAI_MODEL", "test-model"))) {
            agent.awaitOutput(printed -> printed.contains("listening"));
            String line = admin.connect(SAM, "my-model");
            admin.text(SAM, line, "Where is \"Oslo\"? 🇳🇴");
            awaitSaid(agent, line, "You mean: Where is \"Oslo\"? 🇳🇴");
            admin.text(SAM, line, "And Bergen?");
            awaitSaid(agent, line, "You mean: And Bergen?");

            FakeModel.Asked last = model.asked().getLast();
            assertThat(last.authorization()).isEqualTo("Bearer sk-of-the-test");
            assertThat(last.json().path("model").asString()).isEqualTo("test-model");
            assertThat(last.turns().getFirst()).startsWith("system: ");
            assertThat(last.turns())
                    .endsWith(
                            "user: Where is \"Oslo\"? 🇳🇴",
                            "assistant: You mean: Where is \"Oslo\"? 🇳🇴",
                            "user: And Bergen?");
            assertThat(bubble(line, "And Bergen?").path("read_at").isNull()).isFalse();

            model.broken(true);
            admin.text(SAM, line, "And now?");
            awaitSaid(agent, line, "I cannot think right now. Please ask me again in a few minutes.");
            agent.awaitOutput(printed -> printed.contains("the model does not answer") && printed.contains("503"));
            model.broken(false);
            admin.text(SAM, line, "Better?");
            awaitSaid(agent, line, "You mean: Better?");
        }
    }

    @Test
    void an_agent_that_has_mcp_alone_waits_reads_reacts_and_replies_over_a_restart_of_the_server() {
        jar.close();
        String port = Example.freePort();
        start(Map.of(), port);
        try (FakeModel model = new FakeModel(ExamplesIT::lovesGoodNews);
                Program agent = Example.of("mcp/McpAgent.java")
                        .start(settings("my-mcp"), Map.of("OPENAI_BASE_URL", model.baseUrl()))) {
            agent.awaitOutput(printed -> printed.contains("listening"));
            String line = admin.connect(SAM, "my-mcp");
            Api.waitFor(() -> read(folder.resolve("place")), place -> !place.isEmpty());
            admin.text(SAM, line, "good news");
            awaitSaid(agent, line, "How good!");
            assertThat(tapbacks(line, "good news")).contains("\"reaction\":\"love\"");
            assertThat(bubble(line, "good news").path("read_at").isNull()).isFalse();
            assertThat(model.asked().getFirst().json().path("tools").valueStream())
                    .extracting(tool -> tool.path("function").path("name").asString())
                    .containsExactlyInAnyOrder("react", "read_conversation");

            jar.close();
            start(Map.of(), port);
            admin.text(SAM, line, "still there?");
            awaitSaid(agent, line, "So: still there?");
            assertThat(said(SAM, line)).containsOnlyOnce("How good!", "So: still there?");
        }
    }

    @Test
    void an_agent_with_a_wrong_key_or_none_says_so_and_ends() {
        for (Example example : Example.all()) {
            try (Program none = example.start(Map.of("PARTYLINE_URL", jar.base(), "ECHO_PORT", Example.freePort()));
                    Program wrong = example.start(Example.settings(jar.base(), jar.key() + "x", folder))) {
                assertThat(none.exitCode()).as("%s without a key", example).isPositive();
                assertThat(wrong.exitCode()).as("%s with a wrong key", example).isPositive();
                assertThat(none.output()).contains("PARTYLINE_API_KEY").doesNotContain("Traceback", "Exception");
                assertThat(wrong.output()).contains("does not know this key").doesNotContain("Traceback", "Exception");
            }
        }
    }

    @Test
    void every_agent_has_a_row_with_the_command_that_runs_it() throws IOException {
        try (Stream<Path> files = Files.list(Jar.repository().resolve("examples"))) {
            assertThat(files.map(it -> it.getFileName().toString())
                            .filter(it -> it.matches(".+\\.(py|java|sh|mts)|mcp"))
                            .collect(Collectors.toSet()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    Stream.of("line.py", "signal_line.py"),
                                    Example.all().stream().map(Example::name))
                            .toList());
        }
        assertThat(Example.all())
                .allSatisfy(it -> assertThat(it.command().split(" ")).contains(it.name()));
    }

    @Test
    void the_set_up_and_the_picture_of_the_readme_work_as_written() throws IOException {
        Files.write(folder.resolve("photo.jpg"), new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1});
        String setUp = Example.script("set-up");
        assertThat(setUp).contains("ADMIN_KEY=ApiKey_...\n", "API=http://127.0.0.1:8080\n");
        String shell = setUp.replace("ApiKey_...", jar.key()).replace("http://127.0.0.1:8080", jar.base())
                + "\necho \" key=$PARTYLINE_API_KEY.\"; read -r CONVERSATION\n"
                + Example.script("picture");

        try (Program typed = Program.start(folder, Map.of(), List.of("bash", "-eu", "-o", "pipefail", "-c", shell))) {
            String printed = typed.awaitOutput(it -> it.contains(" key="));
            assertThat(printed).contains("\"agent_identity\":{\"id\":\"", "\"agent_handle\":\"my-agent\"");
            Api agent = admin.with(printed.replaceFirst("(?s).* key=(ApiKey_[^ ]+)\\.\\s*", "$1"));
            String line = admin.connect(SAM, "my-agent");
            admin.text(SAM, line, "show me");
            JsonNode message = Api.waitFor(() -> agent.get(Talk.MESSAGES).json(), it -> it.size() == 1)
                    .get(0);
            typed.type(message.path("conversation_id").asString());

            assertThat(typed.exitCode()).as(typed.output()).isZero();
            Api.waitFor(
                    () -> admin.bubbles(SAM, line),
                    it -> it.getLast().path("media").toString().contains("photo.jpg"));
        }
    }

    private void start(Map<String, String> environment, String port, String... more) {
        String[] arguments =
                Stream.concat(Stream.of("--port", port), Stream.of(more)).toArray(String[]::new);
        jar = Jar.start(folder, environment, arguments);
        admin = new Api(jar.base(), admin == null ? jar.key() : admin.key());
    }

    private Map<String, String> settings(String handle) {
        return Example.settings(jar.base(), admin.scoped(admin.identity(handle)).key(), folder);
    }

    private Program listening(String file, Map<String, String> settings) {
        Program agent = Example.of(file).start(settings);
        agent.awaitOutput(printed -> printed.contains("listening"));
        return agent;
    }

    private void awaitSaid(Program agent, String line, String words) {
        Api.waitFor(() -> said(SAM, line), said -> said.contains(words) || agent.died());
    }

    private void awaitTapback(Program agent, String line, String text, String reaction) {
        Api.waitFor(() -> tapbacks(line, text), it -> it.contains("\"reaction\":\"" + reaction + "\"") || agent.died());
    }

    private String picture() {
        Upload upload =
                Upload.of(admin, "photo.jpg", "image/jpeg", new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1});
        return upload.answer().expect(201).json().path("media_url").asString();
    }

    private JsonNode bubble(String line, String text) {
        return admin.bubbles(SAM, line).stream()
                .filter(it -> it.path("text").asString("").equals(text))
                .findFirst()
                .orElseThrow();
    }

    private String tapbacks(String line, String text) {
        return bubble(line, text).path("tapbacks").toString();
    }

    private boolean typing(String line) {
        return admin.phone(SAM)
                .path("threads")
                .valueStream()
                .filter(thread -> thread.path("line").asString().equals(line))
                .anyMatch(thread -> thread.path("typing").asBoolean());
    }

    private List<String> said(String person, String line) {
        return admin.bubbles(person, line).stream()
                .map(bubble -> bubble.path("text").asString(""))
                .toList();
    }

    /// A model that wants a tapback on good news before it says something.
    private static ObjectNode lovesGoodNews(ObjectNode request) {
        JsonNode messages = request.path("messages");
        JsonNode last = messages.get(messages.size() - 1);
        String said = last.path("content").asString("");
        ObjectNode answer = Json.object().put("role", "assistant");
        if (last.path("role").asString().equals("tool")) {
            return answer.put("content", "How good!");
        }
        if (!said.startsWith("good news")) {
            return answer.put("content", "So: " + said.split("\n")[0]);
        }
        ObjectNode wish = Json.object()
                .put("message_id", said.replaceFirst("(?s).*message_id ([0-9a-f-]+).*", "$1"))
                .put("reaction", "love");
        ObjectNode call = answer.putNull("content").putArray("tool_calls").addObject();
        call.put("id", "call_1").put("type", "function");
        call.putObject("function").put("name", "react").put("arguments", Json.write(wish));
        return answer;
    }

    private static String read(Path place) {
        try {
            return Files.exists(place) ? Files.readString(place).strip() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
