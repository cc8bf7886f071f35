package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import partyline.testkit.Eventually;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A holder of a key, talking to a server over HTTP as an agent or an operator does.
public final class Api {

    public static final String ROUTER = "+12025550100";
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    private final String base;
    private final String key;
    private final Map<String, String> headers;
    private final boolean described;

    public Api(String base, String key) {
        this(base, key, Map.of(), true);
    }

    private Api(String base, String key, Map<String, String> headers, boolean described) {
        this.base = base;
        this.key = key;
        this.headers = headers;
        this.described = described;
    }

    /// Nobody in particular, at a server with routes of a test's own, which no document describes.
    public static Api undescribed(String base) {
        return new Api(base, "", Map.of(), false);
    }

    /// An answer: the status, the text, and the JSON that it spells.
    public record Answer(int status, String text, HttpResponse<String> response) {

        public JsonNode json() {
            return MAPPER.readTree(text);
        }

        public Answer expect(int wanted) {
            assertThat(status).as(text).isEqualTo(wanted);
            return this;
        }

        /// The path of the next page, if there is one: the link is relative to what was asked.
        Optional<String> next() {
            return response.headers()
                    .firstValue("Link")
                    .map(link -> response.uri().resolve(link.substring(1, link.indexOf('>'))))
                    .map(uri -> uri.getRawPath() + "?" + uri.getRawQuery());
        }
    }

    public Api with(String otherKey) {
        return new Api(base, otherKey, headers, described);
    }

    public Api with(Map<String, String> moreHeaders) {
        return new Api(base, key, moreHeaders, described);
    }

    public String key() {
        return key;
    }

    public String base() {
        return base;
    }

    public Answer get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    /// Asks for an answer of a certain kind.
    public Answer get(String path, String accepted) {
        return send("GET", path, BodyPublishers.noBody(), "Accept", accepted);
    }

    public Answer post(String path, String body) {
        return send("POST", path, BodyPublishers.ofString(body));
    }

    public Answer put(String path, String body) {
        return send("PUT", path, BodyPublishers.ofString(body));
    }

    public Answer patch(String path, String body) {
        return send("PATCH", path, BodyPublishers.ofString(body));
    }

    public Answer delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    public Answer send(String method, String path, BodyPublisher body, String... more) {
        HttpResponse<String> response = exchange(method, path, body, BodyHandlers.ofString(), more);
        return new Answer(response.statusCode(), response.body(), response);
    }

    /// The status of an answer that may have no end.
    int open(String path) {
        HttpResponse<InputStream> response =
                exchange("GET", path, BodyPublishers.noBody(), BodyHandlers.ofInputStream());
        try (InputStream _ = response.body()) {
            return response.statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private <T> HttpResponse<T> exchange(
            String method, String path, BodyPublisher body, BodyHandler<T> handler, String... more) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(Eventually.PATIENCE)
                .header("Content-Type", "application/json")
                .method(method, body);
        headers.forEach(request::header);
        for (int at = 0; at < more.length; at += 2) {
            request.setHeader(more[at], more[at + 1]);
        }
        if (!key.isEmpty()) {
            request.header("X-API-Key", key);
        }
        try {
            return described
                    ? OpenApiCheck.send(CLIENT, request.build(), handler)
                    : CLIENT.send(request.build(), handler);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Creates an enabled identity and returns its object.
    JsonNode identity(String handle) {
        return post("/api/v1/identities/", "{\"agent_handle\":\"%s\",\"imessage_enabled\":true}".formatted(handle))
                .expect(201)
                .json();
    }

    /// A client with a key for one identity alone.
    Api scoped(JsonNode identity) {
        String body = "{\"label\":\"test\",\"scoped_identity_id\":\"%s\"}"
                .formatted(identity.path("id").asString());
        return with(post("/api/v1/api-keys", body)
                .expect(201)
                .json()
                .path("api_key")
                .asString());
    }

    /// A person texts a line; returns the id of their bubble.
    public String text(String from, String to, String text) {
        String body =
                "{\"from\":\"%s\",\"to\":\"%s\",\"text\":%s}".formatted(from, to, MAPPER.writeValueAsString(text));
        return post("/simulator/messages", body).expect(201).json().path("id").asString();
    }

    JsonNode phone(String number) {
        return get("/simulator/phones/" + encode(number)).expect(200).json();
    }

    /// The bubbles that a phone shows in its thread with a line, as a list; empty without such a thread.
    public List<JsonNode> bubbles(String person, String line) {
        return StreamSupport.stream(phone(person).path("threads").spliterator(), false)
                .filter(thread -> thread.path("line").asString().equals(line))
                .flatMap(thread -> StreamSupport.stream(thread.path("bubbles").spliterator(), false))
                .toList();
    }

    /// Connects a person with an agent and waits for the agent's own thread; returns the number of its line.
    public String connect(String person, String handle) {
        int before = phone(person).path("threads").size();
        text(person, ROUTER, "connect @" + handle);
        return waitFor(() -> phone(person).path("threads"), threads -> lines(threads) > 0 && threads.size() > before)
                .valueStream()
                .map(thread -> thread.path("line").asString())
                .filter(line -> !line.equals(ROUTER))
                .findFirst()
                .orElseThrow();
    }

    /// Looks again until what it sees is as wished.
    public static <T> T waitFor(Supplier<T> look, Predicate<T> wish) {
        return waitFor(Eventually.PATIENCE, look, wish);
    }

    /// Looks again until what it sees is as wished, for this long at most.
    public static <T> T waitFor(Duration patience, Supplier<T> look, Predicate<T> wish) {
        return Eventually.until(patience, look, wish);
    }

    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static long lines(JsonNode threads) {
        return threads.valueStream()
                .filter(thread -> !thread.path("line").asString().equals(ROUTER))
                .count();
    }
}
