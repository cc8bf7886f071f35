package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import partyline.drivers.contract.FakeLine;
import partyline.fakes.webhook.FakeProgram;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;

/// The bytes of files between the server and a program that speaks for a line: no address of the program's is ever
/// called for one.
class WebhookFilesTest {

    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 1, 2, 3};

    private final ShiftedClock clock = new ShiftedClock();
    private final FakeProgram ann = new FakeProgram();
    private final FakeProgram other = new FakeProgram();
    private final TestServer server = new TestServer("""
            media: {largest_inbound_mb: 1, quota_mb: 4}
            lines:
              - {id: front, number: "+12025550100", roles: [router]}
              - {id: own, number: "+12025550110", dedicated: "@own-agent", driver: webhook, webhook: %s}
              - {id: other, number: "+12025550111", dedicated: "@other-agent", driver: webhook, webhook: %s}
            """.formatted(keys(ann), keys(other)), clock);

    private Api agent;

    @BeforeEach
    void open() throws IOException {
        server.open();
        agent = server.admin().scoped(server.admin().identity("own-agent"));
        ann.runOn(clock);
        greeted();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        ann.close();
        other.close();
    }

    @Test
    void a_file_that_the_program_posted_comes_with_its_text_once() throws IOException {
        String id = posted();
        event("e1", "look", "media_id", id);

        JsonNode media = said("look").path("media").get(0);
        assertThat(media.path("name").asString()).isEqualTo("Länge 1.png");
        assertThat(media.path("content_type").asString()).isEqualTo("image/png");
        assertThat(Upload.fetch(media.path("url").asString()).body()).isEqualTo(PNG);

        restart();
        event("e1", "look", "media_id", id);
        event("e2", "again", "media_id", id);
        assertThat(said("again").path("media_error").path("code").asString()).isEqualTo("media_unavailable");
        assertThat(said("look").path("media").get(0)).isEqualTo(media);
    }

    @Test
    void a_small_file_may_stand_in_the_event_itself() throws IOException {
        event("e1", "look", "media_base64", Base64.getEncoder().encodeToString(PNG));

        JsonNode media = said("look").path("media").get(0);
        assertThat(media.path("content_type").asString()).isEqualTo("image/png");
        assertThat(Upload.fetch(media.path("url").asString()).body()).isEqualTo(PNG);
    }

    @Test
    void what_is_not_signed_or_too_large_is_not_kept() {
        ann.signsWith("whsec_BBBB");
        assertThat(ann.postsFile("a.png", "image/png", PNG).statusCode()).isEqualTo(403);
        ann.signsWith(FakeProgram.SECRET);

        HttpResponse<String> large = ann.postsFile("a.png", "image/png", new byte[(1 << 20) + 1]);

        assertThat(large.statusCode()).isEqualTo(413);
        assertThat(large.body()).isEqualTo("The file is larger than this server takes.");
        assertThat(ann.postsFile("a.png", "image/png", new byte[0]).statusCode())
                .isEqualTo(413);
        assertThat(ann.postsFile("a.png", "image/png", new byte[1 << 20]).statusCode())
                .isEqualTo(200);
    }

    @Test
    void a_text_comes_without_its_file_where_there_is_no_room() throws IOException {
        byte[] large = new byte[1 << 20];
        assertThat(ann.postsFile("a.png", "image/png", large).statusCode()).isEqualTo(200);
        String file = Base64.getEncoder().encodeToString(new byte[100_000]);

        assertThat(post("e1", "look", "media_base64", file))
                .as("one person does not fill the room with files that no text gets")
                .isEqualTo(413);
        assertThat(Upload.of(server.admin(), "a.png", "image/png", large).contentType())
                .isEqualTo("image/png");
        event("e1", "look", "service", "sms");
        assertThat(said("look").path("media").isEmpty()).isTrue();
    }

    @Test
    void a_file_is_for_its_own_line_and_person_and_for_a_day() {
        String id = posted();

        assertThat(other.postsNow(text("e1", FakeLine.PERSON, "mine?", "media_id", id))
                        .statusCode())
                .as("another line")
                .isEqualTo(400);
        HttpResponse<String> person = ann.postsNow(text("e1", "+12025550141", "mine?", "media_id", id));
        assertThat(person.statusCode()).isEqualTo(400);
        assertThat(person.body()).startsWith("media_id names no file of this person");
        clock.jump(Duration.ofHours(25));
        restart();
        assertThat(post("e2", "late", "media_id", id)).isEqualTo(400);
    }

    @Test
    void who_is_erased_leaves_no_file_that_waits_for_a_text() throws IOException {
        String id = posted();
        assertThat(stored()).isEqualTo(1);

        server.operate("erase", "--number", FakeLine.PERSON);

        assertThat(stored()).isZero();
        assertThat(post("e1", "look", "media_id", id)).isEqualTo(400);
    }

    @Test
    void the_program_fetches_what_an_agent_sends_without_any_key_for_an_hour() {
        event("e1", "hi", "service", "imessage");
        String conversation = said("hi").path("conversation_id").asString();
        String uploaded = Upload.of(agent, "cat 1.png", "image/png", PNG).url();
        agent.post(MESSAGES, """
                        {"conversation_id": "%s", "text": "look", "media_urls": ["%s"]}
                        """.formatted(conversation, uploaded)).expect(201);
        String address = waitFor(ann::download, Optional::isPresent).orElseThrow();

        HttpResponse<byte[]> got = ann.fetchesFile(address);

        assertThat(address).startsWith(ann.eventsUrl().orElseThrow() + "/media/");
        assertThat(got.body()).isEqualTo(PNG);
        assertThat(got.headers().firstValue("Content-Type")).contains("image/png");
        assertThat(got.headers().firstValue("Content-Disposition").orElse("")).contains("filename=\"cat 1.png\"");
        String elsewhere =
                address.replace(ann.eventsUrl().orElseThrow(), other.eventsUrl().orElseThrow());
        assertThat(ann.fetchesFile(elsewhere).statusCode()).as("another line").isEqualTo(404);
        clock.jump(Duration.ofMinutes(61));
        assertThat(ann.fetchesFile(address).statusCode()).isEqualTo(404);
    }

    private void restart() {
        server.restart();
        greeted();
    }

    /// The programs know the address that the server listens on.
    private void greeted() {
        String base = server.admin().base() + "/";
        waitFor(ann::eventsUrl, it -> it.filter(url -> url.startsWith(base)).isPresent());
        waitFor(other::eventsUrl, it -> it.filter(url -> url.startsWith(base)).isPresent());
    }

    private String posted() {
        HttpResponse<String> answer = ann.postsFile("Länge 1.png", "image/png", PNG);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Json.read(answer.body()).path("media_id").asString();
    }

    private void event(String id, String text, String key, String value) {
        assertThat(post(id, text, key, value)).isEqualTo(200);
    }

    private int post(String id, String text, String key, String value) {
        return ann.postsNow(text(id, FakeLine.PERSON, text, key, value)).statusCode();
    }

    private static byte[] text(String id, String from, String text, String key, String value) {
        return Json.write(Json.object()
                        .put("type", "text")
                        .put("id", id)
                        .put("from", from)
                        .put("text", text)
                        .put(key, value))
                .getBytes(StandardCharsets.UTF_8);
    }

    private JsonNode said(String text) {
        return waitFor(
                        LineStory.PATIENCE,
                        () -> server.admin()
                                .with(agent.key())
                                .get(MESSAGES)
                                .expect(200)
                                .json()
                                .valueStream()
                                .filter(it -> it.path("content").asString("").equals(text))
                                .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    /// How many files lie in the folder of files.
    private long stored() throws IOException {
        try (Stream<Path> files = Files.list(server.folder().resolve("media"))) {
            return files.count();
        }
    }

    private static String keys(FakeProgram fake) {
        return "{url: \"%s\", secret: \"%s\", greet: 200ms}".formatted(fake.url(), FakeProgram.SECRET);
    }
}
