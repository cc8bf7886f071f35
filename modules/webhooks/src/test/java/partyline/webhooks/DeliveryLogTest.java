package partyline.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.testkit.Eventually.assertEventually;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.testkit.FakeClock;
import partyline.webhooks.DeliveryLog.Outcome;

class DeliveryLogTest {

    private static final String RECEIVED = "imessage.received";

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();
    private Server server;
    private Receiver receiver;
    private Caller admin;
    private Identity identity;
    private Subscription subscription;

    @BeforeEach
    void open() throws IOException {
        server = new Server(folder, RetrySchedule.parse(List.of("1h")), clock, ContextSource.NONE);
        receiver = new Receiver();
        admin = server.organization("default");
        identity = server.identity(admin, "my-agent");
        subscription = server.subscribe(admin, identity, receiver.url());
    }

    @AfterEach
    void close() {
        receiver.close();
        server.close();
    }

    @Test
    void every_attempt_is_a_row_newest_first_and_filters_narrow() {
        receiver.answers(500);
        var event = server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription), List.of("500"));
        clock.advance(Duration.ofHours(2));
        server.deliveries.look();
        assertEventually(() -> server.log(subscription), List.of("500", "200"));

        var rows = log(admin, Optional.empty(), Optional.empty());

        assertThat(rows).extracting(row -> row.result().status().orElseThrow()).containsExactly(200, 500);
        assertThat(rows.getFirst().sent().payload()).isEqualTo(event.envelope());
        assertThat(rows.getFirst().json().path("event_id").stringValue()).isEqualTo(event.id());
        assertThat(rows.getFirst().json().path("is_replay").booleanValue()).isFalse();
        assertThat(log(admin, Optional.empty(), Optional.of(true))).containsExactly(rows.getFirst());
        assertThat(log(admin, Optional.empty(), Optional.of(false))).containsExactly(rows.getLast());
        assertThat(log(admin, Optional.of("imessage.sent"), Optional.empty())).isEmpty();
        assertThat(log(server.organization("stranger"), Optional.empty(), Optional.empty()))
                .isEmpty();
        var other = server.identity(admin, "other");
        assertThat(log(scopedTo(other), Optional.empty(), Optional.empty())).isEmpty();
        assertThat(log(scopedTo(identity), Optional.empty(), Optional.empty()))
                .extracting(Attempt::id)
                .isEqualTo(rows.stream().map(Attempt::id).toList());
    }

    @Test
    void what_is_told_late_or_again_is_in_the_log_when_the_journal_has_forgotten_it() {
        receiver.answers(410);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.states(subscription), List.of("failed"));
        server.happens(identity, RECEIVED);
        clock.advance(Duration.ofHours(2));
        server.deliveryLog.resume(admin, subscription.id());
        assertEventually(() -> server.log(subscription).size(), 3);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription).size(), 4);
        var prompt = log(admin, Optional.empty(), Optional.empty()).getFirst();
        assertThat(server.deliveryLog.replay(admin, prompt.id())).isInstanceOf(Outcome.Made.class);
        var before = log(admin, Optional.empty(), Optional.empty());

        server.storage.database().update(tx -> tx.run("DELETE FROM journal"));

        assertThat(before).hasSize(5);
        assertThat(log(admin, Optional.empty(), Optional.empty())).isEqualTo(before);
    }

    @Test
    void a_replay_sends_the_same_bytes_with_a_fresh_request_id_and_settles_what_had_failed() {
        receiver.answers(400);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.states(subscription), List.of("failed"));
        var row = log(admin, Optional.empty(), Optional.empty()).getFirst();

        var made = (Outcome.Made) server.deliveryLog.replay(admin, row.id());

        assertThat(made.attempt().replay()).isTrue();
        assertThat(made.attempt().sent()).isEqualTo(row.sent());
        var requests = receiver.received();
        assertThat(requests.get(1).body()).isEqualTo(requests.get(0).body());
        assertThat(requests.get(1).requestId()).isNotEqualTo(requests.get(0).requestId());
        assertThat(server.states(subscription)).containsExactly("succeeded");
    }

    @Test
    void nothing_is_replayed_to_a_subscription_that_is_gone_or_wants_other_events() {
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription), List.of("200"));
        var row = log(admin, Optional.empty(), Optional.empty()).getFirst();
        assertThat(row.unreplayable()).isEmpty();

        assertThat(server.deliveryLog.replay(server.organization("stranger"), row.id()))
                .isEqualTo(new Outcome.NotFound());
        server.update(admin, subscription, Server.names("imessage.sent"));
        assertThat(server.deliveryLog.replay(admin, row.id())).isEqualTo(new Outcome.NotSubscribed());
        assertThat(log(admin, Optional.empty(), Optional.empty()).getFirst().unreplayable())
                .contains("event_not_subscribed");
        server.subscriptions.delete(admin, subscription.id(), false);
        assertThat(server.deliveryLog.replay(admin, row.id())).isEqualTo(new Outcome.NotSubscribed());
        var left = log(admin, Optional.empty(), Optional.empty()).getFirst();
        assertThat(left.id()).isEqualTo(row.id());
        assertThat(left.subscription()).isEqualTo(subscription.id());
        assertThat(left.unreplayable()).contains("subscription_deleted");
    }

    @Test
    void an_event_that_a_subscription_names_no_more_is_not_tried_again() {
        receiver.answers(500);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription), List.of("500"));

        server.update(admin, subscription, Server.names("imessage.sent"));
        clock.advance(Duration.ofHours(2));
        server.deliveries.look();

        assertEventually(() -> server.states(subscription), List.of("cancelled"));
        assertThat(receiver.count()).isEqualTo(1);
    }

    @Test
    void a_test_posts_a_signed_sample_of_each_type() {
        for (String type : List.of(
                RECEIVED,
                "imessage.reaction_received",
                "imessage.sent",
                "imessage.delivered",
                "imessage.delivery_failed")) {
            server.update(admin, subscription, Server.names(type));

            var made = (Outcome.Made) server.deliveryLog.test(admin, subscription.id());

            assertThat(made.attempt().result().status()).contains(200);
            var sample = Json.read(made.attempt().sent().payload());
            assertThat(sample.path("event_type").stringValue()).isEqualTo(type);
            assertThat(sample.path("test").booleanValue()).isTrue();
            assertThat(sample.path("data").path("message").isNull())
                    .isNotEqualTo(sample.path("data").path("reaction").isNull());
        }
        assertThat(receiver.received()).allMatch(request -> request.signature().startsWith("sha256="));
        assertThat(server.deliveryLog.test(server.organization("stranger"), subscription.id()))
                .isEqualTo(new Outcome.NotFound());
    }

    @Test
    void a_test_of_a_subscription_to_many_families_is_of_what_happens_here() {
        server.update(admin, subscription, Server.names("a2a.task.created", "imessage.sent"));

        var made = (Outcome.Made) server.deliveryLog.test(admin, subscription.id());

        assertThat(made.attempt().sent().eventType()).isEqualTo("imessage.sent");
    }

    @Test
    void failed_events_are_replayed_in_bulk_from_a_moment_on() {
        receiver.answers(400, 400);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.states(subscription), List.of("failed"));
        clock.advance(Duration.ofHours(1));
        var late = server.happens(identity, RECEIVED);
        assertEventually(() -> server.states(subscription), List.of("failed", "failed"));

        assertThat(server.deliveryLog.replayFailed(admin, subscription.id(), late.occurredAt()))
                .contains(1);

        assertEventually(() -> server.states(subscription), List.of("failed", "succeeded"));
        assertThat(log(admin, Optional.empty(), Optional.of(true)))
                .singleElement()
                .matches(Attempt::replay);
    }

    @Test
    void what_is_old_is_pruned_and_what_is_owed_stays() {
        server.close();
        server = new Server(folder, RetrySchedule.parse(List.of("9999h")), clock, ContextSource.NONE);
        receiver.answers(200, 500);
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.states(subscription), List.of("succeeded"));
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.log(subscription), List.of("200", "500"));

        clock.advance(Server.KEPT.minusSeconds(1));
        server.deliveries.prune();
        assertThat(server.log(subscription)).hasSize(2);
        clock.advance(Duration.ofSeconds(2));
        server.deliveries.prune();

        assertThat(server.log(subscription)).isEmpty();
        assertEventually(() -> server.states(subscription), List.of("pending"));
    }

    @Test
    void old_rows_are_told_by_their_own_time_after_a_clock_that_was_ahead() {
        clock.advance(Duration.ofDays(365));
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.states(subscription), List.of("succeeded"));
        clock.advance(Duration.ofDays(365).negated());
        server.happens(identity, RECEIVED);
        assertEventually(() -> server.states(subscription), List.of("succeeded", "succeeded"));

        clock.advance(Server.KEPT.plusSeconds(1));
        server.deliveries.prune();

        // What came after the clock was right; how far the subscription is may be written a little later.
        assertEventually(() -> server.states(subscription).size(), 1);
        assertThat(server.log(subscription)).hasSize(1);
    }

    @Test
    void what_an_address_inside_answers_is_for_admins_alone() {
        var own = scopedTo(identity);

        var tested = (Outcome.Made) server.deliveryLog.test(own, subscription.id());
        var again =
                (Outcome.Made) server.deliveryLog.replay(own, tested.attempt().id());

        assertThat(List.of(tested, again)).allSatisfy(made -> {
            assertThat(made.attempt().result().status()).contains(200);
            assertThat(made.attempt().result().body()).isEmpty();
        });
        assertThat(log(own, Optional.empty(), Optional.empty()))
                .hasSize(2)
                .allMatch(row -> row.result().body().isEmpty());
        assertThat(log(admin, Optional.empty(), Optional.empty()))
                .allMatch(row -> row.result().body().isPresent());
    }

    @Test
    void the_newest_hundred_samples_of_a_subscription_are_kept() {
        for (int test = 0; test < 103; test++) {
            assertThat(server.deliveryLog.test(admin, subscription.id())).isInstanceOf(Outcome.Made.class);
        }

        assertThat(server.states(subscription)).hasSize(100).containsOnly("sample");
        assertThat(server.log(subscription)).hasSize(100);
    }

    @Test
    void an_organization_makes_four_such_calls_at_once_and_the_others_do_not_wait_for_it() throws Exception {
        var stranger = server.organization("stranger");
        var theirs = server.subscribe(stranger, server.identity(stranger, "theirs"), "https://nobody.invalid/");
        receiver.hang();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int call = 0; call < 4; call++) {
                threads.submit(() -> server.deliveryLog.test(admin, subscription.id()));
            }
            assertEventually(receiver::count, 4);

            assertThat(server.deliveryLog.test(admin, subscription.id())).isInstanceOf(Outcome.Busy.class);
            assertThat(server.deliveryLog.test(stranger, theirs.id())).isInstanceOf(Outcome.Made.class);
            receiver.close();
        }
        assertThat(server.deliveryLog.test(admin, subscription.id())).isInstanceOf(Outcome.Made.class);
    }

    @Test
    void a_page_ends_before_its_bodies_grow_large_and_the_next_goes_on_behind_it() {
        for (int row = 0; row < 12; row++) {
            server.happensWith(identity, RECEIVED, "x".repeat(100_000));
        }
        assertEventually(() -> server.log(subscription).size(), 12);

        List<Attempt> all = new ArrayList<>();
        Optional<Id> before = Optional.empty();
        DeliveryLog.Page page;
        do {
            page = server.deliveryLog.list(
                    admin,
                    new DeliveryLog.Filter(
                            Optional.of(subscription.id()), Optional.empty(), Optional.empty(), before, 200, 0));
            assertThat(page.rows()).hasSizeBetween(1, 5);
            all.addAll(page.rows());
            before = Optional.of(page.rows().getLast().id());
        } while (page.more());

        assertThat(all).extracting(Attempt::id).hasSize(12).doesNotHaveDuplicates();
    }

    @Test
    void after_a_rotation_both_keys_sign_until_the_overlap_is_over() {
        server.keys.rotate(identity);
        server.deliveryLog.test(admin, subscription.id());
        clock.advance(Server.OVERLAP);
        server.deliveryLog.test(admin, subscription.id());

        assertThat(receiver.received().get(0).previous()).startsWith("sha256=");
        assertThat(receiver.received().get(0).previous())
                .isNotEqualTo(receiver.received().get(0).signature());
        assertThat(receiver.received().get(1).previous()).isNull();
    }

    private List<Attempt> log(Caller caller, Optional<String> type, Optional<Boolean> success) {
        return server.deliveryLog
                .list(
                        caller,
                        new DeliveryLog.Filter(Optional.of(subscription.id()), type, success, Optional.empty(), 50, 0))
                .rows();
    }

    private static Caller scopedTo(Identity identity) {
        return new Caller(identity.organization(), Optional.of(identity.id()), true, "key");
    }
}
