package partyline.fakes;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import partyline.fakes.LittleServer.Call;
import partyline.kernel.Json;
import partyline.transport.Service;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Twilio with one number, and Ann, who has an old phone: Basic auth, forms, dates as in mail, signed callbacks in an
/// order of their own, and a list that is newest first. Her phone spells tapbacks out.
public class FakeTwilio implements FakeLine {

    public static final String ACCOUNT = "AC1";
    public static final String AUTH_TOKEN = "twilio-token-never-to-be-seen";
    private static final String NUMBER = "PN1";
    private static final String BASE = "/2010-04-01/Accounts/" + ACCOUNT;
    private static final byte[] PICTURE = "a picture".getBytes(StandardCharsets.UTF_8);
    private static final Map<String, String> WORDS = Map.of(
            "love", "Loved",
            "like", "Liked",
            "laugh", "Laughed at");
    private static final Map<String, String> REMOVED = Map.of("love", "a heart", "like", "a like", "laugh", "a laugh");

    private record Scripted(int status, String body) {}

    private final String line;
    private final LittleServer server = new LittleServer(this::take);
    private final Callbacks callbacks = new Callbacks();
    private final List<TwilioMessage> messages = new CopyOnWriteArrayList<>();
    private final Queue<Trouble> troubles = new ConcurrentLinkedQueue<>();
    private final Queue<Scripted> scripted = new ConcurrentLinkedQueue<>();
    private final Queue<TwilioMessage> unsaid = new ArrayDeque<>();
    private volatile InstantSource clock = InstantSource.system();
    private volatile String smsUrl = "https://somebody-else.example.org/sms";
    private volatile String signingToken = AUTH_TOKEN;
    private volatile boolean scrambled;
    private volatile boolean redirects;
    private volatile boolean gone;
    private int sids;

    public FakeTwilio(String line) {
        this.line = line;
    }

    public final String url() {
        return server.url();
    }

    /// Whose time it shows in its dates.
    public final void runOn(InstantSource other) {
        clock = other;
    }

    @Override
    public Set<Feature> features() {
        return EnumSet.of(
                Feature.MEDIA,
                Feature.HEARS_TAPBACKS,
                Feature.DELIVERED,
                Feature.SMS,
                Feature.FINDS_SENDS,
                Feature.CATCHES_UP,
                Feature.REMOTE);
    }

    @Override
    public List<String> secrets() {
        return List.of(AUTH_TOKEN, "/hooks/");
    }

    @Override
    public void next(Trouble trouble) {
        troubles.add(trouble);
    }

    /// The next send is not done, and answered so.
    public final void nextAnswer(int status, String json) {
        scripted.add(new Scripted(status, json));
    }

    /// From now on it signs with this token.
    public final void signsWith(String token) {
        signingToken = token;
    }

    /// From now on `delivered` is told before `sent`.
    public final void scrambles() {
        scrambled = true;
    }

    /// From now on pictures are somewhere else, where no key is needed.
    public final void redirectsMedia() {
        redirects = true;
    }

    @Override
    public String writes(String text) {
        return says(text, List.of(), "");
    }

    /// Ann writes; `media` are content types of what she sends along, `optOut` is what Twilio reads in it, or empty.
    public final synchronized String says(String text, List<String> media, String optOut) {
        TwilioMessage message = new TwilioMessage(sid(), true, line, clock.instant(), text, media);
        if (gone) {
            unsaid.add(message);
        } else {
            arrive(message, line, optOut);
        }
        return message.sid;
    }

    /// Somebody writes to another number of the same messaging service.
    public final void otherNumber(String text) {
        tell(smsUrl, form(new TwilioMessage(sid(), true, "+12025550177", clock.instant(), text, List.of()), ""));
    }

    @Override
    public void reacts(String providerId, String reaction, boolean removed) {
        String quote = "“" + message(providerId).body + "”";
        writes(removed ? "Removed " + REMOVED.get(reaction) + " from " + quote : WORDS.get(reaction) + " " + quote);
    }

    @Override
    public void types(boolean typing) {}

    @Override
    public void reads() {}

    @Override
    public void has(Service service) {}

    @Override
    public List<Bubble> bubbles() {
        return messages.stream()
                .filter(message -> !message.inbound)
                .map(message -> new Bubble(message.sid, message.body, null, !message.media.isEmpty(), Service.SMS))
                .toList();
    }

    @Override
    public Optional<String> tapback(String providerId) {
        return Optional.empty();
    }

    @Override
    public boolean showsTyping() {
        return false;
    }

    @Override
    public boolean showsRead() {
        return false;
    }

