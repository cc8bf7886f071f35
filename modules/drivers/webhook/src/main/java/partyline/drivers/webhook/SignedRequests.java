package partyline.drivers.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import partyline.kernel.Hmac;
import partyline.transport.WebhookReceiver;

/// The proof, both ways, that a call comes from who knows the secret: the headers of Standard Webhooks, HMAC-SHA256
/// over `<id>.<timestamp>.<body>`. A call that is five minutes old proves nothing.
record SignedRequests(Hmac key) {

    private static final String PREFIX = "whsec_";
    private static final Duration FRESH = Duration.ofMinutes(5);

    /// With `whsec_` the key is the base64 decoding of the rest, else the text itself.
    ///
    /// @throws IllegalArgumentException when what follows `whsec_` is not base64.
    static SignedRequests of(String secret) {
        return new SignedRequests(Hmac.sha256(
                secret.startsWith(PREFIX)
                        ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                        : secret.getBytes(StandardCharsets.UTF_8)));
    }

    Map<String, String> headers(String id, Instant now, byte[] body) {
        String timestamp = Long.toString(now.getEpochSecond());
        return Map.of(
                "webhook-id", id,
                "webhook-timestamp", timestamp,
                "webhook-signature", sign(id, timestamp, body));
    }

    /// Whether one of the signatures in the request is right, and the request new.
    boolean proves(WebhookReceiver.Request request, Instant now) {
        String id = request.header("webhook-id");
        String timestamp = request.header("webhook-timestamp");
        String signatures = request.header("webhook-signature");
        if (id == null || timestamp == null || signatures == null || !isFresh(timestamp, now)) {
            return false;
        }
        String right = sign(id, timestamp, request.body());
        return Arrays.stream(signatures.split(" ")).anyMatch(offered -> Hmac.same(right, offered));
    }

    private String sign(String id, String timestamp, byte[] body) {
        byte[] head = (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
        return "v1," + Base64.getEncoder().encodeToString(key.of(head, body));
    }

    private static boolean isFresh(String timestamp, Instant now) {
        return timestamp.matches("[0-9]{1,12}")
                && Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                                .abs()
                                .compareTo(FRESH)
                        <= 0;
    }
}
