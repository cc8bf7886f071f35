package partyline.drivers.webhook;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.drivers.SignedRequests;
import partyline.kernel.Json;
import partyline.transport.LineSetup;
import tools.jackson.databind.node.ObjectNode;

/// The program that speaks for the line, as we call it: every call is one signed POST of a JSON object with a
/// `type`, and the line that it is about, since one program may speak for several. Thread-safe.
record ProgramClient(LineSetup setup, HttpCalls calls, SignedRequests signatures) {

    private static final Duration SEND = Duration.ofSeconds(30);

    Reply call(ObjectNode body) {
        return call(body, HttpCalls.QUICK);
    }

    Reply send(ObjectNode body) {
        return call(body, SEND);
    }

    private Reply call(ObjectNode json, Duration deadline) {
        json.put("line", setup.id()).put("number", setup.line().number().text());
        byte[] body = Json.write(json).getBytes(StandardCharsets.UTF_8);
        var request =
                calls.request("").header("Content-Type", "application/json").POST(BodyPublishers.ofByteArray(body));
        signatures.headers("msg_" + UUID.randomUUID(), setup.now(), body).forEach(request::header);
        return calls.call(request, deadline);
    }
}
