package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// Changing a subscription, and the history it may ask for.
class SubscriptionUpdatesTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/webhooks/subscriptions";
    private static final String CONTEXT = "{\"email\":null,\"texts\":{\"mode\":\"count\",\"count\":2},\"calls\":null}";

    private final Api admin = server.admin();
    private final JsonNode identity = admin.identity("agent-" + UUID.randomUUID());
    private final Api agent = admin.scoped(identity);
    private final RecordingReceiver receiver = new RecordingReceiver();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void what_a_change_leaves_out_stays() {
        JsonNode made = subscribe("/1", ",\"context_config\":" + CONTEXT);
        String one = ALL + "/" + made.path("id").asString();

        JsonNode same = agent.patch(one, "{}").expect(200).json();
        JsonNode events = agent.patch(one, "{\"event_types\":[\"imessage.sent\",\"imessage.delivered\"]}")
                .expect(200)
                .json();
        JsonNode cleared =
                agent.patch(one, "{\"context_config\":null}").expect(200).json();
        JsonNode moved = agent.patch(one, "{\"url\":\"%s/2\"}".formatted(receiver.url()))
                .expect(200)
                .json();

        assertThat(made.path("context_config")).hasToString(CONTEXT);
        assertThat(same.has("signing_key")).isFalse();
        assertThat(same.path("updated_at")).isEqualTo(made.path("updated_at"));
        assertThat(events.path("event_types")).hasToString("[\"imessage.sent\",\"imessage.delivered\"]");
        assertThat(events.path("context_config")).hasToString(CONTEXT);
        assertThat(cleared.path("context_config").isNull()).isTrue();
        assertThat(moved.path("url").asString()).endsWith("/2");
        assertThat(moved.path("event_types")).hasToString("[\"imessage.sent\",\"imessage.delivered\"]");
        assertThat(agent.get(one).json()).isEqualTo(moved);
    }

    @Test
    void a_change_may_not_take_the_url_of_another_one() {
        JsonNode first = subscribe("/1", "");
        JsonNode second = subscribe("/2", "");
        String wish = "{\"url\":\"%s/1\"}".formatted(receiver.url());

        String detail = agent.patch(ALL + "/" + second.path("id").asString(), wish)
                .expect(409)
                .json()
                .path("detail")
                .asString();

        assertThat(detail).containsIgnoringCase("active subscription").containsIgnoringCase("url");
        agent.patch(ALL + "/" + first.path("id").asString(), wish).expect(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"url\":\"nonsense\"} | url",
                "{\"url\":null} | url",
                "{\"event_types\":[]} | event_types",
                "{\"event_types\":null} | event_types",
                "{\"event_types\":[\"a2a.task.updated\"]} | a2a.task.updated",
                "{\"event_types\":[\"slack.app_mention\"]} | slack.app_mention",
                "{\"auth_token\":\"two words\"} | auth_token",
                "{\"expected_revision\":0} | expected_revision",
                "{\"expected_revision\":\"1\"} | expected_revision",
                "{\"agent_identity_id\":null} | agent_identity_id",
                "{\"status\":\"paused\"} | status",
                "{\"slack_filter\":{}} | slack_filter",
                "{\"context_config\":{\"texts\":{\"mode\":\"count\",\"count\":51}}} | context_config",
                "{\"context_config\":{\"letters\":null}} | letters"
            })
    void a_change_is_validated_like_a_new_one(String body, String named) {
        String one = ALL + "/" + subscribe("/1", "").path("id").asString();

        assertThat(agent.patch(one, body).expect(422).text()).contains(named);
    }

    @Test
    void strangers_change_and_resume_nothing() {
        String one = ALL + "/" + subscribe("/1", "").path("id").asString();

        server.stranger().patch(one, "{}").expect(404);
        server.stranger().post(one + "/resume", "").expect(404);
        server.stranger().post(one + "/test", "").expect(404);
        server.stranger().post(one + "/replay", "").expect(404);
        agent.post(one + "/resume", "").expect(200);
    }

    @Test
    void the_history_of_the_conversation_goes_along_without_the_message_itself() {
        Talk talk = Talk.begin(server);
        talk.delivered("who is there?");
        talk.agent()
                .post(
                        ALL,
                        "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"imessage.received\"],\"context_config\":%s}"
                                .formatted(talk.identity().path("id").asString(), receiver.url(), CONTEXT))
                .expect(201);

        talk.admin().text(talk.person(), talk.line(), "it is me");

        JsonNode data = receiver.await("imessage.received").json().path("data");
        assertThat(data.path("message").path("content").asString()).isEqualTo("it is me");
        JsonNode items = data.path("context").path("texts").path("items");
        assertThat(items.valueStream().map(item -> item.path("text").asString()))
                .containsExactly("hello", "who is there?");
        assertThat(items.valueStream().map(item -> item.path("direction").asString()))
                .containsExactly("inbound", "outbound");
        assertThat(items.valueStream().map(item -> item.path("status").asString()))
                .containsExactly("received", "delivered");
        assertThat(items.get(0).path("sender").asString()).isEqualTo(talk.person());
        assertThat(receiver.posts().getFirst().body()).doesNotContain(talk.line());
    }

    @Test
    void a_picture_without_words_is_an_empty_text_in_the_history() {
        Talk talk = Talk.begin(server);
        talk.agent()
                .post(
                        ALL,
                        "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"imessage.received\"],\"context_config\":%s}"
                                .formatted(talk.identity().path("id").asString(), receiver.url(), CONTEXT))
                .expect(201);
        String picture = Upload.of(talk.agent(), "cat.png", "image/png", new byte[] {1, 2, 3})
                .url();
        String shown = "{\"from\":\"%s\",\"to\":\"%s\",\"media_url\":\"%s\"}";
        talk.admin()
                .post("/simulator/messages", shown.formatted(talk.person(), talk.line(), picture))
                .expect(201);
        receiver.await("imessage.received");

        talk.admin().text(talk.person(), talk.line(), "what is on the picture?");

        JsonNode message = Api.waitFor(
                        () -> receiver.posts().stream()
                                .map(post -> post.json().path("data"))
                                .filter(data -> data.path("message")
                                        .path("content")
                                        .asString("")
                                        .startsWith("what"))
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
        JsonNode item = message.path("context").path("texts").path("items").get(1);
        assertThat(item.path("text").isString()).isTrue();
        assertThat(item.path("text").asString()).isEmpty();
        assertThat(item.path("text_truncated").asBoolean(true)).isFalse();
        assertThat(item.path("media").path("count").asInt()).isEqualTo(1);
        assertThat(item.propertyNames())
                .containsExactlyInAnyOrder(
                        "id",
                        "channel",
                        "direction",
                        "text",
                        "text_truncated",
                        "created_at",
                        "sender",
                        "status",
                        "media");
        assertThat(message.path("context").path("texts").propertyNames())
                .containsExactlyInAnyOrder("scope", "mode", "requested", "truncated", "items");
    }

    private JsonNode subscribe(String path, String more) {
        return agent.post(
                        ALL,
                        "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"imessage.received\"]%s}"
                                .formatted(identity.path("id").asString(), receiver.url() + path, more))
                .expect(201)
                .json();
    }
}
