package partyline.router;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.router.RouterRun.EVE;
import static partyline.router.RouterRun.ONE;
import static partyline.router.RouterRun.ROUTER;
import static partyline.router.RouterRun.SAM;
import static partyline.router.RouterRun.TWO;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.router.ConsentWords.Answers;
import partyline.rules.Direction;
import partyline.rules.Rule;

/// What people write to the router and in the threads of agents, and what their phones show of it.
class RouterTest {

    @TempDir
    private Path folder;

    private RouterRun run;
    private Identity echo;

    @BeforeEach
    void begin() {
        run = RouterRun.open(folder);
        echo = run.agent("echo");
    }

    @AfterEach
    void end() {
        run.close();
    }

    @Test
    void who_connects_gets_a_word_and_a_card_and_the_agents_greeting_in_a_thread_of_its_own() {
        run.write(SAM, ROUTER, "Connect @echo");

        run.assertShown(SAM, ROUTER, Texts.connected(echo), "card");
        run.assertShown(SAM, ONE, Texts.greeting(echo, ROUTER.number()));
        assertThat(run.agentsOf(SAM)).containsExactly(echo);
        assertThat(run.card(SAM))
                .startsWith("BEGIN:VCARD")
                .contains(ONE.number().text(), "@echo");
    }

    @Test
    void who_is_connected_already_gets_the_card_again_and_no_second_greeting() {
        run.write(SAM, ROUTER, "connect @echo");
        run.write(SAM, ROUTER, "connect @echo");

        run.assertShown(SAM, ROUTER, Texts.connected(echo), "card", Texts.alreadyConnected(echo), "card");
        run.assertShown(SAM, ONE, Texts.greeting(echo, ROUTER.number()));
        assertThat(run.agentsOf(SAM)).containsExactly(echo);
    }

    @Test
    void each_agent_of_a_person_has_a_line_of_its_own_and_the_router_names_the_ways_out_when_none_is_left() {
        Identity two = run.agent("two");
        Identity three = run.agent("three");
        run.write(SAM, ROUTER, "connect @echo");
        run.write(SAM, ROUTER, "connect @two");
        run.write(SAM, ROUTER, "connect @three");
        run.write(SAM, ROUTER, "replace @echo @three");

        run.assertShown(SAM, TWO, Texts.greeting(two, ROUTER.number()));
        run.assertShown(
                SAM,
                ROUTER,
                Texts.connected(echo),
                "card",
                Texts.connected(two),
                "card",
                Texts.noLineFree(List.of(echo, two), "@three"),
                Texts.connected(three),
                "card");
        assertThat(run.agentsOf(SAM)).containsExactly(two, three);
    }

    @Test
    void an_unknown_handle_an_agent_that_is_off_and_one_that_is_closed_are_answered_alike() {
        run.agent("off", false);
        run.rules.create(echo, SAM, Direction.INBOUND, Rule.Action.BLOCK);

        run.write(SAM, ROUTER, "connect @nobody");
        run.write(SAM, ROUTER, "connect @off");
        run.write(SAM, ROUTER, "connect @echo");
        run.write(EVE, ROUTER, "connect @echo");

        run.assertShown(
                SAM, ROUTER, Texts.unavailable("@nobody"), Texts.unavailable("@off"), Texts.unavailable("@echo"));
        run.assertShown(EVE, ROUTER, Texts.connected(echo), "card");
        assertThat(run.agentsOf(SAM)).isEmpty();
    }

    @Test
    void what_is_said_in_an_agents_thread_is_the_agents_and_what_nobody_reads_is_told_once_a_day() {
        run.write(SAM, ROUTER, "connect @echo");
        run.write(SAM, ONE, "help");
        run.write(SAM, ROUTER, "disconnect @echo");
        run.write(SAM, ONE, "are you there?");
        run.write(SAM, ONE, "hello?");
        String hint = Texts.hint(echo.handle(), ROUTER.number());
        run.assertShown(SAM, ONE, Texts.greeting(echo, ROUTER.number()), hint);
        run.clock.advance(Duration.ofDays(1));
        run.write(SAM, ONE, "a day later");

        assertThat(run.heard()).containsExactly("help");
        run.assertShown(SAM, ONE, Texts.greeting(echo, ROUTER.number()), hint, hint);
    }

