package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.identities.ServerKey;
import partyline.identities.SigningKeys;
import partyline.kernel.Meters;
import partyline.outbound.Exchange;
import partyline.outbound.Outbound;
import partyline.outbound.Request;

/// Signs a delivery and posts it once, with the bearer token that its receiver wants. Thread-safe.
public final class WebhookSender {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookSender.class);

    private static final String HIDDEN = "[auth_token]";
    /// By the hundreds of the answer's status.
    private static final List<String> RESULTS = List.of("no_answer", "1xx", "2xx", "3xx", "4xx", "5xx");
    private static final Meters.Subject POSTS =
            new Meters.Subject("webhook_posts", "Posts to receivers of webhooks, by the answer.", "result");
    private static final Meters.Subject TIMES =
            new Meters.Subject("webhook_post_seconds", "Time that a post to a receiver of webhooks took.");

    private final SigningKeys keys;
    private final ServerKey serverKey;
    private final BearerTokens tokens;
    private final Outbound outbound;
    private final List<LongAdder> posts;
    private final Meters.Distribution times;

    /// What is posted is counted by `meters`.
    public WebhookSender(SigningKeys keys, ServerKey serverKey, Outbound outbound, Meters meters) {
        this.posts = RESULTS.stream().map(it -> meters.counter(POSTS, it)).toList();
        this.times = meters.distribution(Meters.Scale.TIME, TIMES);
        this.keys = keys;
        this.serverKey = serverKey;
        this.tokens = new BearerTokens(serverKey);
        this.outbound = outbound;
    }

    /// The id of a request, the same whenever it is asked for, also after a crash: a UUID of version 8, made of
    /// the subscription, the event and the number of the request.
    String requestId(Delivery delivery) {
        String hex = serverKey.fingerprint(
                "webhook-request",
                delivery.target().subscription().id().text() + " "
                        + delivery.payload().eventId() + " "
                        + delivery.progress().request());
        return hex.substring(0, 8) + '-' + hex.substring(8, 12) + "-8" + hex.substring(13, 16) + "-8"
                + hex.substring(17, 20) + '-' + hex.substring(20, 32);
    }

    /// Posts a delivery and counts how that went.
    Exchange post(Delivery delivery, String requestId, Instant at) throws InterruptedException {
        Exchange exchange = exchange(delivery, requestId, at);
        times.add(exchange.took().toNanos());
        int hundreds = exchange instanceof Exchange.Answered answer ? answer.status() / 100 : 0;
        posts.get(Math.clamp(hundreds, 0, 5)).increment();
        return exchange;
    }

    /// A failure of our own counts as no answer: it must not keep the head of a queue for ever.
    private Exchange exchange(Delivery delivery, String requestId, Instant at) throws InterruptedException {
        try {
            Optional<String> token = delivery.target()
                    .token()
                    .map(text -> tokens.unseal(delivery.target().subscription().id(), text));
            return without(token, outbound.post(request(delivery, requestId, at, token)));
        } catch (RuntimeException e) {
            LOG.error(
                    "event=webhook_attempt_broken about={}"
                            + " fix=\"report this, it is a bug; the event is tried again\"",
                    delivery.payload().eventId(),
                    e);
            return new Exchange.NoAnswer("the server could not make the call", Duration.ZERO);
        }
    }

    private Request request(Delivery delivery, String requestId, Instant at, Optional<String> token) {
        byte[] body = delivery.payload().bytes();
        SigningKeys.Secrets secrets =
                keys.secrets(delivery.target().subscription().identity());
        Map<String, String> headers =
                new Signature(requestId, delivery.payload().eventId(), at).headers(secrets, body);
        headers.put("Content-Type", "application/json");
        token.ifPresent(it -> headers.put("Authorization", "Bearer " + it));
        return new Request(
                delivery.target().subscription().terms().url(),
                delivery.target().operator(),
                headers,
                body);
    }

    /// Receivers that are being written often answer with what they were sent, and the log shows answers.
    private static Exchange without(Optional<String> token, Exchange exchange) {
        if (token.isEmpty() || !(exchange instanceof Exchange.Answered answer)) {
            return exchange;
        }
        return new Exchange.Answered(
                answer.status(),
                answer.headers(),
                answer.body().replace(token.get(), HIDDEN),
                answer.inside(),
                answer.took());
    }
}
