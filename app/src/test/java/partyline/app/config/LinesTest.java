package partyline.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
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
import org.junit.jupiter.params.provider.CsvSource;
import partyline.app.Talk;
import partyline.app.TestServer;
import partyline.app.operator.LineCheck;
import partyline.kernel.StartupFailure;
import partyline.transport.Line;
import tools.jackson.databind.JsonNode;

/// What the operator sees of the lines, and the pace that they keep.
class LinesTest {

    @RegisterExtension
    static final TestServer server = new TestServer("""
            lines:
              - {id: front, number: "+12025550100", roles: [router]}
              - {id: slow, number: "+12025550101", pace: {sends_per_minute: 2, new_people_per_hour: 1}}
            """);

    @TempDir
    Path folder;

    @Test
    void the_operator_sees_every_line_but_no_number_of_the_pool() {
        JsonNode lines = server.admin().get("/api/v1/lines").expect(200).json();

        assertThat(lines.valueStream().map(it -> it.path("id").asString())).containsExactly("front", "slow");
        assertThat(lines.get(0).path("number").asString()).isEqualTo(ROUTER);
        assertThat(lines.get(0).path("roles").toString()).isEqualTo("[\"router\"]");
        assertThat(lines.get(1).path("number").isNull()).isTrue();
        assertThat(lines.valueStream().map(it -> it.path("state").asString())).containsOnly("up");
    }

    @Test
    void the_process_says_that_it_lives_and_is_ready() {
        assertThat(server.nobody().get("/healthz").expect(200).text()).isEqualTo("ok");

        JsonNode ready = server.nobody().get("/readyz").expect(200).json();
        JsonNode toTheOperator = server.admin().get("/readyz").expect(200).json();

        assertThat(ready.toString()).isEqualTo("{\"ready\":true,\"database\":\"writable\",\"router\":\"up\"}");
        assertThat(toTheOperator.path("lines").path("up").asInt()).isEqualTo(2);
    }

    /// One line takes one new person an hour and two sends a minute: the greeting and one message.
    @Test
    void a_line_keeps_its_pace_and_meets_no_more_people_than_it_bears() {
        Talk talk = Talk.begin(server);
        talk.reply("in time").expect(201);
        String late =
                talk.reply("late").expect(201).json().path("message").path("id").asString();
        talk.bubble("in time");

        String other = server.person();
        server.admin().text(other, ROUTER, "connect @" + talk.handle());

        waitFor(
                () -> server.admin().bubbles(other, ROUTER),
                bubbles -> bubbles.size() == 2
                        && bubbles.getLast().path("text").asString().contains("all lines are busy"));
        assertThat(talk.message(late).path("status").asString()).isEqualTo("queued");
        JsonNode waits = waitFor(
                Duration.ofSeconds(10),
                () -> server.admin().get("/api/v1/lines").expect(200).json().get(1),
                line -> line.path("oldest_queued_seconds").isNumber());
        assertThat(waits.path("failures_in_a_row").asInt()).isZero();
        assertThat(talk.bubbles().stream().map(it -> it.path("text").asString("")))
                .doesNotContain("late");
    }

    @Test
    void a_check_names_every_line() throws IOException {
        StringWriter out = new StringWriter();

        int bad = LineCheck.run(config("lines:\n  - {id: only, number: \"+12025550100\"}\n"), new PrintWriter(out));

        assertThat(bad).isZero();
        assertThat(out.toString()).isEqualToNormalizingNewlines("only  ok\n");
    }

    @Test
    void a_wrong_pace_stops_the_start_with_its_place() {
        for (String pace : List.of("{sends_per_minute: many}", "{sends: 1}")) {
            assertThatThrownBy(() -> config("lines:\n  - {number: \"+12025550100\", pace: " + pace + "}\n"))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining("lines[0], pace");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    dedicated: '@-', | dedicated is "@-": name one agent by its handle, such as "@my-agent"
                    dedicated: '@a-b', roles: [router] | roles and dedicated exclude each other
                    dedicated: '@a-b', roles: [pool] | roles and dedicated exclude each other
                    dedicated: '@a-b', sharing: true | sharing and dedicated exclude each other
                    dedicated: '@other', | two lines dedicated to @other: an agent has one number
                    cold: true | cold needs dedicated
                    dedicated: '@a-b', cold: maybe | cold is "maybe": use true or false
                    fallback: own | has the fallback "own" of third
                    """)
    void a_line_that_is_dedicated_wrongly_stops_the_start_with_the_fix(String keys, String advice) {
        String lines = """
                lines:
                  - {id: front, number: "+12025550100", roles: [router]}
                  - {id: own, number: "+12025550101", dedicated: "@Other"}
                  - {id: third, number: "+12025550102", %s}
                """.formatted(keys);

        assertThatThrownBy(() -> config(lines))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(advice);
    }

    @Test
    void two_lines_of_one_mac_stop_the_start_since_both_would_hear_every_text() throws IOException {
        String lines = """
                lines:
                  - {id: front, number: "+12025550100", roles: [router], driver: imsg, imsg: {host: mac.local}}
                  - {id: back, number: "+12025550101", driver: imsg, imsg: {host: %s}}
                """;

        assertThat(config(lines.formatted("other.local")).lines().all()).hasSize(2);
        assertThatThrownBy(() -> config(lines.formatted("mac.local")))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("front and back on imsg of mac.local");
    }

    @Test
    void a_dedicated_line_has_no_role_and_is_no_router_even_alone() throws IOException {
        Line own = config("""
                lines:
                  - {id: front, number: "+12025550100", roles: [router]}
                  - {id: own, number: "+12025550101", dedicated: "@Own-Agent"}
                """).lines().all().getLast();

        assertThat(own.roles()).isEmpty();
        assertThat(own.terms().dedicated()).contains(new Line.Dedication("own-agent", false));
        assertThatThrownBy(() -> config("lines:\n  - {number: \"+12025550101\", dedicated: own-agent}\n"))
                .hasMessageContaining("no router");
    }

    private Config config(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("partyline.yaml"), text);
        return Config.of(Settings.read(Optional.of(file), Map.of(), Map.of()));
    }
}