    @Test
    void who_disconnects_is_told_so_and_again_that_there_was_nobody() {
        run.write(SAM, ROUTER, "connect @echo");
        run.write(SAM, ROUTER, "disconnect @echo");
        run.write(SAM, ROUTER, "disconnect @echo");
        run.write(SAM, ROUTER, "list");

        run.assertShown(
                SAM,
                ROUTER,
                Texts.connected(echo),
                "card",
                Texts.disconnected(echo),
                Texts.notConnected("@echo"),
                Texts.list(List.of()));
        assertThat(run.agentsOf(SAM)).isEmpty();
    }

    @Test
    void help_is_given_to_who_asks_for_it_and_to_who_is_not_understood() {
        run.write(SAM, ROUTER, "?");
        run.write(SAM, ROUTER, "what is this");

        run.assertShown(SAM, ROUTER, Texts.help(), Texts.unclear());
    }

    @Test
    void who_tells_the_router_to_stop_leaves_all_agents_and_is_told_nothing_more_until_they_start_again() {
        Identity two = run.agent("two");
        run.write(SAM, ROUTER, "connect @echo");
        run.write(SAM, ROUTER, "connect @two");
        run.write(SAM, ROUTER, "STOP");
        assertThat(run.agentsOf(SAM)).isEmpty();

        run.write(SAM, ROUTER, "stop");
        run.write(SAM, ROUTER, "connect @echo");
        run.write(SAM, ONE, "is anybody here?");
        assertThat(run.agentsOf(SAM)).isEmpty();
        run.write(SAM, ROUTER, "start");

        run.assertShown(
                SAM,
                ROUTER,
                Texts.connected(echo),
                "card",
                Texts.connected(two),
                "card",
                Answers.DEFAULT.toStop(ROUTER),
                Answers.DEFAULT.toStart(ROUTER));
        run.assertShown(SAM, ONE, Texts.greeting(echo, ROUTER.number()));
    }

    @Test
    void who_tells_an_agent_to_stop_leaves_that_agent_alone_and_it_does_not_hear_the_word() {
        Identity two = run.agent("two");
        run.write(SAM, ROUTER, "connect @echo");
        run.write(SAM, ROUTER, "connect @two");

        run.write(SAM, ONE, "Stop, please");

        String router = ROUTER.number().text();
        run.assertShown(SAM, ONE, Texts.greeting(echo, ROUTER.number()), Answers.DEFAULT.toRelease("@echo", router));
        assertThat(run.agentsOf(SAM)).containsExactly(two);
        assertThat(run.heard()).isEmpty();
    }

    @Test
    void who_used_up_the_answers_of_an_hour_guesses_no_further_but_may_still_leave() {
        run.write(SAM, ROUTER, "connect @echo");
        IntStream.range(1, 15).forEach(at -> run.write(SAM, ROUTER, "text " + at));
        Identity two = run.agent("two");

        run.write(SAM, ROUTER, "connect @two");
        run.write(SAM, ROUTER, "help");
        assertThat(run.agentsOf(SAM)).containsExactly(echo);
        run.write(SAM, ROUTER, "disconnect @echo");
        assertThat(run.agentsOf(SAM)).isEmpty();

        List<String> shown = new ArrayList<>(List.of(Texts.connected(echo), "card"));
        shown.addAll(Collections.nCopies(14, Texts.unclear()));
        run.assertShown(SAM, ROUTER, shown);
        run.clock.advance(Duration.ofHours(1));
        run.write(SAM, ROUTER, "connect @two");
        shown.addAll(List.of(Texts.connected(two), "card"));
        run.assertShown(SAM, ROUTER, shown);
    }

