package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Names in events: an agent that wrote down who somebody is hears of them by name, wherever it listens.
class ContactEventsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/contacts";
    private static final String EVENTS = "/api/v1/imessage/events?after=0";

    private final Api admin = server.admin();

    @Test
    void a_plugin_looks_somebody_up_writes_them_down_and_hears_of_them_by_name_until_it_forgets_them() {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            Talk talk = Talk.begin(server);
            Api agent = talk.agent();
            talk.subscribe(receiver, "imessage.received");
            String lookup = ALL + "/lookup?phone=" + Api.encode(talk.person());

            assertThat(agent.get(lookup).expect(200).text()).isEqualTo("[]");
            assertThat(heard(receiver, talk, "who am I?").toString()).isEqualTo("[]");
            JsonNode made = agent.post(
                            ALL,
                            "{\"given_name\":\"Sam\",\"notes\":\"Likes tea.\",\"phones\":[{\"value_e164\":\"%s\"}]}"
                                    .formatted(talk.person()))
                    .expect(201)
                    .json();
            String one = ALL + "/" + made.path("id").asString();

            assertThat(agent.get(lookup).json().get(0)).isEqualTo(made);
            assertThat(heard(receiver, talk, "and now?").toString()).isEqualTo(contacts(made, "\"Sam\""));
            agent.patch(one, "{\"preferred_name\":\"Sammy\"}").expect(200);
            assertThat(heard(receiver, talk, "call me Sammy").toString()).isEqualTo(contacts(made, "\"Sammy\""));
            agent.patch(one, "{\"preferred_name\":null,\"given_name\":null}").expect(200);
            assertThat(heard(receiver, talk, "no name").toString())
                    .as("a number is no name")
                    .isEqualTo(contacts(made, "null"));
            agent.delete(one).expect(204);
            assertThat(heard(receiver, talk, "forgotten?").toString()).isEqualTo("[]");
        }
    }

    @Test
    void every_kind_of_event_tells_the_name_in_streams_and_long_polls_even_if_it_was_written_down_later() {
        Talk talk = Talk.begin(server);
        talk.delivered("hi there");
        talk.tapback(talk.bubble("hi there"), "love", Map.of());
        String types = "imessage.received,imessage.sent,imessage.delivered,imessage.reaction_received";
        JsonNode before = waitFor(
                () -> talk.agent().get(EVENTS, "application/json").json().path("events"), it -> it.size() == 4);
        assertThat(before.valueStream()
                        .map(it -> it.path("data").path("contacts").toString()))
                .containsOnly("[]");

        JsonNode made = write(talk, "Sam");

        List<JsonNode> polled = talk.agent()
                .get(EVENTS, "application/json")
                .json()
                .path("events")
                .valueStream()
                .toList();
        assertThat(polled.stream().map(it -> it.path("event_type").asString()))
                .containsExactlyInAnyOrder(types.split(","));
        assertThat(polled.stream().map(it -> it.path("data").path("contacts").toString()))
                .containsOnly(contacts(made, "\"Sam\""));
        try (EventReader reader = new EventReader(talk.agent(), "?after=0")) {
            assertThat(reader.await(4).stream()
                            .map(it ->
                                    it.envelope().path("data").path("contacts").toString()))
                    .containsOnly(contacts(made, "\"Sam\""));
        }
    }

    @Test
    void a_webhook_with_history_has_the_name_too_and_the_log_shows_what_was_posted() {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            Talk talk = Talk.begin(server);
            JsonNode made = write(talk, "Sam");
            talk.agent()
                    .post(
                            "/api/v1/webhooks/subscriptions",
                            "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"imessage.received\"],\"context_config\":{\"texts\":{\"mode\":\"count\",\"count\":5}}}"
                                    .formatted(talk.identity().path("id").asString(), receiver.url()))
                    .expect(201);

            JsonNode contacts = heard(receiver, talk, "with history");

            assertThat(contacts.toString()).isEqualTo(contacts(made, "\"Sam\""));
            RecordingReceiver.Post post = receiver.posts().getLast();
            assertThat(post.json()
                            .path("data")
                            .path("context")
                            .path("texts")
                            .path("items")
                            .size())
                    .isOne();
            String logged = waitFor(
                            () -> talk.agent()
                                    .get("/api/v1/webhooks/deliveries")
                                    .json()
                                    .path("deliveries"),
                            rows -> rows.size() == 1)
                    .get(0)
                    .path("request_payload")
                    .asString();
            assertThat(logged).isEqualTo(post.body());
        }
    }

    @Test
    void the_same_number_in_another_organizations_book_names_nobody_here() {
        Talk talk = Talk.begin(server);
        server.stranger()
                .post(ALL, "{\"given_name\":\"Spy\",\"phones\":[{\"value_e164\":\"%s\"}]}".formatted(talk.person()))
                .expect(201);

        assertThat(talk.agent().get(EVENTS, "application/json").text())
                .contains("\"contacts\":[]")
                .doesNotContain("Spy");
    }

    @Test
    void a_card_that_a_person_sends_is_a_file_in_the_message_and_no_contact() {
        Talk talk = Talk.begin(server);
        String card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Eve\r\nTEL:+12025559876\r\nEND:VCARD\r\n";
        String url = Upload.of(talk.agent(), "eve.vcf", "text/x-vcard", card.getBytes(StandardCharsets.UTF_8))
                .url();
        String before = admin.get(ALL + "?limit=200").text();

        admin.post(
                        "/simulator/messages",
                        "{\"from\":\"%s\",\"to\":\"%s\",\"media_url\":\"%s\"}"
                                .formatted(talk.person(), talk.line(), url))
                .expect(201);

        JsonNode message = waitFor(
                        () -> talk.agent().get(Talk.MESSAGES).expect(200).json(), messages -> messages.size() == 2)
                .valueStream()
                .filter(it -> it.path("media").isArray())
                .findFirst()
                .orElseThrow();
        assertThat(message.path("media").get(0).path("content_type").asString()).isEqualTo("text/vcard");
        assertThat(admin.get(ALL + "?limit=200").text()).isEqualTo(before);
        assertThat(admin.get(ALL + "/lookup?phone=%2B12025559876").text()).isEqualTo("[]");
    }

    /// The person says something; `data.contacts` of the event that tells of it.
    private static JsonNode heard(RecordingReceiver receiver, Talk talk, String text) {
        talk.admin().text(talk.person(), talk.line(), text);
        return waitFor(
                        () -> receiver.posts().stream()
                                .map(RecordingReceiver.Post::json)
                                .filter(it -> it.path("data")
                                        .path("message")
                                        .path("content")
                                        .asString("")
                                        .equals(text))
                                .toList(),
                        posts -> !posts.isEmpty())
                .getFirst()
                .path("data")
                .path("contacts");
    }

    private static JsonNode write(Talk talk, String name) {
        return talk.agent()
                .post(
                        ALL,
                        "{\"given_name\":\"%s\",\"phones\":[{\"value_e164\":\"%s\"}]}".formatted(name, talk.person()))
                .expect(201)
                .json();
    }

    private static String contacts(JsonNode made, String name) {
        return "[{\"id\":\"%s\",\"name\":%s,\"memories\":[]}]"
                .formatted(made.path("id").asString(), name);
    }
}
