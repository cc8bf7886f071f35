package partyline.fakes.webhook;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
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

/// A program that speaks for a line as `docs/lines/webhook.md` says, with Ann behind it. What happened while it was
/// gone, or before it was greeted, it brings when it is greeted again.
public class FakeProgram implements FakeLine {

    public static final String SECRET = "whsec_" + Base64.getEncoder().encodeToString(new byte[32]);

    private record Shown(String id, Bubble bubble) {}

    private final LittleServer server = new LittleServer(this::take);
    private final Callbacks callbacks = new Callbacks(this::keep);
    private final LinkedHashMap<String, Shown> shown = new LinkedHashMap<>();
    private final Map<String, String> tapbacks = new ConcurrentHashMap<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Queue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private final List<String> fileNames = new ArrayList<>();
    private final Queue<ObjectNode> unsaid = new ArrayDeque<>();
    private volatile InstantSource clock = InstantSource.system();
    private volatile Service service = Service.IMESSAGE;
    private volatile Set<String> abilities = Set.of("effects", "tapbacks", "typing", "read", "media", "sent_receipts");
    private volatile ObjectNode greeting = Json.object();
    private volatile @Nullable JsonNode ann;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String secret = SECRET;
    private volatile @Nullable String eventsUrl;
    private volatile @Nullable String download;
    private volatile @Nullable Instant typingUntil;
    private volatile boolean read;
    private volatile boolean gone;
    private volatile boolean busy;
    private int ids;

    /// Where the server wants to hear of events; empty before its first greeting.
    public final Optional<String> eventsUrl() {
        return Optional.ofNullable(eventsUrl);
    }

    public final String url() {
        return server.url() + "/line";
    }

    /// Whose time its signatures are of.
    public final void runOn(InstantSource other) {
        clock = other;
    }

    /// What it says that it can do from now on.
    public final void can(String... what) {
        abilities = Set.of(what);
    }

    /// What else its answer to a greeting says from now on, as an object of JSON.
    public final void greets(String json) {
        greeting = (ObjectNode) Json.read(json);
    }

    /// What it answers from now on when it is asked about Ann, as an object of JSON; before, it knows no such question.
    public final void saysOfAnn(String json) {
        ann = Json.read(json);
    }

    /// How often it was asked about Ann.
    public final int asked() {
        return asked.get();
    }

    /// Whether it takes no text for now, and wants it again in a second.
    public final void isBusy(boolean now) {
        busy = now;
    }

    /// What it signs with from now on.
    public final void signsWith(String other) {
        secret = other;
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.complementOf(EnumSet.of(
                Feature.TAPBACKS_FOR_GOOD, Feature.CATCHES_UP, Feature.HEARS_ADDRESSES, Feature.ANSWERS_ADDRESSES));
    }

    @Override
    public List<String> secrets() {
        return List.of(SECRET, "/hooks/");
    }

    @Override
    public void next(Trouble trouble) {
        troubles.add(trouble);
    }

    @Override
    public synchronized String writes(String text) {
        read = false;
        ObjectNode event = event("text").put("id", id()).put("text", text).put("service", service.wire());
        heard.add(event.path("id").asString());
        say(event);
        return event.path("id").asString();
    }

    @Override
    public synchronized boolean writesOddly(String text, Oddity oddity) {
        ObjectNode event = event("text").put("id", id()).put("text", text).put("service", service.wire());
        switch (oddity) {
            case STYLE -> event.put("send_style", "somersault");
            case SERVICE_IN_ODD_LETTERS -> event.put("service", "sMs");
            case SERVICE -> event.put("service", "carrier pigeon");
            case TIME -> event.put("at", "+24907341-01-01T00:00:00Z");
            case KNOWN_ID -> event.put("id", heard.getLast());
            case TYPE_OF_A_FILE ->
                event.put("media_url", "http://127.0.0.1:9/voice").put("media_type", "Audio/MP4; codecs=mp4a");
        }
        say(event);
        return true;
    }

    @Override
    public synchronized void sendsFile(String name) {
        say(event("text")
                .put("id", id())
                .put("service", service.wire())
                .put("media_url", "http://127.0.0.1:9/files/1")
                .put("media_name", name));
    }

