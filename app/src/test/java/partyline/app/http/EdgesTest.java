package partyline.app.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.app.Api;
import partyline.app.TestServer;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import partyline.kernel.StartupFailure;

/// The border: who guesses keys is slowed, proxies are believed as configured, browsers are told what is allowed.
class EdgesTest {

    private static final String APP = "https://app.example.org";

    @RegisterExtension
    static final TestServer server =
            new TestServer("http:\n  trusted_proxies: [127.0.0.0/8]\n  cors_origins: [" + APP + "]\n");

    @Test
    void who_guesses_keys_is_slowed_and_a_good_key_passes() {
        Api guesser = server.nobody().with("guess").with(from("198.51.100.7"));
        for (int failure = 0; failure < 20; failure++) {
            guesser.get("/api/whoami").expect(401);
        }

        Api.Answer slowed = guesser.get("/api/whoami").expect(429);

        assertThat(slowed.text()).contains("too_many_failed_keys");
        assertThat(Integer.parseInt(header(slowed, "Retry-After").orElseThrow()))
                .isBetween(1, 60);
        server.admin().with(from("198.51.100.7")).get("/api/whoami").expect(200);
        guesser.with(from("198.51.100.8")).get("/api/whoami").expect(401);
        guesser.with(from("198.51.100.7, 127.0.0.9")).get("/api/whoami").expect(429);
        guesser.with(from("203.0.113.1, 198.51.100.7")).get("/api/whoami").expect(429);
        guesser.with(from("nonsense")).get("/api/whoami").expect(401);
    }

    @Test
    void a_neighbour_in_an_ipv6_network_is_the_same_guesser() {
        Api guesser = server.nobody().with("guess");
        for (int failure = 0; failure < 20; failure++) {
            guesser.with(from("2001:db8:1:2::" + failure)).get("/api/whoami").expect(401);
        }

        guesser.with(from("2001:db8:1:2::ffff")).get("/api/whoami").expect(429);
        guesser.with(from("2001:db8:1:3::1")).get("/api/whoami").expect(401);
    }

    @Test
    void every_answer_tells_browsers_to_stay_out() {
        for (String path : List.of("/console", "/api/whoami", "/nothing")) {
            HttpHeaders headers = server.admin().get(path).response().headers();
            assertThat(headers.firstValue("X-Frame-Options")).contains("DENY");
            assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
            assertThat(headers.firstValue("Permissions-Policy")).isPresent();
            assertThat(headers.firstValue("Content-Security-Policy")).isPresent();
        }
        assertThat(header(server.admin().get("/api/whoami"), "Cache-Control")).contains("no-store");
        assertThat(header(server.nobody().get("/api/whoami"), "Cache-Control")).contains("no-store");
    }

    @Test
    void a_phone_may_stand_in_a_frame_of_the_servers_own_pages_alone() {
        HttpHeaders headers = server.nobody().get("/phone").response().headers();

        assertThat(headers.firstValue("X-Frame-Options")).contains("SAMEORIGIN");
        assertThat(headers.firstValue("Content-Security-Policy").orElse("")).contains("frame-ancestors 'self'");
    }

    @Test
    void a_page_of_a_configured_origin_may_call_and_no_other() {
        Api.Answer preflight = preflight(APP);
        assertThat(preflight.status()).isEqualTo(200);
        assertThat(header(preflight, "Access-Control-Allow-Origin")).contains(APP);
        assertThat(header(preflight, "Access-Control-Allow-Methods")).contains("POST");
        assertThat(header(preflight, "Access-Control-Allow-Headers")).contains("x-api-key,idempotency-key");
        assertThat(header(preflight, "Access-Control-Max-Age")).contains("600");
        assertThat(header(preflight("https://evil.example.org"), "Access-Control-Allow-Origin"))
                .isEmpty();
        Api.Answer refused =
                server.nobody().with(Map.of("Origin", APP)).get("/api/whoami").expect(401);
        assertThat(header(refused, "Access-Control-Allow-Origin")).contains(APP);
        assertThat(header(refused, "Access-Control-Expose-Headers").orElse("")).contains("Retry-After", "Link");
        Api.Answer own = server.admin().get("/api/whoami");
        assertThat(header(own, "Access-Control-Allow-Origin")).isEmpty();
        assertThat(header(own, "Vary")).contains("Origin");
    }

    @Test
    void a_body_that_trickles_is_cut() throws IOException {
        URI base = URI.create(server.admin().base());
        try (Socket socket = new Socket(base.getHost(), base.getPort())) {
            String head =
                    "POST /api/v1/identities HTTP/1.1\r\nHost: x\r\nX-API-Key: %s\r\nContent-Length: 100000\r\n\r\n";
            socket.getOutputStream().write(head.formatted(server.admin().key()).getBytes(StandardCharsets.US_ASCII));

            waitFor(() -> trickle(socket), cut -> cut);
            assertThat(firstLine(socket)).isIn("HTTP/1.1 408", "");
        }
    }

    @Test
    void a_head_that_trickles_is_cut_and_an_honest_pause_is_not() throws IOException {
        URI base = URI.create(server.admin().base());
        try (Socket idle = new Socket(base.getHost(), base.getPort());
                Socket slow = new Socket(base.getHost(), base.getPort())) {
            slow.getOutputStream().write("GET /api/whoami HTTP/1.1\r\nHost: x\r\nX-Slow: ".getBytes(US_ASCII));

            waitFor(Duration.ofSeconds(20), () -> isCut(slow), cut -> cut);

            idle.getOutputStream().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
            assertThat(new String(idle.getInputStream().readNBytes(8), US_ASCII))
                    .isEqualTo("HTTP/1.1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "trusted_proxies: [everybody]",
                "trusted_proxies: [10.0.0.0/99]",
                "cors_origins: ['*']",
                "cors_origins: ['https://app.example.org/path']",
                "cors_origins: ['https://my_app.example.org']",
                "cors_origins: ['https://münchen.example']",
                "cors_origins: https://app.example.org"
            })
    void a_bad_value_is_one_sentence_that_names_the_key(String line, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), "http:\n  " + line + "\n");

        assertThatThrownBy(() -> Config.of(Settings.read(Optional.of(file), Map.of(), Map.of())))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("http." + line.substring(0, line.indexOf(':')))
                .message()
                .hasLineCount(1);
    }

    /// Sends one more byte; true once the server hung up.
    private static boolean isCut(Socket socket) {
        try {
            socket.setSoTimeout(20);
            socket.getOutputStream().write('x');
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /// Sends one more byte; true once the server has answered, or hung up.
    private static boolean trickle(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return socket.getInputStream().available() > 0;
        } catch (IOException e) {
            return true;
        }
    }

    /// Who goes on sending may be cut off before the answer is read.
    private static String firstLine(Socket socket) {
        try {
            return new String(socket.getInputStream().readNBytes(12), US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    private static Api.Answer preflight(String origin) {
        return server.nobody()
                .with(Map.of(
                        "Origin",
                        origin,
                        "Access-Control-Request-Method",
                        "POST",
                        "Access-Control-Request-Headers",
                        "x-api-key,idempotency-key"))
                .send("OPTIONS", "/api/v1/imessage/messages", BodyPublishers.noBody());
    }

    private static Map<String, String> from(String address) {
        return Map.of("X-Forwarded-For", address);
    }

    private static Optional<String> header(Api.Answer answer, String name) {
        return answer.response().headers().firstValue(name);
    }
}