    /// Where it posts what comes to the number.
    public final String smsUrl() {
        return smsUrl;
    }

    /// Somebody has it post what comes to the number elsewhere.
    public final void calls(String url) {
        smsUrl = url;
    }

    /// What our calls were answered, in order.
    public final List<Integer> answers() {
        return callbacks.answers();
    }

    /// Something happens to a send afterwards; `errorCode` is 0 for none.
    public final void becomes(String sid, String status, int errorCode) {
        TwilioMessage message = message(sid);
        message.errorCode = errorCode == 0 ? null : errorCode;
        become(message, status);
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
        while (!unsaid.isEmpty()) {
            arrive(unsaid.remove(), line, "");
        }
    }

    @Override
    public void close() {
        server.close();
        callbacks.close();
    }

    private void take(Call call) throws IOException {
        String login =
                Base64.getEncoder().encodeToString((ACCOUNT + ":" + AUTH_TOKEN).getBytes(StandardCharsets.UTF_8));
        if (call.path().equals("/cdn/picture")) {
            call.answer(call.header("Authorization").isPresent() ? 400 : 200, "image/png", PICTURE);
            return;
        }
        if (!call.header("Authorization").equals(Optional.of("Basic " + login))) {
            call.answer(401, error(20003, "Authenticate"));
            return;
        }
        String route = call.method() + " " + call.path();
        if (route.equals("POST " + BASE + "/Messages.json")) {
            send(call);
        } else if (route.equals("GET " + BASE + "/Messages.json")) {
            list(call);
        } else if (route.startsWith("GET " + BASE + "/Messages/") && route.endsWith("/Media.json")) {
            media(call);
        } else if (route.startsWith("GET " + BASE + "/Messages/")) {
            picture(call);
        } else if (route.startsWith("GET " + BASE + "/IncomingPhoneNumbers.json")) {
            numbers(call);
        } else if (route.equals("POST " + BASE + "/IncomingPhoneNumbers/" + NUMBER + ".json")) {
            smsUrl = LittleServer.fields(call.body()).getOrDefault("SmsUrl", "");
            call.answer(200, number());
        } else {
            call.answer(404, error(20404, "not found"));
        }
    }

    private synchronized void send(Call call) throws IOException {
        Scripted next = scripted.poll();
        Trouble trouble = next == null ? troubles.poll() : null;
        if (next != null) {
            call.answer(next.status(), Json.read(next.body()));
        } else if (trouble == null) {
            call.answer(201, take(call.body()));
        } else {
            switch (trouble) {
                case REFUSED -> call.answer(400, error(21211, "The 'To' number is not a valid phone number."));
                case NOT_TAKEN -> call.answer(429, error(20429, "Too Many Requests"));
                case SENT_WITHOUT_ANSWER -> take(call.body());
                case LOST_WITHOUT_ANSWER -> {}
                case HANGS -> server.hang();
            }
        }
    }

    private ObjectNode take(String form) {
        Map<String, String> fields = LittleServer.fields(form);
        if (!fields.getOrDefault("From", "").equals(line)) {
            throw new IllegalStateException("From is required");
        }
        List<String> media =
                Optional.ofNullable(fields.get("MediaUrl")).map(List::of).orElse(List.of());
        TwilioMessage message =
                new TwilioMessage(sid(), false, line, clock.instant(), fields.getOrDefault("Body", ""), media);
        message.statusCallback = fields.get("StatusCallback");
        messages.add(message);
        ObjectNode answer = message.json();
        for (String status : scrambled ? List.of("delivered", "sent") : List.of("sent", "delivered")) {
            become(message, status);
        }
        message.status = "delivered";
        return answer;
    }

    private void become(TwilioMessage message, String status) {
        message.status = status;
        message.updated = clock.instant();
        if (message.statusCallback != null) {
            Map<String, String> form = new TreeMap<>(Map.of(
                    "MessageSid", message.sid,
                    "SmsSid", message.sid,
                    "MessageStatus", status,
                    "SmsStatus", status,
                    "To", PERSON,
                    "From", line,
                    "AccountSid", ACCOUNT,
                    "ApiVersion", "2010-04-01"));
            if (message.errorCode != null) {
                form.put("ErrorCode", String.valueOf(message.errorCode));
            }
            tell(message.statusCallback, form);
        }
    }

    private void arrive(TwilioMessage message, String to, String optOut) {
        messages.add(message);
        tell(smsUrl, form(message, optOut));
    }

