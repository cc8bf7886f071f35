package partyline.fakes.linq;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.Callbacks;
import partyline.drivers.contract.FakeLine;
import partyline.drivers.contract.LittleServer;
import partyline.drivers.contract.LittleServer.Call;
import partyline.kernel.Hmac;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The account at the fake Linq as HTTP shows it: a bearer key, chats and messages, webhook subscriptions with a secret
/// that is shown once. [FakeLinq] is Ann's side.
final class LinqAccount implements AutoCloseable {

    /// What the next send is answered, in place of being done.
    record Scripted(int status, JsonNode body, @Nullable String retryAfter) {}

    /// A subscription: what Linq shows of it, and the secret, which it does not.
    record Subscription(ObjectNode json, String secret) {}

    /// A file that may be put, or was.
    private record File(ObjectNode asked, boolean there) {}

    private static final List<String> SIX = List.of("love", "like", "dislike", "laugh", "emphasize", "question");
    private static final Duration TYPING = Duration.ofSeconds(60);

    private static final String SICK = "00000000-0000-4000-9000-000000000002";

    final String line;
    final LittleServer server = new LittleServer(this::take);
    final Callbacks callbacks = new Callbacks();
    final List<LinqMessage> messages = new CopyOnWriteArrayList<>();
    final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
    final Map<String, ObjectNode> answered = new ConcurrentHashMap<>();
    final Queue<FakeLine.Trouble> troubles = new ConcurrentLinkedQueue<>();
    final Queue<Scripted> scripted = new ConcurrentLinkedQueue<>();
    final Queue<String> calls = new ConcurrentLinkedQueue<>();
    final Queue<JsonNode> strangers = new ConcurrentLinkedQueue<>();
    final ObjectNode number = Json.object();
    private final Map<String, File> files = new ConcurrentHashMap<>();
    volatile InstantSource clock = InstantSource.system();
    volatile Service service = Service.IMESSAGE;
    volatile @Nullable Instant typingUntil;
    volatile boolean read;
    volatile boolean optedOut;
    volatile boolean hidesSends;
    volatile boolean hasSickThread;
    volatile String storage = "";
    volatile boolean storageRefuses;
    volatile boolean tellsAllLines;
    volatile boolean signsOldWay = true;
    volatile boolean signsNewWay = true;
    volatile String otherSecret = "";
    volatile int page = 100;
    /// The thread with Ann, empty before there is one.
    volatile String chat = "";

    private int ids;

    LinqAccount(String line) {
        this.line = line;
        number.put("id", "number-1").put("phone_number", line);
        number.putObject("reputation").put("status", "HEALTHY");
        Subscription other = new Subscription(
                Json.object()
                        .put("id", "somebody-else")
                        .put("target_url", "https://somebody-else.example.org/hook")
                        .put("is_active", true),
                "");
        subscriptions.put("somebody-else", other);
    }

    synchronized String id() {
        ids++;
        return new UUID(0x4000L, ids).toString();
    }

    synchronized String chat() {
        if (chat.isEmpty()) {
            chat = id();
        }
        return chat;
    }

    void become(LinqMessage message, String status) {
        message.status = status;
        message.updated = clock.instant();
        tell("message." + status, message.event());
    }

    void fail(LinqMessage message, int code, String reason) {
        message.status = "failed";
        message.updated = clock.instant();
        ObjectNode data = Json.object()
                .put("chat_id", message.chat)
                .put("message_id", message.id)
                .put("code", code)
                .put("reason", reason)
                .put("failed_at", Timestamps.iso(message.updated));
        tell("message.failed", data);
    }

    void tell(String type, ObjectNode data) {
        ObjectNode event = Json.object()
                .put("api_version", "v3")
                .put("webhook_version", "2026-02-03")
                .put("event_type", type)
                .put("event_id", id())
                .put("created_at", Timestamps.iso(clock.instant()))
                .put("trace_id", "trace")
                .put("partner_id", "partner");
        event.set("data", data);
        for (Subscription subscription : subscriptions.values()) {
            JsonNode json = subscription.json();
            boolean wants = has(json.path("subscribed_events"), type)
                    && json.path("is_active").asBoolean()
                    && (tellsAllLines || has(json.path("phone_numbers"), line));
            // Without the version in the address the body has another shape.
            if (wants && json.path("target_url").asString().endsWith("?version=2026-02-03")) {
                String secret = otherSecret.isEmpty() ? subscription.secret() : otherSecret;
                String body = Json.write(event);
                callbacks.tell(new Callbacks.Post(
                        json.path("target_url").asString(),
                        () -> headers(secret, event.path("event_id").asString(), body),
                        body));
            }
        }
    }

