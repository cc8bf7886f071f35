package partyline.fakes.sendblue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.Callbacks;
import partyline.drivers.contract.FakeLine;
import partyline.drivers.contract.LittleServer;
import partyline.drivers.contract.LittleServer.Call;
import partyline.kernel.Json;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The account at the fake Sendblue as HTTP shows it: key headers, messages, webhooks. [FakeSendblue] is Ann's side.
final class SendblueAccount implements AutoCloseable {

    private static final Set<String> REACTIONS = Set.of("love", "like", "dislike", "laugh", "emphasize", "question");

    /// What the next send is answered, in place of being done.
    record Scripted(int status, ObjectNode body, @Nullable String retryAfter) {}

    final String line;
    final LittleServer server = new LittleServer(this::take);
    final Callbacks callbacks = new Callbacks();
    final List<SendblueMessage> messages = new CopyOnWriteArrayList<>();
    /// Never changed: news goes out while a program registers, so that puts another in its place.
    volatile ObjectNode webhooks = Json.object();
    final Queue<FakeLine.Trouble> troubles = new ConcurrentLinkedQueue<>();
    final Queue<Scripted> scripted = new ConcurrentLinkedQueue<>();
    volatile InstantSource clock = InstantSource.system();
    volatile Service service = Service.IMESSAGE;
    volatile @Nullable Instant typingUntil;
    volatile boolean read;
    volatile String state = "ONLINE";
    volatile String signingSecret = "";
    volatile boolean withoutTyping;
    final Queue<String> registrations = new ConcurrentLinkedQueue<>();
    private int handles;

    SendblueAccount(String line) {
        this.line = line;
        for (String type : List.of("receive", "outbound", "typing_indicator", "call_log")) {
            webhooks.set(type, Json.array());
        }
        webhooks.withArray("receive").add("https://somebody-else.example.org/hook");
    }

    void become(SendblueMessage message, String status) {
        message.status = status;
        message.updated = clock.instant();
        if (message.statusCallback != null) {
            callbacks.tell(new Callbacks.Post(message.statusCallback, Map::of, Json.write(message.json())));
        }
    }

    void tell(String type, ObjectNode body) {
        webhooks.path(type)
                .valueStream()
                .filter(JsonNode::isObject)
                .filter(hook -> hook.path("sendblue_numbers")
                        .valueStream()
                        .anyMatch(it -> it.asString().equals(line)))
                .forEach(hook -> callbacks.tell(new Callbacks.Post(
                        hook.path("url").asString(),
                        () -> Map.of(
                                "sb-signing-secret",
                                signingSecret.isEmpty() ? hook.path("secret").asString() : signingSecret),
                        Json.write(body))));
    }

    SendblueMessage message(String handle) {
        return messages.stream()
                .filter(it -> it.handle.equals(handle))
                .findFirst()
                .orElseThrow();
    }

    synchronized String handle() {
        handles++;
        return "handle-" + handles;
    }

    @Override
    public void close() {
        server.close();
        callbacks.close();
    }

    private void take(Call call) throws IOException {
        if (!call.header("sb-api-key-id").equals(Optional.of(FakeSendblue.KEY_ID))
                || !call.header("sb-api-secret-key").equals(Optional.of(FakeSendblue.SECRET_KEY))) {
            call.answer(401, Json.object().put("message", "Unauthorized"));
            return;
        }
        switch (call.method() + " " + call.path()) {
            case "POST /api/send-message" -> send(call);
            case "GET /api/v2/messages" -> list(call);
            case "GET /api/evaluate-service" ->
                call.answer(
                        200,
                        Json.object()
                                .put("number", call.query().get("number"))
                                .put("service", service == Service.IMESSAGE ? "iMessage" : "SMS"));
            case "POST /api/upload-file" -> upload(call);
            case "POST /api/send-reaction" -> react(call);
            case "POST /api/mark-read" -> {
                read = true;
                call.answer(200, Json.object().put("status", "OK"));
            }
            case "POST /api/send-typing-indicator" -> typing(call);
            case "GET /api/lines" ->
                call.answer(200, Json.object().set("numbers", Json.array().add(line)));
            case "GET /api/v2/lines/state" -> {
                ObjectNode one = Json.object().put("sendblue_number", line).put("status", state);
                call.answer(200, Json.object().set("data", Json.array().add(one)));
            }
            case "GET /api/account/webhooks" ->
                call.answer(200, Json.object().put("status", "OK").set("webhooks", webhooks));
            case "POST /api/account/webhooks" -> register(call);
            default -> call.answer(404, Json.object().put("message", "no such route"));
        }
    }

