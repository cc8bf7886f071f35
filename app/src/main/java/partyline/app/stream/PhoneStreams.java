package partyline.app.stream;

import io.javalin.http.HandlerType;
import io.javalin.http.sse.SseClient;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.http.Access;
import partyline.drivers.simulator.Simulator;
import partyline.identities.ApiKeys;
import partyline.identities.Caller;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;

/// The live views of phones. Each reader has a thread that writes the whole view whenever it changed; changes that come
/// while it writes become one, so a slow reader misses steps and never holds anything up. Thread-safe.
public final class PhoneStreams {

    private static final Logger LOG = LoggerFactory.getLogger(PhoneStreams.class);
    private static final long HEARTBEAT_SECONDS = 15;

    private final Simulator simulator;
    private final OpenStreams open;
    private final ApiKeys keys;

    public PhoneStreams(Simulator simulator, OpenStreams open, ApiKeys keys) {
        this.keys = keys;
        this.simulator = simulator;
        this.open = open;
    }

    /// Shows the phone to `client` until it leaves; not at all when its key has too many streams open.
    public void open(SseClient client, PhoneNumber number) {
        Caller caller = Access.caller(client.ctx());
        Optional<OpenStreams.Seat> seat =
                open.take("phones of " + caller.keyId(), caller.organization(), client::close);
        if (seat.isEmpty() || client.ctx().method().equals(HandlerType.HEAD)) {
            seat.ifPresent(OpenStreams.Seat::close);
            client.close();
            return;
        }
        client.keepAlive();
        String key = Access.key(client.ctx());
        BlockingQueue<Boolean> changed = new ArrayBlockingQueue<>(1);
        AutoCloseable watch = simulator.watch(number, () -> changed.offer(true));
        client.onClose(() -> {
            seat.get().close();
            changed.offer(true);
        });
        Thread.ofVirtual().name("phone-stream").start(() -> {
            try (watch) {
                write(client, key, number, changed);
            } catch (Exception e) {
                LOG.debug("event=phone_stream_ended", e);
            } finally {
                client.close();
            }
        });
    }

    /// Asks for the key again before each word: one that was revoked hears nothing more.
    private void write(SseClient client, String key, PhoneNumber number, BlockingQueue<Boolean> changed)
            throws InterruptedException {
        boolean news = true;
        while (!client.terminated() && keys.authenticate(key).isPresent()) {
            if (news) {
                client.sendData(Json.write(simulator.phone(number, null)));
            } else {
                client.sendComment("still here");
            }
            news = changed.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS) != null;
        }
    }
}