    Subscription ours() {
        return subscriptions.values().stream()
                .filter(it -> !it.secret().isEmpty())
                .findFirst()
                .orElseThrow();
    }

    LinqMessage message(String id) {
        return find(id).orElseThrow();
    }

    Optional<LinqMessage> find(String id) {
        return messages.stream().filter(it -> it.id.equals(id)).findFirst();
    }

    @Override
    public void close() {
        server.close();
        callbacks.close();
    }

    private Map<String, String> headers(String secret, String id, String body) {
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        Map<String, String> headers = new LinkedHashMap<>();
        if (signsNewWay) {
            Hmac key = Hmac.sha256(Base64.getDecoder().decode(secret.substring("whsec_".length())));
            headers.put("webhook-id", id);
            headers.put("webhook-timestamp", timestamp);
            headers.put(
                    "webhook-signature",
                    "v1," + Base64.getEncoder().encodeToString(key.of(id + "." + timestamp + "." + body)));
        }
        if (signsOldWay) {
            headers.put("X-Webhook-Timestamp", timestamp);
            headers.put(
                    "X-Webhook-Signature",
                    HexFormat.of().formatHex(Hmac.sha256(secret).of(timestamp + "." + body)));
        }
        return headers;
    }

    private void take(Call call) throws IOException {
        String[] path = call.path().split("/");
        if (path[1].equals("storage")) {
            store(call, path[2]);
            return;
        }
        if (!call.header("Authorization").equals(Optional.of("Bearer " + FakeLinq.API_KEY))) {
            error(call, 401, 2004, "Unauthorized");
            return;
        }
        calls.add(call.method() + " " + call.path());
        String id = path.length > 3 ? path[3] : "";
        String what = call.method() + " " + path[2] + (path.length > 4 ? "/" + path[4] : id.isEmpty() ? "" : "/:id");
        switch (what) {
            case "POST chats" -> send(call, "");
            case "POST chats/messages" -> send(call, id);
            case "GET chats" -> chats(call);
            case "GET chats/:id" -> chat(call, id);
            case "GET chats/messages" -> list(call, id);
            case "POST chats/typing", "DELETE chats/typing", "POST chats/read" -> presence(call, id, path[4]);
            case "GET messages/:id" -> show(call, id);
            case "POST messages/reactions" -> react(call, id);
            case "POST capability/:id" -> capability(call, id);
            case "GET phone_numbers" -> call.answer(200, rows("phone_numbers", Stream.of(number)));
            case "POST attachments" -> attach(call);
            case "GET attachments/:id" ->
                call.answer(200, Json.object().put("id", id).put("download_url", server.url() + "/storage/" + id));
            case "GET webhook-subscriptions" ->
                call.answer(
                        200,
                        rows("subscriptions", subscriptions.values().stream().map(Subscription::json)));
            case "POST webhook-subscriptions" -> subscribe(call);
            case "PUT webhook-subscriptions/:id" -> change(call, id);
            case "DELETE webhook-subscriptions/:id" -> {
                subscriptions.remove(id);
                call.answer(204, "text/plain", new byte[0]);
            }
            default -> error(call, 404, 2001, "no such route");
        }
    }

