/// What 200 idle event streams cost the packaged server, and what 50 readers that never read. Run it as `java
/// bench/Streams.java app/target/partyline.jar`. Figures of one machine; heap is what is alive after a
/// collection.

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import static java.nio.charset.StandardCharsets.UTF_8;

static final int IDLE = 200;
static final int STALLED = 50;
static final int EVENTS = 400;
static final String KEY = "ApiKey_6f2b8a5e-1ca0-4a4f-8e94-44b3e4374f9a.bench_bench_bench_bench";
static final String SAM = "+12025550140";

final HttpClient http = HttpClient.newHttpClient();
String base = "";
Process server;

record Figures(long heapKib, long residentKib) {
    String since(Figures before) {
        return "heap %+6.1f MiB, resident %+6.1f MiB"
                .formatted((heapKib - before.heapKib) / 1024.0, (residentKib - before.residentKib) / 1024.0);
    }
}

void main(String[] args) throws Exception {
    var folder = Files.createTempDirectory("partyline-bench");
    start(args[0], folder);
    try {
        var line = connect();
        for (var socket : open(50, 0)) socket.close(); // what the first streams load and compile is not theirs
        text(line, "warm", 50);
        var before = measure();
        IO.println("alone:           heap %6.1f MiB, resident %6.1f MiB"
                .formatted(before.heapKib / 1024.0, before.residentKib / 1024.0));

        var idle = open(IDLE, 0);
        for (var socket : idle) awaitLine(socket, ": still here");
        IO.println("%d idle streams: %s".formatted(IDLE, measure().since(before)));

        for (var socket : idle) socket.close();
        var again = measure();
        var stalled = open(STALLED, 4_096);
        text(line, "x".repeat(15_000), EVENTS);
        IO.println("%d streams that nobody reads, %d events of 15 KiB each: %s"
                .formatted(STALLED, EVENTS, measure().since(again)));
        for (var socket : stalled) socket.close();
    } finally {
        server.destroyForcibly().waitFor();
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
        }
    }
}

void start(String jar, Path folder) throws Exception {
    var builder = new ProcessBuilder(ProcessHandle.current().info().command().orElse("java"), "-jar", jar,
            "--data", folder.toString(), "--port", "0").redirectErrorStream(true);
    builder.environment().put("PARTYLINE_ADMIN_KEY", KEY);
    builder.environment().put("PARTYLINE_LIMITS_STREAMS_PER_KEY", "2000");
    server = builder.start();
    var printed = server.inputReader();
    for (var line = printed.readLine(); line != null; line = printed.readLine()) {
        var found = Pattern.compile("API +(http://\\S+)").matcher(line);
        if (found.find()) {
            base = found.group(1);
            Thread.ofVirtual().start(() -> printed.lines().forEach(_ -> {}));
            return;
        }
    }
    throw new IllegalStateException("The server did not start.");
}

/// Connects Sam with an agent; returns the line of their thread.
String connect() throws Exception {
    post("/api/v1/identities/", "{\"agent_handle\":\"bench\",\"imessage_enabled\":true}");
    post("/simulator/messages", "{\"from\":\"%s\",\"to\":\"+12025550100\",\"text\":\"connect @bench\"}".formatted(SAM));
    var thread = Pattern.compile("\"line\":\"(\\+1202555010[1-5])\"");
    for (var deadline = System.nanoTime() + 10_000_000_000L; System.nanoTime() < deadline; Thread.sleep(20)) {
        var found = thread.matcher(send(request("/simulator/phones/%2B12025550140").GET()));
        if (found.find()) return found.group(1);
    }
    throw new IllegalStateException("Sam was not connected.");
}

void text(String line, String text, int times) throws Exception {
    for (var at = 0; at < times; at++) {
        post("/simulator/messages", "{\"from\":\"%s\",\"to\":\"%s\",\"text\":\"%s\"}".formatted(SAM, line, text));
    }
}

/// Opens streams and reads their first line. `buffer` bounds what the kernel takes for one; 0 leaves that to it.
List<Socket> open(int count, int buffer) throws Exception {
    var sockets = new ArrayList<Socket>();
    for (var at = 0; at < count; at++) {
        var socket = new Socket();
        if (buffer > 0) socket.setReceiveBufferSize(buffer);
        socket.connect(new InetSocketAddress("127.0.0.1", URI.create(base).getPort()));
        socket.getOutputStream().write("""
                GET /api/v1/imessage/events HTTP/1.1\r
                Host: localhost\r
                X-API-Key: %s\r
                Accept: text/event-stream\r
                \r
                """.formatted(KEY).getBytes(UTF_8));
        awaitLine(socket, ": open");
        sockets.add(socket);
    }
    return sockets;
}

void awaitLine(Socket socket, String wanted) throws IOException {
    var seen = new StringBuilder();
    while (seen.indexOf(wanted) < 0) {
        var next = socket.getInputStream().read();
        if (next < 0) throw new IOException("The stream ended: " + seen);
        seen.append((char) next);
    }
}

Figures measure() throws Exception {
    jcmd("GC.run");
    jcmd("GC.run");
    var used = Pattern.compile("used (\\d+)K").matcher(jcmd("GC.heap_info"));
    var heap = used.find() ? Long.parseLong(used.group(1)) : 0;
    var status = Files.readString(Path.of("/proc/" + server.pid() + "/status"));
    var resident = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(status);
    return new Figures(heap, resident.find() ? Long.parseLong(resident.group(1)) : 0);
}

String jcmd(String command) throws Exception {
    var jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    var process = new ProcessBuilder(jcmd, Long.toString(server.pid()), command).start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
}

String post(String path, String body) throws Exception {
    return send(request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)));
}

HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).header("X-API-Key", KEY);
}

String send(HttpRequest.Builder request) throws Exception {
    var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() >= 300) throw new IllegalStateException(answer.statusCode() + " " + answer.body());
    return answer.body();
}
