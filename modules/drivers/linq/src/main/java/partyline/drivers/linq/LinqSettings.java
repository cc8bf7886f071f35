package partyline.drivers.linq;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import partyline.drivers.HttpCalls;
import partyline.drivers.Keys;
import partyline.drivers.RateLimiter;
import partyline.drivers.SignedRequests;
import partyline.kernel.StartupFailure;
import partyline.transport.LineSetup;

/// What the configuration of a line tells: where Linq is, who we are to it, what it signs with when the operator
/// made the subscription, and how fast the line may send.
record LinqSettings(URI url, String apiKey, Optional<String> webhookSecret, Duration poll, RateLimiter.Limit perDay) {

    static final Set<String> KEYS = Set.of("url", "api_key", "webhook_secret", "poll", "per_day");

    /// Half of the 7,000 texts a day, both ways together, above which Linq says that a line suffers.
    private static final int TEXTS_A_DAY = 3_500;

    /// @throws StartupFailure naming the key that is missing or wrong.
    static LinqSettings of(LineSetup.Options options) {
        Keys keys = new Keys(options);
        Optional<String> secret = options.optional("webhook_secret").map(_ -> keys.secret("webhook_secret"));
        secret.ifPresent(it -> check(options, it));
        return new LinqSettings(
                keys.url("url", "https://api.linqapp.com/api/partner"),
                keys.secret("api_key"),
                secret,
                keys.duration("poll", Duration.ofMinutes(1)),
                new RateLimiter.Limit(keys.count("per_day", TEXTS_A_DAY, 0, 999_999), Duration.ofDays(1)));
    }

    private static void check(LineSetup.Options options, String secret) {
        try {
            SignedRequests.of(secret);
        } catch (IllegalArgumentException e) {
            throw options.wrong("webhook_secret", "is not base64 after whsec_: copy the signing secret again");
        }
    }

    RateLimiter limiter() {
        return new RateLimiter(List.of(perDay));
    }

    HttpCalls calls() {
        return new HttpCalls(url.toString(), Map.of("Authorization", "Bearer " + apiKey));
    }

    /// Never the keys.
    @Override
    public String toString() {
        return "Account[" + url.getHost() + "]";
    }
}