    private synchronized void send(Call call, String into) throws IOException {
        Scripted next = scripted.poll();
        if (next != null) {
            if (next.retryAfter() != null) {
                call.exchange().getResponseHeaders().set("Retry-After", next.retryAfter());
            }
            call.answer(next.status(), next.body());
            return;
        }
        JsonNode message = call.json().path("message");
        if (call.json().path("to").path(0).asString("").contains("@")) {
            strangers.add(call.json());
            call.answer(201, Json.object());
            return;
        }
        String key = message.path("idempotency_key").asString("");
        if (answered.containsKey(key)) {
            again(call, key);
            return;
        }
        FakeLine.Trouble trouble = troubles.poll();
        if (trouble != null) {
            trouble(call, trouble, message, into);
            return;
        }
        String wrong = wrong(call.json(), message, into);
        switch (wrong) {
            case "" -> call.answer(into.isEmpty() ? 201 : 202, take(message, into));
            case "opted out" -> error(call, 403, 2024, "Recipient has opted out");
            case "no chat" -> error(call, 404, 2001, "Chat not found");
            case "not yours" -> error(call, 403, 2006, "no permission for this phone number");
            case "file" -> error(call, 400, 5004, "the file type is not supported");
            default -> error(call, 400, 1005, wrong);
        }
    }

    /// The same key gets the same answer, unless what it stands for is gone.
    private void again(Call call, String key) throws IOException {
        boolean gone = messages.stream().anyMatch(it -> key.equals(it.key) && it.deleted);
        if (gone) {
            error(call, 404, 2002, "Message not found");
        } else {
            call.answer(200, answered.get(key));
        }
    }

    private void trouble(Call call, FakeLine.Trouble trouble, JsonNode message, String into) throws IOException {
        switch (trouble) {
            case REFUSED -> error(call, 400, 1002, "Phone number must be in E.164 format");
            case NOT_TAKEN -> {
                call.exchange().getResponseHeaders().set("Retry-After", "1");
                error(call, 429, 1007, "Rate limited");
            }
            case SENT_WITHOUT_ANSWER -> take(message, into);
            case LOST_WITHOUT_ANSWER -> {}
            case REPEATS_ID -> {
                String before = messages.stream()
                        .filter(it -> it.outbound)
                        .reduce((_, last) -> last)
                        .orElseThrow()
                        .id;
                ObjectNode answer = take(message, into).deepCopy();
                ((ObjectNode) (into.isEmpty() ? answer.path("chat") : answer).path("message")).put("id", before);
                call.answer(202, answer);
            }
            case NAMES_US -> error(call, 400, 1004, FakeLine.NAMING);
            case HANGS -> server.hang();
        }
    }

    /// What is wrong with a send, empty when nothing is.
    private String wrong(JsonNode body, JsonNode message, String into) {
        List<JsonNode> parts = message.path("parts").valueStream().toList();
        boolean fresh = into.isEmpty() && chat.isEmpty();
        boolean link =
                parts.stream().anyMatch(part -> part.path("value").asString("").contains("https://"));
        boolean texts = parts.stream()
                        .filter(part -> part.path("type").asString().equals("text"))
                        .count()
                > 1;
        if (optedOut) {
            return "opted out";
        }
        if (!into.isEmpty() && !into.equals(chat)) {
            return "no chat";
        }
        if (into.isEmpty() && !body.path("from").asString("").equals(line)) {
            return "not yours";
        }
        if (parts.stream().anyMatch(part -> part.path("url").asString("").endsWith(".webp"))) {
            return "file";
        }
        if (parts.isEmpty() || texts) {
            return "parts are missing or in no order";
        }
        return fresh && (link || message.has("effect")) ? "no link and no effect in the first message" : "";
    }

    /// The answer is of the moment before anything happened.
    private ObjectNode take(JsonNode json, String into) {
        LinqMessage message = new LinqMessage(id(), true, line, clock.instant());
        json.path("parts").forEach(part -> message.parts.add((ObjectNode) part.deepCopy()));
        message.chat = chat();
        message.key = json.path("idempotency_key").asString();
        message.effect = json.path("effect").path("name").isString()
                ? json.path("effect").path("name").asString()
                : null;
        message.service = service;
        ObjectNode answer = Json.object();
        if (into.isEmpty()) {
            answer.putObject("chat").put("id", chat).set("message", message.json());
        } else {
            answer.put("chat_id", chat).set("message", message.json());
        }
        answered.put(message.key, answer);
        typingUntil = null;
        messages.add(message);
        if (json.path("preferred_service").asString("").equals("iMessage") && service != Service.IMESSAGE) {
            fail(message, 4001, "Message delivery failed");
            return answer;
        }
        become(message, "sent");
        if (service != Service.SMS) {
            become(message, "delivered");
        }
        return answer;
    }

