package partyline.app;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeSet;
import partyline.drivers.contract.LittleServer;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// signal-cli-rest-api in `MODE=normal` as its documentation has it (src/docs/swagger.yaml of its repository, 2022 to
/// 2026), and the phones of people behind it. It gives each message out once, to whoever asks for its number first.
final class FakeSignal implements AutoCloseable {

    /// What `/v2/send` was given.
    record Sent(String number, String to, String text, List<String> files, long at) {}

    private final LittleServer server = new LittleServer(this::take);
    private final Map<String, Queue<ObjectNode>> waiting = new HashMap<>();
    private final Map<String, byte[]> files = new HashMap<>();
    private final List<Sent> sent = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();
    private final TreeSet<String> polled = new TreeSet<>();
    private long time = 1_764_400_000_000L;

    String url() {
        return server.url();
    }

    /// The numbers that somebody asks for.
    synchronized List<String> polled() {
        return List.copyOf(polled);
    }

    synchronized List<Sent> sent(String number) {
        return sent.stream().filter(it -> it.number().equals(number)).toList();
    }

    /// Reactions, typing bubbles and receipts that phones show, as `METHOD path emoji author:time`.
    synchronized List<String> shown() {
        return List.copyOf(shown);
    }

    /// A person writes to `number`; when it was. A null `from` hides their telephone number.
    synchronized long writes(String from, String number, String text) {
        ObjectNode data = Json.object().put("timestamp", ++time).put("message", text);
        tell(from, number, "dataMessage", data);
        return time;
    }

    synchronized void sendsFile(String from, String number, String text, String name, String type, byte[] bytes) {
        String id = "file-" + files.size();
        files.put(id, bytes);
        ObjectNode data = Json.object().put("timestamp", ++time).put("message", text);
        data.putArray("attachments")
                .addObject()
                .put("id", id)
                .put("contentType", type)
                .put("filename", name)
                .put("size", bytes.length);
        tell(from, number, "dataMessage", data);
    }

    synchronized void reacts(String from, String number, String emoji, long target) {
        ObjectNode data = Json.object().put("timestamp", ++time).putNull("message");
        data.putObject("reaction")
                .put("emoji", emoji)
                .put("targetAuthor", number)
                .put("targetAuthorNumber", number)
                .put("targetSentTimestamp", target)
                .put("isRemove", false);
        tell(from, number, "dataMessage", data);
    }

    synchronized void writesToGroup(String from, String number, String text) {
        ObjectNode data = Json.object().put("timestamp", ++time).put("message", text);
        data.putObject("groupInfo").put("groupId", "Z3JvdXA=");
        tell(from, number, "dataMessage", data);
    }

    @Override
    public void close() {
        server.close();
    }

    private void tell(String from, String number, String kind, ObjectNode what) {
        ObjectNode message = Json.object().put("account", number);
        message.putObject("envelope")
                .put("source", from == null ? "5ab1e7de-0000-4000-8000-000000000000" : from)
                .put("sourceNumber", from)
                .put("sourceUuid", "5ab1e7de-0000-4000-8000-000000000000")
                .put("sourceName", "Ann")
                .put("timestamp", time)
                .set(kind, what);
        waiting.computeIfAbsent(number, _ -> new ArrayDeque<>()).add(message);
    }

    private synchronized void take(LittleServer.Call call) throws IOException {
        String last = call.path().replaceFirst(".*/", "");
        switch (call.method() + " " + call.path().replaceFirst("^(/v[12]/[a-z-]+).*", "$1")) {
            case "GET /v1/about" -> call.answer(200, Json.object().put("mode", "normal"));
            case "GET /v1/receive" -> {
                polled.add(last);
                ArrayNode all = Json.array();
                waiting.getOrDefault(last, new ArrayDeque<>()).forEach(all::add);
                waiting.remove(last);
                call.answer(200, all);
            }
            case "GET /v1/attachments" -> call.answer(200, "application/octet-stream", files.get(last));
            case "POST /v2/send" -> send(call);
            default -> {
                JsonNode json = call.json();
                shown.add("%s %s %s %s:%s"
                        .formatted(
                                call.method(),
                                call.path(),
                                json.path("reaction").asString(""),
                                json.path("target_author").asString(""),
                                json.path("timestamp").asString("")));
                call.answer(204, "text/plain", new byte[0]);
            }
        }
    }

    private void send(LittleServer.Call call) throws IOException {
        JsonNode json = call.json();
        String to = json.path("recipients").path(0).asString();
        Sent made = new Sent(
                json.path("number").asString(),
                to,
                json.path("message").asString(""),
                json.path("base64_attachments")
                        .valueStream()
                        .map(JsonNode::asString)
                        .toList(),
                ++time);
        sent.add(made);
        ObjectNode receipt =
                Json.object().put("when", ++time).put("isDelivery", true).put("isRead", false);
        receipt.putArray("timestamps").add(made.at());
        tell(to, made.number(), "receiptMessage", receipt);
        call.answer(201, Json.object().put("timestamp", Long.toString(made.at())));
    }
}
