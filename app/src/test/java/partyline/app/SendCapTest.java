package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// The cap on sends, and requests that are made once however often they are sent.
class SendCapTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private final Talk talk = Talk.begin(server);

    @Test
    void a_hundred_are_accepted_in_a_day_however_many_send_at_once() throws Exception {
        List<HttpResponse<String>> answers =
                atOnce(120, _ -> send("{\"conversation_id\":\"%s\",\"text\":\"x\"}", "", "messages"));

        assertThat(answers.stream().filter(it -> it.statusCode() == 201)).hasSize(100);
        HttpResponse<String> refused = answers.stream()
                .filter(it -> it.statusCode() == 429)
                .findFirst()
                .orElseThrow();
        assertThat(refused.body()).contains("sender_rate_limited");
        assertThat(Long.parseLong(refused.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(80_000L, 86_400L);
        assertThat(refused.headers().firstValue("X-RateLimit-Limit")).contains("100");
        assertThat(refused.headers().firstValue("X-RateLimit-Remaining")).contains("0");
        assertThat(refused.headers().firstValue("X-RateLimit-Reset")).isPresent();
        waitFor(() -> talk.bubbles().size(), size -> size == 102);
    }

    @Test
    void a_refused_send_does_not_count_and_every_answer_tells_what_is_left() {
        assertThat(left("{\"conversation_id\":\"%s\",\"text\":\"one\"}")).isEqualTo("99");
        assertThat(left("{\"to\":\"+12025569999\",\"text\":\"nobody\"}")).isEqualTo("99");
        assertThat(left("{\"conversation_id\":\"%s\",\"text\":\"two\"}")).isEqualTo("98");
    }

    @Test
    void how_much_was_used_can_be_asked_without_sending() {
        String usage = "/api/v1/identities/" + talk.handle() + "/usage";
        JsonNode before = talk.agent().get(usage).expect(200).json();
        talk.reply("one").expect(201);

        JsonNode after = talk.admin().get(usage).expect(200).json();

        assertThat(before.path("sends_24h").asInt(-1)).isZero();
        assertThat(before.path("resets_at").isNull()).isTrue();
        assertThat(after.path("sends_24h").asInt()).isEqualTo(1);
        assertThat(after.path("limit").asInt()).isEqualTo(100);
        assertThat(after.path("resets_at").isString()).isTrue();
        server.stranger().get(usage).expect(404);
        Talk.begin(server).agent().get(usage).expect(404);
    }

    @Test
    void the_same_key_and_request_send_once_and_answer_alike_also_after_a_restart() throws Exception {
        String body = "{\"conversation_id\":\"%s\",\"text\":\"just once\"}";

        List<HttpResponse<String>> answers = atOnce(8, _ -> send(body, "key-1", "messages"));
        server.restart();
        Talk again = new Talk(
                server.admin(),
                server.admin().with(talk.agent().key()),
                talk.identity(),
                talk.person(),
                talk.line(),
                talk.conversation(),
                talk.first());
        HttpResponse<String> later = send(again, body, "key-1", "messages");

        assertThat(answers).allMatch(it -> it.statusCode() == 201);
        assertThat(Stream.concat(answers.stream(), Stream.of(later))
                        .map(HttpResponse::body)
                        .distinct())
                .hasSize(1);
        assertThat(later.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(answers.stream()
                        .filter(it ->
                                it.headers().firstValue("Idempotent-Replayed").isEmpty()))
                .hasSize(1);
        again.bubble("just once");
        HttpResponse<String> other =
                send(again, "{\"conversation_id\":\"%s\",\"text\":\"another\"}", "key-1", "messages");
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.body()).contains("idempotency_key_reused");
        assertThat(send(again, body, "k".repeat(256), "messages").statusCode()).isEqualTo(422);
    }

    @Test
    void a_tapback_with_a_key_is_made_once() {
        String body = "{\"message_id\":\"" + talk.first() + "\",\"reaction\":\"like\"}";

        HttpResponse<String> first = send(body, "key-2", "reactions");
        HttpResponse<String> second = send(body, "key-2", "reactions");

        assertThat(first.statusCode()).isEqualTo(201);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(second.headers().firstValue("Idempotent-Replayed")).contains("true");
        HttpResponse<String> another = send(body.replace("like", "love"), "key-2", "reactions");
        assertThat(another.statusCode()).isEqualTo(409);
        assertThat(another.body()).contains("idempotency_key_reused");
        JsonNode other = talk.agent()
                .post("/api/v1/imessage/reactions", body)
                .expect(201)
                .json();
        assertThat(first.body()).doesNotContain(other.path("id").asString());
    }

    private String left(String body) {
        return send(body, "", "messages")
                .headers()
                .firstValue("X-RateLimit-Remaining")
                .orElse("none");
    }

    private HttpResponse<String> send(String body, String once, String endpoint) {
        return send(talk, body, once, endpoint);
    }

    private static HttpResponse<String> send(Talk talk, String body, String once, String endpoint) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(talk.agent().base() + "/api/v1/imessage/" + endpoint))
                .header("X-API-Key", talk.agent().key())
                .POST(HttpRequest.BodyPublishers.ofString(body.formatted(talk.conversation())));
        if (!once.isEmpty()) {
            request.header("Idempotency-Key", once);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return OpenApiCheck.send(client, request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> List<T> atOnce(int count, IntFunction<T> work) throws Exception {
        try (var threads = Executors.newFixedThreadPool(16)) {
            List<Callable<T>> calls = IntStream.range(0, count)
                    .mapToObj(at -> (Callable<T>) () -> work.apply(at))
                    .toList();
            return threads.invokeAll(calls).stream().map(Future::resultNow).toList();
        }
    }
}
