package partyline.webhooks;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.identities.SigningKeys;
import partyline.identities.SystemAccess;
import partyline.outbound.Exchange;
import partyline.outbound.Outbound;
import partyline.outbound.Request;

/// Signs a delivery and posts it once. Thread-safe.
public final class Postman {

    private static final Logger LOG = LoggerFactory.getLogger(Postman.class);

    private final SigningKeys keys;
    private final SystemAccess access;
    private final Outbound outbound;

    public Postman(SigningKeys keys, SystemAccess access, Outbound outbound) {
        this.keys = keys;
        this.access = access;
        this.outbound = outbound;
    }

    /// A failure of our own counts as no answer: it must not keep the head of a queue for ever.
    Exchange post(Delivery delivery, String requestId, Instant at) throws InterruptedException {
        try {
            return outbound.post(request(delivery, requestId, at));
        } catch (RuntimeException e) {
            LOG.error("event=webhook_attempt_broken delivery={}", delivery.id(), e);
            return new Exchange.NoAnswer("the server could not make the call", Duration.ZERO);
        }
    }

    private Request request(Delivery delivery, String requestId, Instant at) {
        byte[] body = delivery.payload().bytes();
        SigningKeys.Secrets secrets = keys.secrets(access, delivery.place().identity());
        Map<String, String> headers =
                new HashMap<>(new Signature(requestId, delivery.payload().eventId(), at).headers(secrets, body));
        headers.put("Content-Type", "application/json");
        return new Request(delivery.destination().url(), delivery.destination().operator(), headers, body);
    }
}
