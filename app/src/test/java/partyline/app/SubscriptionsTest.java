package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// Subscriptions and what is posted to them.
class SubscriptionsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/webhooks/subscriptions";

    private final Api admin = server.admin();
    private final String handle = "agent-" + UUID.randomUUID();
    private final JsonNode identity = admin.identity(handle);
    private final String owner = identity.path("id").asString();
    private final Api agent = admin.scoped(identity);
    private final RecordingReceiver receiver = new RecordingReceiver();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void the_first_create_tells_the_signing_key_and_later_ones_do_not() {
        JsonNode first =
                subscribe(receiver.url(), "imessage.received").expect(201).json();
        JsonNode second = subscribe(receiver.url() + "/2", "imessage.received")
                .expect(201)
                .json();

        assertThat(first.path("signing_key").asString()).matches("whsec_[0-9a-f]{64}");
        assertThat(second.path("signing_key").isNull()).isTrue();
        assertThat(first.propertyNames())
                .containsExactly(
                        "id",
                        "organization_id",
                        "mailbox_id",
                        "phone_number_id",
                        "agent_identity_id",
                        "owner_identity_id",
                        "url",
                        "event_types",
                        "status",
                        "context_config",
                        "has_auth_token",
                        "auth_token",
                        "revision",
                        "created_at",
                        "updated_at",
                        "paused_at",
                        "paused_reason",
                        "failing_since",
                        "waiting",
                        "signing_key");
        assertThat(agent.get("/api/v1/identities/" + handle)
                        .json()
                        .path("signing_key_configured")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void a_duplicate_url_and_one_too_many_are_conflicts_whose_text_clients_know() {
        for (int at = 0; at < 60; at++) {
            subscribe(receiver.url() + "/" + at, "imessage.received").expect(201);
        }

        String duplicate = subscribe(receiver.url() + "/0", "imessage.received")
                .expect(409)
                .json()
                .path("detail")
                .asString();
        String cap = subscribe(receiver.url() + "/60", "imessage.received")
                .expect(409)
                .json()
                .path("detail")
                .asString();

        assertThat(duplicate).containsIgnoringCase("active subscription").containsIgnoringCase("url");
        assertThat(cap)
                .containsIgnoringCase("maximum")
                .containsIgnoringCase("subscription")
                .doesNotContainIgnoringCase("url");
    }

    @Test
    void lists_narrow_and_a_deleted_one_is_gone() {
        String id =
                subscribe(receiver.url(), "imessage.received").json().path("id").asString();
        subscribe(receiver.url(), "call.ended").expect(201);

        assertThat(agent.get(ALL).json().path("subscriptions")).hasSize(2);
        assertThat(agent.get(ALL + "?event_type=call.ended").json().path("subscriptions"))
                .hasSize(1);
        assertThat(agent.get(ALL + "?url=http%3A%2F%2Felse").json().path("subscriptions"))
                .isEmpty();
        agent.get(ALL + "/" + id).expect(200);
        server.stranger().get(ALL + "/" + id).expect(404);
        server.stranger().delete(ALL + "/" + id).expect(404);
        agent.delete(ALL + "/" + id).expect(204);
        agent.get(ALL + "/" + id).expect(404);
    }

    @Test
    void an_event_is_posted_once_to_each_subscription_with_the_same_id_and_names_no_pool_line() {
        String secret = subscribe(receiver.url(), "imessage.received")
                .json()
                .path("signing_key")
                .asString();
        subscribe(receiver.url() + "/2", "imessage.received").expect(201);
        String person = server.person();
        String line = admin.connect(person, handle);

        admin.text(person, line, "hello");

        List<RecordingReceiver.Post> posts = waitFor(receiver::posts, it -> it.size() == 2);
        Set<String> ids =
                posts.stream().map(post -> post.json().path("id").asString()).collect(Collectors.toSet());
        assertThat(ids).hasSize(1).allMatch(id -> id.startsWith("evt_"));
        assertThat(posts)
                .allMatch(post -> post.signedWith(secret))
                .noneMatch(post -> post.body().contains(line));
        JsonNode told = posts.getFirst().json().path("agent_identity");
        assertThat(told).isEqualTo(agent.get("/api/whoami").json().path("agent_identity"));
        assertThat(told.path("agent_handle").asString()).isEqualTo(handle);
        JsonNode data = posts.getFirst().json().path("data");
        assertThat(data.path("message").has("is_blocked")).isFalse();
        assertThat(data.path("message").path("assignment_id").isNull()).isFalse();
        assertThat(data.path("reaction").isNull()).isTrue();
        assertThat(data.path("contacts").isArray()).isTrue();
        assertThat(data.path("agent_identities").isArray()).isTrue();
    }

    @Test
    void after_a_rotation_the_new_key_signs() {
        subscribe(receiver.url(), "imessage.received").expect(201);
        String rotated = agent.post("/api/v1/identities/" + handle + "/signing-key", "{}")
                .expect(201)
                .json()
                .path("signing_key")
                .asString();
        String person = server.person();

        admin.text(person, admin.connect(person, handle), "hello");

        assertThat(receiver.await("imessage.received").signedWith(rotated)).isTrue();
    }

    @Test
    void another_tenant_may_not_post_to_loopback() {
        Api stranger = server.stranger();
        JsonNode foreign = stranger.identity("foreign-" + UUID.randomUUID());

        Api.Answer answer =
                stranger.post(ALL, wish(foreign.path("id").asString(), receiver.url(), "imessage.received"));

        assertThat(answer.expect(422).text()).contains("url");
    }

    private Api.Answer subscribe(String url, String type) {
        return agent.post(ALL, wish(owner, url, type));
    }

    private static String wish(String owner, String url, String type) {
        return "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"%s\"]}".formatted(owner, url, type);
    }
}
