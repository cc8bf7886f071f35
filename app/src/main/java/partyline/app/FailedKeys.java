package partyline.app;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.javalin.http.Context;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;

/// Slows down who guesses keys: after 20 failures within a minute, further ones of that address are 429 until the
/// minute is over. A good key always passes. An IPv6 client is known by its /64, since it has all of it.
///
/// Bounded: the addresses seen longest ago are forgotten first. Thread-safe.
final class FailedKeys {

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int ALLOWED = 20;
    private static final int MOST_ADDRESSES = 10_000;
    private static final int BYTES_OF_A_64 = 8;

    /// The failures of one address in the minute that ends at `end`.
    private record Window(Instant end, int failures) {}

    private final Edge edge;
    private final InstantSource clock;
    private final Cache<String, Window> windows = Caffeine.newBuilder()
            .maximumSize(MOST_ADDRESSES)
            .expireAfterWrite(WINDOW)
            .build();

    FailedKeys(Edge edge, InstantSource clock) {
        this.edge = edge;
        this.clock = clock;
    }

    /// Notes a failure and returns what to answer to it.
    ApiException refusal(Context ctx) {
        Instant now = clock.instant();
        Window window = note(place(edge.client(ctx)), now);
        if (window.failures() <= ALLOWED) {
            return ApiError.UNAUTHORIZED.asException();
        }
        long seconds = Duration.between(now, window.end()).plusMillis(999).toSeconds();
        ctx.header("Retry-After", String.valueOf(Math.max(1, seconds)));
        return ApiError.TOO_MANY_FAILED_KEYS.asException();
    }

    private Window note(String place, Instant now) {
        return windows.asMap()
                .merge(
                        place,
                        new Window(now.plus(WINDOW), 1),
                        (old, fresh) -> old.end().isAfter(now) ? new Window(old.end(), old.failures() + 1) : fresh);
    }

    private static String place(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? address.getHostAddress()
                : HexFormat.of().formatHex(Arrays.copyOf(bytes, BYTES_OF_A_64));
    }
}