    @Override
    public synchronized List<String> fileNames() {
        return List.copyOf(fileNames);
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        say(event("tapback")
                .put("id", id())
                .put("target", providerId)
                .put("reaction", reaction)
                .put("removed", removed));
    }

    @Override
    public void types(boolean typing) {
        say(event("typing").put("typing", typing));
    }

    @Override
    public synchronized void reads() {
        shown.values().forEach(it -> receipt(it.id(), "read"));
    }

    @Override
    public void has(Service next) {
        service = next;
    }

    @Override
    public synchronized List<Bubble> bubbles() {
        return shown.values().stream()
                .map(it -> new Bubble(
                        it.id(),
                        it.bubble().text(),
                        it.bubble().effect(),
                        it.bubble().media(),
                        it.bubble().service()))
                .toList();
    }

    @Override
    public Optional<String> tapback(String providerId) {
        return Optional.ofNullable(tapbacks.get(providerId));
    }

    @Override
    public boolean showsTyping() {
        Instant until = typingUntil;
        return until != null && until.isAfter(clock.instant());
    }

    @Override
    public boolean showsRead() {
        return read;
    }

    /// What its posts were answered, in order.
    public final List<Integer> answers() {
        return callbacks.answers();
    }

    /// Posts an event as it is.
    public final void posts(String json) {
        say((ObjectNode) Json.read(json));
    }

