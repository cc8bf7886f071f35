package partyline.app;

import io.javalin.http.sse.SseClient;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Simulator;

/// The live views of phones. Each reader has a thread that writes the whole view whenever it changed; changes that come
/// while it writes become one, so a slow reader misses steps and never holds anything up. Thread-safe.
final class PhoneStreams {

    private static final Logger LOG = LoggerFactory.getLogger(PhoneStreams.class);
    private static final long HEARTBEAT_SECONDS = 15;

    private final Simulator simulator;
    private final OpenStreams open;

    PhoneStreams(Simulator simulator, OpenStreams open) {
        this.simulator = simulator;
        this.open = open;
    }

    /// Shows the phone to `client` until it leaves; not at all when its key has too many streams open.
    void open(SseClient client, PhoneNumber number) {
        String holder = "phones of " + Access.caller(client.ctx()).keyId();
        Optional<OpenStreams.Seat> seat = open.take(holder, client::close);
        if (seat.isEmpty()) {
            client.close();
            return;
        }
        client.keepAlive();
        BlockingQueue<Boolean> changed = new ArrayBlockingQueue<>(1);
        AutoCloseable watch = simulator.watch(number, () -> changed.offer(true));
        client.onClose(() -> {
            seat.get().close();
            changed.offer(true);
        });
        Thread.ofVirtual().name("phone-stream").start(() -> {
            try (watch) {
                write(client, number, changed);
            } catch (Exception e) {
                LOG.debug("event=phone_stream_ended", e);
            } finally {
                client.close();
            }
        });
    }

    private void write(SseClient client, PhoneNumber number, BlockingQueue<Boolean> changed)
            throws InterruptedException {
        client.sendData(Json.write(simulator.phone(number, null)));
        while (!client.terminated()) {
            if (changed.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS) == null) {
                client.sendComment("still here");
            } else if (!client.terminated()) {
                client.sendData(Json.write(simulator.phone(number, null)));
            }
        }
    }
}
