/// An echo agent for Partyline, with nothing but the JDK (25 or newer).
///
/// It says back whatever people text to it. Run it beside the server:
///
///     export PARTYLINE_API_KEY=ApiKey_...        # a key that is scoped to one identity, see README.md
///     java Echo.java
///
///     PARTYLINE_URL   where the server is        default http://127.0.0.1:8080
///     ECHO_PORT       where this agent listens   default 9000, on this machine only
///
/// How it works, top to bottom: ask who we are, get a signing key, subscribe a webhook, then answer each text that
/// arrives. The last part reads and writes the little JSON that this takes; a real agent would use a library.

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import static java.nio.charset.StandardCharsets.UTF_8;

final String server = System.getenv().getOrDefault("PARTYLINE_URL", "http://127.0.0.1:8080").replaceAll("/+$", "");
final String apiKey = System.getenv().getOrDefault("PARTYLINE_API_KEY", "");
final int port = Integer.parseInt(System.getenv().getOrDefault("ECHO_PORT", "9000"));
final String webhookUrl = "http://127.0.0.1:" + port + "/";
final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

/// The ids of the newest events: a delivery may be repeated, an answer may not.
final Set<String> seen = Collections.newSetFromMap(Collections.synchronizedMap(new LinkedHashMap<>() {
    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
        return size() > 1000;
    }
}));

/// Replies one after the other: who texts twice is answered in that order.
final ExecutorService replies = Executors.newSingleThreadExecutor();

volatile String signingKey = "";

void main() throws Exception {
    try {
        // Listen first: an event that waits for us is posted as soon as the subscription is there.
        var webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        webhook.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        webhook.createContext("/", this::receive);
        var handle = setUp();
        webhook.start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::leave));
        IO.println("@%s listens on %s. Text \"connect @%s\" to Partyline. Ctrl-C stops.".formatted(handle, webhookUrl, handle));
    } catch (BindException e) {
        stop("Cannot listen on port " + port + ": it is taken. Set ECHO_PORT to another one.");
    } catch (ConnectException | HttpTimeoutException e) {
        stop(server + " does not answer. Is the server running?");
    } catch (IOException e) {
        stop(e.getMessage());
    }
}

/// Finds our identity, makes a fresh signing key, and sees to it that our webhook is subscribed.
String setUp() throws IOException {
    if (!(call("GET", "/identities/", null) instanceof List<?> identities) || identities.size() != 1) {
        throw new IOException("PARTYLINE_API_KEY must be scoped to one identity; README.md shows how to make such a key.");
    }
    var handle = (String) at(identities, 0, "agent_handle");
    var id = (String) at(identities, 0, "id");
    signingKey = (String) at(call("POST", "/identities/" + handle + "/signing-key", "{}"), "signing_key");
    var query = "?agent_identity_id=" + id + "&url=" + URLEncoder.encode(webhookUrl, UTF_8);
    if (((List<?>) at(call("GET", "/webhooks/subscriptions" + query, null), "subscriptions")).isEmpty()) {
        call("POST", "/webhooks/subscriptions", """
                {"agent_identity_id": %s, "url": %s, "event_types": ["imessage.received"]}"""
                .formatted(quote(id), quote(webhookUrl)));
    }
    return handle;
}

/// What the server posts to: answers at once, replies to the person afterwards.
void receive(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readNBytes(1_000_000);
    var genuine = isGenuine(exchange, body);
    if (genuine) {
        var event = new Json(new String(body, UTF_8)).read();
        if (seen.add((String) at(event, "id")) && "imessage.received".equals(at(event, "event_type"))) {
            // Before our 200, upon which the server posts the next one.
            replies.execute(() -> reply(at(event, "data", "message")));
        }
    }
    exchange.sendResponseHeaders(genuine ? 200 : 401, -1);
    exchange.close();
}