    private synchronized void send(Call call) throws IOException {
        Scripted next = scripted.poll();
        if (next != null) {
            if (next.retryAfter() != null) {
                call.exchange().getResponseHeaders().set("Retry-After", next.retryAfter());
            }
            call.answer(next.status(), next.body());
            return;
        }
        JsonNode json = call.json();
        FakeLine.Trouble trouble = troubles.poll();
        if (trouble == null) {
            call.answer(202, take(json));
            return;
        }
        switch (trouble) {
            case REFUSED ->
                call.answer(
                        400,
                        Json.object()
                                .put("status", "ERROR")
                                .put("message", "number is not valid")
                                .put("error_code", 4000));
            case NOT_TAKEN -> {
                call.exchange().getResponseHeaders().set("Retry-After", "1");
                call.answer(429, Json.object().put("error_code", "5509"));
            }
            case SENT_WITHOUT_ANSWER -> take(json);
            case LOST_WITHOUT_ANSWER -> {}
            case REPEATS_ID -> {
                String before = messages.stream()
                        .filter(it -> it.outbound)
                        .reduce((_, last) -> last)
                        .orElseThrow()
                        .handle;
                call.answer(202, take(json).put("message_handle", before));
            }
            case NAMES_US ->
                call.answer(
                        400,
                        Json.object()
                                .put("status", "ERROR")
                                .put("message", FakeLine.NAMING)
                                .put("error_code", 4999));
            case HANGS -> server.hang();
        }
    }

    /// Without `from_number` Sendblue takes nothing. The answer is of the moment before anything happened.
    private ObjectNode take(JsonNode json) {
        if (!json.path("from_number").asString("").equals(line)) {
            throw new IllegalStateException("from_number is required");
        }
        SendblueMessage message = new SendblueMessage(handle(), true, line, clock.instant());
        message.text = text(json, "content");
        message.media = text(json, "media_url");
        message.style = text(json, "send_style");
        message.statusCallback = text(json, "status_callback");
        message.service = service;
        message.downgraded = service == Service.SMS && message.style != null;
        typingUntil = null;
        messages.add(message);
        ObjectNode answer = message.json();
        become(message, "SENT");
        if (service != Service.SMS) {
            become(message, "DELIVERED");
        }
        return answer;
    }

    private void list(Call call) throws IOException {
        Map<String, String> asked = call.query();
        Comparator<SendblueMessage> order =
                asked.getOrDefault("order_by", "createdAt").equals("updatedAt")
                        ? Comparator.comparing(message -> message.updated)
                        : Comparator.comparing(message -> message.created);
        boolean newestFirst = !asked.getOrDefault("order_direction", "desc").equals("asc");
        List<JsonNode> found = messages.stream()
                .filter(it -> !asked.containsKey("is_outbound")
                        || it.outbound == Boolean.parseBoolean(asked.get("is_outbound")))
                .filter(it -> asked.getOrDefault("number", FakeLine.PERSON).equals(FakeLine.PERSON))
                .filter(it -> !it.created.isBefore(since(asked, "created_at_gte")))
                .filter(it -> !it.updated.isBefore(since(asked, "updated_at_gte")))
                .sorted(newestFirst ? order.reversed() : order)
                .skip(Long.parseLong(asked.getOrDefault("offset", "0")))
                .limit(Long.parseLong(asked.getOrDefault("limit", "50")))
                .<JsonNode>map(SendblueMessage::json)
                .toList();
        ArrayNode data = Json.array();
        found.forEach(data::add);
        call.answer(200, Json.object().put("status", "OK").set("data", data));
    }

    private static Instant since(Map<String, String> asked, String key) {
        return Optional.ofNullable(asked.get(key)).map(Instant::parse).orElse(Instant.EPOCH);
    }

    private void upload(Call call) throws IOException {
        boolean file = call.body().contains("name=\"file\"; filename=\"");
        String name = call.body().replaceAll("(?s).*filename=\"([^\"]+)\".*", "$1");
        if (file) {
            call.answer(201, Json.object().put("status", "OK").put("media_url", "https://cdn.example.org/" + name));
        } else {
            call.answer(400, Json.object().put("status", "ERROR").put("message", "No file"));
        }
    }

    private void react(Call call) throws IOException {
        JsonNode json = call.json();
        Optional<SendblueMessage> target = messages.stream()
                .filter(it -> it.handle.equals(json.path("message_handle").asString("")))
                .findFirst();
        if (target.isEmpty() || !REACTIONS.contains(json.path("reaction").asString(""))) {
            call.answer(400, Json.object().put("message", "INVALID_REACTION"));
            return;
        }
        target.get().reaction = json.path("reaction").asString();
        call.answer(200, Json.object().put("status", "OK"));
    }

    private void typing(Call call) throws IOException {
        if (messages.isEmpty()) {
            call.answer(400, Json.object().put("message", "No route mapping found for number"));
            return;
        }
        boolean start = call.json().path("state").asString("").equals("start");
        Duration lasts = Duration.ofMillis(call.json().path("max_duration_ms").asLong(60_000));
        typingUntil = start ? clock.instant().plus(lasts) : null;
        call.answer(200, Json.object().put("number", FakeLine.PERSON).put("status", "SENT"));
    }

    private synchronized void register(Call call) throws IOException {
        JsonNode json = call.json();
        registrations.add(json.path("type").asString());
        if (withoutTyping && json.path("type").asString().equals("typing_indicator")) {
            call.answer(400, Json.object().put("message", "typing_indicator is not a webhook of this account"));
            return;
        }
        ObjectNode more = webhooks.deepCopy();
        ArrayNode list = more.withArray(json.path("type").asString());
        json.path("webhooks").forEach(list::add);
        webhooks = more;
        call.answer(200, Json.object().put("status", "OK").set("webhooks", webhooks));
    }

    private static @Nullable String text(JsonNode json, String key) {
        String text = json.path(key).asString("");
        return text.isEmpty() ? null : text;
    }
}
