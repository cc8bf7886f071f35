package partyline.app.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.app.RawClient;
import tools.jackson.databind.JsonNode;

/// The names by which a server that listens on loopback alone may be called.
class HostsTest {

    private static final Map<String, String> PUBLISHED =
            Map.of("PARTYLINE_HTTP_PUBLIC_URL", "https://My_host.example:8443/below");

    @TempDir
    Path folder;

    @Test
    void its_own_names_pass() {
        try (BareServer server = server(PUBLISHED)) {
            for (String host : List.of(
                    "localhost",
                    "LOCALHOST:8080",
                    "app.localhost",
                    "127.0.0.1",
                    "127.0.0.1:1",
                    "127.8.8.8",
                    "[::1]",
                    "[::1]:8080",
                    "my_host.example",
                    "MY_HOST.example:443")) {
                assertThat(ask(server, "/there", host).status()).as(host).isEqualTo(204);
            }
        }
    }

    @Test
    void a_name_of_somebody_elses_is_421_before_anything_else_is_looked_at() {
        try (BareServer server = server(PUBLISHED)) {
            for (String host : List.of(
                    "evil.example",
                    "evil.example:8080",
                    "localhost.evil.example",
                    "127.0.0.1.evil.example",
                    "my_host.example.evil.example",
                    "192.168.1.20",
                    "[2001:db8::1]")) {
                RawClient.Reply reply = ask(server, "/there", host);

                assertThat(reply.status()).as(host).isEqualTo(421);
                JsonNode detail = reply.json().path("detail");
                assertThat(detail.path("code").asString()).isEqualTo("foreign_host");
                assertThat(detail.path("message").asString()).contains("http.public_url");
                assertThat(ask(server, "/with-key", host).status()).isEqualTo(421);
            }
        }
    }

    @Test
    void the_number_of_the_published_address_passes_in_its_brackets() {
        try (BareServer server = server(Map.of("PARTYLINE_HTTP_PUBLIC_URL", "http://[2001:db8::7]:8080"))) {
            assertThat(ask(server, "/there", "[2001:db8::7]:8080").status()).isEqualTo(204);
            assertThat(ask(server, "/there", "[2001:db8::8]:8080").status()).isEqualTo(421);
        }
    }

    @Test
    void behind_a_proxy_and_on_an_open_address_every_name_passes() {
        for (Map<String, String> open : List.of(
                Map.of("PARTYLINE_HTTP_TRUSTED_PROXIES", "10.0.0.0/8"), Map.of("PARTYLINE_HTTP_HOST", "0.0.0.0"))) {
            try (BareServer server = server(open)) {
                assertThat(ask(server, "/there", "any.example").status()).isEqualTo(204);
            }
        }
    }

    private BareServer server(Map<String, String> environment) {
        return new BareServer(folder, environment, routes -> {
            routes.get("/there", ctx -> ctx.status(204), Access.Role.ANYBODY);
            routes.get("/with-key", ctx -> ctx.status(204), Access.Role.KEY);
        });
    }

    private static RawClient.Reply ask(BareServer server, String path, String host) {
        String request = "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
        return RawClient.ask(server.api().base(), request.formatted(path, host));
    }
}
