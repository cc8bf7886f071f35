package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The pictures of agents: kept, served, and on the card that people get.
class AvatarsTest {

    private static final byte[] PNG = Upload.png(640, 480, 100);
    private static final byte[] JPEG = {
        (byte) 0xFF, (byte) 0xD8, (byte) 0xFF, (byte) 0xC0, 0, 17, 8, 1, 0, 1, 0, 3, 9, 9, 9
    };

    @RegisterExtension
    static final TestServer server = new TestServer();

    @RegisterExtension
    static final TestServer small = new TestServer("media:\n  quota_mb: 1\n");

    private final JsonNode identity = server.admin().identity("avatar-" + UUID.randomUUID());
    private final String handle = identity.path("agent_handle").asString();
    private final Api agent = server.admin().scoped(identity);

    @Test
    void a_picture_comes_back_byte_by_byte_until_another_takes_its_place() {
        assertThat(agent.get(avatar(handle)).expect(404).text()).contains("no_avatar", "PUT");

        assertThat(Upload.avatar(agent, handle, PNG).expect(200).text())
                .isEqualTo("{\"content_type\":\"image/png\",\"size\":%d}".formatted(PNG.length));

        HttpResponse<byte[]> got = fetch(agent, handle);
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.body()).isEqualTo(PNG);
        assertThat(got.headers().map())
                .containsEntry("content-type", List.of("image/png"))
                .containsEntry("x-content-type-options", List.of("nosniff"))
                .containsEntry("content-disposition", List.of("inline; filename=\"avatar.png\""))
                .containsEntry("content-length", List.of(String.valueOf(PNG.length)));

        Upload.avatar(server.admin(), handle, JPEG).expect(200);
        assertThat(fetch(agent, handle).body()).isEqualTo(JPEG);
        assertThat(fetch(agent, handle).headers().firstValue("Content-Type")).contains("image/jpeg");