boolean isGenuine(HttpExchange exchange, byte[] body) {
    var headers = exchange.getRequestHeaders();
    var timestamp = Objects.toString(headers.getFirst("X-Inkbox-Timestamp"), "");
    if (!timestamp.matches("\\d{1,12}")) return false;
    if (Math.abs(Instant.now().getEpochSecond() - Long.parseLong(timestamp)) > 300) return false;
    try {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(signingKey.replaceFirst("^whsec_", "").getBytes(UTF_8), "HmacSHA256"));
        mac.update((headers.getFirst("X-Inkbox-Request-ID") + "." + timestamp + ".").getBytes(UTF_8));
        var expected = "sha256=" + HexFormat.of().formatHex(mac.doFinal(body));
        var signature = Objects.toString(headers.getFirst("X-Inkbox-Signature"), "");
        return MessageDigest.isEqual(expected.getBytes(UTF_8), signature.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
    }
}

void reply(Object message) {
    var said = (String) at(message, "content");
    var text = said == null ? "I got your file." : "You said: " + said;
    try {
        call("POST", "/imessage/messages", """
                {"conversation_id": %s, "text": %s}"""
                .formatted(quote((String) at(message, "conversation_id")), quote(text)));
        IO.println("replied to " + at(message, "remote_number"));
    } catch (IOException e) {
        System.err.println("no reply to " + at(message, "remote_number") + ": " + e.getMessage());
    }
}

/// One request to the server's API; the answer's JSON.
Object call(String method, String path, String body) throws IOException {
    var content = body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body);
    var request = HttpRequest.newBuilder(URI.create(server + "/api/v1" + path)).timeout(Duration.ofSeconds(15))
            .header("X-API-Key", apiKey).header("Content-Type", "application/json").method(method, content).build();
    try {
        var response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 401) {
            throw new IOException("The server does not know this key. Is PARTYLINE_API_KEY right?");
        }
        if (response.statusCode() >= 300) {
            throw new IOException("The server answered " + response.statusCode() + ": " + response.body());
        }
        return new Json(response.body()).read();
    } catch (InterruptedException e) {
        throw new IOException("Interrupted.", e);
    }
}

/// Ctrl-C is the ordinary way to stop, so it is not a failure.
void leave() {
    IO.println("\nBye.");
    Runtime.getRuntime().halt(0);
}

void stop(String why) {
    System.err.println(why);
    System.exit(1);
}

/// A value inside nested maps and lists: `at(event, "data", "message")`; null where there is none.
Object at(Object value, Object... path) {
    for (var step : path) {
        value = switch (value) {
            case Map<?, ?> map -> map.get(step);
            case List<?> list when step instanceof Integer index -> list.get(index);
            case null, default -> null;
        };
    }
    return value;
}

/// A text as a JSON string.
String quote(String text) {
    var quoted = new StringBuilder("\"");
    for (var c : text.toCharArray()) {
        if (c == '"' || c == '\\') quoted.append('\\').append(c);
        else if (c < ' ') quoted.append("\\u%04x".formatted((int) c));
        else quoted.append(c);
    }
    return quoted.append('"').toString();
}

/// Reads JSON into maps, lists, strings, numbers, booleans and nulls.
static class Json {
    private final String text;
    private int at;

    Json(String text) {
        this.text = text;
    }

    Object read() {
        return switch (next()) {
            case '{' -> object();
            case '[' -> list();
            case '"' -> string();
            default -> literal();
        };
    }

    private char next() {
        while (Character.isWhitespace(text.charAt(at))) at++;
        return text.charAt(at++);
    }

    private Map<String, Object> object() {
        var map = new LinkedHashMap<String, Object>();
        for (var c = next(); c != '}'; c = next()) {
            if (c == ',') next();
            var key = string();
            next();
            map.put(key, read());
        }
        return map;
    }

    private List<Object> list() {
        var list = new ArrayList<>();
        for (var c = next(); c != ']'; c = next()) {
            if (c != ',') at--;
            list.add(read());
        }
        return list;
    }

    private String string() {
        var value = new StringBuilder();
        for (var c = text.charAt(at++); c != '"'; c = text.charAt(at++)) value.append(c == '\\' ? escaped() : c);
        return value.toString();
    }

    private char escaped() {
        var c = text.charAt(at++);
        if (c != 'u') return "\b\f\n\r\t\"\\/".charAt("bfnrt\"\\/".indexOf(c));
        at += 4;
        return (char) Integer.parseInt(text, at - 4, at, 16);
    }

    private Object literal() {
        var start = at - 1;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) at++;
        return switch (text.substring(start, at)) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            case String number -> Double.valueOf(number);
        };
    }
}
