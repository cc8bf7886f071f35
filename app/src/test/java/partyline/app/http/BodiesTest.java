package partyline.app.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.app.Api.waitFor;

import io.javalin.http.Context;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.app.Api;
import partyline.app.RawClient;
import partyline.app.Talk;
import partyline.app.TestServer;
import partyline.fakes.webhook.FakeProgram;
import partyline.kernel.Overloaded;
import tools.jackson.databind.JsonNode;

/// What comes in as JSON, or as the news of a line: how much of it is read, when, and what counts as text.
class BodiesTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final int LARGEST = 256 << 10;
    private static final String IDENTITIES = "/api/v1/identities/";

    @ParameterizedTest
    @ValueSource(strings = {"/hooks/x/y", "/hooks/front-desk/wrong", "/hooks/x/y/receipts"})
    void news_for_no_line_or_with_a_wrong_secret_is_404_unread(String path) {
        RawClient.Reply reply = announced(server, path, "", 1 << 20);

        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.json().path("detail").path("code").asString()).isEqualTo("not_found");
    }

    @Test
    void news_of_a_line_with_real_calls_is_read_only_with_its_secret_and_up_to_its_bound() throws IOException {
        try (FakeProgram program = new FakeProgram();
                TestServer own = new TestServer("""
                        lines:
                          - {id: front, number: "%s", roles: [router]}
                          - {id: pool, number: "+12025550101", roles: [pool], driver: webhook, webhook: %s}
                        """.formatted(
                        Api.ROUTER,
                        "{url: \"%s\", secret: \"%s\", greet: 200ms}".formatted(program.url(), FakeProgram.SECRET)))) {
            own.open();
            String path = waitFor(program::eventsUrl, Optional::isPresent)
                    .orElseThrow()
                    .replaceFirst("https?://[^/]*", "");
            int last = path.indexOf("/hooks/pool/") + "/hooks/pool/".length();
            String other = (path.charAt(last) == 'A' ? "B" : "A") + path.substring(last + 1);

            assertThat(announced(own, path, "", 1 << 20).status()).isEqualTo(413);
            assertThat(announced(own, "/hooks/pool/" + other, "", 1 << 20).status())
                    .isEqualTo(404);
            own.nobody().post("/hooks/pool/" + other, "x").expect(404);
            assertThat(own.nobody().post(path, "x").status())
                    .as("read, and not signed")
                    .isEqualTo(403);
        }
    }

    @Test
    void a_request_without_a_good_key_is_401_unread() {
        assertThat(announced(server, IDENTITIES, "", 200_000).status()).isEqualTo(401);
        assertThat(announced(server, IDENTITIES, "X-API-Key: nonsense\r\n", 200_000)
                        .status())
                .isEqualTo(401);
        assertThat(announced(server, "/api/v1/nothing", "", 200_000).status()).isEqualTo(404);
    }

    @Test
    void a_body_that_says_it_is_too_long_is_413_unread() {
        String key = "X-API-Key: " + server.admin().key() + "\r\n";

        RawClient.Reply reply = announced(server, IDENTITIES, key, LARGEST + 1);

        assertThat(reply.status()).isEqualTo(413);
        assertThat(reply.json().path("detail").path("message").asString()).contains("262,144");
    }

    @ParameterizedTest
    @CsvSource({"262144, 422", "262145, 413", "307200, 413"})
    void json_has_at_most_256_kib_whether_its_length_is_told_or_not(int length, int status) {
        String frame = "{\"agent_handle\":\"\"}";
        String body = frame.replace("\"\"", "\"" + "x".repeat(length - frame.length()) + "\"");

        assertThat(RawClient.post(server.admin(), IDENTITIES, body, true).status())
                .isEqualTo(status);
        assertThat(RawClient.post(server.admin(), IDENTITIES, body, false).status())
                .isEqualTo(status);
    }

    @Test
    void the_longest_text_is_taken_also_with_every_character_escaped() {
        Talk talk = Talk.begin(server);

        talk.agent()
                .post(
                        Talk.MESSAGES,
                        "{\"conversation_id\":\"%s\",\"text\":\"%s\"}"
                                .formatted(talk.conversation(), "\\ud83c\\udf34".repeat(18_996)))
                .expect(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"x\":[%s{}]}", "{\"x\":[%s1]}", "[%s{}]"})
    void a_body_of_very_many_values_is_422_before_it_has_grown(String frame) {
        String value = frame.contains("1") ? "1," : "{},";
        String many = frame.formatted(value.repeat(60_000));

        assertThat(server.admin().post(IDENTITIES, many).expect(422).text()).contains("too many values");
        assertThat(server.admin()
                        .post(IDENTITIES, "{\"x\":" + "[".repeat(2_000))
                        .expect(422)
                        .text())
                .contains("nested too deeply");
    }

    @Test
    void what_is_read_at_once_is_bounded_and_given_back() {
        Bodies small = new Bodies(100);
        Context sixty = request(small, "x".repeat(60), 60);
        Context forty = request(small, "y".repeat(40), 40);

        int read = Bodies.read(sixty, bytes -> {
            assertThatThrownBy(() -> Bodies.read(request(small, "z".repeat(41), 41), it -> it))
                    .isInstanceOf(Overloaded.class);
            assertThatThrownBy(() -> Bodies.read(request(small, "z", -1), it -> it))
                    .as("a body of unknown length counts as the largest")
                    .isInstanceOf(Overloaded.class);
            return bytes.length + Bodies.read(forty, it -> it.length);
        });

        assertThat(read).isEqualTo(100);
        assertThatThrownBy(() -> Bodies.read(sixty, _ -> {
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");
        assertThat(Bodies.<Integer>read(request(small, "x".repeat(100), 100), it -> it.length))
                .isEqualTo(100);
    }

    @Test
    void bytes_that_are_no_utf_8_are_422_and_nobody_is_sent_question_marks() {
        Talk talk = Talk.begin(server);
        byte[] latin = "{\"conversation_id\":\"%s\",\"text\":\"Gr\u00fc\u00dfe\"}"
                .formatted(talk.conversation())
                .getBytes(ISO_8859_1);

        Api.Answer refused = talk.agent().send("POST", Talk.MESSAGES, BodyPublishers.ofByteArray(latin));

        assertThat(refused.expect(422).text()).contains("not UTF-8");
        assertThat(talk.bubbles()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "text, cut \\ud83d, half a character",
        "text, \\udd25 cut, half a character",
        "text, \\udd25\\ud83d, half a character",
        "text, \\u0000, U+0000",
        "send_style, \\ud83d, half a character",
    })
    void half_an_emoji_and_nul_are_422_and_the_field_is_named(String field, String value, String told) {
        Talk talk = Talk.begin(server);
        String body = "{\"conversation_id\":\"%s\",\"%s\":\"%s\",\"text\":\"x\"}"
                .formatted(talk.conversation(), field, value);

        Api.Answer refused = talk.agent()
                .post(Talk.MESSAGES, field.equals("text") ? body.replace(",\"text\":\"x\"", "") : body)
                .expect(422);

        assertThat(refused.text()).contains("\"" + field + "\"", told);
    }

    @Test
    void a_whole_emoji_and_what_is_in_lists_are_read_alike() {
        Talk talk = Talk.begin(server);
        String id = talk.reply("\\ud83d\\udd25 and \uD83D\uDD25")
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();

        assertThat(talk.message(id).path("content").asString()).isEqualTo("\uD83D\uDD25 and \uD83D\uDD25");
        JsonNode detail = talk.agent()
                .post(
                        Talk.MESSAGES,
                        "{\"conversation_id\":\"%s\",\"media_urls\":[\"https://a.example/\\ud83d\"]}"
                                .formatted(talk.conversation()))
                .expect(422)
                .json()
                .path("detail");
        assertThat(detail.toString()).contains("media_urls", "half a character");
    }

    /// A head that says how much will come, and not one byte of it.
    private static RawClient.Reply announced(TestServer server, String path, String more, int length) {
        String head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\n\r\n";
        return RawClient.ask(server.nobody().base(), head.formatted(path, more, length));
    }

    /// A request whose length is `told`, or not told with -1.
    private static Context request(Bodies bodies, String body, long told) {
        Map<Object, Object> attributes = new HashMap<>();
        HttpServletRequest request = (HttpServletRequest) Proxy.newProxyInstance(
                HttpServletRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (_, method, _) -> switch (method.getName()) {
                    case "getContentLengthLong" -> told;
                    case "getInputStream" -> new Bytes(body.getBytes(UTF_8));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
        Context context = (Context) Proxy.newProxyInstance(
                Context.class.getClassLoader(), new Class<?>[] {Context.class}, (_, method, arguments) -> {
                    if (method.getName().equals("req")) {
                        return request;
                    }
                    return arguments.length == 1
                            ? attributes.get(arguments[0])
                            : attributes.put(arguments[0], arguments[1]);
                });
        bodies.serve(context);
        return context;
    }

    private static final class Bytes extends ServletInputStream {

        private final ByteArrayInputStream bytes;

        private Bytes(byte[] bytes) {
            this.bytes = new ByteArrayInputStream(bytes);
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int read() {
            return bytes.read();
        }
    }
}
