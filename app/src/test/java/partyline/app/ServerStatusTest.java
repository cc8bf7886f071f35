package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// What the server says of itself: to whoever comes to its front, and to admins.
class ServerStatusTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String STATUS = "/api/v1/server";

    @Test
    void the_front_sends_a_browser_to_the_console_and_tells_programs_what_this_is() {
        Api.Answer browser = server.nobody().get("/", "text/html,application/xhtml+xml,*/*;q=0.8");
        JsonNode program = server.nobody().get("/", "*/*").expect(200).json();

        assertThat(browser.expect(302).response().headers().firstValue("Location"))
                .contains("console");
        assertThat(program.path("name").asString()).isEqualTo("Partyline");
        assertThat(program.path("version").asString()).isEqualTo(Main.version());
        server.nobody().get("/" + program.path("api").asString()).expect(200);
        server.nobody().get("/" + program.path("docs").asString()).expect(200);
    }

    @Test
    void an_admin_key_says_whether_it_is_the_operators_and_an_agents_key_says_nothing_of_it() {
        Api agent = Talk.begin(server).agent();

        assertThat(server.admin().get("/api/whoami").json().path("operator").asBoolean(false))
                .isTrue();
        assertThat(server.stranger().get("/api/whoami").json().path("operator").asBoolean(true))
                .isFalse();
        assertThat(agent.get("/api/whoami").json().has("operator")).isFalse();
    }

    @Test
    void the_operator_hears_of_database_and_lines_and_others_of_their_own_work_alone() {
        JsonNode own = server.admin().get(STATUS).expect(200).json();
        JsonNode others = server.stranger().get(STATUS).expect(200).json();

        assertThat(own.path("operator").path("database").asString()).isEqualTo("writable");
        assertThat(own.path("operator").path("database_bytes").asLong()).isPositive();
        assertThat(own.path("operator").path("disk_free_bytes").asLong()).isPositive();
        assertThat(own.path("operator")
                        .path("lines")
                        .valueStream()
                        .mapToInt(JsonNode::asInt)
                        .sum())
                .isEqualTo(6);
        assertThat(others.path("operator").isNull()).isTrue();
        assertThat(others.path("router_number").asString()).isEqualTo(Api.ROUTER);
        assertThat(others.path("simulator").asBoolean(false)).isTrue();
        assertThat(others.path("version").asString()).isEqualTo(Main.version());
    }

    @Test
    void what_happens_is_counted_by_the_minute_for_its_organization_alone() {
        Api other = server.stranger();
        int before = events(server.admin());
        Talk talk = Talk.begin(server, other);
        int after = waitFor(() -> events(other), count -> count >= 2);

        talk.delivered("two more");

        assertThat(waitFor(() -> events(other), count -> count >= after + 2)).isEqualTo(after + 2);
        assertThat(events(server.admin())).isEqualTo(before);
        assertThat(other.get(STATUS).json().path("events_per_minute")).hasSize(60);
    }

    @Test
    void what_waits_for_a_line_is_told_until_it_went() {
        Talk talk = Talk.begin(server);
        server.admin()
                .post("/simulator/faults", "{\"kind\":\"not_sent\",\"times\":1}")
                .expect(204);

        talk.reply("is put off").expect(201);

        JsonNode waiting = status("messages_waiting", it -> it.path("count").asInt() == 1);
        assertThat(waiting.path("oldest_seconds").isNumber()).isTrue();
        assertThat(server.stranger()
                        .get(STATUS)
                        .json()
                        .path("messages_waiting")
                        .path("count")
                        .asInt())
                .isZero();
        assertThat(status("messages_waiting", it -> it.path("count").asInt() == 0)
                        .path("oldest_seconds")
                        .isNull())
                .isTrue();
    }

    @Test
    void a_receiver_that_fails_is_counted_with_what_it_waits_for() {
        Talk talk = Talk.begin(server);
        try (RecordingReceiver receiver = new RecordingReceiver(500)) {
            talk.subscribe(receiver, "imessage.received");

            server.admin().text(talk.person(), talk.line(), "who hears this?");

            status("subscriptions", it -> it.path("failing").asInt() == 1);
            status("webhooks_waiting", it -> it.path("count").asInt() == 1);
            JsonNode failing = talk.agent()
                    .get("/api/v1/webhooks/subscriptions")
                    .expect(200)
                    .json()
                    .path("subscriptions")
                    .path(0);
            assertThat(failing.path("failing_since").isString()).isTrue();
            assertThat(failing.path("waiting").path("count").asInt()).isEqualTo(1);
            assertThat(failing.path("waiting").path("oldest_seconds").isNumber())
                    .isTrue();
            assertThat(server.stranger()
                            .get(STATUS)
                            .json()
                            .path("webhooks_waiting")
                            .path("count")
                            .asInt())
                    .isZero();
        }
    }

    @Test
    void a_line_says_what_pace_it_keeps() {
        JsonNode lines = server.admin().get("/api/v1/lines").expect(200).json();

        for (String bound : List.of("sends_per_minute", "new_people_per_hour", "new_people_per_day")) {
            assertThat(lines.path(0).path("pace").path(bound).isNumber())
                    .as(bound)
                    .isTrue();
        }
    }

    private static int events(Api api) {
        return api.get(STATUS)
                .expect(200)
                .json()
                .path("events_per_minute")
                .valueStream()
                .mapToInt(JsonNode::asInt)
                .sum();
    }

    private static JsonNode status(String part, Predicate<JsonNode> wish) {
        return waitFor(() -> server.admin().get(STATUS).expect(200).json().path(part), wish);
    }
}
