package partyline.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import tools.jackson.databind.JsonNode;

/// A receiver behind a check of its own gets the bearer token that its owner gave; nobody else ever does.
@ResourceLock(Resources.SYSTEM_ERR)
class ReceiverTokensTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/webhooks/subscriptions";
    private static final String EVENTS = "/api/v1/imessage/events?after=0";
    private static final String DELIVERIES = "/api/v1/webhooks/deliveries";

    private final String token = "tok-" + UUID.randomUUID() + "~!\\/";
    private final RecordingReceiver receiver = new RecordingReceiver();
    private final Talk talk = Talk.begin(server);

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void the_token_goes_along_with_deliveries_replays_and_tests_until_it_is_taken_away() {
        String one = ALL + "/" + subscribe().path("id").asString();
        talk.admin().text(talk.person(), talk.line(), "first");
        String delivery = waitFor(() -> talk.agent().get(DELIVERIES).json().path("deliveries"), rows -> !rows.isEmpty())
                .get(0)
                .path("id")
                .asString();
        talk.agent().post(DELIVERIES + "/" + delivery + "/replay", "").expect(201);
        talk.agent().post(one + "/test", "").expect(201);
        assertThat(authorizations()).containsExactly("Bearer " + token, "Bearer " + token, "Bearer " + token);

        JsonNode moved = patch(one, "{\"url\":\"%s/2\"}".formatted(receiver.url()));
        JsonNode replaced = patch(one, "{\"auth_token\":\"other\"}");
        talk.agent().post(one + "/test", "").expect(201);
        JsonNode cleared = patch(one, "{\"auth_token\":null}");
        talk.agent().post(one + "/test", "").expect(201);

        assertThat(authorizations().subList(3, 5)).containsExactly("Bearer other", "");
        assertThat(Stream.of(moved, replaced, cleared)
                        .map(row -> row.path("has_auth_token").asBoolean()))
                .containsExactly(true, true, false);
        assertThat(Stream.of(moved, replaced, cleared)
                        .map(row -> row.path("revision").asInt()))
                .containsExactly(2, 3, 4);
        assertThat(receiver.posts()).allMatch(post -> post.signature().startsWith("sha256="));
    }

    @Test
    void nobody_reads_it_in_an_answer_the_log_or_the_files() throws IOException {
        try (LogLines lines = new LogLines()) {
            JsonNode made = subscribe();
            String one = ALL + "/" + made.path("id").asString();
            talk.agent().post(one + "/test", "").expect(201);
            patch(one, "{\"auth_token\":\"%s\"}".formatted(quoted()));
            refuse(one, "{\"auth_token\":\"%s \"}".formatted(quoted()));

            List<String> told = Stream.of(ALL, ALL + "?scope=identity", one, DELIVERIES, EVENTS)
                    .map(path -> talk.agent()
                            .get(path, "application/json")
                            .expect(200)
                            .text())
                    .toList();

            assertThat(made.path("has_auth_token").asBoolean()).isTrue();
            assertThat(made.path("auth_token").isNull()).isTrue();
            assertThat(told).noneMatch(text -> text.contains(part()));
            assertThat(made.toString()).doesNotContain(part());
            assertThat(lines.text()).doesNotContain(part());
        }
        try (Stream<Path> files = Files.walk(server.folder())) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).isNotEmpty();
            for (Path file : all) {
                assertThat(Files.readString(file, ISO_8859_1)).as("%s", file).doesNotContain(part());
            }
        }
    }

    @Test
    void it_survives_a_restart() {
        String one = ALL + "/" + subscribe().path("id").asString();

        server.restart();
        talk.with(server).agent().post(one + "/test", "").expect(201);

        assertThat(authorizations()).containsExactly("Bearer " + token);
    }

    private JsonNode subscribe() {
        String wish = """
                {"agent_identity_id":"%s","url":"%s","event_types":["imessage.received"],"auth_token":"%s"}""";
        return talk.agent()
                .post(ALL, wish.formatted(talk.identity().path("id").asString(), receiver.url(), quoted()))
                .expect(201)
                .json();
    }

    private JsonNode patch(String one, String body) {
        return talk.agent().patch(one, body).expect(200).json();
    }

    private void refuse(String one, String body) {
        assertThat(talk.agent().patch(one, body).expect(422).text())
                .contains("auth_token")
                .doesNotContain(part());
    }

    private List<String> authorizations() {
        return receiver.posts().stream()
                .map(RecordingReceiver.Post::authorization)
                .toList();
    }

    /// As JSON spells it.
    private String quoted() {
        return token.replace("\\", "\\\\");
    }

    /// What no way of writing it could hide.
    private String part() {
        return token.substring(0, 40);
    }
}
