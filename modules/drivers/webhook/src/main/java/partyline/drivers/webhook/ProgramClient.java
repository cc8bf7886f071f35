package partyline.drivers.webhook;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import partyline.drivers.HttpCalls;
import partyline.drivers.Keys;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import tools.jackson.databind.node.ObjectNode;

/// The program that speaks for the line, as we call it: every call is one signed POST of a JSON object with a
/// `type`, and the line that it is about, since one program may speak for several. Thread-safe.
final class ProgramClient implements AutoCloseable {

    static final Set<String> KEYS = Set.of("url", "secret", "greet");

    private static final Duration QUICK = Duration.ofSeconds(10);
    private static final Duration SEND = Duration.ofSeconds(30);
    private static final int SHORTEST_SECRET = 24;

    private final URI url;
    private final SignedRequests seal;
    private final Line line;
    private final InstantSource clock;
    private final HttpCalls remote = new HttpCalls();

    ProgramClient(LineSetup setup) {
        LineSetup.Options options = setup.options();
        this.line = setup.line();
        options.required("url");
        this.url = new Keys(options).url("url", "");
        String secret = options.required("secret");
        if (secret.length() < SHORTEST_SECRET) {
            throw options.wrong("secret", "is too short: make one with openssl rand -base64 32");
        }
        try {
            this.seal = SignedRequests.of(secret);
        } catch (IllegalArgumentException e) {
            throw options.wrong("secret", "begins with whsec_ but the rest is not base64");
        }
        this.clock = setup.around().clock();
    }

    SignedRequests seal() {
        return seal;
    }

    Reply call(ObjectNode body) {
        return call(body, QUICK);
    }

    Reply send(ObjectNode body) {
        return call(body, SEND);
    }

    @Override
    public void close() {
        remote.close();
    }

    private Reply call(ObjectNode json, Duration deadline) {
        json.put("line", line.id()).put("number", line.number().text());
        byte[] body = Json.write(json).getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        seal.headers("msg_" + UUID.randomUUID(), clock.instant(), body).forEach(request::header);
        return remote.call(request.build(), deadline);
    }
}