    private void chats(Call call) throws IOException {
        boolean asked = call.query().get("from").equals(line)
                && call.query().getOrDefault("to", FakeLine.PERSON).equals(FakeLine.PERSON);
        Instant updated = messages.stream()
                .map(it -> it.updated)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
        Stream<ObjectNode> sick =
                Stream.of(chatJson(clock.instant()).put("id", SICK)).filter(_ -> hasSickThread);
        Stream<ObjectNode> anns = asked && !chat.isEmpty() ? Stream.of(chatJson(updated)) : Stream.of();
        call.answer(200, rows("chats", Stream.concat(sick, anns)).putNull("next_cursor"));
    }

    private void chat(Call call, String id) throws IOException {
        if (id.equals(chat)) {
            call.answer(200, chatJson(clock.instant()));
        } else if (id.equals(FakeLinq.GROUP)) {
            call.answer(200, chatJson(clock.instant()).put("id", id).put("is_group", true));
        } else {
            error(call, 404, 2001, "Chat not found");
        }
    }

    private ObjectNode chatJson(Instant updated) {
        ObjectNode json =
                Json.object().put("id", chat).put("is_group", false).put("updated_at", Timestamps.iso(updated));
        json.withArray("handles").add(LinqMessage.handle(line, true)).add(LinqMessage.handle(FakeLine.PERSON, false));
        return json;
    }

    /// Newest first.
    private void list(Call call, String id) throws IOException {
        if (id.equals(SICK)) {
            error(call, 500, 3006, "oops");
            return;
        }
        int from = Integer.parseInt(call.query().getOrDefault("cursor", "0"));
        List<ObjectNode> all = messages.stream()
                .filter(it -> it.chat.equals(id) && !it.deleted && !it.group && !(hidesSends && it.outbound))
                .sorted(Comparator.comparing((LinqMessage it) -> it.created)
                        .thenComparing(messages::indexOf)
                        .reversed())
                .map(LinqMessage::json)
                .toList();
        int until = Math.min(all.size(), from + page);
        call.answer(
                200,
                rows("messages", all.subList(Math.min(from, until), until).stream())
                        .put("next_cursor", until < all.size() ? Integer.toString(until) : null));
    }

    private void presence(Call call, String id, String what) throws IOException {
        if (!id.equals(chat)) {
            error(call, 404, 2001, "Chat not found");
            return;
        }
        if (what.equals("read")) {
            read = true;
        } else {
            typingUntil = call.method().equals("POST") ? clock.instant().plus(TYPING) : null;
        }
        call.answer(204, "text/plain", new byte[0]);
    }

    private void show(Call call, String id) throws IOException {
        if (find(id).isEmpty()) {
            error(call, 404, 2002, "Message not found");
        } else {
            call.answer(200, message(id).json());
        }
    }

    /// A removal names what is removed.
    private synchronized void react(Call call, String id) throws IOException {
        JsonNode json = call.json();
        String type = json.path("type").asString("");
        String emoji = json.path("custom_emoji").asString("");
        int part = json.path("part_index").asInt(0);
        boolean known = SIX.contains(type) && emoji.isEmpty() || type.equals("custom") && !emoji.isEmpty();
        if (find(id).isEmpty()) {
            error(call, 404, 2002, "Message not found");
            return;
        }
        List<LinqMessage.Reaction> all = message(id).reactions;
        LinqMessage.Reaction ours = new LinqMessage.Reaction(part, type, emoji.isEmpty() ? null : emoji, true);
        boolean remove = json.path("operation").asString("").equals("remove");
        if (!known || remove && !all.contains(ours) || part >= message(id).parts.size()) {
            error(call, 400, 1005, "Invalid parameter value");
            return;
        }
        all.removeIf(it -> it.ours() && it.part() == part);
        if (!remove) {
            all.add(ours);
        }
        call.answer(202, Json.object().put("status", "accepted"));
    }

