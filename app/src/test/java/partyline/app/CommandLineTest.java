package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What somebody reads who asks for help or mistypes a command.
class CommandLineTest {

    private final StringWriter printed = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-h",
                "--help",
                "org -h",
                "org --help",
                "admin-key --help",
                "erase -h",
                "backup -h",
                "verify -h",
                "restore -h",
                "serve --help"
            })
    void every_command_helps(String arguments) {
        assertThat(run(arguments)).isZero();
        assertThat(printed.toString()).contains("Usage: partyline", "Show this help");
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

    private int run(String arguments) {
        CommandLine commands = Main.commands();
        commands.setOut(new PrintWriter(printed, true)).setErr(new PrintWriter(printed, true));
        return commands.execute(arguments.split(" ", -1));
    }
}