    /// Posts the bytes of a file of Ann's, and returns what it is answered.
    public final HttpResponse<String> postsFile(String name, String type, byte[] bytes) {
        String query = "?from=" + encoded(PERSON) + "&name=" + encoded(name);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(eventsUrl().orElseThrow() + "/media" + query))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes));
        signed(secret, "file-" + id(), bytes).forEach(request::header);
        return call(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Posts an event as it is, and returns what it is answered.
    public final HttpResponse<String> postsNow(byte[] event) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(eventsUrl().orElseThrow()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(event));
        signed(secret, "evt-" + id(), event).forEach(request::header);
        return call(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /// Fetches the file at this address.
    public final HttpResponse<byte[]> fetchesFile(String url) {
        return call(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /// Where the file of the newest text that had one is to be fetched.
    public final Optional<String> download() {
        return Optional.ofNullable(download);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static <T> HttpResponse<T> call(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, handler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void tellsAgain() {
        callbacks.tellAgain();
    }

    @Override
    public void way(Way way) {
        callbacks.go(way);
    }

    @Override
    public synchronized void stop() {
        gone = true;
        server.stop();
    }

    @Override
    public synchronized void start() {
        gone = false;
        server.start();
    }

    @Override
    public void close() {
        server.close();
        callbacks.close();
    }

    private void take(Call call) throws IOException {
        String head = call.header("webhook-id").orElse("") + "."
                + call.header("webhook-timestamp").orElse("") + ".";
        String right = sign(SECRET, head, call.body().getBytes(StandardCharsets.UTF_8));
        if (!call.header("webhook-signature").equals(Optional.of(right))) {
            call.answer(401, Json.object().put("message", "wrong signature"));
            return;
        }
        JsonNode json = call.json();
        switch (json.path("type").asString()) {
            case "hello" -> hello(call, json);
            case "text" -> text(call, json);
            case "outcome" -> outcome(call, json.path("id").asString());
            case "tapback" -> react(call, json);
            case "can" -> {
                asked.incrementAndGet();
                JsonNode answer = ann;
                call.answer(answer == null ? 400 : 200, answer == null ? Json.object() : answer);
            }
            case "typing" -> {
                typingUntil = json.path("typing").asBoolean() ? clock.instant().plusSeconds(60) : null;
                call.answer(200, Json.object());
            }
            case "read" -> {
                read = true;
                call.answer(200, Json.object());
            }
            default -> call.answer(400, Json.object().put("message", "unknown type"));
        }
    }

    private synchronized void hello(Call call, JsonNode json) throws IOException {
        eventsUrl = json.path("events_url").asString();
        List<ObjectNode> kept = new ArrayList<>(unsaid);
        unsaid.clear();
        kept.forEach(this::say);
        ArrayNode can = Json.array();
        abilities.forEach(can::add);
        ObjectNode answer = Json.object();
        answer.set("capabilities", can);
        answer.setAll(greeting);
        call.answer(200, answer);
    }

    private void text(Call call, JsonNode json) throws IOException {
        if (busy) {
            call.exchange().getResponseHeaders().set("Retry-After", "1");
            call.answer(503, Json.object());
            return;
        }
        Trouble trouble = troubles.poll();
        if (trouble == null) {
            call.answer(200, show(json));
            return;
        }
        switch (trouble) {
            case REFUSED ->
                call.answer(422, Json.object().put("code", "no_such_number").put("message", "Nobody is there."));
            case NOT_TAKEN -> call.answer(503, Json.object());
            case SENT_WITHOUT_ANSWER -> show(json);
            case LOST_WITHOUT_ANSWER -> {}
            case REPEATS_ID -> {
                String before = shown.lastEntry().getValue().id();
                call.answer(200, show(json).put("id", before));
            }
            case NAMES_US ->
                call.answer(422, Json.object().put("code", "from_12025550101").put("message", FakeLine.NAMING));
            case HANGS -> server.hang();
        }
    }

    /// The same id again is shown once, and answered alike.
    private synchronized ObjectNode show(JsonNode json) {
        String client = json.path("id").asString();
        typingUntil = null;
        boolean fresh = !shown.containsKey(client);
        boolean styled = service == Service.IMESSAGE && json.has("send_style");
        Shown it = shown.computeIfAbsent(
                client,
                _ -> new Shown(
                        id(),
                        new Bubble(
                                json.path("text").asString(null),
                                styled ? json.path("send_style").asString() : null,
                                json.has("media_url"),
                                service)));
        if (json.has("media_download")) {
            download = json.path("media_download").asString();
        }
        if (fresh && json.has("media_name")) {
            fileNames.add(json.path("media_name").asString());
        }
        if (fresh) {
            receipt(it.id(), "sent");
            receipt(it.id(), "delivered");
        }
        ObjectNode answer = answer(it);
        if (json.has("send_style") && !styled) {
            answer.set("left_out", Json.array().add("effect"));
        }
        return answer;
    }

    private static ObjectNode answer(Shown shown) {
        return Json.object()
                .put("id", shown.id())
                .put("service", shown.bubble().service().wire());
    }

    private synchronized void outcome(Call call, String client) throws IOException {
        Shown known = shown.get(client);
        if (known == null) {
            call.answer(404, Json.object());
        } else {
            call.answer(200, answer(known));
        }
    }

    private synchronized void react(Call call, JsonNode json) throws IOException {
        String target = json.path("target").asString();
        if (!heard.contains(target)
                && shown.values().stream().noneMatch(it -> it.id().equals(target))) {
            call.answer(404, Json.object());
            return;
        }
        if (json.path("reaction").isNull()) {
            tapbacks.remove(target);
        } else {
            tapbacks.put(target, json.path("reaction").asString());
        }
        call.answer(200, Json.object());
    }

    private void receipt(String id, String status) {
        say(Json.object()
                .put("type", "receipt")
                .put("id", id)
                .put("status", status)
                .put("at", clock.instant().toString()));
    }

    private ObjectNode event(String type) {
        return Json.object()
                .put("type", type)
                .put("from", PERSON)
                .put("at", clock.instant().toString());
    }

    /// Nobody took it: it is brought again after the next greeting.
    private synchronized void keep(Callbacks.Post post) {
        unsaid.add((ObjectNode) Json.read(post.body()));
    }

    private synchronized void say(ObjectNode event) {
        String url = eventsUrl;
        if (gone || url == null) {
            unsaid.add(event);
            return;
        }
        String body = Json.write(event);
        String id = "evt-" + id();
        String key = secret;
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        callbacks.tell(new Callbacks.Post(url, () -> signed(key, id, bytes), body));
    }

    private Map<String, String> signed(String key, String id, byte[] body) {
        String timestamp = Long.toString(clock.instant().getEpochSecond());
        return Map.of(
                "webhook-id", id,
                "webhook-timestamp", timestamp,
                "webhook-signature", sign(key, id + "." + timestamp + ".", body));
    }

    private static String sign(String secret, String head, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            byte[] key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(head.getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private synchronized String id() {
        ids++;
        return "bubble-" + ids;
    }
}
