package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.testkit.Eventually.assertEventually;
import static partyline.transport.TransportRun.ANN;
import static partyline.transport.TransportRun.BOB;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.testkit.FakeClock;

class OutboxTest {

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();

    @Test
    void words_are_said_in_order() {
        List<String> words = IntStream.range(0, 30).mapToObj(Integer::toString).toList();

        try (var server = TransportRun.open(folder, clock).started()) {
            words.forEach(text -> server.say(ANN, text));

            assertEventually(() -> List.copyOf(server.driver().sent), words);
        }
    }

    @Test
    void words_of_a_transaction_that_failed_are_never_said() {
        try (var server = TransportRun.open(folder, clock).started()) {
            assertThatThrownBy(() -> server.database().update(tx -> {
                        server.transport().say(tx, new Transport.SystemMessage("router", ANN, "lost", null));
                        throw new IllegalStateException("rolled back");
                    }))
                    .hasMessage("rolled back");
            server.say(ANN, "kept");

            assertEventually(() -> List.copyOf(server.driver().sent), List.of("kept"));
        }
    }

    @Test
    void words_that_were_not_sent_are_tried_again_in_their_place() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = _ -> new SendResult.NotSent("no signal");
            server.say(ANN, "first");
            server.say(ANN, "second");
            server.say(BOB, "bob");
            assertEventually(() -> List.copyOf(server.driver().sent).contains("bob"), true);
            assertEventually(() -> server.postponed(clock), 2);

            server.driver().onSend = FakeDriver::accept;
            clock.advance(Duration.ofMinutes(1));

