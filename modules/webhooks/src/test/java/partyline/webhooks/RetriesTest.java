package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.testkit.Eventually.assertEventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.testkit.FakeClock;
import partyline.webhooks.Receiver.Received;

class RetriesTest {

    private static final String RECEIVED = "imessage.received";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private Server server;
    private Receiver receiver;
    private Caller admin;
    private Identity identity;

    @BeforeEach
    void open() throws IOException {
        server = new Server(folder, Server.SOON);
        receiver = new Receiver();
        admin = server.organization("default");
        identity = server.identity(admin, "my-agent");
    }

    @AfterEach
    void close() {
        receiver.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425, 429, 500, 503})
    void an_error_that_may_pass_is_retried_with_a_fresh_request_id(int status) {
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.answers(status);

        server.happens(identity, RECEIVED);

        assertEventually(() -> server.log(subscription), List.of(Integer.toString(status), "200"));
        var requests = receiver.received();
        assertThat(requests.get(1).requestId()).isNotEqualTo(requests.get(0).requestId());
        assertThat(requests.get(1).body()).isEqualTo(requests.get(0).body());
    }

    @Test
    void a_cut_connection_is_retried_with_the_same_request_id() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.answers(-1);

        server.happens(identity, RECEIVED);

        assertEventually(() -> server.states(subscription), List.of("succeeded"));
        var requests = receiver.received();
        assertThat(requests).hasSize(2);
        assertThat(requests.get(1).requestId()).isEqualTo(requests.get(0).requestId());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 405, 410, 413, 422})
    void any_other_refusal_is_final(int status) {
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.answers(status);

        server.happens(identity, RECEIVED);

        assertEventually(() -> server.states(subscription), List.of("failed"));
        assertThat(server.log(subscription)).containsExactly(Integer.toString(status));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 304, 307, 308, 404})
    void what_a_proxy_says_while_its_receiver_restarts_is_tried_again_for_an_hour(int status) {
        reopen(RetrySchedule.parse(List.of("1ms", "2ms", "59m", "1h", "1h")), clock);
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.answers(status, status, status, status, status);

        server.happens(identity, RECEIVED);
        for (int attempts = 1; attempts <= 4; attempts++) {
            int made = attempts;
            assertEventually(() -> server.log(subscription).size(), made);
            clock.advance(Duration.ofHours(2));
            server.deliveries.look();
        }

        assertEventually(() -> server.states(subscription), List.of("failed"));
        assertThat(server.log(subscription)).hasSize(4).containsOnly(Integer.toString(status));
    }

    @Test
    void a_receiver_that_is_not_found_for_a_moment_gets_its_event_after_all() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.answers(404);

        server.happens(identity, RECEIVED);

        assertEventually(() -> server.states(subscription), List.of("succeeded"));
    }

    @Test
    void a_receiver_that_hangs_up_after_its_answers_gets_every_event_at_the_first_attempt_and_in_order()
            throws IOException {
        try (var odd = new OddReceiver()) {
            odd.always(OddReceiver.Manner.WELL_AND_HANG_UP);
            var subscription = server.subscribe(admin, identity, odd.url());
            Id conversation = server.storage.ids().next();

            List<String> events = Stream.generate(() ->
                            server.happens(identity, RECEIVED, conversation).id())
                    .limit(12)
                    .toList();

            assertEventually(odd::taken, events);
            assertEventually(() -> server.log(subscription), Collections.nCopies(12, "200"));
        }
    }

    @Test
    void a_delivery_is_given_up_after_the_last_delay() {
        receiver.close();
        var subscription = server.subscribe(admin, identity, receiver.url());

        server.happens(identity, RECEIVED);

        assertEventually(() -> server.states(subscription), List.of("failed"));
        assertThat(server.log(subscription))
                .hasSize(Server.SOON.delays().size() + 1)
                .containsOnly("the connection was refused");
    }

    @Test
    void a_failed_attempt_does_not_hold_up_later_events() {
        reopen(new RetrySchedule(List.of(Duration.ofHours(1))));
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.answers(500);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription), List.of("500"));

        server.happens(identity, RECEIVED);

        assertEventually(() -> server.states(subscription), List.of("pending", "succeeded"));
    }

    @Test
    void what_is_owed_survives_a_restart_and_keeps_its_request_id() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.answers(-1);
        reopen(new RetrySchedule(List.of(Duration.ofMillis(300))));
        Event event = server.happens(identity, RECEIVED);
        assertEventually(receiver::count, 1);

        reopen(Server.SOON);

        assertEventually(() -> server.states(subscription), List.of("succeeded"));
        assertThat(receiver.received()).extracting(Received::eventId).containsOnly(event.id());
        assertThat(receiver.received())
                .extracting(Received::requestId)
                .containsOnly(receiver.received().getFirst().requestId());
    }

    @Test
    void an_attempt_that_the_server_cannot_make_counts_as_no_answer() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        server.storage.database().update(tx -> server.keys.delete(tx, identity.id()));

        server.happens(identity, RECEIVED);

        assertEventually(() -> server.states(subscription), List.of("failed"));
        assertThat(server.log(subscription)).containsOnly("the server could not make the call");
    }

    private void reopen(RetrySchedule schedule) {
        server.close();
        server = new Server(folder, schedule);
    }

    private void reopen(RetrySchedule schedule, FakeClock wound) {
        server.close();
        server = new Server(folder, schedule, wound, ContextSource.NONE);
    }
}
