package partyline.fakes.androidsms;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import partyline.drivers.contract.Callbacks;
import partyline.drivers.contract.FakeLine;
import partyline.drivers.contract.LittleServer;
import partyline.drivers.contract.LittleServer.Call;
import partyline.fakes.androidsms.GatewaySms.Came;
import partyline.fakes.androidsms.GatewaySms.Given;
import partyline.kernel.Hmac;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The app as HTTP shows it, on the phone or at a server: its queue, its inbox, its calls.
/// [FakeSmsGateway] is Ann's side.
final class GatewayApp implements AutoCloseable {

    private static final String SERVER = "/3rdparty/v1";
    private static final int OLDEST_WITH_INBOX = 59;
    private static final int OLDEST_WITH_MMS = 74;

    /// What the next send is answered, in place of being done.
    record Scripted(int status, String body) {}

    final LittleServer server = new LittleServer(this::take);
    final Callbacks callbacks = new Callbacks(this::again);
    /// What the app knows of, and what only the phone's own store has.
    final List<Came> inbox = new CopyOnWriteArrayList<>();
    final List<Came> store = new CopyOnWriteArrayList<>();
    final List<Given> given = new CopyOnWriteArrayList<>();
    final List<String> sent = new CopyOnWriteArrayList<>();
    final Map<String, JsonNode> webhooks = new ConcurrentHashMap<>();
    final Queue<FakeLine.Trouble> troubles = new ConcurrentLinkedQueue<>();
    final Queue<Scripted> scripted = new ConcurrentLinkedQueue<>();
    final List<JsonNode> bodies = new CopyOnWriteArrayList<>();
    final AtomicInteger refreshes = new AtomicInteger();
    final ObjectNode checks = Json.object();
    private final Deque<Given> pending = new ConcurrentLinkedDeque<>();
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("fake-sms-queue").factory());
    volatile InstantSource clock = InstantSource.system();
    volatile String order = "LIFO";
    volatile String installation = "2026-01-01T00:00:00.000Z";
    volatile String lastSeen = "";
    volatile String signingKey = FakeSmsGateway.SIGNING_KEY;
    volatile long clockWrongBySeconds;
    volatile boolean atServer;
    volatile boolean mayReadSms = true;
    volatile boolean noSignal;
    volatile int devices = 1;
    volatile int version = 75;
    volatile byte[] file = "a cat".getBytes(StandardCharsets.UTF_8);
    volatile String nextError = "";

    String url() {
        return server.url() + (atServer ? SERVER : "");
    }

    void tell(String event, ObjectNode payload) {
        webhooks.forEach((id, hook) -> {
            if (hook.path("event").asString().equals(event)) {
                String body = Json.write(Json.object()
                        .put("deviceId", "phone-1")
                        .put("event", event)
                        .put("id", HexFormat.of().toHexDigits(System.nanoTime()))
                        .put("webhookId", id)
                        .set("payload", payload));
                callbacks.tell(new Callbacks.Post(hook.path("url").asString(), () -> signed(body), body));
            }
        });
    }

    /// The phone has a signal again.
    void work() {
        try {
            worker.execute(this::drain);
        } catch (RejectedExecutionException e) {
            noSignal = true;
        }
    }

    @Override
    public void close() {
        server.close();
        callbacks.close();
        worker.shutdownNow();
    }

    /// Signed anew with each attempt, so that the time in it is new.
    private Map<String, String> signed(String body) {
        String now = String.valueOf(clock.instant().getEpochSecond() + clockWrongBySeconds);
        String signature = HexFormat.of().formatHex(Hmac.sha256(signingKey).of(body + now));
        return Map.of("X-Timestamp", now, "X-Signature", signature, "Content-Type", "application/json");
    }

    /// The app tries for two days. It goes on with the address that it began with; a server that starts anew in a test
    /// has another, so that here it is the one that is registered now.
    private void again(Callbacks.Post post) {
        JsonNode hook =
                webhooks.getOrDefault(Json.read(post.body()).path("webhookId").asString(), Json.object());
        String url = hook.path("url").asString(post.url());
        callbacks.tell(new Callbacks.Post(url, post.headers(), post.body()));
    }

    private void drain() {
        while (!noSignal) {
            Given next = order.equals("LIFO") ? pending.pollLast() : pending.pollFirst();
            if (next == null) {
                return;
            }
            next.become("Processed", clock.instant());
            if (!nextError.isEmpty()) {
                next.error = nextError;
                nextError = "";
                become(next, "Failed", "sms:failed", "failedAt");
                continue;
            }
            sent.add(String.valueOf(next.text));
            become(next, "Sent", "sms:sent", "sentAt");
            become(next, "Delivered", "sms:delivered", "deliveredAt");
        }
    }

    private void become(Given sms, String state, String event, String time) {
        Instant now = clock.instant();
        sms.become(state, now);
        tell(
                event,
                Json.object()
                        .put("messageId", sms.id)
                        .put("phoneNumber", sms.to)
                        .put("recipient", sms.to)
                        .put("simNumber", sms.sim)
                        .put("reason", sms.error)
                        .put(time, GatewaySms.time(now)));
    }

    private void take(Call call) throws IOException {
        String path = call.path();
        if (atServer && path.startsWith(SERVER)) {
            path = path.substring(SERVER.length());
        }
        if (path.equals("/health")) {
            health(call);
            return;
        }
        if (!call.header("Authorization").equals(Optional.of(FakeSmsGateway.AUTHORIZATION))) {
            call.answer(401, "text/plain", new byte[0]);
            return;
        }
        String what = call.method() + " " + path;
        if (what.equals("POST /messages")) {
            send(call);
        } else if (what.equals("GET /messages")) {
            time(call.query().get("from"));
            list(call, given.reversed().stream().map(Given::json).toList());
        } else if (what.startsWith("GET /messages/")) {
            one(call, path.substring("/messages/".length()));
        } else if (what.startsWith("GET /inbox/")) {
            call.answer(200, "image/jpeg", file);
        } else if (what.equals("GET /inbox") && !atServer && version >= OLDEST_WITH_INBOX) {
            inbox(call);
        } else if (what.equals("POST /inbox/refresh") && !atServer && version >= OLDEST_WITH_INBOX) {
            refresh(call);
        } else {
            settings(call, what);
        }
    }

    private void settings(Call call, String what) throws IOException {
        switch (what) {
            case "GET /device", "GET /devices" -> {
                ArrayNode list = Json.array();
                for (int at = 1; at <= devices; at++) {
                    list.addObject()
                            .put("id", "phone-" + at)
                            .put("name", "Old/Phone")
                            .put("createdAt", installation)
                            .put("lastSeen", lastSeen.isEmpty() ? GatewaySms.time(clock.instant()) : lastSeen);
                }
                call.answer(200, list);
            }
            case "GET /settings" ->
                call.answer(200, Json.object().set("messages", Json.object().put("processing_order", order)));
            case "PATCH /settings" -> {
                order = call.json().path("messages").path("processing_order").asString(order);
                call.answer(200, Json.object());
            }
            case "GET /webhooks" -> {
                ArrayNode list = Json.array();
                webhooks.values().forEach(list::add);
                call.answer(200, list);
            }
            case "POST /webhooks" -> register(call);
            default -> call.answer(404, "text/plain", new byte[0]);
        }
    }

    /// Nothing but https, and 127.0.0.1. (The server takes https alone; here it stands in for one that has
    /// it.)
    private void register(Call call) throws IOException {
        JsonNode hook = call.json();
        String url = hook.path("url").asString("");
        if (!url.startsWith("https://") && !url.startsWith("http://127.0.0.1")) {
            refuse(call, 400, "url must start with https:// or http://127.0.0.1");
            return;
        }
        webhooks.put(hook.path("id").asString(), hook);
        call.answer(201, hook);
    }

    /// Open to everybody, and 500 when anything is wrong.
    private void health(Call call) throws IOException {
        boolean bad =
                checks.valueStream().anyMatch(it -> it.path("status").asString().equals("fail"));
        ObjectNode body = Json.object().put("status", bad ? "fail" : "pass").put("version", "1." + version + ".0");
        body.set("checks", checks);
        call.answer(bad ? 500 : 200, body);
    }

    private synchronized void send(Call call) throws IOException {
        Scripted answer = scripted.poll();
        if (answer != null) {
            call.answer(answer.status(), "application/json", answer.body().getBytes(StandardCharsets.UTF_8));
            return;
        }
        FakeLine.Trouble trouble = troubles.poll();
        if (trouble == null) {
            answer(call, enqueue(call));
            return;
        }
        switch (trouble) {
            case REFUSED -> refuse(call, 400, "invalid phone number");
            case NOT_TAKEN -> refuse(call, 503, "queue limits exceeded: too old pending message");
            case SENT_WITHOUT_ANSWER -> enqueue(call);
            case LOST_WITHOUT_ANSWER -> {}
            case REPEATS_ID -> {
                enqueue(call);
                call.answer(202, given.get(Math.max(0, given.size() - 2)).json());
            }
            case NAMES_US -> refuse(call, 400, FakeLine.NAMING);
            case HANGS -> server.hang();
        }
    }

    private void answer(Call call, Optional<Given> taken) throws IOException {
        if (taken.isPresent()) {
            call.answer(202, taken.get().json());
        } else {
            refuse(call, 409, "Message with the same ID already exists");
        }
    }

    /// Empty when it has that id already.
    private Optional<Given> enqueue(Call call) {
        JsonNode json = call.json();
        bodies.add(json);
        JsonNode mms = json.path("mmsMessage");
        String id = json.path("id").asString();
        if (given.stream().anyMatch(it -> it.id.equals(id))) {
            return Optional.empty();
        }
        if (mms.isObject() && version < OLDEST_WITH_MMS) {
            throw new IllegalStateException("this version sends no MMS");
        }
        Given sms = new Given(
                id,
                json.path("phoneNumbers").path(0).asString(),
                text(mms.isObject() ? mms : json.path("textMessage")),
                mms.isObject(),
                json.has("simNumber") ? json.path("simNumber").asInt() : null);
        sms.become("Pending", clock.instant());
        given.add(sms);
        pending.addLast(sms);
        work();
        return Optional.of(sms);
    }

    private static @Nullable String text(JsonNode content) {
        return content.has("text") ? content.path("text").asString() : null;
    }

    private void one(Call call, String id) throws IOException {
        Optional<Given> found = given.stream().filter(it -> it.id.equals(id)).findFirst();
        if (found.isPresent()) {
            call.answer(200, found.get().json());
        } else {
            call.answer(404, "text/plain", new byte[0]);
        }
    }

    /// By the carrier's stamp and, within a second, by an id that is a hash: both the other way round.
    private void inbox(Call call) throws IOException {
        Map<String, String> asked = new HashMap<>(call.query());
        Instant from = time(asked.get("from"));
        Instant to = time(asked.get("to"));
        boolean files = "true".equals(asked.get("includeAttachments"));
        Comparator<Came> newest =
                Comparator.comparing(Came::stamp).thenComparing(Came::id).reversed();
        list(
                call,
                inbox.stream()
                        .filter(it -> !it.stamp().isBefore(from) && !it.stamp().isAfter(to))
                        .sorted(newest)
                        .map(it -> it.listed(files))
                        .toList());
    }

    /// Takes in what came while the app did not run; what it knows, it leaves alone.
    private void refresh(Call call) throws IOException {
        refreshes.incrementAndGet();
        if (!mayReadSms) {
            refuse(call, 500, "Failed to refresh inbox: Permission Denial: opening provider TelephonyProvider");
            return;
        }
        Instant since = time(call.json().path("since").asString());
        store.stream()
                .filter(it -> !it.stamp().isBefore(since))
                .filter(it -> inbox.stream().noneMatch(known -> known.id().equals(it.id())))
                .forEach(inbox::add);
        call.answer(202, "text/plain", new byte[0]);
    }

    private static void list(Call call, List<ObjectNode> all) throws IOException {
        ArrayNode page = Json.array();
        all.stream()
                .skip(Long.parseLong(call.query().getOrDefault("offset", "0")))
                .limit(Long.parseLong(call.query().getOrDefault("limit", "50")))
                .forEach(page::add);
        call.exchange().getResponseHeaders().set("X-Total-Count", String.valueOf(all.size()));
        call.answer(200, page);
    }

    /// The app reads milliseconds or none at all.
    private static Instant time(String text) {
        if (!text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\\.[0-9]{3})?Z")) {
            throw new IllegalArgumentException("Invalid datetime " + text);
        }
        return OffsetDateTime.parse(text).toInstant();
    }

    private static void refuse(Call call, int status, String message) throws IOException {
        call.answer(status, Json.object().put("message", message));
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
