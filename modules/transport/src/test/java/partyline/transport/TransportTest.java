package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.transport.Server.ANN;
import static partyline.transport.Server.LINES;
import static partyline.transport.Server.POOL;
import static partyline.transport.Server.ROUTER;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransportTest {

    @TempDir
    Path folder;

    private final FakeClock clock = new FakeClock();

    @Test
    void lines_are_found_by_id_and_by_role() {
        try (var server = Server.withFakeDriver(folder, clock)) {
            assertThat(server.transport().lines()).containsExactly(ROUTER, POOL);
            assertThat(server.transport().line("pool-1")).contains(POOL);
            assertThat(server.transport().line("gone")).isEmpty();
            assertThat(server.transport().router()).contains(ROUTER);
            assertThat(server.transport().pool()).containsExactly(POOL);
        }
    }

    @Test
    void a_line_that_is_no_longer_configured_refuses() {
        try (var server = Server.withFakeDriver(folder, clock).started()) {
            Outgoing message = server.outgoing(ANN, "hello");

            assertThat(server.transport().send("gone", message))
                    .isInstanceOfSatisfying(
                            SendResult.Refused.class,
                            refused -> assertThat(refused.code()).isEqualTo("line_gone"));
            assertThat(server.transport().tapback("gone", ANN, "p1", "love", 0)).isEqualTo(TapbackResult.NOT_NOW);
            assertThat(server.transport().capabilities("gone", ANN).media()).isFalse();
            server.transport().typing("gone", ANN, true);
        }
    }

    @Test
    void a_driver_that_throws_has_told_nothing() {
        try (var server = Server.withFakeDriver(folder, clock).started()) {
            server.driver().onSend = _ -> {
                throw new IllegalStateException("a bug");
            };
            server.driver().onReconcile = server.driver().onSend;
            Outgoing message = server.outgoing(ANN, "hello");

            assertThat(server.transport().send("router", message)).isInstanceOf(SendResult.Unknown.class);
            assertThat(server.transport().reconcile("router", message, clock.instant()))
                    .isInstanceOf(SendResult.Unknown.class);
            server.transport().markRead("router", ANN, clock.instant());
        }
    }

    @Test
    void closing_closes_the_drivers() {
        var server = Server.withFakeDriver(folder, clock).started();

        server.close();

        assertThat(server.driver().closed).isTrue();
    }

    @Test
    void a_line_must_name_a_driver() {
        try (var server = Server.withFakeDriver(folder, clock)) {
            assertThatThrownBy(() -> new Transport(server.database(), server.ids(), clock, LINES, Map.of()))
                    .hasMessageContaining("router");
        }
    }
}
