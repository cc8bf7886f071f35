package partyline.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.junit.jupiter.api.Test;

/// How long a client may let us wait for its body.
class SlowBodiesTest {

    private static final int A_SECOND = 512;

    private final Queue<Optional<Content.Chunk>> coming = new ArrayDeque<>();
    private long now = 1_000_000_000L;
    private final SlowBodies.Timed body = new SlowBodies.Timed(upload(), () -> now);

    @Test
    void a_steady_body_may_take_as_long_as_it_is_long() {
        for (int second = 0; second < 600; second++) {
            assertThat(cut(waited(Duration.ofSeconds(1), A_SECOND))).isFalse();
        }
    }

    @Test
    void a_quick_beginning_pays_for_no_more_than_fifteen_seconds_of_a_slow_end() {
        assertThat(cut(waited(Duration.ZERO, 1 << 20))).isFalse();

        assertThat(cut(waited(Duration.ofSeconds(14), 1))).isFalse();
        assertThat(cut(waited(Duration.ofSeconds(2), 1))).isTrue();
    }

    @Test
    void a_trickle_is_cut_after_its_two_seconds_of_grace() {
        assertThat(cut(waited(Duration.ofMillis(900), 1))).isFalse();
        assertThat(cut(waited(Duration.ofMillis(900), 1))).isFalse();
        assertThat(cut(waited(Duration.ofMillis(900), 1))).isTrue();
    }

    @Test
    void looking_again_while_nothing_came_is_one_wait() {
        coming.add(Optional.empty());
        assertThat(body.read()).isNull();
        now += Duration.ofMillis(1_500).toNanos();

        assertThat(cut(waited(Duration.ofMillis(1_000), 1))).isTrue();
    }

    @Test
    void what_the_handler_does_between_two_pieces_is_not_the_clients_time() {
        assertThat(cut(read(10))).isFalse();
        now += Duration.ofMinutes(5).toNanos();

        assertThat(cut(read(10))).isFalse();
    }

    @Test
    void the_last_piece_is_taken_however_late_it_is() {
        coming.add(Optional.empty());
        coming.add(Optional.of(Content.Chunk.from(ByteBuffer.allocate(1), true)));
        assertThat(body.read()).isNull();
        now += Duration.ofSeconds(20).toNanos();

        assertThat(cut(body.read())).isFalse();
    }

    /// What is read when `bytes` come after so long a wait.
    private Content.Chunk waited(Duration wait, int bytes) {
        coming.add(Optional.empty());
        assertThat(body.read()).isNull();
        now += wait.toNanos();
        return read(bytes);
    }

    private Content.Chunk read(int bytes) {
        coming.add(Optional.of(Content.Chunk.from(ByteBuffer.allocate(bytes), false)));
        return body.read();
    }

    private static boolean cut(Content.Chunk chunk) {
        return Content.Chunk.isFailure(chunk) && chunk.getFailure() instanceof TimeoutException;
    }

    private Request upload() {
        return (Request) Proxy.newProxyInstance(
                Request.class.getClassLoader(), new Class<?>[] {Request.class}, (_, method, _) -> {
                    if (method.getName().equals("read")) {
                        return coming.remove().orElse(null);
                    }
                    throw new UnsupportedOperationException(method.getName());
                });
    }
}
