package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Pictures and files in conversations, both ways.
class MediaMessagesTest {

    private static final byte[] PICTURE = {1, 2, 3};

    @RegisterExtension
    static final TestServer server = new TestServer("media:\n  largest_inbound_mb: 1\n  wait_seconds: 1\n");

    @Test
    void an_upload_can_be_sent_and_the_message_says_what_it_is() {
        Talk talk = Talk.begin(server);
        String url = Upload.of(talk.agent(), "photo.png", "image/png", PICTURE).url();

        JsonNode sent = send(talk, url).expect(201).json().path("message");

        JsonNode media = sent.path("media").get(0);
        assertThat(media.path("url").asString()).isEqualTo(url);
        assertThat(media.path("content_type").asString()).isEqualTo("image/png");
        assertThat(media.path("size").asInt()).isEqualTo(3);
        assertThat(media.path("name").asString()).isEqualTo("photo.png");
        String id = sent.path("id").asString();
        waitFor(() -> talk.message(id).path("status").asString(), "delivered"::equals);
        assertThat(talk.message(id).path("media").get(0)).isEqualTo(media);
        assertThat(talk.bubbles().getLast().path("media").asString()).isEqualTo(url);
    }

    @Test
    void another_organizations_file_cannot_be_sent_nor_one_that_never_was() {
        Talk talk = Talk.begin(server);
        String foreign =
                Upload.of(server.stranger(), "a.png", "image/png", PICTURE).url();
        String never = foreign.replaceFirst("/media/.{43}/", "/media/" + "A".repeat(43) + "/");

        for (String url : List.of(foreign, never, server.admin().base() + "/media/x", foreign + "?more")) {
            assertThat(send(talk, url).expect(422).text()).contains("media_urls", "POST /api/v1/imessage/media");
        }
    }

    @Test
    void addresses_elsewhere_are_taken_as_far_as_the_organization_may_call_them() {
        Talk operators = Talk.begin(server);
        Talk strangers = Talk.begin(server, server.stranger());
        String loopback = "http://127.0.0.1:9/a.png";

        JsonNode media = send(strangers, "https://media.example/a.png")
                .expect(201)
                .json()
                .path("message")
                .path("media")
                .get(0);

        assertThat(media.path("content_type").isNull()).isTrue();
        assertThat(media.path("size").isNull()).isTrue();
        assertThat(media.path("name").isNull()).isTrue();
        send(operators, loopback).expect(422);
        send(operators.admin(), operators, loopback).expect(201);
        for (String url :
                List.of(loopback, "http://media.example/a.png", "https://10.0.0.1/a.png", "https://127.0.0.1/")) {
            assertThat(send(strangers, url).expect(422).text()).contains("media_urls");
        }
        assertThat(send(operators, "http://169.254.169.254/").expect(422).text())
                .contains("media_urls");
    }

    @Test
    void an_address_beyond_ascii_goes_out_in_its_normal_form() {
        Talk talk = Talk.begin(server);

        JsonNode message =
                send(talk, "https://bücher.example/写真.jpg").expect(201).json().path("message");

        assertThat(message.path("media").get(0).path("url").asString())
                .isEqualTo("https://xn--bcher-kva.example/%E5%86%99%E7%9C%9F.jpg");
    }

    @Test
    void what_a_person_sends_from_an_address_beyond_ascii_is_that_very_file() {
        try (FileServer files = new FileServer()) {
            Talk talk = Talk.begin(server);

            JsonNode message = texted(talk, "look", files.url(200, 5_000, "写真.png"));

            JsonNode media = message.path("media").get(0);
            assertThat(media.path("size").asInt()).isEqualTo(5_000);
            assertThat(media.path("name").asString()).isEqualTo("写真.png");
            assertThat(files.asked()).containsExactly("/200/5000/写真.png");
        }
    }

    @Test
    void a_repeated_request_gets_its_answer_and_not_a_second_look_at_the_file() {
        Talk talk = Talk.begin(server);
        String url = Upload.of(talk.agent(), "a.png", "image/png", PICTURE).url();
        Api once = talk.agent().with(java.util.Map.of("Idempotency-Key", "media-once"));
        String body = "{\"conversation_id\":\"%s\",\"media_urls\":[\"%s\"]}".formatted(talk.conversation(), url);

        Api.Answer first = once.post(MESSAGES, body).expect(201);
        Api.Answer again = once.post(MESSAGES, body).expect(201);

        assertThat(again.text()).isEqualTo(first.text());
    }

    @Test
    void what_a_person_sends_is_kept_here_and_told_with_its_type_and_size() {
        try (FileServer files = new FileServer();
                RecordingReceiver receiver = new RecordingReceiver()) {
            Talk talk = Talk.begin(server);
            talk.subscribe(receiver, "imessage.received");

            JsonNode message = texted(talk, "look", files.url(200, 5_000, "cat.png"));

            JsonNode media = message.path("media").get(0);
            assertThat(media.path("url").asString())
                    .startsWith(server.admin().base() + "/media/")
                    .endsWith("/cat.png");
            assertThat(media.path("content_type").asString()).isEqualTo("image/png");
            assertThat(media.path("size").asInt()).isEqualTo(5_000);
            assertThat(message.path("media_error").isNull()).isTrue();
            assertThat(Upload.fetch(media.path("url").asString()).body()).isEqualTo(new byte[5_000]);
            JsonNode told =
                    receiver.await("imessage.received").json().path("data").path("message");
            assertThat(told.path("media").get(0)).isEqualTo(media);
        }
    }