    private Map<String, String> form(TwilioMessage message, String optOut) {
        Map<String, String> form = new TreeMap<>(Map.of(
                "MessageSid",
                message.sid,
                "SmsSid",
                message.sid,
                "SmsMessageSid",
                message.sid,
                "AccountSid",
                ACCOUNT,
                "From",
                PERSON,
                "To",
                message.to(),
                "Body",
                message.body,
                "NumMedia",
                String.valueOf(message.media.size()),
                "NumSegments",
                "1",
                "ApiVersion",
                "2010-04-01"));
        if (!optOut.isEmpty()) {
            form.put("OptOutType", optOut);
        }
        for (int at = 0; at < message.media.size(); at++) {
            form.put("MediaUrl" + at, url() + BASE + "/Messages/" + message.sid + "/Media/ME" + at);
            form.put("MediaContentType" + at, message.media.get(at));
        }
        return form;
    }

    private void tell(String url, Map<String, String> form) {
        if (!url.startsWith("http://127.0.0.1")) {
            return;
        }
        String body = form.entrySet().stream()
                .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                .collect(Collectors.joining("&"));
        String signed = url
                + form.entrySet().stream()
                        .map(field -> field.getKey() + field.getValue())
                        .collect(Collectors.joining());
        Map<String, String> headers = Map.of(
                "Content-Type",
                "application/x-www-form-urlencoded",
                "X-Twilio-Signature",
                sign(signed),
                "I-Twilio-Idempotency-Token",
                form.get("MessageSid") + form.getOrDefault("MessageStatus", ""));
        callbacks.tell(new Callbacks.Post(url, () -> headers, body));
    }

    private void list(Call call) throws IOException {
        Map<String, String> asked = call.query();
        int size = Integer.parseInt(asked.getOrDefault("PageSize", "50"));
        int page = Integer.parseInt(asked.getOrDefault("Page", "0"));
        Instant since = Optional.ofNullable(asked.get("DateSent>"))
                .map(day -> java.time.LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC))
                .orElse(Instant.EPOCH);
        List<TwilioMessage> found = new ArrayList<>(messages.stream()
                .filter(it -> asked.getOrDefault("To", it.to()).equals(it.to()))
                .filter(it -> asked.getOrDefault("From", it.from()).equals(it.from()))
                .filter(it -> !asked.containsKey("DateSent>") || !it.status.equals("queued"))
                .filter(it -> !it.created.isBefore(since))
                .toList()
                .reversed());
        found.sort(Comparator.comparing((TwilioMessage it) -> it.created).reversed());
        ArrayNode list = Json.array();
        found.stream().skip((long) page * size).limit(size).forEach(it -> list.add(it.json()));
        String next = found.size() > (page + 1) * size
                ? BASE + "/Messages.json?PageSize=" + size + "&Page=" + (page + 1)
                        + asked.entrySet().stream()
                                .filter(it -> !it.getKey().startsWith("Page"))
                                .map(it -> "&" + encode(it.getKey()) + "=" + encode(it.getValue()))
                                .collect(Collectors.joining())
                : null;
        call.answer(200, Json.object().put("next_page_uri", next).set("messages", list));
    }

    private void media(Call call) throws IOException {
        TwilioMessage message = message(call.path().split("/")[5]);
        ArrayNode list = Json.array();
        for (int at = 0; at < message.media.size(); at++) {
            list.add(Json.object()
                    .put("sid", "ME" + at)
                    .put("content_type", message.media.get(at))
                    .put("uri", BASE + "/Messages/" + message.sid + "/Media/ME" + at + ".json"));
        }
        call.answer(200, Json.object().set("media_list", list));
    }

    private void picture(Call call) throws IOException {
        if (redirects) {
            call.exchange().getResponseHeaders().set("Location", url() + "/cdn/picture");
            call.exchange().sendResponseHeaders(307, -1);
        } else if (call.path().endsWith("gone")) {
            call.answer(404, error(20404, "not found"));
        } else {
            call.answer(200, "image/png", PICTURE);
        }
    }

    private void numbers(Call call) throws IOException {
        ArrayNode list = Json.array();
        if (call.query().getOrDefault("PhoneNumber", "").equals(line)) {
            list.add(number());
        }
        call.answer(200, Json.object().set("incoming_phone_numbers", list));
    }

    private ObjectNode number() {
        return Json.object()
                .put("sid", NUMBER)
                .put("phone_number", line)
                .put("sms_url", smsUrl)
                .put("sms_method", "POST");
    }

    private static ObjectNode error(int code, String message) {
        return Json.object().put("code", code).put("message", message);
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(signingToken.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private TwilioMessage message(String sid) {
        return messages.stream().filter(it -> it.sid.equals(sid)).findFirst().orElseThrow();
    }

    private String sid() {
        sids++;
        return "SM" + sids;
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
