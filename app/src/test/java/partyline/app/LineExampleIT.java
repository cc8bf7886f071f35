package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The example line, run as `docs/lines/webhook.md` says, beside the packaged jar.
@Tag("needs-tools")
class LineExampleIT {

    private static final String ROUTER = "+12025550100";
    private static final String POOL = "+12025550101";
    private static final String SECRET = "a secret of the example line";

    @TempDir
    Path folder;

    @Test
    void a_terminal_that_speaks_for_two_lines_connects_with_an_agent_and_talks() throws IOException {
        String port = freePort();
        Path file = Files.writeString(folder.resolve("partyline.yaml"), """
                lines:
                  - {id: front, number: "%1$s", roles: [router], driver: webhook,
                     webhook: {url: "http://127.0.0.1:%3$s/", secret: "${LINE_SECRET}", greet: 200ms}}
                  - {id: pool, number: "%2$s", driver: webhook,
                     webhook: {url: "http://127.0.0.1:%3$s/", secret: "${LINE_SECRET}", greet: 200ms}}
                """.formatted(ROUTER, POOL, port));
        Map<String, String> settings = Map.of("LINE_SECRET", SECRET, "LINE_PORT", port);

        try (Program line =
                        Program.start(Jar.repository().resolve("examples"), settings, List.of("python3", "line.py"));
                Jar jar = Jar.start(folder, settings, "--config", file.toString(), "--port", "0")) {
            Api admin = new Api(jar.base(), jar.key());
            Api agent = admin.scoped(admin.identity("terminal-agent"));
            waitFor(() -> greeted(line), it -> it);
            line.type(ROUTER + " connect @terminal-agent");
            line.awaitOutput(printed -> printed.contains(ROUTER + ": "));
            line.type(POOL + " hello from the terminal");

            JsonNode message = waitFor(
                            () -> agent.get(Talk.MESSAGES).expect(200).json(), messages -> messages.size() == 1)
                    .get(0);
            assertThat(message.path("content").asString()).isEqualTo("hello from the terminal");
            String conversation = message.path("conversation_id").asString();
            String id = agent.post(
                            Talk.MESSAGES,
                            "{\"conversation_id\":\"%s\",\"text\":\"hello from the agent\"}".formatted(conversation))
                    .expect(201)
                    .json()
                    .path("message")
                    .path("id")
                    .asString();

            line.awaitOutput(printed -> printed.contains(POOL + ": hello from the agent"));
            waitFor(
                    () -> agent.get(Talk.MESSAGES + "/" + id)
                            .expect(200)
                            .json()
                            .path("status")
                            .asString(),
                    "delivered"::equals);
            assertThat(line.output()).containsOnlyOnce("hello from the agent").doesNotContain("Traceback");
            assertThat(jar.output()).doesNotContain(SECRET, "/hooks/");
        }
    }

    /// Types nothing of sense, upon which it names the lines that it was greeted for.
    private static boolean greeted(Program line) {
        line.type("?");
        return line.output().contains("Lines: " + ROUTER + ", " + POOL);
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return String.valueOf(socket.getLocalPort());
        }
    }
}
