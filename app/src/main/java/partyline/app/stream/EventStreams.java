package partyline.app.stream;

import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.app.http.ApiError;
import partyline.app.http.ApiException;
import partyline.contacts.ContactNames;
import partyline.identities.ApiKeys;
import partyline.kernel.Event;
import partyline.kernel.EventFilter;
import partyline.kernel.EventLog;
import partyline.kernel.Json;
import partyline.kernel.Storage;
import partyline.kernel.StreamListener;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Readers of the journal over HTTP, live or by long poll.
///
/// Each runs on its request's own virtual thread: it reads a page, writes it, and sleeps until the journal rings. So a
/// slow reader holds one small page and nobody else up, and one that comes back after days reads what it missed from
/// the database. Thread-safe.
public final class EventStreams {

    private static final Logger LOG = LoggerFactory.getLogger(EventStreams.class);
    private static final int PAGE = 20;

    private final Storage storage;
    private final EventLog log;
    private final ContactNames names;
    private final ApiKeys keys;
    private final OpenStreams open;
    private final Duration heartbeat;

    /// What somebody wants to read: which events, with which key, after which number; without one, what comes from now
    /// on.
    public record Wish(EventFilter filter, String key, String keyId, OptionalLong after) {}

    public EventStreams(Storage storage, ContactNames names, ApiKeys keys, OpenStreams open, Duration heartbeat) {
        this.storage = storage;
        this.log = new EventLog(storage.database(), storage.journal());
        this.names = names;
        this.keys = keys;
        this.open = open;
        this.heartbeat = heartbeat;
    }

    /// Writes events to the answer until the reader leaves, its key ends, or the server stops.
    void follow(Context ctx, Wish wish) {
        try (StreamListener watch = storage.journal().watch(wish.filter());
                OpenStreams.Seat _ = seat(wish, watch)) {
            EventLog.Reading.Page first = page(wish, start(wish), PAGE);
            SseWriter out = SseWriter.begin(ctx);
            if (!ctx.method().equals(HandlerType.HEAD)) {
                write(wish, watch, out, first);
            }
        } catch (IOException e) {
            LOG.debug("event=event_stream_left", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The next events, at most `limit`: at once if there are any, else when one comes, else none after `patience`. The
    /// key is asked for again before the wait, since one that ends earlier rings nobody yet.
    public ObjectNode poll(Wish wish, Duration patience, int limit) {
        try (StreamListener watch = storage.journal().watch(wish.filter());
                OpenStreams.Seat _ = seat(wish, watch)) {
            long deadline = System.nanoTime() + patience.toNanos();
            EventLog.Reading.Page page = page(wish, start(wish), limit);
            long left = deadline - System.nanoTime();
            while (page.events().isEmpty() && (page.more() || left > 0 && !watch.closed() && admitted(wish))) {
                if (!page.more()) {
                    watch.await(Duration.ofNanos(left));
                }
                page = page(wish, page.next(), limit);
                left = deadline - System.nanoTime();
            }
            if (!admitted(wish)) {
                throw ApiError.UNAUTHORIZED.asException();
            }
            return answer(page);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void write(Wish wish, StreamListener watch, SseWriter out, EventLog.Reading.Page first)
            throws IOException, InterruptedException {
        EventLog.Reading.Page page = first;
        out.comment("open");
        if (wish.after().isEmpty()) {
            out.place(first.next());
        }
        out.flush();
        long told = first.events().isEmpty() ? first.next() : 0;
        while (!watch.closed() && admitted(wish)) {
            for (Event event : names.named(page.events())) {
                out.event(event);
                told = event.seq();
            }
            out.flush();
            if (!page.more() && !watch.await(heartbeat)) {
                told = beat(out, told, page.next());
            }
            if (!(log.after(wish.filter(), page.next(), PAGE) instanceof EventLog.Reading.Page next)) {
                return;
            }
            page = next;
        }
    }

    /// Says that the stream is alive, and from where to resume if events that the reader does not take went by.
    private static long beat(SseWriter out, long told, long reached) throws IOException {
        out.comment("still here");
        if (reached > told) {
            out.place(reached);
        }
        out.flush();
        return reached;
    }

    private boolean admitted(Wish wish) {
        return keys.authenticate(wish.key()).isPresent();
    }

    private OpenStreams.Seat seat(Wish wish, StreamListener watch) {
        return open.take(wish.keyId(), wish.filter().organization(), watch::close)
                .orElseThrow(ApiError.TOO_MANY_STREAMS::asException);
    }

    private long start(Wish wish) {
        return wish.after().orElseGet(() -> log.head(wish.filter().organization()));
    }

    private EventLog.Reading.Page page(Wish wish, long after, int limit) {
        return switch (log.after(wish.filter(), after, limit)) {
            case EventLog.Reading.Page page -> page;
            case EventLog.Reading.Expired(var oldest) -> throw expired(oldest);
            case EventLog.Reading.Foreign(var next) -> throw foreign(next);
        };
    }

    private static ApiException expired(long oldest) {
        ObjectNode more = Json.object();
        more.put("oldest", oldest);
        more.put("next", oldest - 1);
        return ApiError.EVENTS_EXPIRED.asException(
                "Events before number " + oldest + " are gone: go on after number " + (oldest - 1)
                        + ", and look up what you missed in the lists.",
                more);
    }

    private static ApiException foreign(long next) {
        return ApiError.EVENTS_REPLACED.asException(
                "This server's events are not those that your place is from: it came back from a backup. Go on after"
                        + " number " + next + ", and look up in the lists what is there.",
                Json.object().put("next", next));
    }

    private ObjectNode answer(EventLog.Reading.Page page) {
        ObjectNode answer = Json.object();
        ArrayNode events = answer.putArray("events");
        names.named(page.events()).forEach(event -> events.add(event.json().put("seq", event.seq())));
        return answer.put("next", page.next());
    }
}
