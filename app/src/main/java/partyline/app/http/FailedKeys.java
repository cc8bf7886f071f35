package partyline.app.http;

import io.javalin.http.Context;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;

/// Slows down who guesses keys: after 20 failures within a minute, further ones of that address are 429 until the
/// minute is over. A good key always passes. An IPv6 client is known by its /64, since it has all of it.
///
/// Bounded: the addresses seen longest ago are forgotten first. Thread-safe.
public final class FailedKeys {

    private static final int ALLOWED = 20;
    private static final int BYTES_OF_A_64 = 8;

    private final ProxySettings edge;
    private final PerMinute failures;

    public FailedKeys(ProxySettings edge, InstantSource clock) {
        this.edge = edge;
        this.failures = new PerMinute(ALLOWED, clock);
    }

    /// Notes a failure and returns what to answer to it.
    ApiException refusal(Context ctx) {
        return failures.count(place(edge.client(ctx)))
                .map(ApiError.TOO_MANY_FAILED_KEYS.asException()::after)
                .orElseGet(ApiError.UNAUTHORIZED::asException);
    }

    private static String place(InetAddress address) {
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address
                ? address.getHostAddress()
                : HexFormat.of().formatHex(Arrays.copyOf(bytes, BYTES_OF_A_64));
    }
}
