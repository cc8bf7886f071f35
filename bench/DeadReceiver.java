/// Whether receivers that are dead slow down those who send: two packaged servers side by side, one that owes 10,000
/// events to receivers that refuse or never answer, one without webhooks; clients send to them in turn. Run it as
/// `java bench/DeadReceiver.java app/target/partyline.jar`. What counts is the ratio; 1 is "as fast as without".

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

static final int OWED = 10_000;
static final int AGENTS = 4;
static final int ROUNDS = 12;
static final int SENDS_OF_AN_AGENT = 150;
static final String KEY = "ApiKey_6f2b8a5e-1ca0-4a4f-8e94-44b3e4374f9a.bench_bench_bench_bench";
static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

/// What one round came to.
record Round(double sendsPerSecond, double medianMillis) {}

void main(String[] args) throws Exception {
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            var free = new Server(args[0]);
            var burdened = new Server(args[0])) {
        Thread.ofVirtual().start(() -> hang(silent));
        free.people();
        burdened.people();
        for (var agent = 0; agent < AGENTS; agent++) {
            burdened.subscribe(agent, agent % 2 == 0 ? "http://127.0.0.1:9/" : "http://127.0.0.1:" + silent.getLocalPort());
        }
        for (var owed = 0; owed < OWED; owed += 2 * AGENTS * SENDS_OF_AN_AGENT) { // each send is two events
            burdened.round();
            free.round();
        }
        var without = new ArrayList<Round>();
        var with = new ArrayList<Round>();
        for (var at = 0; at < ROUNDS; at++) {
            without.add(free.round());
            with.add(burdened.round());
        }
        IO.println("%-34s %10s %10s".formatted("median of " + ROUNDS + " rounds in turn", "sends/s", "p50 ms"));
        print("no webhooks", without);
        print("10,000 events owed to the dead", with);
        IO.println("%-34s %10.2f %10.2f".formatted("ratio (speed)",
                median(with, Round::sendsPerSecond) / median(without, Round::sendsPerSecond),
                median(without, Round::medianMillis) / median(with, Round::medianMillis)));
    }
}

void print(String name, List<Round> rounds) {
    IO.println("%-34s %10.0f %10.2f".formatted(
            name, median(rounds, Round::sendsPerSecond), median(rounds, Round::medianMillis)));
}

static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
    return rounds.stream().mapToDouble(figure).sorted().skip(rounds.size() / 2).findFirst().orElseThrow();
}

/// Takes every connection and says nothing.
static void hang(ServerSocket socket) {
    var held = new ArrayList<Socket>();
    try {
        while (true) held.add(socket.accept());
    } catch (IOException _) {
        held.clear(); // the benchmark is over
    }
}

/// One packaged server in a folder of its own, with agents that each have a person to talk to.
static class Server implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("partyline-bench");
    private final Process process;
    private final String base;
    private final List<String> identities = new ArrayList<>();
    private final List<String> conversations = new ArrayList<>();

    Server(String jar) throws IOException {
        var builder = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-jar", jar,
                "--data", folder.toString(), "--port", "0").redirectErrorStream(true);
        builder.environment().put("PARTYLINE_ADMIN_KEY", KEY);
        builder.environment().put("PARTYLINE_LIMITS_SENDS_PER_24H", "0");
        process = builder.start();
        var printed = process.inputReader();
        var found = Pattern.compile("API +(http://\\S+)").matcher("");
        while (!found.find()) {
            found.reset(Objects.requireNonNull(printed.readLine(), "The server did not start."));
        }
        base = found.group(1);
        Thread.ofVirtual().start(() -> printed.lines().forEach(_ -> {}));
    }

    void people() throws Exception {
        for (var agent = 0; agent < AGENTS; agent++) {
            var person = "+1202555014" + agent;
            identities.add(value("id", call("POST", "/api/v1/identities/",
                    "{\"agent_handle\":\"bench-%d\",\"imessage_enabled\":true}".formatted(agent))));
            text(person, "+12025550100", "connect @bench-" + agent);
            var line = await("/simulator/phones/%2B1202555014" + agent, "\"line\":\"(\\+1202555010[1-5])\"");
            text(person, line, "hello");
            conversations.add(await("/api/v1/imessage/messages?agent_identity_id=" + identities.getLast(),
                    "\"conversation_id\":\"([^\"]+)\""));
        }
    }

    void subscribe(int agent, String url) throws Exception {
        call("POST", "/api/v1/webhooks/subscriptions", """
                {"agent_identity_id":"%s","url":"%s","event_types":["imessage.sent","imessage.delivered"]}"""
                .formatted(identities.get(agent), url));
    }

    /// Every agent sends its share, one after the other and all agents at once; ends when everything is delivered.
    Round round() throws Exception {
        var nanos = new ConcurrentLinkedQueue<Long>();
        var begin = System.nanoTime();
        double seconds;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (var conversation : conversations) {
                running.add(threads.submit(() -> {
                    for (var at = 0; at < SENDS_OF_AN_AGENT; at++) {
                        var from = System.nanoTime();
                        call("POST", "/api/v1/imessage/messages",
                                "{\"conversation_id\":\"%s\",\"text\":\"bench\"}".formatted(conversation));
                        nanos.add(System.nanoTime() - from);
                    }
                    return null;
                }));
            }
            for (var each : running) each.get();
            seconds = (System.nanoTime() - begin) / 1e9;
        }
        for (var identity : identities) {
            await("/api/v1/imessage/messages?limit=1&agent_identity_id=" + identity, "\"status\":\"(delivered)\"");
        }
        var median = nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow();
        return new Round(nanos.size() / seconds, median / 1e6);
    }

    private void text(String from, String to, String text) throws Exception {
        call("POST", "/simulator/messages", "{\"from\":\"%s\",\"to\":\"%s\",\"text\":\"%s\"}".formatted(from, to, text));
    }

    private String await(String path, String pattern) throws Exception {
        for (var deadline = System.nanoTime() + 30_000_000_000L; System.nanoTime() < deadline; Thread.sleep(10)) {
            var found = Pattern.compile(pattern).matcher(call("GET", path, ""));
            if (found.find()) return found.group(1);
        }
        throw new IllegalStateException("Never seen at " + path + ": " + pattern);
    }

    private static String value(String name, String json) {
        return Pattern.compile("\"" + name + "\":\"([^\"]+)\"").matcher(json).results().findFirst().orElseThrow().group(1);
    }

    private String call(String method, String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(base + path)).header("X-API-Key", KEY)
                .header("Content-Type", "application/json").method(method, HttpRequest.BodyPublishers.ofString(body));
        var answer = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 300) throw new IllegalStateException(answer.statusCode() + " " + answer.body());
        return answer.body();
    }

    @Override
    public void close() throws Exception {
        process.destroyForcibly().waitFor();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}
