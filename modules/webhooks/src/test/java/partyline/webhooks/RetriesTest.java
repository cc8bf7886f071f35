package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.webhooks.Eventually.assertEventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Event;
import partyline.webhooks.Receiver.Received;

class RetriesTest {

    private static final String RECEIVED = "imessage.received";

    @TempDir
    Path folder;

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
    @ValueSource(ints = {302, 400, 404, 410})
    void any_other_refusal_is_final(int status) {
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.answers(status);

        server.happens(identity, RECEIVED);

        assertEventually(() -> server.states(subscription), List.of("failed"));
        assertThat(server.log(subscription)).containsExactly(Integer.toString(status));
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
}
