package partyline.drivers.webhook;

import java.time.Instant;
import java.util.Map;
import partyline.drivers.SignedRequests;

/// Signs what a program posts, for tests outside this package.
public final class Sealing {

    private Sealing() {}

    public static Map<String, String> headers(String secret, Instant now, byte[] body) {
        return SignedRequests.of(secret).headers("evt-1", now, body);
    }
}
