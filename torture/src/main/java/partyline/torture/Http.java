package partyline.torture;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A holder of a key who talks to the server over HTTP, and is honest about what an answer tells. Thread-safe.
final class Http {

    static final JsonMapper JSON = new JsonMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    /// What became of a request.
    sealed interface Outcome {

        /// It was answered in full.
        record Answered(int status, JsonNode body) implements Outcome {

            boolean success() {
                return status / 100 == 2;
            }
        }

        /// It never reached the server.
        record NotReached() implements Outcome {}

        /// It may have reached the server, and may have been done.
        record Cut() implements Outcome {}
    }

    private final String base;
    private final String key;

    Http(String base, String key) {
        this.base = base;
        this.key = key;
    }

    Http with(String otherKey) {
        return new Http(base, otherKey);
    }

    Outcome get(String path) {
        return exchange(request(path).header("Accept", "application/json").GET().build());
    }

    Outcome post(String path, Map<String, ?> body) {
        return post(path, body, "");
    }

    /// Posts under an idempotency key, unless that is empty.
    Outcome post(String path, Map<String, ?> body, String onceKey) {
        HttpRequest.Builder request = request(path).POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
        if (!onceKey.isEmpty()) {
            request.header("Idempotency-Key", onceKey);
        }
        return exchange(request.build());
    }

    /// The body of a successful answer; for what must work while the server is left alone.
    JsonNode demand(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered && answered.success()) {
            return answered.body();
        }
        throw new IllegalStateException("the server answered " + outcome);
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path))
                .timeout(PATIENCE)
                .header("Content-Type", "application/json")
                .header("X-API-Key", key);
    }

    static HttpClient client() {
        return CLIENT;
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Outcome exchange(HttpRequest request) {
        try {
            HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
            String text = response.body();
            return new Outcome.Answered(
                    response.statusCode(), text.isBlank() ? JSON.createObjectNode() : JSON.readTree(text));
        } catch (ConnectException | HttpConnectTimeoutException e) {
            return new Outcome.NotReached();
        } catch (IOException e) {
            return new Outcome.Cut();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Cut();
        }
    }
}
