package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.transport.TransportRun.ANN;
import static partyline.transport.TransportRun.LINES;
import static partyline.transport.TransportRun.POOL;
import static partyline.transport.TransportRun.ROUTER;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.testkit.FakeClock;

class TransportTest {

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();

    @Test
    void lines_are_found_by_id_and_by_role() {
        try (var server = TransportRun.open(folder, clock)) {
            assertThat(server.transport().lines().all()).containsExactly(ROUTER, POOL);
            assertThat(server.transport().lines().line("pool-1")).contains(POOL);
            assertThat(server.transport().lines().line("gone")).isEmpty();
            assertThat(server.transport().lines().router()).contains(ROUTER);
            assertThat(server.transport().lines().pool()).containsExactly(POOL);
        }
    }

    @Test
    void a_line_that_is_no_longer_configured_refuses() {
        try (var server = TransportRun.open(folder, clock).started()) {
            Outgoing message = server.outgoing(ANN, "hello");

            assertThat(server.transport().lines().send("gone", message))
                    .isInstanceOfSatisfying(
                            SendResult.Refused.class,
                            refused -> assertThat(refused.code()).isEqualTo("line_gone"));
            assertThat(server.transport().lines().tapback("gone", ANN, "p1", "love", 0))
                    .isEqualTo(TapbackResult.NOT_NOW);
            assertThat(server.transport().lines().capabilities("gone", ANN).media())
                    .isFalse();
            server.transport().lines().typing("gone", ANN, true);
        }
    }

    @Test
    void a_driver_that_throws_has_told_nothing() {
        try (var server = TransportRun.open(folder, clock).started()) {
            server.driver().onSend = _ -> {
                throw new IllegalStateException("a bug");
            };
            server.driver().onReconcile = server.driver().onSend;
            Outgoing message = server.outgoing(ANN, "hello");

            assertThat(server.transport().lines().send("router", message)).isInstanceOf(SendResult.Unknown.class);
            assertThat(server.transport().lines().reconcile("router", message, clock.instant()))
                    .isInstanceOf(SendResult.Unknown.class);
            server.transport().lines().markRead("router", ANN, clock.instant());
        }
    }

    @Test
    void closing_closes_the_drivers() {
        var server = TransportRun.open(folder, clock).started();

        server.close();

        assertThat(server.driver().closed).isTrue();
    }

    @Test
    void a_line_must_name_a_driver() {
        try (var server = TransportRun.open(folder, clock)) {
            assertThatThrownBy(() -> new Transport(server.database(), server.ids(), clock, LINES, Map.of()))
                    .hasMessageContaining("router");
        }
    }

    @Test
    void a_send_with_media_is_waited_for_as_long_as_its_driver_says() throws Exception {
        try (var server = TransportRun.open(folder, clock).started();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CountDownLatch uploaded = new CountDownLatch(1);
            server.driver().patience = Duration.ofMillis(50);
            server.driver().onSend = message -> {
                await(uploaded);
                return FakeDriver.accept(message);
            };
            Outgoing picture =
                    new Outgoing(server.ids().next(), ANN, "look", "https://example.org/cat", null, null, null);

            Future<SendResult> upload =
                    threads.submit(() -> server.transport().lines().send("router", picture));
            SendResult text = server.transport().lines().send("router", server.outgoing(ANN, "hello"));
            uploaded.countDown();

            assertThat(text).as("its own patience is over").isInstanceOf(SendResult.Unknown.class);
            assertThat(upload.get(60, TimeUnit.SECONDS)).isInstanceOf(SendResult.Accepted.class);
        }
    }

    @Test
    void choosing_a_line_asks_no_driver() {
        try (var server = TransportRun.open(folder, clock)) {
            server.transport().lines().pool();

            assertThat(server.driver().askedHealth).hasValue(0);
            server.transport().lines().statuses();
            assertThat(server.driver().askedHealth).hasValue(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "from +12025550101 to you",
                "from 12025550101",
                "From: 2025550101.",
                "the number (202) 555-0101 is off",
                "+1 202.555.0101",
                "unknown:+1-202-555-0101"
            })
    void the_number_of_a_line_is_read_nowhere_however_it_is_written(String words) {
        try (var server = TransportRun.open(folder, clock)) {
            assertThat(server.transport().lines().masked(words))
                    .contains("(a line)")
                    .doesNotContain("0101");
            assertThat(server.transport().lines().masked("error 30003 for +12025550140"))
                    .isEqualTo("error 30003 for +12025550140");
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
