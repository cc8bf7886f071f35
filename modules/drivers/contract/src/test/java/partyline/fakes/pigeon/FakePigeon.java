package partyline.fakes.pigeon;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import partyline.drivers.HttpCalls;
import partyline.drivers.contract.Callbacks;
import partyline.drivers.contract.FakeService;
import partyline.drivers.contract.LittleServer;
import partyline.drivers.contract.LittleServer.Call;
import partyline.drivers.contract.Rig;
import partyline.kernel.Hmac;
import partyline.kernel.Json;
import partyline.pigeon.PigeonDriver;
import partyline.transport.Driver;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Carrier Pigeon with one line. What its documents would say:
///
/// - A send has no key of ours, and is in the list of sends two seconds after it was taken.
/// - News are posted once, signed `<unix seconds>.<hex of HMAC-SHA256>` over the seconds, a full stop and the body.
/// What
///   nobody took is only in the feed, by a cursor that is forgotten now and then (410), and in the list of sends.
/// - Pages are short. 429 and 503 have sent nothing. A tapback is an emoji. A file is uploaded first.
public final class FakePigeon implements FakeService {

    private static final String KEY = "pk-a-secret-key";
    private static final String SECRET = "ws-a-secret-of-webhooks";
    private static final Duration LISTED_AFTER = Duration.ofSeconds(2);
    private static final Duration TYPING_LASTS = Duration.ofSeconds(50);
    private static final int PAGE = 2;
    private static final Map<String, String> EMOJI =
            Map.of("love", "❤️", "like", "👍", "dislike", "👎", "laugh", "😂", "emphasize", "‼️", "question", "❓");

    private final LittleServer server = new LittleServer(this::take);
    private final Callbacks callbacks = new Callbacks();
    private final List<ObjectNode> feed = new ArrayList<>();
    private final Map<String, ObjectNode> sends = new LinkedHashMap<>();
    private final Map<String, String> files = new HashMap<>();
    private final Map<String, String> tapbacks = new HashMap<>();
    private final List<ObjectNode> waiting = new ArrayList<>();
    private InstantSource clock = InstantSource.system();
    private @Nullable Trouble trouble;
    private Service service = Service.IMESSAGE;
    private String hook = "";
    private Instant typingUntil = Instant.MIN;
    private Instant readUntil = Instant.MIN;
    private boolean running = true;
    private int forgotten;
    private int ids;

    @Override
    public Driver driver(Rig.Program program) {
        clock = program.around().clock();
        return PigeonDriver.KIND
                .make()
                .apply(program.setup(
                        Map.of("api_key", KEY, "webhook_secret", SECRET, "url", server.url(), "poll", "100ms")));
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.complementOf(EnumSet.of(Feature.TAPBACKS_FOR_GOOD, Feature.ANSWERS_ADDRESSES));
    }

    @Override
    public List<String> secrets() {
        return List.of(KEY, SECRET);
    }

    @Override
    public synchronized void next(Trouble next) {
        trouble = next;
    }

    @Override
    public synchronized void sendsFile(String name) {
        ObjectNode item = text("m" + ++ids, null);
        files.put("f" + ids, name);
        item.putArray("files")
                .addObject()
                .put("id", "f" + ids)
                .put("type", "image/jpeg")
                .put("name", name);
        said(item);
    }

    @Override
    public synchronized List<String> fileNames() {
        return sends.values().stream()
                .filter(send -> send.has("file"))
                .map(send -> Objects.requireNonNull(files.get(send.path("file").asString())))
                .toList();
    }

    /// Where it posts.
    public synchronized String hook() {
        return hook;
    }

    /// The cursors that were given out so far mean nothing any more.
    public synchronized void forgetsCursors() {
        forgotten++;
    }

    /// What was taken for a while turns out to go nowhere.
    public synchronized void fails(String id, String code) {
        ObjectNode send = Objects.requireNonNull(sends.get(id));
        send.set("error", Json.object().put("code", code).put("message", "It did not arrive."));
        moves(send, "failed");
    }

    @Override
    public synchronized String writes(String text) {
        return said(text("m" + ++ids, text));
    }

    @Override
    public synchronized void writesFromAddress(String address, String text) {
        said(text("m" + ++ids, text).put("from", address));
    }

    @Override
    public synchronized boolean writesOddly(String text, Oddity oddity) {
        ObjectNode item = text("m" + ++ids, text);
        switch (oddity) {
            case STYLE -> item.put("effect", "feathers");
            case SERVICE_IN_ODD_LETTERS -> item.put("via", "sMs");
            case SERVICE -> item.put("via", "owl");
            case TIME -> item.put("at", "9999-12-31T23:59:59Z");
            case KNOWN_ID -> item.put("id", "m" + (ids - 1));
            case TYPE_OF_A_FILE ->
                item.putArray("files").addObject().put("id", "f" + ids).put("type", "Audio/MP4; codecs=mp4a");
        }
        said(item);
        return true;
    }

