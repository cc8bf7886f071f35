package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What somebody reads who asks for help or mistypes a command.
class CommandLineTest {

    private final StringWriter printed = new StringWriter();

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_helps_and_tells_the_version(String command) {
        for (String asked : List.of("-h", "--help")) {
            assertThat(run(command + " " + asked)).as(asked).isZero();
            assertThat(printed.toString()).contains("Usage: partyline", "Show this help");
        }
        for (String asked : List.of("-V", "--version")) {
            assertThat(run(command + " " + asked)).as(asked).isZero();
            assertThat(printed.toString()).startsWith("Partyline ").hasLineCount(1);
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void help_tells_of_every_command(String command) {
        assertThat(run(command.replaceFirst("(\\S*)$", "help $1"))).isZero();

        assertThat(printed.toString()).contains("Usage: " + ("partyline " + command).strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ease", "erasr", "admin-key revok"})
    void a_guess_never_deletes(String arguments) {
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(printed.toString()).doesNotContain("Did you mean");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-V", "--version", "version"})
    void the_version_is_one_line(String arguments) {
        assertThat(run(arguments)).isZero();
        assertThat(printed.toString()).startsWith("Partyline ").hasLineCount(1);
    }

    @Test
    void a_mistyped_command_is_answered_with_the_one_that_is_meant() {
        assertThat(run("exprot")).isEqualTo(2);
        assertThat(printed.toString()).contains("Did you mean export?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"migrate", "delete", "copy", "prune"})
    void a_command_that_is_none_never_leads_to_one_that_deletes(String arguments) {
        assertThat(run(arguments)).isEqualTo(2);
        assertThat(printed.toString()).contains("'" + arguments + "'").doesNotContain("Did you mean");
    }

    /// Every command there is, also those within others; blank for the program itself.
    static List<String> commands() {
        List<String> all = new ArrayList<>();
        collect(Main.commands(), "", all);
        return all;
    }

    private static void collect(CommandLine command, String words, List<String> all) {
        all.add(words);
        command.getSubcommands().forEach((name, inner) -> {
            if (!(inner.getCommand() instanceof CommandLine.HelpCommand)) {
                collect(inner, (words + " " + name).strip(), all);
            }
        });
    }

    private int run(String arguments) {
        printed.getBuffer().setLength(0);
        CommandLine commands = Main.commands();
        commands.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(printed, true));
        return commands.execute(arguments.strip().split(" +", -1));
    }
}
