package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example agents, run as `examples/README.md` says, beside the packaged jar.
@Tag("needs-tools")
class ExamplesIT {

    private static final String SAM = "+12025550140";

    @TempDir
    Path folder;

    private Jar jar;

    @BeforeEach
    void start() {
        jar = Jar.start(folder, Map.of(), "--port", "0");
    }

    @AfterEach
    void stop() {
        jar.close();
    }

    @Test
    void the_echo_agent_in_python_answers_who_connects_with_it() {
        assertAnswers("my-python-echo", "python3", "echo.py");
    }

    @Test
    void the_echo_agent_in_java_answers_who_connects_with_it() {
        assertAnswers("my-java-echo", Program.java(), "Echo.java");
    }

    @Test
    void the_echo_agent_on_the_stream_in_python_goes_on_where_it_was() throws IOException {
        assertResumes("my-python-stream", "python3", "echo_stream.py");
    }

    @Test
    void the_echo_agent_on_the_stream_in_java_goes_on_where_it_was() throws IOException {
        assertResumes("my-java-stream", Program.java(), "EchoStream.java");
    }

    @Test
    void the_echo_agent_on_the_stream_in_shell_goes_on_where_it_was() throws IOException {
        assertResumes("my-shell-stream", "sh", "echo_stream.sh");
    }

    @Test
    void the_agents_on_the_stream_may_take_turns_with_one_file() throws IOException {
        Api admin = new Api(jar.base(), jar.key());
        Path place = folder.resolve("place");
        Map<String, String> settings = Map.of(
                "PARTYLINE_URL", jar.base(),
                "PARTYLINE_API_KEY", admin.scoped(admin.identity("my-turns")).key(),
                "ECHO_PLACE", place.toString());
        String line = admin.connect(SAM, "my-turns");
        int turn = 0;
        for (List<String> command : List.of(
                List.of("sh", "echo_stream.sh"),
                List.of("python3", "echo_stream.py"),
                List.of(Program.java(), "EchoStream.java"),
                List.of("sh", "echo_stream.sh"))) {
            String words = "turn " + turn++;
            try (Program agent = Program.start(Jar.repository().resolve("examples"), settings, command)) {
                agent.awaitOutput(printed -> printed.contains("listening"));
                String before = turn == 1 ? "" : Files.readString(place).strip();
                admin.text(SAM, line, words);
                Api.waitFor(() -> said(admin, line), said -> said.contains("You said: " + words) || agent.died());
                Api.waitFor(() -> read(place), noted -> !noted.equals(before));
            }
        }
    }

    @Test
    void an_agent_with_a_wrong_key_or_none_says_so_and_ends() {
        for (List<String> command : List.of(
                List.of("sh", "echo_stream.sh"),
                List.of("python3", "echo_stream.py"),
                List.of(Program.java(), "EchoStream.java"),
                List.of("python3", "echo.py"))) {
            Path examples = Jar.repository().resolve("examples");
            try (Program none = Program.start(
                            examples, Map.of("PARTYLINE_URL", jar.base(), "ECHO_PORT", freePort()), command);
                    Program wrong = Program.start(
                            examples,
                            Map.of(
                                    "PARTYLINE_URL", jar.base(),
                                    "PARTYLINE_API_KEY", jar.key() + "x",
                                    "ECHO_PORT", freePort()),
                            command)) {
                assertThat(none.exitCode()).as("%s without a key", command).isPositive();
                assertThat(wrong.exitCode()).as("%s with a wrong key", command).isPositive();
                assertThat(none.output()).contains("PARTYLINE_API_KEY").doesNotContain("Traceback", "Exception");
                assertThat(wrong.output()).contains("does not know this key").doesNotContain("Traceback", "Exception");
            }
        }
    }

    private static String read(Path place) {
        try {
            return Files.exists(place) ? Files.readString(place).strip() : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The agent dies, hears afterwards of what it missed, and repeats nothing although it is sent back to the start.
    private void assertResumes(String handle, String... command) throws IOException {
        Api admin = new Api(jar.base(), jar.key());
        Path place = folder.resolve("place");
        Map<String, String> settings = Map.of(
                "PARTYLINE_URL", jar.base(),
                "PARTYLINE_API_KEY", admin.scoped(admin.identity(handle)).key(),
                "ECHO_PLACE", place.toString());
        Path examples = Jar.repository().resolve("examples");
        String line = admin.connect(SAM, handle);
        try (Program agent = Program.start(examples, settings, List.of(command))) {
            agent.awaitOutput(printed -> printed.contains("listening"));
            admin.text(SAM, line, "marco");
            Api.waitFor(() -> said(admin, line), said -> said.contains("You said: marco") || agent.died());
        }
        admin.text(SAM, line, "\"polo\"\n👋");
        Files.writeString(place, "0");
        try (Program agent = Program.start(examples, settings, List.of(command))) {
            agent.awaitOutput(printed -> printed.contains("listening"));
            Api.waitFor(() -> said(admin, line), said -> said.contains("You said: \"polo\"\n👋") || agent.died());
            assertThat(said(admin, line)).containsOnlyOnce("You said: marco", "You said: \"polo\"\n👋");
            assertThat(agent.output()).doesNotContain("no reply", "Exception", "Traceback", "curl:");
        }
    }

    private void assertAnswers(String handle, String... command) {
        Api admin = new Api(jar.base(), jar.key());
        String key = admin.scoped(admin.identity(handle)).key();
        Map<String, String> settings =
                Map.of("PARTYLINE_URL", jar.base(), "PARTYLINE_API_KEY", key, "ECHO_PORT", freePort());
        Path examples = Jar.repository().resolve("examples");

        try (Program agent = Program.start(examples, settings, List.of(command))) {
            agent.awaitOutput(printed -> printed.contains("@" + handle + " listens on"));
            String line = admin.connect(SAM, handle);
            admin.text(SAM, line, "marco");
            admin.text(SAM, line, "\"polo\"\n👋");

            Api.waitFor(() -> said(admin, line), said -> said.contains("You said: \"polo\"\n👋") || agent.died());
            assertThat(said(admin, line)).containsOnlyOnce("You said: marco", "You said: \"polo\"\n👋");
            agent.awaitOutput(printed -> printed.contains("replied to " + SAM));
            assertThat(agent.output()).doesNotContain("no reply", "Exception", "Traceback");
        }
    }

    private static List<String> said(Api admin, String line) {
        return admin.bubbles(SAM, line).stream()
                .map(bubble -> bubble.path("text").asString(""))
                .toList();
    }

    /// A port that nobody listened on a moment ago.
    private static String freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return String.valueOf(socket.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
