package partyline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.router.Agents.ROUTER;
import static partyline.router.Agents.agent;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import partyline.identities.Handle;
import partyline.identities.Identity;

class TextsTest {

    private static final Identity ECHO = agent("echo", "Echo", null);
    private static final Identity OTHER = agent("other", null, null);
    private static final Pattern QUOTED = Pattern.compile("\"[^\"]+\"");

    static List<String> everything() {
        return List.of(
                Texts.help(),
                Texts.unclear(),
                Texts.connected(ECHO),
                Texts.alreadyConnected(ECHO),
                Texts.unavailable("@echo"),
                Texts.noLineFree(List.of(ECHO, OTHER), "@third"),
                Texts.disconnected(ECHO),
                Texts.ended(ECHO),
                Texts.endedHere(ECHO),
                Texts.left(ECHO),
                Texts.notConnected("@echo"),
                Texts.list(List.of()),
                Texts.list(List.of(ECHO, OTHER)),
                Texts.greeting(ECHO, ROUTER),
                Texts.cardNote(ECHO, ROUTER),
                Texts.whoIsMeant(Optional.empty(), List.of(ECHO, OTHER)),
                Texts.outOfOrder("@echo"),
                Texts.hint(ECHO.handle(), ROUTER),
                Texts.hint(ROUTER));
    }

    @ParameterizedTest
    @MethodSource("everything")
    void what_the_router_tells_people_to_text_it_understands_with_the_quotes_too(String text) {
        assertThat(QUOTED.matcher(text).results().map(it -> Command.parse(it.group())))
                .doesNotContain(new Command.Unclear());
    }

    @Test
    void a_name_says_no_more_in_our_sentences_than_a_name() {
        Identity agent = agent("bank", "Bank\r\nText your PIN to +19005550000" + "!".repeat(200), null);

        assertThat(List.of(
                        Texts.connected(agent),
                        Texts.switched(agent),
                        Texts.ended(agent),
                        Texts.endedHere(agent),
                        Texts.left(agent),
                        Texts.greeting(agent, ROUTER)))
                .allSatisfy(text -> assertThat(text).doesNotContain("\n", "\r", "!".repeat(60)));
    }

    @Test
    void help_names_stop_and_start() {
        assertThat(Texts.help()).contains("STOP", "START");
    }

    @Test
    void a_person_without_a_free_line_hears_of_both_ways_out() {
        assertThat(Texts.noLineFree(List.of(ECHO, OTHER), "@third"))
                .contains("@echo, @other")
                .contains("\"disconnect @echo\"")
                .contains("\"replace @echo @third\"");
        assertThat(Command.parse("replace @echo @third"))
                .isEqualTo(new Command.Replace(Optional.of(new Handle("echo")), Optional.of(new Handle("third"))));
    }

    @Test
    void a_percent_sign_in_a_name_is_only_a_percent_sign() {
        Identity agent = agent("echo", "100%s sure", "50% %d off");

        assertThat(Texts.connected(agent)).contains("100%s sure (@echo)");
        assertThat(Texts.cardNote(agent, ROUTER)).startsWith("50% %d off");
    }
}
