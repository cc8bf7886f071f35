package partyline.app.http;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/// Counts what somebody does, a minute at a time, which begins with the first. Bounded: those seen longest ago are
/// forgotten first. Thread-safe.
public final class PerMinute {

    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final int MOST = 10_000;

    /// What one of them did in the minute that ends at `end`.
    private record Window(Instant end, int count) {}

    private final int allowed;
    private final InstantSource clock;
    private final Cache<String, Window> windows =
            Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(WINDOW).build();

    public PerMinute(int allowed, InstantSource clock) {
        this.allowed = allowed;
        this.clock = clock;
    }

    /// Counts one more call of the caller's organization, and refuses it with `tooMany` when there were too many.
    public void count(Context ctx, ApiError tooMany) {
        count(Access.caller(ctx).organization().text()).ifPresent(left -> {
            throw tooMany.asException().after(left);
        });
    }

    /// Counts one more; how long to wait when that is too many.
    Optional<Duration> count(String who) {
        Instant now = clock.instant();
        Window window = windows.asMap()
                .merge(
                        who,
                        new Window(now.plus(WINDOW), 1),
                        (old, fresh) -> old.end().isAfter(now) ? new Window(old.end(), old.count() + 1) : fresh);
        return window.count() <= allowed ? Optional.empty() : Optional.of(Duration.between(now, window.end()));
    }
}
