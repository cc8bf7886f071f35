package partyline.webhooks;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import partyline.identities.SigningKeys.Secrets;
import partyline.kernel.Hmac;

/// The proof that a request comes from us, in two dialects: HMAC-SHA256 over `<id>.<timestamp>.<body>`.
///
/// Our own headers sign the request id, keyed with the UTF-8 bytes of the secret after `whsec_`. Those of Standard
/// Webhooks sign the event id, keyed with the base64 decoding of the same text. Receivers refuse a timestamp that is
/// five minutes off, so every attempt is signed anew.
record Signature(String requestId, String eventId, Instant at) {

    private static final String PREFIX = "whsec_";

    /// A new map of the headers that prove `body`, under the current secret and, while it signs along, the previous
    /// one.
    Map<String, String> headers(Secrets secrets, byte[] body) {
        String timestamp = Long.toString(at.getEpochSecond());
        Map<String, String> headers = new HashMap<>();
        headers.put("X-Inkbox-Request-ID", requestId);
        headers.put("X-Inkbox-Timestamp", timestamp);
        headers.put("X-Inkbox-Signature", own(secrets.current(), body));
        secrets.previous().ifPresent(secret -> headers.put("X-Inkbox-Signature-Previous", own(secret, body)));
        Optional<String> along = secrets.previous().map(secret -> " " + standard(secret, body));
        headers.put("webhook-id", eventId);
        headers.put("webhook-timestamp", timestamp);
        headers.put("webhook-signature", standard(secrets.current(), body) + along.orElse(""));
        return headers;
    }

    /// `sha256=` and 64 hex digits.
    String own(String secret, byte[] body) {
        byte[] key = bare(secret).getBytes(StandardCharsets.UTF_8);
        return "sha256=" + HexFormat.of().formatHex(mac(key, requestId, body));
    }

    /// `v1,` and base64.
    String standard(String secret, byte[] body) {
        byte[] key = Base64.getDecoder().decode(bare(secret));
        return "v1," + Base64.getEncoder().encodeToString(mac(key, eventId, body));
    }

    private byte[] mac(byte[] key, String id, byte[] body) {
        byte[] head = (id + "." + at.getEpochSecond() + ".").getBytes(StandardCharsets.UTF_8);
        return Hmac.sha256(key).of(head, body);
    }

    private static String bare(String secret) {
        return secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
    }
}