            server.say(ANN, "third");
            assertEventually(
                    () -> server.driver().sent.stream()
                            .filter(text -> !text.equals("bob"))
                            .toList(),
                    List.of("first", "first", "second", "third"));
        }
    }

    @Test
    void words_wait_as_long_as_the_line_wants() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = _ -> new SendResult.NotSent("slower", Optional.of(Duration.ofMinutes(5)));
            server.say(ANN, "first");
            assertEventually(() -> server.postponed(clock), 1);

            clock.advance(Duration.ofMinutes(5).minusMillis(1));
            assertThat(server.postponed(clock)).isEqualTo(1);
            clock.advance(Duration.ofMillis(1));

            assertThat(server.postponed(clock)).isZero();
        }
    }

    @Test
    void words_that_were_refused_do_not_hold_up_the_next() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = message -> "bad".equals(message.text())
                    ? new SendResult.Refused("too_long", "Shorten it.")
                    : FakeDriver.accept(message);
            server.say(ANN, "bad");
            server.say(ANN, "good");

            assertEventually(() -> List.copyOf(server.driver().sent), List.of("bad", "good"));
        }
    }

    @Test
    void words_whose_outcome_is_unknown_are_looked_for_and_not_said_again() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = message -> {
                throw new IllegalStateException("connection lost");
            };
            server.say(ANN, "first");
            assertEventually(() -> server.postponed(clock), 1);
            server.driver().onSend = FakeDriver::accept;

            clock.advance(Duration.ofMinutes(1));

            server.say(ANN, "second");
            assertEventually(() -> List.copyOf(server.driver().sent), List.of("first", "second"));
            assertThat(server.driver().reconciled).containsExactly("first");
        }
    }

    @Test
    void words_that_stay_unknown_for_ten_minutes_are_given_up() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = _ -> new SendResult.Unknown("timed out");
            server.driver().onReconcile = _ -> new SendResult.Unknown("timed out");
            server.say(ANN, "first");
            assertEventually(() -> server.postponed(clock), 1);
            server.driver().onSend = FakeDriver::accept;

            clock.advance(Duration.ofMinutes(11));

            server.say(ANN, "second");
            assertEventually(() -> List.copyOf(server.driver().sent), List.of("first", "second"));
        }
    }

    @Test
    void words_survive_a_restart() {
        try (var server = TransportRun.open(folder, clock)) {
            server.say(ANN, "not started yet");
        }

        try (var server = TransportRun.open(folder, clock).started()) {
            assertEventually(() -> List.copyOf(server.driver().sent), List.of("not started yet"));
        }
    }

    @Test
    void words_that_were_handed_before_a_restart_are_looked_for_first() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = _ -> new SendResult.Unknown("timed out");
            server.say(ANN, "lost");
            assertEventually(() -> server.postponed(clock), 1);
        }

        clock.advance(Duration.ofHours(1));

        try (var server = TransportRun.open(folder, clock)) {
            server.driver().onReconcile = _ -> new SendResult.NotSent("never seen");
            server.started();
            assertEventually(() -> server.postponed(clock), 1);
            assertThat(server.driver().reconciled).containsExactly("lost");
            assertThat(server.driver().sent).isEmpty();
            clock.advance(Duration.ofMinutes(1));
            server.say(ANN, "next");
            assertEventually(() -> List.copyOf(server.driver().sent), List.of("lost", "next"));
        }
    }

    @Test
    void receipts_of_words_are_not_parked() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.handler().recognizes = _ -> false;
            Receipt early = new Receipt("router", "p-hi", Receipt.Kind.SENT, clock.instant(), Optional.empty());
            Receipt late = new Receipt("router", "p-hi", Receipt.Kind.DELIVERED, clock.instant(), Optional.empty());

            server.driver().inbound().receipt(early);
            server.say(ANN, "hi");
            server.say(ANN, "and more");
            assertEventually(() -> List.copyOf(server.driver().sent), List.of("hi", "and more"));
            server.driver().inbound().receipt(late);

            assertThat(server.claim("p-hi")).isEmpty();
        }
    }

    @Test
    void words_rest_for_an_hour_when_the_line_asks_for_an_hour() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = message -> "slow".equals(message.text())
                    ? new SendResult.NotSent("slower", Optional.of(Duration.ofHours(1)))
                    : FakeDriver.accept(message);
            server.say(ANN, "slow");
            assertEventually(() -> server.postponed(clock), 1);

            clock.advance(Duration.ofMinutes(59));
            server.transport().look();
            server.say(ANN, "behind it");
            server.say(BOB, "beside it");
            assertEventually(() -> List.copyOf(server.driver().sent), List.of("slow", "beside it"));
            server.driver().onSend = FakeDriver::accept;
            clock.advance(Duration.ofMinutes(2));
            server.transport().look();

            assertEventually(
                    () -> List.copyOf(server.driver().sent), List.of("slow", "beside it", "slow", "behind it"));
        }
    }

    @Test
    void words_do_not_rest_for_a_clock_that_went_back() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = _ -> new SendResult.NotSent("slower", Optional.of(Duration.ofHours(1)));
            server.say(ANN, "slow");
            assertEventually(() -> server.postponed(clock), 1);
            server.driver().onSend = FakeDriver::accept;

            clock.advance(Duration.ofDays(-1));
            server.transport().look();

            assertEventually(() -> List.copyOf(server.driver().sent), List.of("slow", "slow"));
        }
    }

    @Test
    void an_id_that_the_line_used_before_tells_nothing_and_the_words_are_looked_for() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = _ -> new SendResult.Accepted("the same", Service.IMESSAGE, false);
            server.driver().onReconcile = _ -> new SendResult.NotSent("never seen");
            server.say(ANN, "first");
            server.say(ANN, "second");
            assertEventually(() -> server.postponed(clock), 1);
            server.driver().onSend = FakeDriver::accept;
            assertThat(server.transport().lines().known().getFirst().health().detail())
                    .contains("must be unique, also over restarts");

            clock.advance(Duration.ofSeconds(6));
            server.transport().look();
            assertEventually(() -> List.copyOf(server.driver().reconciled), List.of("second"));
            assertEventually(() -> server.postponed(clock), 1);
            clock.advance(Duration.ofSeconds(6));
            server.transport().look();

            assertEventually(() -> List.copyOf(server.driver().sent), List.of("first", "second", "second"));
        }
    }
}
