package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.testkit.Eventually.assertEventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.testkit.FakeClock;
import partyline.webhooks.OddReceiver.Manner;

/// Receivers that misbehave lose no event, and delay nobody else. Time stands still but for what a test lets
/// pass.
class OddReceiversTest {

    private static final String RECEIVED = "imessage.received";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private final List<OddReceiver> open = new ArrayList<>();
    private Server server;
    private Caller admin;
    private Identity identity;

    @BeforeEach
    void open() {
        server = new Server(folder, RetrySchedule.parse(RetrySchedule.USUAL), clock, ContextSource.NONE);
        admin = server.organization("default");
        identity = server.identity(admin, "my-agent");
    }

    @AfterEach
    void close() throws IOException {
        for (OddReceiver receiver : open) {
            receiver.close();
        }
        server.close();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"WELL", "WELL_AND_HANG_UP", "GONE", "REDIRECT"})
    void a_receiver_that_misbehaves_gets_every_event_in_the_end_and_delays_nobody(Manner manner) throws IOException {
        var odd = receiver().first(manner, manner, manner, manner);
        var prompt = receiver();
        server.subscribe(admin, identity, odd.url());
        server.subscribe(admin, identity, prompt.url());

        List<String> events = Stream.generate(() -> server.happens(
                                identity, RECEIVED, server.storage.ids().next())
                        .id())
                .limit(8)
                .toList();

        assertEventually(() -> Set.copyOf(prompt.taken()), Set.copyOf(events));
        odd.goOn();
        assertEventually(
                () -> {
                    pass(Duration.ofSeconds(5));
                    return Set.copyOf(odd.taken());
                },
                Set.copyOf(events));
    }

    @Test
    void however_many_receivers_hang_the_others_are_told_at_once() throws IOException {
        var odd = receiver().always(Manner.FAIL);
        var prompt = receiver();
        server.subscribe(admin, identity, prompt.url());
        List<Identity> agents = Stream.of("a", "b", "c", "d")
                .map(name -> server.identity(admin, "agent-" + name))
                .toList();
        for (Identity agent : agents) {
            for (int at = 0; at < 18; at++) {
                server.subscribe(admin, agent, odd.url() + at);
            }
        }
        agents.forEach(agent ->
                Stream.generate(() -> server.happens(agent, RECEIVED)).limit(4).toList());
        assertEventually(this::attempts, 4 * 18 * 4);

        odd.always(Manner.HANG);
        clock.advance(Duration.ofSeconds(1));
        agents.forEach(agent -> server.happens(agent, RECEIVED));
        assertEventually(() -> odd.seen().size() >= 4 * 18 * 4 + 8, true);
        var event = server.happens(identity, RECEIVED);

        assertEventually(prompt::taken, List.of(event.id()));
    }

    @Test
    void slow_receivers_of_one_organization_delay_nobody_in_another() throws IOException {
        var slow = receiver().always(Manner.HANG);
        for (int agent = 0; agent < 5; agent++) {
            Identity owner = server.identity(admin, "slow-" + agent);
            for (int at = 0; at < 20; at++) {
                server.subscribe(admin, owner, slow.url() + at);
            }
            server.happens(owner, RECEIVED);
        }
        assertEventually(() -> slow.seen().size(), 12);
        var stranger = server.organization("stranger");
        var theirs = server.identity(stranger, "theirs");
        var subscription = server.subscribe(stranger, theirs, "https://nobody.invalid/hook");

        server.happens(theirs, RECEIVED);

        assertEventually(() -> server.log(subscription).size(), 1);
        assertThat(slow.seen())
                .as("no place of another organization's is taken")
                .hasSize(12);
    }

    @Test
    void a_redirect_is_not_followed_and_the_event_can_be_replayed() throws IOException {
        var odd = receiver().first(Manner.REDIRECT, Manner.REDIRECT, Manner.REDIRECT, Manner.REDIRECT, Manner.REDIRECT);
        var subscription = server.subscribe(admin, identity, odd.url());
        var event = server.happens(identity, RECEIVED);
        for (int attempts = 1; attempts < 5; attempts++) {
            assertEventually(() -> attempted(subscription), attempts);
            pass(Duration.ofHours(2));
        }
        assertEventually(() -> attempted(subscription), 5);
        assertThat(server.states(subscription)).containsExactly("failed");
        assertThat(odd.seen()).hasSize(5).containsOnly(event.id());

        var queued = server.deliveryLog.replayFailed(admin, subscription.id(), event.occurredAt());

        assertThat(queued).contains(1);
        assertEventually(
                () -> {
                    pass(Duration.ofSeconds(2));
                    return server.states(subscription);
                },
                List.of("succeeded"));
        assertThat(odd.taken()).containsExactly(event.id());
    }

    @Test
    void later_events_of_a_conversation_wait_for_the_first_attempt_and_those_of_others_do_not() throws IOException {
        var odd = receiver().first(Manner.HANG);
        server.subscribe(admin, identity, odd.url());
        Id one = server.storage.ids().next();
        Id other = server.storage.ids().next();

        var first = server.happens(identity, RECEIVED, one);
        assertEventually(odd::seen, List.of(first.id()));
        var second = server.happens(identity, RECEIVED, one);
        var third = server.happens(identity, RECEIVED, one);
        var elsewhere = server.happens(identity, RECEIVED, other);

        assertEventually(odd::taken, List.of(elsewhere.id()));
        odd.goOn();
        assertEventually(odd::taken, List.of(elsewhere.id(), second.id(), third.id()));
    }

    @Test
    void what_waits_for_its_turn_survives_a_restart() throws IOException {
        var odd = receiver().first(Manner.HANG);
        var subscription = server.subscribe(admin, identity, odd.url());
        Id conversation = server.storage.ids().next();
        List<String> events = Stream.generate(
                        () -> server.happens(identity, RECEIVED, conversation).id())
                .limit(3)
                .toList();
        assertEventually(odd::seen, events.subList(0, 1));

        server.close();
        server = new Server(folder, RetrySchedule.parse(RetrySchedule.USUAL), clock, ContextSource.NONE);

        assertEventually(odd::taken, events);
        assertEventually(() -> Set.copyOf(server.states(subscription)), Set.of("succeeded"));
    }

    @Test
    void a_busy_receiver_is_left_alone_for_as_long_as_it_asked() throws IOException {
        var odd = receiver().first(Manner.BUSY_FOR_TEN_MINUTES);
        var subscription = server.subscribe(admin, identity, odd.url());
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription), List.of("429"));

        assertThat(server.nextAttempts(subscription))
                .containsExactly(clock.instant().plus(Duration.ofMinutes(10)));
    }

    /// How many attempts are in the log.
    private int attempts() {
        return server.storage
                .database()
                .read(handle -> handle.createQuery("SELECT count(*) FROM webhook_attempt")
                        .mapTo(int.class)
                        .one());
    }

    /// How many attempts are on record, a moment and a look later: a receiver that fails rests by the clock.
    private int attempted(Subscription subscription) {
        pass(Duration.ofMillis(100));
        return server.log(subscription).size();
    }

    private void pass(Duration time) {
        clock.advance(time);
        server.deliveries.look();
    }

    private OddReceiver receiver() throws IOException {
        var made = new OddReceiver();
        open.add(made);
        return made;
    }
}
