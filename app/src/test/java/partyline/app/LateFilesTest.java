package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.transport.InboundEvent.TextReceived;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Files that are not there when their text is.
class LateFilesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final LineTap TAP = new LineTap();
    private static final ShiftedClock CLOCK = new ShiftedClock();

    @RegisterExtension
    static final TestServer patient = new TestServer("", InstantSource.system(), TAP::around);

    @RegisterExtension
    static final TestServer server = new TestServer("media: {wait_seconds: 1}", CLOCK);

    private final FileServer files = new FileServer();

    @AfterEach
    void close() {
        files.close();
        CLOCK.right();
    }

    @Test
    void a_file_that_is_there_a_moment_later_comes_with_its_text() {
        Talk talk = Talk.begin(patient);

        JsonNode message = texted(patient, talk, files.url("503,404,200", "a.png"));

        assertThat(message.path("media").get(0).path("size").asInt()).isEqualTo(10);
        assertThat(message.path("media_error").isNull()).isTrue();
        assertThat(files.asked()).hasSize(3);
    }

    @Test
    void a_file_that_the_service_does_not_have_yet_comes_with_its_text() {
        Talk talk = Talk.begin(patient);
        TAP.failDownloads(2);
        TextReceived hello = TAP.text(talk.bubble("hello").path("id").asString());

        TAP.bring(new TextReceived(
                hello.line(),
                hello.from(),
                hello.at(),
                "with-a-photo",
                "look",
                "mac:1",
                "image/png",
                null,
                hello.service(),
                null));

        JsonNode message = awaitSaid(talk, "look");
        assertThat(message.path("media").get(0).path("content_type").asString()).isEqualTo("image/png");
    }

    @Test
    void an_answer_that_says_no_is_asked_for_once() {
        JsonNode message = texted(server, Talk.begin(server), files.url("403", "a.png"));

        assertThat(message.path("media_error").path("code").asString()).isEqualTo("media_unavailable");
        later(HOUR);
        assertThat(files.asked()).hasSize(1);
    }

    @Test
    void a_file_that_comes_later_joins_its_message_and_an_event_tells_so() {
        Talk talk = Talk.begin(server);
        try (EventReader reader = new EventReader(talk.agent(), "?types=message.updated")) {
            JsonNode before = texted(server, talk, files.url("late", "a.png"));
            assertThat(before.path("media").isNull()).isTrue();
            // A busy machine has the answer only after the text went on.
            assertThat(before.path("media_error").path("code").asString()).isIn("media_unavailable", "media_timed_out");

            files.appear();
            later(Duration.ofSeconds(30));

            JsonNode after = awaitFile(talk, before);
            assertThat(after.path("media").get(0).path("content_type").asString())
                    .isEqualTo("image/png");
            assertThat(after.path("media_error").isNull()).isTrue();
            assertThat(after.path("content")).isEqualTo(before.path("content"));
            assertThat(after.path("updated_at").asString())
                    .isGreaterThan(before.path("updated_at").asString());
            JsonNode told = reader.await(1).getFirst().envelope().path("data").path("message");
            assertThat(told.path("id")).isEqualTo(before.path("id"));
            assertThat(told.path("media")).isEqualTo(after.path("media"));
            later(HOUR);
            assertThat(reader.types()).containsExactly("message.updated");
        }
    }

    @Test
    void after_a_restart_it_is_still_waited_for() {
        Talk talk = Talk.begin(server);
        JsonNode before = texted(server, talk, files.url("late", "a.png"));
        files.appear();
        CLOCK.jump(Duration.ofSeconds(30));

        server.restart();

        awaitFile(talk.with(server), before);
    }

    @Test
    void a_clock_that_goes_back_does_not_put_off_the_next_look() {
        Talk talk = Talk.begin(server);
        CLOCK.jump(HOUR.multipliedBy(100));
        JsonNode before = texted(server, talk, files.url("late", "a.png"));
        files.appear();

        CLOCK.right();
        server.wiring().look();

        awaitFile(talk, before);
    }

    @Test
    void a_file_that_never_comes_is_looked_for_a_bounded_number_of_times() {
        Talk talk = Talk.begin(server);
        texted(server, talk, files.url("late", "a.png"));
        int first = files.asked().size();

        for (int look = 1; look <= 7; look++) {
            int all = first + look;
            CLOCK.jump(HOUR);
            waitFor(
                    PATIENCE,
                    () -> {
                        server.wiring().look();
                        return files.asked().size();
                    },
                    it -> it == all);
        }
        waitFor(
                PATIENCE,
                () -> {
                    later(HOUR);
                    return awaited(talk);
                },
                it -> it == 0);

        assertThat(files.asked()).hasSize(first + 7);
    }

    @Test
    void nothing_is_fetched_later_from_somebody_who_was_blocked_meanwhile() {
        Talk talk = Talk.begin(server);
        texted(server, talk, files.url("late", "a.png"));
        int before = files.asked().size();
        server.admin()
                .post(
                        "/api/v1/imessage/identities/" + talk.handle() + "/contact-rules",
                        "{\"match_target\":\"%s\",\"action\":\"block\"}".formatted(talk.person()))
                .expect(201);
        files.appear();

        later(Duration.ofSeconds(30));

        waitFor(PATIENCE, () -> awaited(talk), it -> it == 0);
        assertThat(files.asked()).hasSize(before);
    }

    @Test
    void what_is_waited_for_is_exported_and_erased_with_its_person() {
        Talk talk = Talk.begin(server);
        texted(server, talk, files.url("late", "a.png"));
        int before = files.asked().size();
        assertThat(awaited(talk)).isEqualTo(1);

        order("erase", talk);

        assertThat(awaited(talk)).isZero();
        files.appear();
        later(Duration.ofSeconds(30));
        assertThat(files.asked()).hasSize(before);
    }

    @Test
    void what_models_cannot_read_says_so() {
        Talk talk = Talk.begin(server);
        String heic =
                Upload.of(talk.agent(), "a.heic", "image/heic", new byte[] {1}).url();
        String png =
                Upload.of(talk.agent(), "a.png", "image/png", new byte[] {1}).url();

        JsonNode unread = texted(server, talk, heic).path("media").get(0);
        JsonNode read = texted(server, talk, png).path("media").get(0);

        assertThat(unread.path("readable_by_models").asBoolean()).isFalse();
        assertThat(unread.has("readable_by_models")).isTrue();
        assertThat(read.has("readable_by_models")).isFalse();
    }

    /// Lets time go by, and what fell due be taken up.
    private static void later(Duration by) {
        CLOCK.jump(by);
        server.wiring().look();
    }

    private static int awaited(Talk talk) {
        String export = order("export", talk);
        return new JsonMapper()
                .readTree(export)
                .path("conversations")
                .path("awaited_file")
                .size();
    }

    private static String order(String command, Talk talk) {
        return server.operate(command, "--number", talk.person());
    }

    private static JsonNode awaitFile(Talk talk, JsonNode message) {
        return waitFor(
                PATIENCE,
                () -> talk.message(message.path("id").asString()),
                it -> !it.path("media").isNull());
    }

    /// The person sends a picture with words; returns the message once the agent has it.
    private static JsonNode texted(TestServer server, Talk talk, String url) {
        String words = "look at " + url;
        String body = "{\"from\":\"%s\",\"to\":\"%s\",\"text\":\"%s\",\"media_url\":\"%s\"}"
                .formatted(talk.person(), talk.line(), words, url);
        server.admin().post("/simulator/messages", body).expect(201);
        return awaitSaid(talk, words);
    }

    private static JsonNode awaitSaid(Talk talk, String words) {
        List<JsonNode> found = waitFor(
                PATIENCE,
                () -> talk.agent()
                        .get(MESSAGES)
                        .json()
                        .valueStream()
                        .filter(it -> it.path("content").asString("").equals(words))
                        .toList(),
                it -> !it.isEmpty());
        return found.getFirst();
    }
}