    @Override
    public synchronized void reacts(String providerId, String reaction, boolean removed) {
        said(item("r" + ++ids, "tapback")
                .put("on", providerId)
                .put("emoji", EMOJI.get(reaction))
                .put("removed", removed));
    }

    /// Something else that a person does, or that happens in a group.
    public synchronized void does(String type, ObjectNode what) {
        said(item("e" + ++ids, type).setAll(what));
    }

    @Override
    public synchronized void types(boolean typing) {
        post(Json.object()
                .put("id", "t" + ++ids)
                .put("type", "typing")
                .put("from", PERSON)
                .put("typing", typing));
    }

    @Override
    public synchronized void reads() {
        sends.values().forEach(send -> moves(send, "read"));
    }

    @Override
    public synchronized void has(Service next) {
        service = next;
    }

    @Override
    public synchronized List<Bubble> bubbles() {
        return sends.values().stream()
                .map(send -> new Bubble(
                        send.path("id").asString(),
                        send.path("text").asString(null),
                        send.path("effect").asString(null),
                        send.has("file"),
                        Service.of(send.path("via").asString())))
                .toList();
    }

    @Override
    public synchronized Optional<String> tapback(String providerId) {
        return EMOJI.entrySet().stream()
                .filter(entry -> entry.getValue().equals(tapbacks.get(providerId)))
                .map(Map.Entry::getKey)
                .findAny();
    }

    @Override
    public synchronized boolean showsTyping() {
        return clock.instant().isBefore(typingUntil);
    }

