package partyline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.identities.Handle;
import partyline.router.Command.Connect;
import partyline.router.Command.Disconnect;
import partyline.router.Command.Help;
import partyline.router.Command.ListAgents;
import partyline.router.Command.Replace;
import partyline.router.Command.Switch;
import partyline.router.Command.Unclear;
import partyline.testkit.Seeds;

class CommandTest {

    private static final List<String> MIXTURE = List.of(
            "connect",
            "disconnect",
            "replace",
            "with",
            "by",
            "list",
            "help",
            "?",
            "@",
            " ",
            ",",
            ".",
            "“",
            "\u00A0",
            "\n",
            "echo",
            "a",
            "-",
            "😀",
            "\uD800");
    private static final List<String> HANDLE = List.of("abcdefghijklmnopqrstuvwxyz0123456789-".split(""));

    private static final Command CONNECT = new Connect(Optional.of(new Handle("echo")));
    private static final Command DISCONNECT = new Disconnect(Optional.of(new Handle("echo")));
    private static final Command REPLACE =
            new Replace(Optional.of(new Handle("echo")), Optional.of(new Handle("my-agent")));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "connect @echo",
                "Connect @Echo",
                "CONNECT @ECHO",
                "  connect   @echo  ",
                "connect\t@echo\n",
                "connect\n@echo",
                "connect\u00A0@echo",
                "connect\u202F@echo",
                "connect\u2003@echo",
                "\uFEFFconnect @echo",
                "connect @\u200Becho",
                "\u200Econnect @echo\u200F",
                "connect echo",
                "connect@echo",
                "connect@ echo",
                "connect @ echo",
                "connect @echo.",
                "connect @echo!!!",
                "connect @echo ?",
                "connect @echo :)",
                "connect @echo…",
                "\"connect @echo\"",
                "“connect @echo”",
                "“connect @echo.”",
                "„connect @echo“",
                "'connect @echo'",
                "‘connect @echo’",
                "«connect @echo»",
                "connect \"@echo\"",
                "connect “@echo”.",
                "connect @“echo”"
            })
    void connect_is_tolerant(String text) {
        assertThat(Command.parse(text)).isEqualTo(CONNECT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "disconnect @echo",
                "Disconnect Echo.",
                "disconnect@echo",
                "“disconnect @echo”",
                "DISCONNECT  @ECHO!"
            })
    void disconnect_is_tolerant(String text) {
        assertThat(Command.parse(text)).isEqualTo(DISCONNECT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "replace @echo @my-agent",
                "Replace @Echo @My-Agent",
                "replace echo my-agent",
                "replace @echo with @my-agent",
                "replace echo with my-agent",
                "replace @echo by @my-agent.",
                "replace @echo, @my-agent",
                "replace @echo,@my-agent",
                "replace@echo@my-agent",
                "replace @echo@my-agent",
                "replace @echo \u00A0with\u00A0@my-agent",
                "“replace @echo @my-agent”"
            })
    void replace_is_tolerant(String text) {
        assertThat(Command.parse(text)).isEqualTo(REPLACE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"switch @echo", "Switch to @Echo.", "switch echo", "switch to echo", "“switch @echo”"})
    void switch_is_tolerant(String text) {
        assertThat(Command.parse(text)).isEqualTo(new Switch(Optional.of(new Handle("echo"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"list", "List", " LIST. ", "“list”", "list\n"})
    void list_is_tolerant(String text) {
        assertThat(Command.parse(text)).isEqualTo(new ListAgents());
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "HELP!", "Help.", "help?", "?", "??", "\"help\""})
    void help_is_tolerant(String text) {
        assertThat(Command.parse(text)).isEqualTo(new Help());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\u00A0",
                ".",
                "!",
                "@",
                "@echo",
                "connect",
                "connect @",
                "connect @!",
                "connected @echo",
                "reconnect @echo",
                "please connect @echo",
                "connect @echo @my-agent",
                "connect @@echo",
                "connect @echo now please",
                "connectecho",
                "disconnect",
                "replace @echo",
                "replace",
                "listing",
                "list @echo",
                "help me",
                "hello"
            })
    void other_texts_are_unclear(String text) {
        assertThat(Command.parse(text)).isEqualTo(new Unclear());
    }

    @Test
    void no_text_at_all_is_unclear() {
        assertThat(Command.parse(null)).isEqualTo(new Unclear());
    }

    @ParameterizedTest
    @ValueSource(strings = {"connect @x", "connect @écho", "connect -echo-", "connect @e_cho"})
    void a_handle_that_nobody_can_have_is_still_a_wish_to_connect(String text) {
        assertThat(Command.parse(text)).isEqualTo(new Connect(Optional.empty()));
    }

    @Test
    void a_replacement_tells_which_of_its_handles_nobody_can_have() {
        assertThat(Command.parse("replace @x @echo"))
                .isEqualTo(new Replace(Optional.empty(), Optional.of(new Handle("echo"))));
        assertThat(Command.parse("replace @echo @x"))
                .isEqualTo(new Replace(Optional.of(new Handle("echo")), Optional.empty()));
    }

    @Test
    void the_longest_handles_fit_into_every_command() {
        String longest = "a".repeat(63);
        Handle handle = new Handle(longest);

        assertThat(Command.parse("connect @" + longest)).isEqualTo(new Connect(Optional.of(handle)));
        assertThat(Command.parse("replace @%s with @%s.".formatted(longest, longest)))
                .isEqualTo(new Replace(Optional.of(handle), Optional.of(handle)));
    }

    /// The deadline is no measure of speed: a pattern that backtracks without end would not meet it in years.
    @ParameterizedTest
    @ValueSource(strings = {"a", " ", ".", "@", "\"", "connect ", "replace @a ", " with", "\u00A0", "?)"})
    void an_endless_text_is_unclear_and_cheap(String part) {
        for (String start : List.of("", "connect @", "replace @a with ")) {
            String text = start + part.repeat(100_000 / part.length());

            Command whole = assertTimeoutPreemptively(Duration.ofSeconds(60), () -> Command.parse(text));
            Command cut = assertTimeoutPreemptively(
                    Duration.ofSeconds(60), () -> Command.parse(text.substring(0, 199) + "x"));

            assertThat(whole).isEqualTo(new Unclear());
            assertThat(cut).isNotNull();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "disconnect, true",
        "Disconnect!, true",
        "disconnect @my-agent, true",
        "disconnect from @other, false",
        "disconnect @other, false",
        "connect @my-agent, false",
        "please disconnect me, false",
        "help, false"
    })
    void in_an_agents_own_thread_disconnect_needs_no_name_and_takes_no_other(String text, boolean ends) {
        assertThat(Command.ends(text, List.of(new Handle("my-agent")))).isEqualTo(ends);
    }

    @Test
    void any_text_can_be_parsed() {
        Seeds.each(1_000, random -> {
            int[] points = random.ints(random.nextInt(30), 0, Character.MAX_CODE_POINT + 1)
                    .map(point -> random.nextBoolean() ? point % 0x250 : point)
                    .toArray();

            assertThat(Command.parse(new String(points, 0, points.length))).isNotNull();
        });
    }

    @Test
    void any_mixture_of_words_and_signs_can_be_parsed() {
        Seeds.each(
                1_000,
                random -> assertThat(Command.parse(Seeds.text(random, 12, MIXTURE)))
                        .isNotNull());
    }

    @Test
    void any_handle_can_be_connected_in_any_case() {
        Seeds.each(1_000, random -> {
            Handle handle = new Handle("a" + Seeds.text(random, 60, HANDLE) + "1z");

            assertThat(Command.parse("connect " + handle)).isEqualTo(new Connect(Optional.of(handle)));
            assertThat(Command.parse("CONNECT " + handle.text().toUpperCase(Locale.ROOT)))
                    .isEqualTo(new Connect(Optional.of(handle)));
            assertThat(Command.parse("disconnect " + handle)).isEqualTo(new Disconnect(Optional.of(handle)));
        });
    }
}
