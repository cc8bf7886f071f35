package partyline.fakes.twilio;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import partyline.drivers.contract.Callbacks;
import partyline.drivers.contract.FakeLine;
import partyline.drivers.contract.LittleServer;
import partyline.drivers.contract.LittleServer.Call;
import partyline.kernel.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The account at the fake Twilio as HTTP shows it: Basic auth, forms, a list that is newest first, one number.
/// [FakeTwilio] is Ann's side.
final class TwilioAccount implements AutoCloseable {

    private static final String NUMBER = "PN1";
    private static final String BASE = "/2010-04-01/Accounts/" + FakeTwilio.ACCOUNT;
    private static final byte[] PICTURE = "a picture".getBytes(StandardCharsets.UTF_8);

    /// What the next send is answered, in place of being done.
    record Scripted(int status, String body) {}

    final String line;
    final LittleServer server = new LittleServer(this::take);
    final Callbacks callbacks = new Callbacks();
    final List<TwilioMessage> messages = new CopyOnWriteArrayList<>();
    final Queue<FakeLine.Trouble> troubles = new ConcurrentLinkedQueue<>();
    final Queue<Scripted> scripted = new ConcurrentLinkedQueue<>();
    volatile InstantSource clock = InstantSource.system();
    volatile String smsUrl = "https://somebody-else.example.org/sms";
    volatile String signingToken = FakeTwilio.AUTH_TOKEN;
    volatile String signingAlgorithm = "HmacSHA1";
    volatile String application = "";
    volatile boolean trial;
    volatile boolean asked;
    private volatile CountDownLatch speech = new CountDownLatch(0);
    volatile boolean scrambled;
    volatile boolean redirects;
    private int sids;

    TwilioAccount(String line) {
        this.line = line;
    }

    void become(TwilioMessage message, String status) {
        message.status = status;
        message.updated = clock.instant();
        if (message.statusCallback != null) {
            Map<String, String> form = new TreeMap<>(Map.of(
                    "MessageSid",
                    message.sid,
                    "SmsSid",
                    message.sid,
                    "MessageStatus",
                    status,
                    "SmsStatus",
                    status,
                    "To",
                    FakeLine.PERSON,
                    "From",
                    line,
                    "AccountSid",
                    FakeTwilio.ACCOUNT,
                    "ApiVersion",
                    "2010-04-01"));
            if (message.errorCode != null) {
                form.put("ErrorCode", String.valueOf(message.errorCode));
            }
            tell(message.statusCallback, form);
        }
    }

    Map<String, String> form(TwilioMessage message, String optOut) {
        Map<String, String> form = new TreeMap<>(Map.of(
                "MessageSid",
                message.sid,
                "SmsSid",
                message.sid,
                "SmsMessageSid",
                message.sid,
                "AccountSid",
                FakeTwilio.ACCOUNT,
                "From",
                FakeLine.PERSON,
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
            form.put("MediaUrl" + at, server.url() + BASE + "/Messages/" + message.sid + "/Media/ME" + at);
            form.put("MediaContentType" + at, message.media.get(at));
        }
        return form;
    }

    void tell(String url, Map<String, String> form) {
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
        Map<String, String> headers = new TreeMap<>(Map.of(
                "Content-Type",
                "application/x-www-form-urlencoded",
                "X-Twilio-Signature",
                sign(signed),
                "I-Twilio-Idempotency-Token",
                form.get("MessageSid") + form.getOrDefault("MessageStatus", "")));
        if (signingAlgorithm.equals("HmacSHA256")) {
            headers.put("X-Twilio-Webhooks-Signature-Settings", "key=SK1,algorithm=HMAC_SHA256");
        }
        callbacks.tell(new Callbacks.Post(url, () -> headers, body));
    }

    TwilioMessage message(String sid) {
        return messages.stream().filter(it -> it.sid.equals(sid)).findFirst().orElseThrow();
    }

    synchronized String sid() {
        sids++;
        return "SM" + sids;
    }

    @Override
    public void close() {
        server.close();
        callbacks.close();
    }

    void silent(boolean silent) {
        speech.countDown();
        speech = new CountDownLatch(silent ? 1 : 0);
    }

    private void take(Call call) throws IOException {
        try {
            asked = true;
            speech.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String login = Base64.getEncoder()
                .encodeToString((FakeTwilio.ACCOUNT + ":" + FakeTwilio.AUTH_TOKEN).getBytes(StandardCharsets.UTF_8));
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
            Map<String, String> told = LittleServer.fields(call.body());
            smsUrl = told.getOrDefault("SmsUrl", smsUrl);
            application = told.getOrDefault("SmsApplicationSid", application);
            call.answer(200, number());
        } else {
            call.answer(404, error(20404, "not found"));
        }
    }

    private synchronized void send(Call call) throws IOException {
        Scripted next = scripted.poll();
        FakeLine.Trouble trouble = next == null ? troubles.poll() : null;
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
                case REPEATS_ID -> {
                    String before = messages.stream()
                            .filter(it -> it.from().equals(line))
                            .reduce((_, last) -> last)
                            .orElseThrow()
                            .sid;
                    call.answer(201, take(call.body()).put("sid", before));
                }
                case NAMES_US -> call.answer(400, error(21999, FakeLine.NAMING));
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
        TwilioMessage message = new TwilioMessage(
                sid(),
                false,
                line,
                clock.instant(),
                (trial ? "Sent from your Twilio trial account - " : "") + fields.getOrDefault("Body", ""),
                media);
        message.statusCallback = fields.get("StatusCallback");
        messages.add(message);
        ObjectNode answer = message.json();
        for (String status : scrambled ? List.of("delivered", "sent") : List.of("sent", "delivered")) {
            become(message, status);
        }
        message.status = "delivered";
        return answer;
    }

    private void list(Call call) throws IOException {
        Map<String, String> asked = call.query();
        int size = Integer.parseInt(asked.getOrDefault("PageSize", "50"));
        int page = Integer.parseInt(asked.getOrDefault("Page", "0"));
        Instant since = Optional.ofNullable(asked.get("DateSent>"))
                .map(day -> LocalDate.parse(day).atStartOfDay().toInstant(ZoneOffset.UTC))
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
            call.exchange().getResponseHeaders().set("Location", server.url() + "/cdn/picture");
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
                .put("sms_application_sid", application.isEmpty() ? null : application)
                .put("sms_method", "POST");
    }

    private static ObjectNode error(int code, String message) {
        return Json.object().put("code", code).put("message", message);
    }

    private String sign(String text) {
        try {
            Mac mac = Mac.getInstance(signingAlgorithm);
            mac.init(new SecretKeySpec(signingToken.getBytes(StandardCharsets.UTF_8), signingAlgorithm));
            return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
