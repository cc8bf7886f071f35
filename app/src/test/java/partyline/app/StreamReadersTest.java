package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Readers of the event stream that lose their key, or do not keep up.
class StreamReadersTest {

    @RegisterExtension
    static final TestServer server = new TestServer("stream: {heartbeat_seconds: 1}");

    private final Talk talk = Talk.begin(server);

    @Test
    void a_stream_ends_when_its_key_is_revoked_or_expires() {
        Api revoked = talk.admin().scoped(talk.identity());
        Instant soon = Instant.now().plusSeconds(3);
        Api expiring = talk.admin().with(key(soon));
        try (EventReader one = new EventReader(revoked, "");
                EventReader two = new EventReader(expiring, "")) {
            revoked.post("/api/v1/api-keys/self/revoke", "").expect(200);
            talk.delivered("not for those whose key is gone");
            waitFor(one::ended, it -> it);
            waitFor(two::ended, it -> it);

            assertThat(one.events()).isEmpty();
            assertThat(Instant.now()).isAfter(soon);
        }
    }

    @Test
    void a_reader_that_does_not_read_holds_nobody_up_and_gets_it_all_later() throws IOException {
        String story = " " + "🌴".repeat(18_000);
        List<String> numbers = IntStream.range(0, 80).mapToObj(String::valueOf).toList();
        try (Socket stalled = new Socket();
                EventReader prompt = new EventReader(talk.agent(), "?types=imessage.received")) {
            BufferedReader lines = open(stalled);
            numbers.forEach(number -> talk.admin().text(talk.person(), talk.line(), number + story));

            assertThat(prompt.await(80))
                    .extracting(event -> number(event.envelope()))
                    .isEqualTo(numbers);
            assertThat(lines.lines()
                            .filter(line -> line.startsWith("data: "))
                            .limit(80)
                            .map(line -> number(new JsonMapper().readTree(line.substring(6)))))
                    .isEqualTo(numbers);
        }
    }

    private String key(Instant expiresAt) {
        String body = "{\"label\":\"short\",\"scoped_identity_id\":%s,\"expires_at\":\"%s\"}"
                .formatted(talk.identity().path("id"), expiresAt);
        return talk.admin()
                .post("/api/v1/api-keys", body)
                .expect(201)
                .json()
                .path("api_key")
                .asString();
    }

    /// Opens a stream on a bare socket that takes in little, and reads its first line.
    private BufferedReader open(Socket socket) throws IOException {
        URI base = URI.create(talk.agent().base());
        socket.setReceiveBufferSize(4_096);
        socket.connect(new InetSocketAddress(base.getHost(), base.getPort()));
        String request = """
                GET /api/v1/imessage/events?types=imessage.received HTTP/1.0\r
                X-API-Key: %s\r
                Accept: text/event-stream\r
                \r
                """.formatted(talk.agent().key());
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        waitFor(() -> next(lines), ": open"::equals);
        return lines;
    }

    private static String next(BufferedReader lines) {
        return lines.lines().findFirst().orElse("");
    }

    private static String number(JsonNode envelope) {
        return envelope.path("data").path("message").path("content").asString().split(" ", 2)[0];
    }
}
