package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.testkit.Eventually.assertEventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Json;
import partyline.testkit.FakeClock;
import partyline.webhooks.OddReceiver.Manner;

class PausesTest {

    private static final String RECEIVED = "imessage.received";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private Server server;
    private OddReceiver receiver;
    private Caller admin;
    private Identity identity;

    @BeforeEach
    void open() throws IOException {
        server = new Server(folder, RetrySchedule.parse(List.of("1h")), clock, ContextSource.NONE);
        receiver = new OddReceiver();
        admin = server.organization("default");
        identity = server.identity(admin, "my-agent");
    }

    @AfterEach
    void close() throws IOException {
        receiver.close();
        server.close();
    }

    @Test
    void a_receiver_that_is_gone_is_paused_and_told_everything_after_it_is_resumed() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.first(Manner.GONE);
        var first = server.happens(identity, RECEIVED);
        assertEventually(() -> paused(subscription), true);
        var second = server.happens(identity, RECEIVED);
        server.deliveries.look();

        assertThat(server.states(subscription)).containsExactly("failed", "pending");
        assertThat(find(subscription).json().path("status").stringValue()).isEqualTo("active");
        assertThat(find(subscription).json().path("paused_reason").stringValue())
                .isEqualTo("The receiver answered 410 Gone.");

        var resumed = server.deliveryLog.resume(admin, subscription.id()).orElseThrow();

        assertThat(resumed.pause()).isEmpty();
        assertEventually(() -> server.states(subscription), List.of("succeeded", "succeeded"));
        assertThat(receiver.taken()).containsExactlyInAnyOrder(first.id(), second.id());
    }

    @Test
    void three_days_of_nothing_but_failures_pause_and_the_journal_says_so_once() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.always(Manner.FAIL);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription).size(), 1);
        pass(Duration.ofHours(2));
        assertEventually(() -> server.states(subscription), List.of("failed"));
        assertThat(paused(subscription)).isFalse();

        pass(Duration.ofDays(3));
        server.happens(identity, RECEIVED);

        assertEventually(() -> paused(subscription), true);
        assertThat(server.states(subscription)).containsExactly("failed", "pending");
        var told = server.journal("subscription.paused");
        assertThat(told).hasSize(1);
        assertThat(Json.read(told.getFirst()).path("subscription").path("id").stringValue())
                .isEqualTo(subscription.id().text());

        receiver.always(Manner.WELL);
        server.deliveryLog.resume(admin, subscription.id());
        assertEventually(() -> Set.copyOf(server.states(subscription)), Set.of("succeeded"));
    }

    @Test
    void one_success_begins_the_three_days_anew() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        receiver.first(Manner.FAIL, Manner.WELL, Manner.FAIL);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription).size(), 1);
        pass(Duration.ofHours(2));
        assertEventually(() -> server.states(subscription), List.of("succeeded"));

        pass(Duration.ofDays(4));
        server.happens(identity, RECEIVED);

        assertEventually(() -> server.log(subscription).size(), 3);
        assertThat(paused(subscription)).isFalse();
    }

    @Test
    void what_a_paused_subscription_left_lying_too_long_is_pruned_and_holds_up_nothing() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        var conversation = server.storage.ids().next();
        receiver.first(Manner.GONE);
        server.happens(identity, RECEIVED);
        assertEventually(() -> paused(subscription), true);
        pass(Duration.ofHours(1));
        server.happens(identity, RECEIVED, conversation);
        pass(Duration.ofDays(20));
        var young = server.happens(identity, RECEIVED, conversation);
        pass(Duration.ofDays(11));

        server.deliveries.prune();
        server.deliveryLog.resume(admin, subscription.id());

        assertEventually(receiver::taken, List.of(young.id()));
    }

    @Test
    void strangers_resume_nothing() {
        var subscription = server.subscribe(admin, identity, receiver.url());
        var stranger = server.organization("stranger");

        assertThat(server.deliveryLog.resume(stranger, subscription.id())).isEmpty();
        assertThat(server.deliveryLog.replayFailed(stranger, subscription.id(), clock.instant()))
                .isEmpty();
        assertThat(server.deliveryLog.resume(admin, subscription.id())).isEqualTo(Optional.of(subscription));
    }

    private boolean paused(Subscription subscription) {
        return find(subscription).pause().isPresent();
    }

    private Subscription find(Subscription subscription) {
        return server.subscriptions.find(admin, subscription.id()).orElseThrow();
    }

    private void pass(Duration time) {
        clock.advance(time);
        server.deliveries.look();
    }
}
