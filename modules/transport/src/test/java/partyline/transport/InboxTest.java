package partyline.transport;

import static java.lang.Thread.State.TERMINATED;
import static java.lang.Thread.State.WAITING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.testkit.Eventually.assertEventually;
import static partyline.transport.TransportRun.ANN;
import static partyline.transport.TransportRun.BOB;
import static partyline.transport.TransportRun.POOL;
import static partyline.transport.TransportRun.ROUTER;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.kernel.Overloaded;
import partyline.kernel.PhoneNumber;
import partyline.testkit.FakeClock;
import partyline.transport.Driver.Inbound.News;

class InboxTest {

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();

    @Test
    void a_text_that_is_offered_twice_is_handled_once() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().inbound().accept(text(ANN, ROUTER, "hello"));
            server.driver().inbound().accept(text(ANN, ROUTER, "hello"));
            server.driver().inbound().accept(text(ANN, ROUTER, "next"));

            assertEventually(server.handler()::texts, List.of("hello", "next"));
        }
    }

    @Test
    void whoever_brings_a_text_hears_whether_it_is_news_also_after_a_restart() {
        try (var server = TransportRun.open(folder, clock).started()) {
            assertThat(server.driver().inbound().accept(text(ANN, ROUTER, "hello")))
                    .isEqualTo(News.NEW);
        }
        try (var server = TransportRun.open(folder, clock).started()) {
            assertThat(server.driver().inbound().accept(text(ANN, ROUTER, "hello")))
                    .isEqualTo(News.REPEATED);
            assertThat(server.driver().inbound().accept(text(BOB, ROUTER, "hello")))
                    .as("somebody else's")
                    .isEqualTo(News.MISNAMED);
            clock.advance(Duration.ofHours(2));
            assertThat(server.driver().inbound().accept(text(ANN, ROUTER, "hello")))
                    .as("a later one")
                    .isEqualTo(News.MISNAMED);

            assertThat(server.handler().texts()).isEmpty();
        }
    }

    @Test
    void a_text_comes_through_whole() {
        var text = new InboundEvent.TextReceived(
                "pool-1",
                ANN,
                clock.instant(),
                "p1",
                null,
                "https://a.example/b.png",
                "image/png",
                "b.png",
                Service.RCS,
                "slam");
        var tapback =
                new InboundEvent.TapbackReceived("pool-1", ANN, clock.instant(), "p1", "p0", "custom", "🌴", 2, true);

        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().inbound().accept(text);
            server.driver().inbound().accept(tapback);

            assertEventually(() -> server.handler().events(), List.of(text, tapback));
        }
    }

    @Test
    void one_persons_texts_are_handled_in_order_over_all_lines() {
        List<String> texts =
                IntStream.range(0, 50).mapToObj(number -> "text " + number).toList();

        try (var server = TransportRun.open(folder, clock).started()) {
            for (String text : texts) {
                server.driver().inbound().accept(text(ANN, text.endsWith("3") ? POOL : ROUTER, text));
            }

            assertEventually(server.handler()::texts, texts);
        }
    }

    @Test
    void what_cannot_be_handled_holds_up_its_sender_alone_and_is_tried_again() {
        var ill = new AtomicBoolean(true);
        try (var server = TransportRun.open(folder, clock).started()) {
            server.handler().before = event -> {
                if (event.from().equals(ANN) && ill.get()) {
                    throw new IllegalStateException("not today");
                }
            };
            server.driver().inbound().accept(text(ANN, ROUTER, "first"));
            server.driver().inbound().accept(text(BOB, ROUTER, "bob"));
            assertEventually(server.handler()::texts, List.of("bob"));
            assertEventually(() -> server.postponed(clock), 1);

            ill.set(false);
            clock.advance(Duration.ofMinutes(1));

            server.driver().inbound().accept(text(ANN, ROUTER, "second"));
            assertEventually(server.handler()::texts, List.of("bob", "first", "second"));
        }
    }

    @Test
    void a_text_for_which_too_much_waits_is_the_drivers_to_bring_again() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.handler().before = _ -> {
                throw new Overloaded();
            };
            assertThatThrownBy(() -> server.driver().inbound().accept(text(ANN, ROUTER, "hello")))
                    .isInstanceOf(Overloaded.class);
            assertThat(server.postponed(clock)).isZero();
            server.handler().before = _ -> {};

            server.driver().inbound().accept(text(ANN, ROUTER, "hello"));

            assertEventually(server.handler()::texts, List.of("hello"));
        }
    }

    @Test
    void who_is_erased_while_their_file_is_fetched_is_erased_after_it_came() {
        List<String> order = new CopyOnWriteArrayList<>();
        try (var server = TransportRun.open(folder, clock).started()) {
            Thread eraser = new Thread(() -> server.database().alone(ANN, () -> order.add("erased")));
            server.handler().fetches = _ -> {
                eraser.start();
                assertEventually(() -> Set.of(WAITING, TERMINATED).contains(eraser.getState()), true);
            };
            server.handler().before = _ -> order.add("handled");

            server.driver()
                    .inbound()
                    .accept(new InboundEvent.TextReceived(
                            "router",
                            ANN,
                            clock.instant(),
                            "p1",
                            null,
                            "http://a/b",
                            null,
                            null,
                            Service.IMESSAGE,
                            null));

            assertEventually(() -> List.copyOf(order), List.of("handled", "erased"));
        }
    }

    @Test
    void a_poison_text_is_given_up_after_five_attempts() {
        Set<Instant> attempts = ConcurrentHashMap.newKeySet();
        try (var server = TransportRun.open(folder, clock).started()) {
            server.handler().before = event -> {
                if (event instanceof InboundEvent.TextReceived text && "poison".equals(text.text())) {
                    attempts.add(clock.instant());
                    throw new IllegalStateException("poison");
                }
            };
            server.driver().inbound().accept(text(ANN, ROUTER, "poison"));
            for (int attempt = 1; attempt < 5; attempt++) {
                assertEventually(() -> server.postponed(clock), 1);
                clock.advance(Duration.ofHours(1));
                server.driver().inbound().accept(text(ANN, ROUTER, "after " + attempt));
            }

            assertEventually(server.handler()::texts, List.of("after 1", "after 2", "after 3", "after 4"));
            assertThat(attempts).hasSize(5);
        }
    }

    @Test
    void a_time_that_cannot_be_keeps_nothing_from_being_handled() {
        Instant at = Instant.parse("+24907341-01-01T00:00:00Z");
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver()
                    .inbound()
                    .accept(new InboundEvent.TextReceived(
                            "router", ANN, at, "odd", "odd", "http://127.0.0.1:9/a", null, null, Service.SMS, null));
            server.handler().recognizes = _ -> false;
            server.driver()
                    .inbound()
                    .receipt(new Receipt("router", "p1", Receipt.Kind.DELIVERED, at, Optional.empty()));
            server.driver().inbound().accept(text(ANN, ROUTER, "next"));

            assertEventually(server.handler()::texts, List.of("odd", "next"));
            assertThat(server.handler().events().getFirst().at()).isEqualTo(clock.instant());
            assertThat(server.claim("p1")).containsExactly(receipt("p1", Receipt.Kind.DELIVERED));
        }
    }

    @Test
    void an_event_that_cannot_be_stored_is_set_aside_and_counted() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().inbound().accept(fromNobody());
            server.driver().inbound().accept(text(ANN, ROUTER, "next"));

            assertEventually(server.handler()::texts, List.of("next"));
            assertThat(server.transport().lines().statuses().getFirst().dropped())
                    .containsEntry("unreadable", 1L);
        }
    }

    @SuppressWarnings("NullAway")
    private InboundEvent fromNobody() {
        return new InboundEvent.TextReceived(
                "router", null, clock.instant(), "odd", "odd", null, null, null, Service.SMS, null);
    }

    @Test
    void a_reaction_that_nobody_can_show_is_dropped_and_counted() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver()
                    .inbound()
                    .accept(new InboundEvent.TapbackReceived(
                            "router", ANN, clock.instant(), "odd", "p0", "salute", null, 0, false));
            server.driver().inbound().accept(text(ANN, ROUTER, "next"));

            assertEventually(server.handler()::texts, List.of("next"));
            assertThat(server.transport().lines().statuses().getFirst().dropped())
                    .containsEntry("reaction", 1L);
        }
    }

    @Test
    void a_tapback_in_words_is_one_on_what_the_router_said_too_and_comes_once() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.say(ANN, "You are connected.");
            assertEventually(() -> said(server), 1);

            server.driver().inbound().accept(text(ANN, ROUTER, "Loved “You are connected.”"));
            server.driver().inbound().accept(text(ANN, ROUTER, "Loved “You are connected.”"));
            server.driver().inbound().accept(text(ANN, ROUTER, "next"));

            assertEventually(server.handler()::texts, List.of("tapback", "next"));
        }
    }

    private static int said(TransportRun server) {
        return server.database()
                .read(handle -> handle.createQuery("SELECT count(*) FROM transport_outbox WHERE said_at IS NOT NULL")
                        .mapTo(int.class)
                        .one());
    }

    @Test
    void who_cannot_tell_what_was_said_costs_no_text() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.handler().thread.add(new InboundHandler.RecentText("p0", "hi", false, true));
            server.handler().tells = _ -> {
                throw new IllegalStateException("not today");
            };

            server.driver().inbound().accept(text(ANN, ROUTER, "Liked “hi”"));

            assertEventually(server.handler()::texts, List.of("Liked “hi”"));
        }
    }

    @Test
    void what_was_not_handled_before_a_restart_is_handled_after_it() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.handler().before = _ -> {
                throw new IllegalStateException("going down");
            };
            server.driver().inbound().accept(text(ANN, ROUTER, "hello"));
            assertEventually(() -> server.postponed(clock), 1);
        }

        clock.advance(Duration.ofHours(1));

        try (var server = TransportRun.open(folder, clock).started()) {
            assertEventually(server.handler()::texts, List.of("hello"));
            server.driver().inbound().accept(text(ANN, ROUTER, "hello"));
            server.driver().inbound().accept(text(ANN, ROUTER, "next"));
            assertEventually(server.handler()::texts, List.of("hello", "next"));
        }
    }

    @Test
    void a_receipt_that_comes_too_early_waits_until_it_is_claimed() {
        Receipt sent = receipt("p1", Receipt.Kind.SENT);
        Receipt failed = new Receipt(
                "router",
                "p1",
                Receipt.Kind.FAILED,
                clock.instant(),
                Optional.of(new Receipt.Failure("x", "Why.")),
                Optional.of(Service.SMS));

        try (var server = TransportRun.open(folder, clock).started()) {
            server.handler().recognizes = _ -> false;
            server.driver().inbound().receipt(failed);
            server.driver().inbound().receipt(sent);
            server.driver().inbound().receipt(sent);
            server.driver().inbound().receipt(receipt("p2", Receipt.Kind.READ));

            assertThat(server.claim("p1")).containsExactly(failed, sent);
            assertThat(server.claim("p1")).isEmpty();
        }
    }

    @Test
    void a_receipt_that_the_handler_fails_over_is_parked() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.handler().recognizes = _ -> {
                throw new IllegalStateException("a bug");
            };
            server.driver().inbound().receipt(receipt("p1", Receipt.Kind.SENT));

            assertThat(server.claim("p1")).containsExactly(receipt("p1", Receipt.Kind.SENT));
        }
    }

    private Receipt receipt(String providerId, Receipt.Kind kind) {
        return new Receipt("router", providerId, kind, clock.instant(), Optional.empty());
    }

    private InboundEvent text(PhoneNumber from, Line line, String text) {
        return new InboundEvent.TextReceived(
                line.id(), from, clock.instant(), "in-" + text, text, null, null, null, Service.IMESSAGE, null);
    }
}
