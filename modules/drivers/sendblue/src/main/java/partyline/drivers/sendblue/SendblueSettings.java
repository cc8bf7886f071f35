package partyline.drivers.sendblue;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import partyline.drivers.HttpCalls;
import partyline.drivers.Keys;
import partyline.drivers.RateLimiter;
import partyline.drivers.Reconciler;
import partyline.kernel.StartupFailure;
import partyline.transport.LineSetup;

/// What the configuration of a line tells: where Sendblue is, who we are to it, and how fast the line may send.
record SendblueSettings(
        URI url, String keyId, String secretKey, Duration poll, Duration lostAfter, List<RateLimiter.Limit> limits) {

    static final Set<String> KEYS =
            Set.of("url", "key_id", "secret_key", "poll", "lost_after", "per_second", "per_hour", "per_day");

    /// @throws StartupFailure naming the key that is missing or wrong.
    static SendblueSettings of(LineSetup.Options options) {
        Keys keys = new Keys(options);
        return new SendblueSettings(
                keys.url("url", "https://api.sendblue.com"),
                keys.secret("key_id"),
                keys.secret("secret_key"),
                keys.duration("poll", Duration.ofMinutes(1)),
                keys.duration("lost_after", Reconciler.USUALLY_LOST_AFTER),
                List.of(
                        limit(keys, "per_second", 1, Duration.ofSeconds(1)),
                        limit(keys, "per_hour", 2_000, Duration.ofHours(1)),
                        limit(keys, "per_day", 4_000, Duration.ofDays(1))));
    }

    private static RateLimiter.Limit limit(Keys keys, String key, int usual, Duration window) {
        return new RateLimiter.Limit(keys.count(key, usual, 0, 999_999), window);
    }

    HttpCalls calls() {
        return new HttpCalls(url.toString(), Map.of("sb-api-key-id", keyId, "sb-api-secret-key", secretKey));
    }

    /// Never the keys.
    @Override
    public String toString() {
        return "Account[" + url.getHost() + "]";
    }
}