    private void capability(Call call, String which) throws IOException {
        boolean available = service == (which.equals("check_rcs") ? Service.RCS : Service.IMESSAGE);
        String address = call.json().path("address").asString();
        call.answer(200, Json.object().put("address", address).put("available", available));
    }

    private void attach(Call call) throws IOException {
        String id = id();
        ObjectNode asked = (ObjectNode) call.json();
        if (asked.path("content_type").asString("").equals("image/webp")) {
            error(call, 400, 5004, "the file type is not supported");
            return;
        }
        files.put(id, new File(asked, false));
        ObjectNode answer = Json.object()
                .put("attachment_id", id)
                .put("http_method", "PUT")
                .put("upload_url", storage.isEmpty() ? server.url() + "/storage/" + id + "?signature=of-this" : storage)
                .put("download_url", server.url() + "/storage/" + id);
        answer.putObject("required_headers")
                .put("Content-Type", asked.path("content_type").asString())
                .put("Content-Length", asked.path("size_bytes").asString())
                .put("x-amz-meta-partner", "partner");
        call.answer(201, answer);
    }

    /// The bytes alone, with the headers that were signed, and without our key.
    private void store(Call call, String id) throws IOException {
        File file = files.get(id);
        if (call.method().equals("GET")) {
            call.answer(200, "image/jpeg", "a cat".getBytes(StandardCharsets.UTF_8));
            return;
        }
        boolean signed = !storageRefuses
                && file != null
                && "of-this".equals(call.query().get("signature"))
                && call.header("Authorization").isEmpty()
                && call.header("Content-Type")
                        .equals(Optional.of(file.asked().path("content_type").asString()))
                && call.header("Content-Length")
                        .equals(Optional.of(file.asked().path("size_bytes").asString()))
                && call.header("x-amz-meta-partner").equals(Optional.of("partner"));
        if (!signed) {
            call.answer(
                    403, "application/xml", "<Error>SignatureDoesNotMatch</Error>".getBytes(StandardCharsets.UTF_8));
            return;
        }
        files.put(id, new File(file.asked(), true));
        call.answer(200, "text/plain", new byte[0]);
    }

    /// What was put under this id: its name and type.
    Optional<JsonNode> file(String id) {
        return Optional.ofNullable(files.get(id)).filter(File::there).map(File::asked);
    }

    private synchronized void subscribe(Call call) throws IOException {
        JsonNode json = call.json();
        String url = json.path("target_url").asString("");
        boolean taken = subscriptions.values().stream()
                .anyMatch(it -> it.json().path("target_url").asString().equals(url));
        if (taken || !url.startsWith("https://") && !url.startsWith("http://127.0.0.1")) {
            error(call, 400, 1005, "target_url must be https and unused");
            return;
        }
        String id = id();
        ObjectNode kept = ((ObjectNode) json).deepCopy().put("id", id).put("is_active", true);
        byte[] random = ("secret of the subscription " + id).getBytes(StandardCharsets.UTF_8);
        String secret = "whsec_" + Base64.getEncoder().encodeToString(random);
        subscriptions.put(id, new Subscription(kept, secret));
        call.answer(201, kept.deepCopy().put("signing_secret", secret));
    }

    private synchronized void change(Call call, String id) throws IOException {
        Subscription before = subscriptions.get(id);
        if (before == null) {
            error(call, 404, 2001, "no such subscription");
            return;
        }
        ObjectNode changed = before.json().deepCopy();
        changed.setAll((ObjectNode) call.json());
        subscriptions.put(id, new Subscription(changed, before.secret()));
        call.answer(200, changed);
    }

    private static boolean has(JsonNode list, String text) {
        return list.valueStream().anyMatch(it -> it.asString().equals(text));
    }

    private static ObjectNode rows(String name, Stream<ObjectNode> rows) {
        ArrayNode list = Json.array();
        rows.forEach(list::add);
        return Json.object().set(name, list);
    }

    private static void error(Call call, int status, int code, String message) throws IOException {
        ObjectNode json = Json.object().put("success", false);
        json.putObject("error").put("status", status).put("code", code).put("message", message);
        call.answer(status, json);
    }
}
