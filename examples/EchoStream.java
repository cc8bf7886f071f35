/// The echo agent on the event stream: no webhook, no URL of its own. A JDK 25, nothing else; see README.md.
import static java.nio.charset.StandardCharsets.UTF_8;

final String api = System.getenv().getOrDefault("PARTYLINE_URL", "http://127.0.0.1:8080") + "/api/v1/imessage";
final String key = System.getenv("PARTYLINE_API_KEY");
final Path place = Path.of(System.getenv().getOrDefault("ECHO_PLACE", "echo.place")); // the last event dealt with

void main() throws InterruptedException {
    if (key == null) stop("Set PARTYLINE_API_KEY to the key of the agent; README.md shows how to make one.");
    for (;; Thread.sleep(1_000)) {
        try {
            listen();
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
    }
}

void listen() throws IOException, InterruptedException {
    var stream = connect("/events?types=imessage.received");
    stream.setReadTimeout(40_000); // a silent stream says every 15 s that it lives
    if (Files.exists(place)) stream.setRequestProperty("Last-Event-ID", Files.readString(place).strip());
    if (stream.getResponseCode() >= 400) {
        refused(stream);
        return;
    }
    try (var lines = new BufferedReader(new InputStreamReader(stream.getInputStream(), UTF_8))) {
        var id = "";
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(": open")) IO.println("listening");
            if (line.startsWith("id: ")) id = line.substring(4);
            if (line.startsWith("data: ")) reply(line);
            if (line.isEmpty()) note(id); // an empty line ends an event
        }
    }
}

void reply(String event) throws IOException, InterruptedException {
    var request = connect("/messages");
    request.setRequestProperty("Idempotency-Key", value("id", event)); // an event may come twice, but is answered once
    request.setDoOutput(true);
    request.getOutputStream().write("""
            {"conversation_id": "%s", "text": "%s"}""".formatted(value("conversation_id", event), words(event)).getBytes(UTF_8));
    var status = request.getResponseCode();
    if (status >= 400) System.err.println("no reply: " + new String(request.getErrorStream().readAllBytes(), UTF_8));
    if (status >= 500 || status == 408 || status == 429) { // the event is told again
        Thread.sleep(Duration.ofSeconds(request.getHeaderFieldInt("Retry-After", 0)));
        throw new IOException("The server answered " + status);
    }
}

/// Writes the place down: all of it or nothing, whenever this dies.
void note(String number) throws IOException {
    var whole = Files.writeString(Path.of(place + ".new"), number);
    Files.move(whole, place, StandardCopyOption.REPLACE_EXISTING);
}

String words(String event) {
    var said = value("content", event);
    return said.isEmpty() ? "I got your file." : "You said: " + said;
}

void refused(HttpURLConnection stream) throws IOException {
    var status = stream.getResponseCode();
    if (status == 401 || status == 403) stop("The server does not know this key. Is PARTYLINE_API_KEY right?");
    var answer = new String(stream.getErrorStream().readAllBytes(), UTF_8);
    System.err.println("The server answered " + status + ": " + answer);
    // The events after our place are gone, or are those of another history.
    var next = Pattern.compile("\"next\":\"?(\\d+)").matcher(answer);
    if (status == 410 && next.find()) note(next.group(1));
}

void stop(String why) {
    System.err.println(why);
    System.exit(1);
}

/// The first text of that name, still escaped as JSON wants it, so it goes into the answer as it is.
String value(String name, String json) {
    var found = Pattern.compile("\"" + name + "\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(json);
    return found.find() ? found.group(1) : "";
}

HttpURLConnection connect(String path) throws IOException {
    var connection = (HttpURLConnection) URI.create(api + path).toURL().openConnection();
    connection.setRequestProperty("X-API-Key", key);
    connection.setRequestProperty("Content-Type", "application/json");
    return connection;
}
