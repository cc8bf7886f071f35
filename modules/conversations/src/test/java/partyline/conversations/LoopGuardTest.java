package partyline.conversations;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.conversations.ConversationsRun.EVE;
import static partyline.conversations.ConversationsRun.SAM;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.conversations.SendRequest.Recipient;
import partyline.identities.Identity;
import partyline.kernel.PhoneNumber;

/// Two programs that answer each other are stopped; nobody else is.
class LoopGuardTest {

    private static final int LIMIT = 4;

    @TempDir
    private Path folder;

    private ConversationsRun run;
    private Identity echo;

    @AfterEach
    void end() {
        run.close();
    }

    @Test
    void one_reply_too_many_pauses_this_conversation_alone_and_is_told_once() {
        Connection sam = begin(LIMIT);
        Connection eve = run.connected(EVE, echo);
        run.hears(eve, "hi");

        alternate(sam, LIMIT);
        run.hears(sam, "and again");

        assertThat(reply(SAM)).isInstanceOf(SendOutcome.Paused.class);
        assertThat(reply(SAM)).isInstanceOf(SendOutcome.Paused.class);
        assertThat(reply(EVE)).isInstanceOf(SendOutcome.Queued.class);
        assertThat(run.events(echo)).containsOnlyOnce("conversation.paused");
    }

    @Test
    void the_pause_and_what_leads_to_it_survive_a_restart_and_time_ends_them() {
        Connection sam = begin(LIMIT);
        alternate(sam, LIMIT);
        run.hears(sam, "and again");

        restart();
        assertThat(reply(SAM)).isInstanceOf(SendOutcome.Paused.class);
        restart();
        assertThat(reply(SAM)).isInstanceOf(SendOutcome.Paused.class);

        run.clock.advance(Duration.ofMinutes(5));
        assertThat(reply(SAM)).isInstanceOf(SendOutcome.Queued.class);
    }

    @Test
    void what_is_said_in_a_row_does_not_count_and_neither_does_what_is_a_minute_old() {
        Connection sam = begin(LIMIT);
        IntStream.range(0, 3 * LIMIT).forEach(at -> run.hears(sam, "their story, part " + at));
        IntStream.range(0, 3 * LIMIT).forEach(_ -> assertThat(reply(SAM)).isInstanceOf(SendOutcome.Queued.class));
        alternate(sam, LIMIT - 1);

        run.clock.advance(Duration.ofMinutes(1));
        alternate(sam, LIMIT);
    }

    @Test
    void a_limit_of_zero_is_none() {
        Connection sam = begin(0);

        alternate(sam, 35);
    }

    private Connection begin(int limit) {
        run = ConversationsRun.open(folder, new Conversations.Limits(0, limit));
        echo = run.agent("echo");
        return run.connected(SAM, echo);
    }

    private void restart() {
        run.close();
        run = ConversationsRun.open(folder, new Conversations.Limits(0, LIMIT));
    }

    /// The person texts and the agent replies, so many times.
    private void alternate(Connection connection, int times) {
        for (int at = 0; at < times; at++) {
            run.hears(connection, "text");
            assertThat(reply(connection.person())).isInstanceOf(SendOutcome.Queued.class);
        }
    }

    private SendOutcome reply(PhoneNumber person) {
        return run.send(run.admin, new Recipient.Person(person, Optional.of(echo.id())), "reply");
    }
}
