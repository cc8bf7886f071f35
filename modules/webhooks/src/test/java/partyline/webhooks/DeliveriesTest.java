package partyline.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.testkit.Eventually.assertEventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Event;
import partyline.kernel.EventData;
import partyline.kernel.Id;
import partyline.webhooks.Receiver.Received;

class DeliveriesTest {

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

    @Test
    void an_event_is_posted_as_its_envelope_with_a_valid_signature() {
        var subscription = server.subscribe(admin, identity, receiver.url());

        Event event = server.happens(identity, RECEIVED);

        assertEventually(() -> server.states(subscription), List.of("succeeded"));
        Received request = receiver.received().getFirst();
        assertThat(request.body()).isEqualTo(event.envelope());
        assertThat(request.contentType()).isEqualTo("application/json");
        assertThat(request.signature()).isEqualTo(expectedSignature(request));
        assertThat(server.log(subscription)).containsExactly("200");
    }

    @Test
    void every_matching_subscription_gets_one_post_with_the_same_event_id() throws IOException {
        try (var second = new Receiver()) {
            server.subscribe(admin, identity, receiver.url());
            server.subscribe(admin, identity, second.url());

            Event event = server.happens(identity, RECEIVED);

            assertEventually(() -> List.of(receiver.count(), second.count()), List.of(1, 1));
            assertThat(receiver.received().getFirst().eventId()).isEqualTo(event.id());
            assertThat(second.received().getFirst().eventId()).isEqualTo(event.id());
            assertThat(receiver.received().getFirst().requestId())
                    .isNotEqualTo(second.received().getFirst().requestId());
        }
    }

    @Test
    void other_events_and_other_identities_concern_nobody() {
        var subscription = server.subscribe(admin, identity, receiver.url());

        server.happens(identity, "imessage.sent");
        server.happens(server.identity(admin, "other"), RECEIVED);

        assertThat(server.states(subscription)).isEmpty();
    }

    @Test
    void what_is_owed_is_stored_or_rolled_back_with_the_event() {
        var subscription = server.subscribe(admin, identity, receiver.url());

        assertThatThrownBy(() -> server.storage.database().update(tx -> {
                    server.storage.journal().append(tx, Server.draft(identity, RECEIVED));
                    throw new IllegalStateException("the change fails");
                }))
                .hasMessage("the change fails");

        assertThat(server.states(subscription)).isEmpty();
    }

    @Test
    void the_events_of_a_conversation_arrive_in_order() {
        server.subscribe(admin, identity, receiver.url());
        Id conversation = server.storage.ids().next();

        List<String> sent = Stream.generate(
                        () -> server.happens(identity, RECEIVED, conversation).id())
                .limit(20)
                .toList();

        assertEventually(
                () -> receiver.received().stream().map(Received::eventId).toList(), sent);
    }

    @Test
    void a_deleted_subscription_gets_nothing_more() {
        reopen(new RetrySchedule(List.of(Duration.ofHours(1))));
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.answers(500);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription), List.of("500"));

        server.subscriptions.delete(admin, subscription.id(), false);
        server.happens(identity, RECEIVED);

        assertThat(server.states(subscription)).containsExactly("cancelled");
        assertThat(receiver.count()).isEqualTo(1);
    }

    @Test
    void the_subscriptions_of_a_deleted_identity_end_with_it() {
        var subscription = server.subscribe(admin, identity, receiver.url());

        server.storage.database().update(tx -> server.subscriptions.deleteAll(tx, identity.id()));
        server.happens(identity, RECEIVED);

        assertThat(server.subscriptions.find(admin, subscription.id())).isEmpty();
        assertThat(server.states(subscription)).isEmpty();
    }

    @Test
    void a_receiver_that_hangs_delays_nobody_else() throws IOException {
        try (var hanging = new Receiver()) {
            hanging.hang();
            server.subscribe(admin, identity, hanging.url());
            var prompt = server.subscribe(admin, identity, receiver.url());

            server.happens(identity, RECEIVED);
            server.happens(identity, RECEIVED);

            assertEventually(() -> server.states(prompt), List.of("succeeded", "succeeded"));
            assertEventually(hanging::count, 2);
        }
    }

    @Test
    void an_event_that_cannot_be_put_together_holds_up_nothing() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        Id conversation = server.storage.ids().next();
        Event first = server.happens(identity, RECEIVED, conversation);
        assertEventually(() -> server.states(subscription), List.of("succeeded"));
        EventData broken = EventData.about(conversation, null, 1, () -> {
            throw new IllegalStateException("it cannot be rendered");
        });

        server.storage
                .database()
                .update(tx -> server.storage
                        .journal()
                        .append(
                                tx,
                                new Event.Draft(
                                        identity.organization(),
                                        Optional.of(identity.id()),
                                        Optional.of(conversation),
                                        Optional.empty(),
                                        RECEIVED,
                                        broken)));
        Event next = server.happens(identity, RECEIVED, conversation);

        assertEventually(
                () -> receiver.received().stream().map(Received::eventId).toList(), List.of(first.id(), next.id()));
        assertEventually(() -> server.states(subscription), List.of("succeeded", "succeeded"));
    }

    @Test
    void what_happened_before_a_subscription_named_it_is_not_told_after_a_restart_either() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        Id conversation = server.storage.ids().next();
        server.happens(identity, "imessage.sent", conversation);
        server.update(admin, subscription, Server.names(RECEIVED, "imessage.sent"));
        reopen(Server.SOON);

        Event event = server.happens(identity, "imessage.sent", conversation);

        assertEventually(
                () -> receiver.received().stream().map(Received::eventId).toList(), List.of(event.id()));
    }

    private void reopen(RetrySchedule schedule) {
        server.close();
        server = new Server(folder, schedule);
    }

    private String expectedSignature(Received request) {
        var at = Instant.ofEpochSecond(Long.parseLong(request.timestamp()));
        var secret = server.keys.secrets(identity.id()).current();
        return new Signature(request.requestId(), request.eventId(), at)
                .own(secret, request.body().getBytes(UTF_8));
    }
}