        agent.delete(avatar(handle)).expect(204);
        agent.get(avatar(handle)).expect(404);
        agent.delete(avatar(handle)).expect(204);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("nothing", new byte[0], 422, "must be a picture, PNG or JPEG by its bytes"),
                Arguments.of("a page that calls itself one", "<svg/>".getBytes(), 422, "must be a picture"),
                Arguments.of("a GIF", "GIF89a and more of it".getBytes(), 422, "must be a picture"),
                Arguments.of("one that is too wide", Upload.png(4_097, 1, 0), 422, "this picture has 4097 x 1"),
                Arguments.of("one that is too high", Upload.png(1, 99_999, 0), 422, "at most 4096 x 4096 pixels"),
                Arguments.of("one byte too many", Upload.png(1, 1, (5 << 20) - 23), 413, "at most 5 MiB"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void what_is_no_picture_or_too_large_changes_nothing(String name, byte[] bytes, int status, String words) {
        Upload.avatar(agent, handle, PNG).expect(200);

        assertThat(Upload.avatar(agent, handle, bytes).expect(status).text()).contains(words);

        assertThat(fetch(agent, handle).body()).isEqualTo(PNG);
    }

    @Test
    void the_largest_picture_fits_but_no_card_carries_it() {
        byte[] largest = Upload.png(4_096, 4_096, (5 << 20) - 24);

        JsonNode answer = Upload.avatar(agent, handle, largest).expect(200).json();

        assertThat(answer.path("notices").path(0).path("code").asString()).isEqualTo("avatar_not_on_card");
        assertThat(fetch(agent, handle).body()).isEqualTo(largest);
        assertThat(card(server.person(), handle)).doesNotContain("PHOTO");
    }

    @Test
    void a_body_that_is_no_upload_is_told_what_one_is() {
        assertThat(agent.put(avatar(handle), "{\"file\":\"x\"}").expect(422).text())
                .contains("multipart/form-data");
    }

    @Test
    void the_card_that_a_person_gets_carries_the_picture() {
        Upload.avatar(agent, handle, PNG).expect(200);

        String url = photo(card(server.person(), handle));
        assertThat(Upload.fetch(url).body()).isEqualTo(PNG);

        Upload.avatar(agent, handle, JPEG).expect(200);
        assertThat(Upload.fetch(url).statusCode()).as("the old one is gone").isEqualTo(404);
        assertThat(Upload.fetch(photo(card(server.person(), handle))).body()).isEqualTo(JPEG);

        server.admin()
                .patch("/api/v1/identities/" + handle, "{\"contact_sharing_enabled\":false}")
                .expect(200);
        assertThat(card(server.person(), handle)).doesNotContain("PHOTO");
    }

    @Test
    void others_learn_no_more_than_of_a_handle_that_nobody_has() {
        Upload.avatar(agent, handle, PNG).expect(200);
        Api sibling = server.admin().scoped(server.admin().identity("avatar-" + UUID.randomUUID()));
        String nobody = "avatar-" + UUID.randomUUID();

        for (Api other : List.of(sibling, server.stranger())) {
            assertThat(seen(other.get(avatar(handle)))).isEqualTo(seen(other.get(avatar(nobody))));
            assertThat(seen(Upload.avatar(other, handle, JPEG))).isEqualTo(seen(Upload.avatar(other, nobody, JPEG)));
            assertThat(seen(Upload.avatar(other, handle, new byte[1])))
                    .isEqualTo(seen(Upload.avatar(other, nobody, new byte[1])));
            assertThat(seen(other.delete(avatar(handle)))).isEqualTo(seen(other.delete(avatar(nobody))));
        }
        assertThat(fetch(agent, handle).body()).isEqualTo(PNG);
    }

    @Test
    void no_message_takes_the_picture_along_when_it_goes() {
        Talk talk = Talk.begin(server);
        Upload.avatar(talk.agent(), talk.handle(), PNG).expect(200);
        String url = photo(card(server.person(), talk.handle()));

        assertThat(talk.agent()
                        .post(
                                Talk.MESSAGES,
                                "{\"conversation_id\":\"%s\",\"media_urls\":[\"%s\"]}"
                                        .formatted(talk.conversation(), url))
                        .expect(422)
                        .text())
                .contains("names no file of this organization");
    }

    @Test
    void a_picture_counts_among_the_files_of_its_organization_and_makes_room_for_the_next() {
        Api admin = small.admin();
        admin.identity("quota-agent");

        Upload.avatar(admin, "quota-agent", Upload.png(1, 1, 700_000)).expect(200);
        Upload.of(admin, "a.mp4", "video/mp4", new byte[700_000]).answer().expect(413);
        Upload.avatar(admin, "quota-agent", Upload.png(1, 1, 900_000)).expect(200);
        assertThat(Upload.avatar(admin, "quota-agent", Upload.png(1, 1, 1_100_000))
                        .expect(413)
                        .text())
                .contains("media_quota_exceeded");

        admin.delete(avatar("quota-agent")).expect(204);
        Upload.of(admin, "a.mp4", "video/mp4", new byte[700_000]).answer().expect(201);
    }

    @Test
    void a_picture_stays_however_old_it_is_and_goes_with_its_agent() throws IOException {
        byte[] picture = Upload.png(9, 9, 123_456);
        small.stranger().identity("kept-agent");
        Upload.avatar(small.stranger(), "kept-agent", picture).expect(200);
        String unused = Upload.of(small.stranger(), "a.png", "image/png", JPEG).url();

        small.restart(database -> database.update(tx -> tx.handle()
                .execute("UPDATE media SET created_at = created_at - "
                        + Duration.ofDays(9_000).toNanos() / 1_000)));

        Api stranger = small.stranger();
        String swept = unused.replaceFirst("^http://[^/]+", stranger.base());
        waitFor(() -> Upload.fetch(swept).statusCode(), status -> status == 410);
        assertThat(fetch(stranger, "kept-agent").body()).isEqualTo(picture);
        assertThat(sizes()).contains((long) picture.length);

        stranger.delete("/api/v1/identities/kept-agent").expect(204);
        assertThat(sizes()).doesNotContain((long) picture.length);
    }

    private static List<Long> sizes() throws IOException {
        try (Stream<Path> files = Files.list(small.folder().resolve("media"))) {
            return files.map(file -> file.toFile().length()).toList();
        }
    }

    private static String avatar(String of) {
        return "/api/v1/identities/" + of + "/avatar";
    }

    private static HttpResponse<byte[]> fetch(Api api, String of) {
        return Upload.fetch(api.base() + avatar(of), "X-API-Key", api.key());
    }

    private static Map<String, Object> seen(Api.Answer answer) {
        Map<String, List<String>> headers =
                new TreeMap<>(answer.response().headers().map());
        headers.remove("date");
        // Of a body that nobody reads: it says whether all of it had come when the answer went.
        headers.remove("connection");
        return Map.of("status", answer.status(), "text", answer.text(), "headers", headers);
    }

    /// The card that a person gets who connects, on one line for each of its properties.
    private static String card(String person, String of) {
        server.admin().text(person, ROUTER, "connect @" + of);
        return waitFor(
                        () -> server.admin().bubbles(person, ROUTER).stream()
                                .map(bubble -> bubble.path("contact_card").asString(""))
                                .filter(card -> !card.isEmpty())
                                .toList(),
                        cards -> !cards.isEmpty())
                .getFirst()
                .replace("\r\n ", "");
    }

    private static String photo(String card) {
        String line =
                card.lines().filter(it -> it.startsWith("PHOTO")).findFirst().orElseThrow();
        assertThat(line).containsIgnoringCase("VALUE=uri");
        return line.substring(line.indexOf(':') + 1).strip();
    }
}