    @Test
    void what_cannot_be_had_does_not_hold_up_the_words() {
        try (FileServer files = new FileServer()) {
            Talk talk = Talk.begin(server);

            assertLost(texted(talk, "gone", files.url(404, 10, "a.png")), "media_unavailable");
            assertLost(texted(talk, "huge", files.url(200, (1 << 20) + 1, "a.png")), "media_too_large");
            assertLost(texted(talk, "void", files.url(200, 0, "a.png")), "media_unavailable", "media_empty");
            assertLost(texted(talk, "inside", "http://169.254.169.254/a.png"), "media_address_refused");
            assertLost(texted(talk, "nobody", "http://127.0.0.1:1/a.png"), "media_unavailable");
            JsonNode fits = texted(talk, "fits", files.url(200, 1 << 20, "a.png"));
            assertThat(fits.path("media").get(0).path("size").asInt()).isEqualTo(1 << 20);
        }
    }

    @Test
    void a_line_may_name_an_inner_address_for_the_operators_agents_alone() {
        try (FileServer files = new FileServer()) {
            Talk talk = Talk.begin(server, server.stranger());

            assertLost(texted(talk, "inside", files.url(200, 10, "a.png")), "media_address_refused");

            assertThat(files.asked()).isEmpty();
        }
    }

    @Test
    void nothing_is_fetched_from_the_blocked_or_for_nobody() {
        try (FileServer files = new FileServer()) {
            Talk talk = Talk.begin(server);
            block(talk);
            picture(talk.person(), talk.line(), "from the blocked", files.url(200, 10, "blocked.png"));
            picture(talk.person(), Api.ROUTER, "help", files.url(200, 10, "router.png"));
            picture(server.person(), talk.line(), "who?", files.url(200, 10, "unconnected.png"));

            JsonNode kept = waitFor(
                            () -> server.admin()
                                    .get(MESSAGES + "?is_blocked=true&limit=1")
                                    .json(),
                            found -> found.size() == 1)
                    .get(0);

            assertLost(kept, "media_sender_blocked");
            Talk other = Talk.begin(server);
            texted(other, "after all that", files.url(200, 10, "open.png"));
            assertThat(files.asked()).containsExactly("/200/10/open.png");
        }
    }

    @Test
    void an_agent_can_pass_on_what_a_person_sent() {
        try (FileServer files = new FileServer()) {
            Talk talk = Talk.begin(server);
            String url = texted(talk, "look", files.url(200, 10, "cat.png"))
                    .path("media")
                    .get(0)
                    .path("url")
                    .asString();

            send(talk, url).expect(201);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"one", "two"})
    void texts_around_a_picture_keep_their_order(String word) {
        try (FileServer files = new FileServer()) {
            Talk talk = Talk.begin(server);

            picture(talk.person(), talk.line(), word + " picture", files.url(200, 500_000, "a.png"));
            server.admin().text(talk.person(), talk.line(), word + " words");

            List<String> said = waitFor(
                            () -> talk.agent().get(MESSAGES + "?limit=2").json(),
                            found -> found.get(0).path("content").asString().equals(word + " words"))
                    .valueStream()
                    .map(it -> it.path("content").asString())
                    .toList();
            assertThat(said).containsExactly(word + " words", word + " picture");
        }
    }

    private static Api.Answer send(Talk talk, String url) {
        return send(talk.agent(), talk, url);
    }

    private static Api.Answer send(Api caller, Talk talk, String url) {
        return caller.post(
                MESSAGES, "{\"conversation_id\":\"%s\",\"media_urls\":[\"%s\"]}".formatted(talk.conversation(), url));
    }

    /// The person sends words and a picture; returns the message once the agent has it.
    private static JsonNode texted(Talk talk, String words, String url) {
        picture(talk.person(), talk.line(), words, url);
        return waitFor(
                        () -> talk.agent().get(MESSAGES + "?limit=1").json(),
                        found -> found.get(0).path("content").asString("").equals(words))
                .get(0);
    }

    private static void picture(String from, String to, String words, String url) {
        server.admin()
                .post(
                        "/simulator/messages",
                        "{\"from\":\"%s\",\"to\":\"%s\",\"text\":\"%s\",\"media_url\":\"%s\"}"
                                .formatted(from, to, words, url))
                .expect(201);
    }

    private static void block(Talk talk) {
        server.admin()
                .post(
                        "/api/v1/imessage/identities/" + talk.handle() + "/contact-rules",
                        "{\"match_target\":\"%s\",\"action\":\"block\"}".formatted(talk.person()))
                .expect(201);
    }

    private static void assertLost(JsonNode message, String... codes) {
        assertThat(message.path("media").isNull()).isTrue();
        assertThat(message.path("media_error").path("code").asString()).isIn((Object[]) codes);
        assertThat(message.path("media_error").path("message").asString()).endsWith(".");
    }
}
