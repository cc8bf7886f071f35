package partyline.app;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import partyline.app.operator.FirstStart;
import partyline.kernel.StartupFailure;

/// A short life of the whole server, in a folder that is thrown away: somebody connects with the demo agent and talks
/// with it. What the JVM sees of it, it can keep in a cache that makes the next start fast.
final class Rehearsal {

    private static final String PHONE = "+12025550140";
    private static final String ROUTER = "+12025550100";
    private static final String LINE = "+12025550101";
    private static final int TEXTS = 100;
    private static final long PATIENCE_NANOS = 10_000_000_000L;

    private final HttpClient client = HttpClient.newHttpClient();
    private final String base;
    private final String key;

    private Rehearsal(String base, String key) {
        this.base = base;
        this.key = key;
    }

    /// Lives through it.
    ///
    /// @throws StartupFailure when it did not go well.
    static void run() {
        try {
            Path folder = Files.createTempDirectory("partyline-rehearsal");
            try {
                run(folder);
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new StartupFailure("The rehearsal failed (" + e.getMessage() + ").", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void run(Path folder) throws IOException, InterruptedException {
        Map<String, String> flags = Map.of(
                "data.folder",
                folder.resolve("data").toString(),
                "http.port",
                "0",
                "limits.sends_per_24h",
                "0",
                "limits.alternations_per_minute",
                "0");
        Config config = Config.of(Settings.read(Optional.empty(), Map.of(), flags));
        try (Wiring wiring = Wiring.start(config, Optional.empty())) {
            wiring.startDemo();
            if (wiring.firstKey() instanceof FirstStart.Key.Made(var key)) {
                new Rehearsal(wiring.baseUrl(), key).talk();
            }
        }
    }

    private void talk() throws IOException, InterruptedException {
        text(ROUTER, "connect @echo");
        await("disconnect @echo");
        for (int number = 0; number < TEXTS; number++) {
            text(LINE, "line " + number);
        }
        await("You said: line " + (TEXTS - 1));
        for (String list : List.of("messages", "conversations", "assignments")) {
            call(request("/api/v1/imessage/" + list).GET());
        }
    }

    private void text(String to, String text) throws IOException, InterruptedException {
        String body = "{\"from\":\"%s\",\"to\":\"%s\",\"text\":\"%s\"}".formatted(PHONE, to, text);
        call(request("/simulator/messages").POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private void await(String text) throws IOException, InterruptedException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (!call(request("/simulator/phones/%2B" + PHONE.substring(1)).GET())
                .contains(text)) {
            if (System.nanoTime() > until) {
                throw new StartupFailure("The rehearsal failed: the phone never showed \"" + text + "\".");
            }
            Thread.sleep(20);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path)).header("X-API-Key", key);
    }

    private String call(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 != 2) {
            throw new StartupFailure("The rehearsal failed: " + answer.body());
        }
        return answer.body();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
