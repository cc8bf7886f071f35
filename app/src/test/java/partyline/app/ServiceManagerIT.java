package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What systemd hears of a server, on a socket of its kind, for which the JDK has no name.
@Tag("needs-tools")
class ServiceManagerIT {

    private static final String LISTENER = """
            import socket
            own = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            own.bind("notify")
            print("listens", flush=True)
            while True:
                print(own.recv(4096).decode(), flush=True)
            """;

    @TempDir
    Path folder;

    @Test
    void it_hears_that_the_server_is_ready_lives_and_stops() {
        lives(Map.of());
    }

    @Test
    void a_server_with_a_certificate_of_its_own_lives_as_well() {
        try (Program made = Program.start(
                folder,
                Map.of(),
                List.of(("openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=partyline.example"
                                + " -keyout key.pem -out certificate.pem")
                        .split(" ")))) {
            assertThat(made.exitCode()).as(made.output()).isZero();
        }

        lives(Map.of("PARTYLINE_HTTP_TLS_CERTIFICATE", "certificate.pem", "PARTYLINE_HTTP_TLS_KEY", "key.pem"));
    }

    private void lives(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("NOTIFY_SOCKET", folder.resolve("notify").toString());
        settings.put("WATCHDOG_USEC", "1000000");
        try (Program systemd = Program.start(folder, Map.of(), List.of("python3", "-c", LISTENER))) {
            systemd.awaitOutput(it -> it.contains("listens"));
            try (Jar server = Jar.start(folder, settings, "--port", "0")) {
                systemd.awaitOutput(it -> it.contains("READY=1\nWATCHDOG=1\nWATCHDOG=1\n"));
                assertThat(server.output()).contains(more.isEmpty() ? "API      http://" : "API      https://");
                assertThat(server.terminate()).isZero();
            }
            systemd.awaitOutput(it -> it.contains("STOPPING=1"));
        }
    }
}
