package partyline.drivers.androidsms;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import partyline.drivers.HttpCalls;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.transport.Driver.Download;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is asked of the app, which answers alike on the phone and at the server, with few exceptions.
/// Thread-safe.
record AndroidSmsClient(HttpCalls calls, Optional<String> device) {

    /// A picture goes inside of the JSON, over a phone's Wi-Fi.
    static final Duration MMS = Duration.ofSeconds(60);

    /// Exactly three digits of a second: with more the app takes them for milliseconds, or refuses them.
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX").withZone(ZoneOffset.UTC);

    private static final Duration FILE = Duration.ofSeconds(30);
    /// The server lists no more at once.
    private static final int PAGE = 100;

    private static final int MOST_PAGES = 50;

    /// A list as far as it could be read: `trouble` is the answer that was none.
    record Listed(List<JsonNode> items, Optional<Reply> trouble) {}

    Reply send(ObjectNode message, Duration deadline) {
        return calls.post("/messages", message, deadline);
    }

    Reply message(String id) {
        return calls.get("/messages/" + HttpCalls.encoded(id));
    }

    /// What we had sent since then, newest first; the first page alone, or all.
    Listed messages(Instant since, boolean all) {
        return list("/messages", Map.of("from", time(since)), all);
    }

    /// What people sent, by the time that their carriers stamped it with, newest first.
    Listed inbox(Instant from, Instant to) {
        return list("/inbox", Map.of("from", time(from), "to", time(to), "includeAttachments", "true"), true);
    }

    /// Has the app look through the phone's own store for what came while it did not run.
    Reply refresh(Instant since, Instant until) {
        ObjectNode body = about().put("since", time(since))
                .put("until", time(until))
                .put("triggerWebhooks", false)
                .put("webhookDelivery", "Disabled");
        body.putArray("messageTypes").add("SMS").add("MMS");
        return calls.post("/inbox/refresh", body);
    }

    /// A path below `inbox`, as [AndroidSmsMessages] makes them.
    Download file(String path) throws IOException {
        if (!path.startsWith("/inbox/")) {
            throw new IOException("the phone has no such file");
        }
        return HttpCalls.bytes(calls.open(path, FILE));
    }

    Reply get(String path) {
        return calls.get(path);
    }

    Reply register(String id, String event, String url) {
        return calls.post("/webhooks", about().put("id", id).put("url", url).put("event", event));
    }

    Reply change(JsonNode settings) {
        return calls.call(
                calls.request("/settings")
                        .header("Content-Type", "application/json")
                        .method("PATCH", BodyPublishers.ofString(Json.write(settings))),
                HttpCalls.QUICK);
    }

    /// The beginning of what is meant for one phone, if one is named.
    ObjectNode about() {
        ObjectNode body = Json.object();
        device.ifPresent(id -> body.put("deviceId", id));
        return body;
    }

    private static String time(Instant at) {
        return MILLIS.format(at);
    }

    private Listed list(String path, Map<String, String> asked, boolean all) {
        List<JsonNode> items = new ArrayList<>();
        for (int page = 0; page < (all ? MOST_PAGES : 1); page++) {
            Map<String, String> query = new TreeMap<>(asked);
            device.ifPresent(id -> query.put("deviceId", id));
            query.put("limit", String.valueOf(PAGE));
            query.put("offset", String.valueOf(page * PAGE));
            Reply reply = calls.get(path, query);
            Optional<JsonNode> answer = reply.answer().filter(JsonNode::isArray);
            if (answer.isEmpty()) {
                return new Listed(items, Optional.of(reply));
            }
            answer.get().forEach(items::add);
            if (answer.get().size() < PAGE) {
                break;
            }
        }
        return new Listed(items, Optional.empty());
    }
}
