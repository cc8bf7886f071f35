package partyline.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.app.Api;
import partyline.app.LogLines;
import partyline.app.RawClient;
import partyline.app.TestServer;
import tools.jackson.databind.JsonNode;

/// What goes wrong outside the routes is answered in the shape of all other errors.
@Isolated("nothing of the others is in its log")
class ErrorsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    /// A route that throws what it is asked for.
    private static BareServer throwing(Path folder) {
        return new BareServer(
                folder,
                routes -> routes.get(
                        "/throw/{what}",
                        ctx -> {
                            switch (ctx.pathParam("what")) {
                                case "stack" -> throw new StackOverflowError("deep");
                                case "memory" -> throw new OutOfMemoryError("no room");
                                case "class" -> throw new NoClassDefFoundError("gone");
                                default -> throw new IllegalStateException("odd");
                            }
                        },
                        Access.Role.ANYBODY));
    }

    @ParameterizedTest
    @CsvSource({
        "stack, StackOverflowError: deep",
        "memory, OutOfMemoryError: no room",
        "class, NoClassDefFoundError: gone",
        "other, IllegalStateException: odd"
    })
    void whatever_is_thrown_is_answered_under_an_id_that_the_log_has(String what, String told, @TempDir Path folder) {
        try (BareServer bare = throwing(folder);
                LogLines log = new LogLines()) {
            JsonNode detail =
                    bare.api().get("/throw/" + what).expect(500).json().path("detail");

            String id = detail.path("request_id").asString();
            assertThat(UUID.fromString(id)).isNotNull();
            assertThat(detail.path("code").asString()).isEqualTo("internal_error");
            assertThat(log.text())
                    .contains("event=request_failed id=" + id, "path=/throw/{what}", told)
                    .contains("client=127.0.0.1");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a line that is no request, 400, 'NONSENSE^^'",
        "a header without a name, 400, 'GET /healthz HTTP/1.1^Host: localhost^: x^^'",
        "a header without a colon, 400, 'GET /healthz HTTP/1.1^Host: localhost^Bad Header^^'",
        "two lengths, 400, 'POST /healthz HTTP/1.1^Host: localhost^Content-Length: 1^Content-Length: 2^^'",
        "no host, 400, 'GET /healthz HTTP/1.1^^'",
        "a path with half an escape, 400, 'GET /healthz%z HTTP/1.1^Host: localhost^^'",
        "a long address, 414, 'GET /# HTTP/1.1^Host: localhost^^'",
        "a long header, 431, 'GET /healthz HTTP/1.1^Host: localhost^X-Long: #^^'",
        "an expectation that nobody can meet, 417, 'GET /healthz HTTP/1.1^Host: localhost^Expect: wonders^^'",
        "another protocol, 505, 'GET /healthz HTTP/7.3^Host: localhost^^'"
    })
    void what_is_refused_before_any_route_is_json_too(String what, int status, String request) {
        String text = request.replace("#", "x".repeat(20_000)).replace("^", "\r\n");
        try (LogLines log = new LogLines()) {
            RawClient.Reply reply = RawClient.ask(server.nobody().base(), text);

            assertThat(reply.status()).as(what).isEqualTo(status);
            assertThat(reply.header("Content-Type")).as(what).startsWith("application/json");
            JsonNode detail = reply.json().path("detail");
            assertThat(detail.path("code").asString()).isEqualTo("http_" + status);
            assertThat(detail.path("message").asString()).startsWith("The request was refused");
            assertThat(reply.body().toLowerCase(Locale.ROOT)).doesNotContain("jetty", "<html");
            assertThat(log.text()).as("nobody fills the log from outside").isEmpty();
        }
    }

    @Test
    void a_method_that_a_path_does_not_have_is_answered_with_those_that_it_has() {
        Api.Answer answer = server.admin().delete("/api/whoami").expect(405);

        assertThat(answer.json().path("detail").path("code").asString()).isEqualTo("method_not_allowed");
        assertThat(answer.response().headers().firstValue("Allow").orElse("").split(", *"))
                .containsExactlyInAnyOrder("GET", "HEAD");
        assertThat(server.nobody()
                        .put("/hooks/line/secret", "")
                        .expect(405)
                        .response()
                        .headers()
                        .firstValue("Allow"))
                .contains("POST");
    }
}
