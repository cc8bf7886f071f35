package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// One receiver for all families of events, as newer clients keep it, beside clients that know of one alone.
class MixedSubscriptionsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/webhooks/subscriptions";
    private static final String EIGHT = """
            "imessage.received","imessage.reaction_received","text.received","message.received",\
            "a2a.task.created","a2a.task.message","a2a.task.canceled","a2a.sent_task.updated\"""";

    private final RecordingReceiver receiver = new RecordingReceiver();
    private final Talk talk = Talk.begin(server);
    private final String owner = talk.identity().path("id").asString();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void a_newer_client_keeps_one_receiver_for_all_families() {
        Api.Answer made = subscribe(receiver.url(), EIGHT).expect(201);
        String one = ALL + "/" + made.json().path("id").asString();
        JsonNode catalog =
                talk.agent().get("/api/v1/webhooks/catalog").expect(200).json();
        assertThat(catalog.path("supports_identity_subscriptions").asBoolean()).isTrue();
        assertThat(catalog.path("event_types").valueStream().map(JsonNode::asString))
                .contains("imessage.received", "call.ended", "a2a.sent_task.updated")
                .hasSize(21);

        JsonNode row = list("&scope=identity").get(0);
        String change = "{\"event_types\":[\"imessage.received\",\"call.ended\"],\"expected_revision\":%d}";
        JsonNode changed = talk.agent()
                .patch(
                        one + "?scope=identity",
                        change.formatted(row.path("revision").asInt()))
                .expect(200)
                .json();
        String late = talk.agent()
                .patch(
                        one + "?scope=identity",
                        change.formatted(row.path("revision").asInt()))
                .expect(409)
                .text();

        assertThat(row.path("revision").asInt()).isEqualTo(1);
        assertThat(changed.path("revision").asInt()).isEqualTo(2);
        assertThat(late).contains("subscription_changed").contains("read it again");
        assertThat(late).doesNotContainPattern("(?i)limit|maximum|capacity|too many");
        talk.agent().delete(one + "?scope=identity").expect(204);
        assertThat(list("&scope=identity")).isEmpty();
    }

    @Test
    void an_older_client_neither_sees_nor_touches_it() {
        subscribe(receiver.url() + "/own", "\"imessage.received\"").expect(201);
        String one = ALL + "/"
                + subscribe(receiver.url(), EIGHT).expect(201).json().path("id").asString();

        assertThat(list("")).hasSize(1);
        assertThat(list("&event_type=text.received")).isEmpty();
        assertThat(list("&scope=identity")).hasSize(2);
        assertThat(list("&scope=identity&event_type=text.received")).hasSize(1);
        assertThat(talk.agent().patch(one, "{}").expect(409).text()).contains("scope_required");
        assertThat(talk.agent().delete(one).expect(409).text()).contains("scope_required");
        server.stranger().delete(one).expect(404);
        talk.agent().get(one).expect(200);
    }

    @Test
    void what_never_happens_here_is_accepted_with_a_notice() {
        Api.Answer made = subscribe(receiver.url(), EIGHT).expect(201);
        Api.Answer plain =
                subscribe(receiver.url() + "/2", "\"imessage.received\"").expect(201);

        JsonNode notice = Wire.json(notices(made)).get(0);
        assertThat(notice.path("code").asString()).isEqualTo("events_never_fire");
        assertThat(notice.path("message").asString())
                .contains("a2a.task.created", "text.received")
                .doesNotContain("imessage.received");
        assertThat(notice.path("level").isString()).isTrue();
        assertThat(notices(plain)).isEmpty();
    }

    @Test
    void what_happens_is_posted_to_a_receiver_of_many_families() {
        subscribe(receiver.url(), EIGHT).expect(201);

        talk.admin().text(talk.person(), talk.line(), "for all families");

        RecordingReceiver.Post post = receiver.await("imessage.received");
        assertThat(post.json()
                        .path("data")
                        .path("message")
                        .path("sender_access")
                        .asString())
                .isEqualTo("direct");
        String id = post.json().path("data").path("message").path("id").asString();
        assertThat(talk.message(id).has("sender_access")).isFalse();
    }

    @Test
    void several_receivers_of_one_url_share_no_event() {
        subscribe(receiver.url(), "\"imessage.received\",\"text.received\"").expect(201);
        String other = ALL + "/"
                + subscribe(receiver.url(), "\"imessage.sent\"")
                        .expect(201)
                        .json()
                        .path("id")
                        .asString();

        List<String> refused = List.of(
                subscribe(receiver.url(), "\"call.ended\",\"text.received\"")
                        .expect(409)
                        .text(),
                talk.agent()
                        .patch(other, "{\"event_types\":[\"text.received\"]}")
                        .expect(409)
                        .text());

        assertThat(refused).allMatch(text -> text.contains("active subscription") && text.contains("URL"));
    }

    @Test
    void the_owners_of_older_clients_own_nothing_here() {
        String wish = "{\"%s\":\"%s\",\"url\":\"%s\",\"event_types\":[\"text.received\"]}";

        talk.agent()
                .post(ALL, wish.formatted("mailbox_id", owner, receiver.url()))
                .expect(404);
        talk.agent()
                .post(ALL, wish.formatted("phone_number_id", owner, receiver.url()))
                .expect(404);
        assertThat(talk.agent()
                        .get(ALL + "?scope=identity&mailbox_id=" + owner)
                        .json()
                        .path("subscriptions"))
                .isEmpty();
    }

    private JsonNode list(String more) {
        return talk.agent()
                .get(ALL + "?agent_identity_id=" + owner + more)
                .expect(200)
                .json()
                .path("subscriptions");
    }

    private Api.Answer subscribe(String url, String types) {
        return talk.agent()
                .post(
                        ALL,
                        "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[%s]}"
                                .formatted(owner, url, types));
    }

    private static String notices(Api.Answer answer) {
        return answer.response().headers().firstValue("Inkbox-Notices").orElse("");
    }
}
