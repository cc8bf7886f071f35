package partyline.drivers;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import partyline.kernel.Hmac;
import partyline.transport.WebhookReceiver;

/// The proof, both ways, that a call comes from who knows the secret: the headers of Standard Webhooks, HMAC-SHA256
/// over `<id>.<timestamp>.<body>`. A call that is five minutes old proves nothing.
public record SignedRequests(Hmac key) {

    private static final String PREFIX = "whsec_";
    private static final Duration FRESH = Duration.ofMinutes(5);

    /// What is signed before the body, and the signatures that came with it.
    private record Offered(byte[] head, String signatures) {

        boolean has(String right) {
            return Arrays.stream(signatures.split(" ")).anyMatch(offered -> Hmac.same(right, offered));
        }
    }

    /// Fails in place of its end when its signature is wrong. Of one thread.
    public static final class SignedBody extends FilterInputStream {

        private final Hmac.Running digest;
        private final Offered offered;
        private boolean forged;

        private SignedBody(InputStream body, Hmac.Running digest, Offered offered) {
            super(body);
            this.digest = digest;
            this.offered = offered;
        }

        public boolean isForged() {
            return forged;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = super.read(bytes, from, length);
            if (count >= 0) {
                digest.add(bytes, from, count);
            } else if (!offered.has(signature(digest.end()))) {
                forged = true;
                throw new IOException("the signature is wrong");
            }
            return count;
        }
    }

    /// With `whsec_` the key is the base64 decoding of the rest, else the text itself.
    ///
    /// @throws IllegalArgumentException when what follows `whsec_` is not base64.
    public static SignedRequests of(String secret) {
        return new SignedRequests(Hmac.sha256(
                secret.startsWith(PREFIX)
                        ? Base64.getDecoder().decode(secret.substring(PREFIX.length()))
                        : secret.getBytes(StandardCharsets.UTF_8)));
    }

    public Map<String, String> headers(String id, Instant now, byte[] body) {
        String timestamp = Long.toString(now.getEpochSecond());
        return Map.of(
                "webhook-id", id,
                "webhook-timestamp", timestamp,
                "webhook-signature", signature(key.of(head(id, timestamp), body)));
    }

    /// Whether one of the signatures in the request is right, and the request new.
    public boolean proves(WebhookReceiver.Request request, Instant now) {
        return offered(request, now)
                .filter(it -> it.has(signature(key.of(it.head(), request.body()))))
                .isPresent();
    }

    /// `body` as it comes; its end comes only when one of the signatures in `head` is right. Empty when the request is
    /// not new, or has none.
    public Optional<SignedBody> proven(WebhookReceiver.Request head, InputStream body, Instant now) {
        return offered(head, now).map(it -> new SignedBody(body, key.begin(it.head()), it));
    }

    private static Optional<Offered> offered(WebhookReceiver.Request request, Instant now) {
        String id = request.header("webhook-id");
        String timestamp = request.header("webhook-timestamp");
        String signatures = request.header("webhook-signature");
        return id == null || timestamp == null || signatures == null || !isFresh(timestamp, now)
                ? Optional.empty()
                : Optional.of(new Offered(head(id, timestamp), signatures));
    }

    private static byte[] head(String id, String timestamp) {
        return (id + "." + timestamp + ".").getBytes(StandardCharsets.UTF_8);
    }

    private static String signature(byte[] digest) {
        return "v1," + Base64.getEncoder().encodeToString(digest);
    }

    /// Whether `timestamp`, in seconds, is hardly older or younger than `now`.
    public static boolean isFresh(String timestamp, Instant now) {
        return timestamp.matches("[0-9]{1,12}")
                && Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), now)
                                .abs()
                                .compareTo(FRESH)
                        <= 0;
    }
}