    @Test
    void who_asked_for_ten_unknown_names_in_an_hour_is_not_told_whether_the_next_is_known() {
        IntStream.range(0, 10).forEach(at -> run.write(SAM, ROUTER, "connect @guess-" + at));
        run.write(SAM, ROUTER, "connect @echo");
        run.write(SAM, ROUTER, "replace @nobody-here @echo");
        assertThat(run.agentsOf(SAM)).isEmpty();

        List<String> shown = new ArrayList<>(IntStream.range(0, 10)
                .mapToObj(at -> Texts.unavailable("@guess-" + at))
                .toList());
        shown.addAll(List.of(Texts.tooManyNames(), Texts.tooManyNames()));
        run.assertShown(SAM, ROUTER, shown);
        run.clock.advance(Duration.ofHours(1));
        run.write(SAM, ROUTER, "connect @echo");
        shown.addAll(List.of(Texts.connected(echo), "card"));
        run.assertShown(SAM, ROUTER, shown);
    }

    @Test
    void who_replaces_an_agent_gets_another_line_while_one_is_free_and_who_comes_back_the_old_one() {
        Identity two = run.agent("two");
        run.write(SAM, ROUTER, "connect @echo");
        run.write(SAM, ROUTER, "replace @echo with @two");
        run.assertShown(SAM, TWO, Texts.greeting(two, ROUTER.number()));

        run.write(SAM, ROUTER, "disconnect @two");
        run.write(SAM, ROUTER, "connect @two");

        String greeting = Texts.greeting(two, ROUTER.number());
        run.assertShown(SAM, TWO, greeting, greeting);
        run.assertShown(SAM, ONE, Texts.greeting(echo, ROUTER.number()));
    }

    @Test
    void who_is_blocked_while_connected_learns_it_neither_by_connecting_again_nor_from_a_hint() {
        run.write(SAM, ROUTER, "connect @echo");
        run.rules.create(echo, SAM, Direction.BOTH, Rule.Action.BLOCK);

        run.write(SAM, ROUTER, "connect @echo");
        run.write(SAM, ROUTER, "disconnect @echo");
        run.write(SAM, ONE, "are you there?");

        run.assertShown(
                SAM,
                ROUTER,
                Texts.connected(echo),
                "card",
                Texts.alreadyConnected(echo),
                "card",
                Texts.disconnected(echo));
        run.assertShown(SAM, ONE, Texts.greeting(echo, ROUTER.number()), Texts.hint(echo.handle(), ROUTER.number()));
    }

    /// Who stopped has no connection; one that came back with an older copy of the database must not speak either.
    @Test
    void who_told_the_router_to_stop_is_not_told_that_an_admin_disconnected_them() {
        run.write(SAM, ROUTER, "connect @echo");
        run.database.update(tx -> run.consents.stop(tx, SAM, run.clock.instant()));

        assertThat(run.router.disconnect(run.admin, connection())).isTrue();
        run.write(SAM, ROUTER, "start");

        run.assertShown(SAM, ROUTER, Texts.connected(echo), "card", Answers.DEFAULT.toStart(ROUTER));
    }

    @Test
    void whom_an_admin_disconnects_is_told_by_the_router_how_to_come_back() {
        run.write(SAM, ROUTER, "connect @echo");
        Id connection = connection();

        assertThat(run.router.disconnect(run.admin, connection)).isTrue();
        assertThat(run.router.disconnect(run.admin, connection)).isFalse();

        run.assertShown(SAM, ROUTER, Texts.connected(echo), "card", Texts.ended(echo));
        assertThat(run.agentsOf(SAM)).isEmpty();
    }

    private Id connection() {
        return run.connections
                .list(run.admin, Optional.empty(), 50, 0)
                .getFirst()
                .id();
    }
}
