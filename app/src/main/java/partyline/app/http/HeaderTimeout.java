package partyline.app.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cuts clients that trickle the head of a request: five seconds after its first byte it must be whole. Who sends
/// nothing at all meets the idle time-out, which every byte begins anew. Looks once a second. Thread-safe.
final class HeaderTimeout implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HeaderTimeout.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /// A connection when it was last seen between two requests: after how many, how many bytes, and when.
    private record Pause(long requests, long bytes, long nanos) {}

    private final Function<EndPoint, @Nullable Connection> reading;
    private final List<Connector> connectors;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("slow-heads").factory());
    private Map<EndPoint, Pause> pauses = Map.of();

    /// `reading` is what reads them from a client; what it reads may have been decrypted before.
    HeaderTimeout(Function<EndPoint, @Nullable Connection> reading, Connector... connectors) {
        this.reading = reading;
        this.connectors = List.of(connectors);
    }

    void start() {
        timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void look() {
        try {
            Map<EndPoint, Pause> seen = new HashMap<>();
            for (Connector connector : connectors) {
                connector.getConnectedEndPoints().forEach(client -> look(client, seen));
            }
            pauses = seen;
        } catch (RuntimeException e) {
            LOG.error("event=slow_heads_failed fix=\"report this, it is a bug; the next look is in a moment\"", e);
        }
    }

    private void look(EndPoint client, Map<EndPoint, Pause> seen) {
        Connection connection = client.getConnection();
        Connection inner = reading.apply(client);
        if (connection == null || inner == null) {
            return;
        }
        long now = System.nanoTime();
        long requests = inner.getMessagesIn();
        boolean busy = requests > inner.getMessagesOut();
        Pause before = pauses.get(client);
        Pause pause = before != null && !busy && before.requests() == requests
                ? before
                : new Pause(requests, requests == 0 ? 0 : connection.getBytesIn(), now);
        boolean trickles = connection.getBytesIn() > pause.bytes();
        if (busy || !trickles) {
            seen.put(client, new Pause(requests, pause.bytes(), now));
        } else if (now - pause.nanos() < PATIENCE.toNanos()) {
            seen.put(client, pause);
        } else {
            LOG.debug("event=slow_head_cut");
            client.close();
        }
    }
}
