package partyline.app.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import partyline.identities.Caller;
import partyline.kernel.OrganizationId;
import partyline.kernel.Overloaded;

/// The bodies that are held in memory: each is bounded, and so are the bytes of all of them together, by a share of
/// the heap, of which one organization has a quarter at most: who sends slowly holds up nobody else. A body is read
/// only by a handler, so nothing is read before the key or the secret of a path is known. (Files go to the disk as
/// they come and are not counted.) Thread-safe.
public final class Bodies {

    /// Room for the longest text with each of its characters escaped: 18,996 emoji are 228 KB then.
    static final int LARGEST = 256 << 10;

    private static final String ATTRIBUTE = "bodies";
    private static final int SHARE_OF_HEAP = 4;
    private static final int SHARES = 4;

    private final int bytes;
    private final Semaphore room;
    private final Semaphore whole;
    private final Map<OrganizationId, Semaphore> shares = new ConcurrentHashMap<>();

    Bodies(long bytes) {
        this.bytes = (int) Math.min(Integer.MAX_VALUE, bytes);
        this.room = new Semaphore(this.bytes);
        this.whole = new Semaphore(this.bytes);
    }

    static Bodies ofHeap() {
        return new Bodies(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    }

    /// Lets the handlers of this request read its body.
    void serve(Context ctx) {
        ctx.attribute(ATTRIBUTE, this);
    }

    /// What `use` makes of the body. Its bytes count until `use` is done with them.
    ///
    /// @throws Overloaded when too much is being read already.
    public static <T> T read(Context ctx, Function<byte[], T> use) {
        Bodies bodies = Objects.requireNonNull(ctx.attribute(ATTRIBUTE));
        long told = ctx.req().getContentLengthLong();
        if (told > LARGEST) {
            throw ApiError.TOO_LARGE.asException();
        }
        int taken = told < 0 ? LARGEST : (int) told;
        Semaphore share = Access.known(ctx).map(bodies::share).orElse(bodies.whole);
        bodies.take(share, taken);
        try {
            byte[] bytes = ctx.req().getInputStream().readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw ApiError.TOO_LARGE.asException();
            }
            return use.apply(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            bodies.give(share, taken);
        }
    }

    private Semaphore share(Caller caller) {
        return shares.computeIfAbsent(caller.organization(), _ -> new Semaphore(bytes / SHARES));
    }

    /// Whoever shows no key (a line, which knows its secret) has no share but the whole.
    private void take(Semaphore share, int taken) {
        if (!share.tryAcquire(taken)) {
            throw new Overloaded();
        }
        if (!room.tryAcquire(taken)) {
            share.release(taken);
            throw new Overloaded();
        }
    }

    private void give(Semaphore share, int taken) {
        room.release(taken);
        share.release(taken);
    }
}
