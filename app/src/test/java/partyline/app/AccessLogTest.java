package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/// The line for each request, when it is asked for.
@ResourceLock(Resources.SYSTEM_ERR)
class AccessLogTest {

    @RegisterExtension
    static final TestServer server = new TestServer("http: {access_log: true}");

    @Test
    void a_request_leaves_its_route_and_status_and_neither_key_nor_number() {
        Talk talk = Talk.begin(server);
        try (LogLines log = new LogLines()) {
            server.admin()
                    .get("/simulator/phones/" + URLEncoder.encode(talk.person(), StandardCharsets.UTF_8))
                    .expect(200);
            talk.agent().get("/api/v1/identities/" + talk.handle()).expect(200);
            server.nobody().get("/nowhere/" + talk.handle()).expect(404);
            server.nobody().get("/api/v1/server").expect(401);

            String lines = waitFor(log::text, it -> it.contains("status=401"));

            assertThat(lines)
                    .contains("event=request method=GET route=/simulator/phones/{number} status=200")
                    .contains(
                            "route=/api/v1/identities/{handle} status=200",
                            "route=/api/v1/server status=401",
                            "route=none status=404")
                    .doesNotContain(talk.person(), talk.handle(), talk.agent().key());
        }
    }
}