    @Override
    public synchronized boolean showsRead() {
        return feed.stream()
                .allMatch(item -> !Instant.parse(item.path("at").asString()).isAfter(readUntil));
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
    public void stop() {
        server.stop();
        synchronized (this) {
            running = false;
        }
    }

    @Override
    public void start() {
        server.start();
        synchronized (this) {
            running = true;
            waiting.forEach(this::post);
            waiting.clear();
        }
    }

    @Override
    public void close() {
        server.close();
        callbacks.close();
    }

    private ObjectNode text(String id, @Nullable String text) {
        return item(id, "text").put("text", text).put("via", service.wire());
    }

    private ObjectNode item(String id, String type) {
        return Json.object()
                .put("id", id)
                .put("type", type)
                .put("from", PERSON)
                .put("at", clock.instant().toString());
    }

    private String said(ObjectNode item) {
        feed.add(item);
        post(item);
        return item.path("id").asString();
    }

    private void post(ObjectNode event) {
        if (!running) {
            waiting.add(event);
            return;
        }
        String body = Json.write(event);
        callbacks.tell(new Callbacks.Post(
                hook,
                () -> {
                    String at = String.valueOf(clock.instant().getEpochSecond());
                    byte[] proof = Hmac.sha256(SECRET).of(at + "." + body);
                    return Map.of("Pigeon-Signature", at + "." + HexFormat.of().formatHex(proof));
                },
                body));
    }

    private void moves(ObjectNode send, String status) {
        send.put("status", status).put("updated_at", clock.instant().toString());
        ObjectNode item = item("u" + ++ids, "send");
        item.set("send", send.deepCopy());
        said(item);
    }

    private void take(Call call) throws IOException {
        if (!call.header("Authorization").equals(Optional.of("Bearer " + KEY))) {
            call.answer(401, error("key", "No such key."));
            return;
        }
        String[] path = call.path().split("/");
        switch (call.method() + " " + path[2] + (path.length > 4 ? " " + path[4] : "")) {
            case "GET lines" ->
                call.answer(200, Json.object().put("state", "active").put("webhook", hook));
            case "POST lines webhook" ->
                done(call, () -> hook = call.json().path("url").asString());
            case "POST lines typing" ->
                done(
                        call,
                        () -> typingUntil = call.json().path("typing").asBoolean()
                                ? clock.instant().plus(TYPING_LASTS)
                                : Instant.MIN);
            case "POST lines read" ->
                done(
                        call,
                        () -> readUntil =
                                Instant.parse(call.json().path("until").asString()));
            case "GET lines feed" -> feed(call);
            case "POST lines sends" -> send(call);
            case "GET lines sends" -> list(call);
            case "GET people" -> call.answer(200, Json.object().put("via", service.wire()));
            case "POST files" -> upload(call);
            case "GET files" -> call.answer(200, "image/jpeg", new byte[] {1});
            case "POST tapbacks", "DELETE tapbacks" -> tapback(call, path[3]);
            default -> call.answer(404, error("nothing", "Nothing is here."));
        }
    }

    private void done(Call call, Runnable change) throws IOException {
        synchronized (this) {
            change.run();
        }
        call.answer(200, Json.object());
    }

    private void tapback(Call call, String bubble) throws IOException {
        boolean known;
        synchronized (this) {
            known = feed.stream().anyMatch(item -> item.path("id").asString().equals(bubble));
            if (known) {
                if (call.method().equals("POST")) {
                    tapbacks.put(bubble, call.json().path("emoji").asString());
                } else {
                    tapbacks.remove(bubble);
                }
            }
        }
        call.answer(known ? 200 : 404, known ? Json.object() : error("nothing", "No such text."));
    }

    private void upload(Call call) throws IOException {
        String id;
        synchronized (this) {
            id = "f" + ++ids;
            files.put(id, new String(Objects.requireNonNull(call.form().get("file.filename")), StandardCharsets.UTF_8));
        }
        call.answer(201, Json.object().put("id", id));
    }

    private void send(Call call) throws IOException {
        Trouble now;
        synchronized (this) {
            now = trouble;
            trouble = null;
        }
        switch (now) {
            case REFUSED -> call.answer(422, error("stop", "They do not want it."));
            case NAMES_US -> call.answer(422, error("stop", NAMING));
            case NOT_TAKEN -> {
                call.exchange().getResponseHeaders().set("Retry-After", "3");
                call.answer(429, error("slow", "Not so fast."));
            }
            case LOST_WITHOUT_ANSWER -> {}
            case SENT_WITHOUT_ANSWER -> shown(call.json());
            case REPEATS_ID -> {
                String before = List.copyOf(sends.keySet()).getLast();
                call.answer(201, shown(call.json()).put("id", before));
            }
            case HANGS -> server.hang();
            case null -> {
                if (service != Service.IMESSAGE
                        && call.json().path("only_imessage").asBoolean()) {
                    call.answer(422, error("not_on_imessage", "They have none."));
                } else {
                    call.answer(201, shown(call.json()));
                }
            }
        }
    }

    /// Shows it on the phone; the answer is from before that.
    private synchronized ObjectNode shown(JsonNode asked) {
        ObjectNode send = ((ObjectNode) asked.deepCopy())
                .put("id", "s" + ++ids)
                .put("via", service.wire())
                .put("status", "queued")
                .put("created_at", clock.instant().toString())
                .put("updated_at", clock.instant().toString());
        ObjectNode answer = send.deepCopy();
        sends.put("s" + ids, send);
        typingUntil = Instant.MIN;
        moves(send, "sent");
        moves(send, "delivered");
        return answer;
    }

    private synchronized void list(Call call) throws IOException {
        Map<String, String> query = call.query().containsKey("after")
                ? LittleServer.fields(call.query().get("after"))
                : call.query();
        Instant hidden = clock.instant().minus(LISTED_AFTER);
        List<ObjectNode> all = sends.values().stream()
                .filter(send ->
                        query.getOrDefault("to", PERSON).equals(send.path("to").asString())
                                && !before(send, "created_at", query.get("created_since"))
                                && before(send, "created_at", hidden.toString()))
                .toList();
        int from = Integer.parseInt(query.getOrDefault("from", "0"));
        Map<String, String> next = new HashMap<>(query);
        next.put("from", String.valueOf(from + PAGE));
        String cursor = next.entrySet().stream()
                .map(field -> field.getKey() + "=" + HttpCalls.encoded(field.getValue()))
                .collect(joining("&"));
        page(call, all, from, cursor);
    }

    private synchronized void feed(Call call) throws IOException {
        String after = call.query().get("after");
        if (after != null && !after.startsWith(forgotten + "-")) {
            call.answer(410, error("cursor", "This cursor is forgotten."));
            return;
        }
        int from = after != null
                ? Integer.parseInt(after.substring(after.indexOf('-') + 1))
                : (int) feed.stream()
                        .filter(item -> before(item, "at", call.query().get("since")))
                        .count();
        page(call, feed, from, forgotten + "-" + Math.min(feed.size(), from + PAGE));
    }

    private static void page(Call call, List<ObjectNode> all, int from, String cursor) throws IOException {
        int end = Math.min(all.size(), from + PAGE);
        ObjectNode answer = Json.object().put("cursor", cursor).put("more", end < all.size());
        all.subList(Math.min(from, end), end).forEach(answer.putArray("items")::add);
        call.answer(200, answer);
    }

    private static boolean before(JsonNode item, String key, @Nullable String since) {
        return since != null && Instant.parse(item.path(key).asString()).isBefore(Instant.parse(since));
    }

    private static ObjectNode error(String code, String message) {
        return Json.object().set("error", Json.object().put("code", code).put("message", message));
    }
}
