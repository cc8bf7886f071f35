package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.app.api.DeliveryRoutes;
import tools.jackson.databind.JsonNode;

/// The delivery log, replays and test events.
class DeliveriesTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String SUBSCRIPTIONS = "/api/v1/webhooks/subscriptions/";
    private static final String ALL = "/api/v1/webhooks/deliveries";

    private final RecordingReceiver receiver = new RecordingReceiver();

    @AfterEach
    void close() {
        receiver.close();
    }

    @Test
    void an_attempt_is_logged_as_it_was_sent() {
        Talk talk = Talk.begin(server);
        JsonNode subscription = talk.subscribe(receiver, "imessage.received");
        talk.admin().text(talk.person(), talk.line(), "note this");

        JsonNode row = log(talk.agent(), "", 1).get(0);

        assertThat(row.propertyNames())
                .containsExactly(
                        "id",
                        "organization_id",
                        "webhook_subscription_id",
                        "phone_number_id",
                        "event_id",
                        "event_type",
                        "url",
                        "request_payload",
                        "response_status",
                        "response_body",
                        "error_detail",
                        "duration_ms",
                        "is_replay",
                        "replayable",
                        "replay_unavailable_reason",
                        "created_at");
        RecordingReceiver.Post post = receiver.await("imessage.received");
        assertThat(row.path("webhook_subscription_id")).isEqualTo(subscription.path("id"));
        assertThat(row.path("request_payload").asString()).isEqualTo(post.body());
        assertThat(row.path("event_id").asString())
                .isEqualTo(post.json().path("id").asString());
        assertThat(row.path("response_status").asInt()).isEqualTo(200);
        assertThat(row.path("is_replay").asBoolean()).isFalse();
        assertThat(row.path("replayable").asBoolean()).isTrue();
        assertThat(row.path("replay_unavailable_reason").isNull()).isTrue();
    }

    @Test
    void filters_narrow_the_limit_is_clamped_and_others_see_nothing() {
        Talk talk = Talk.begin(server);
        talk.subscribe(receiver, "imessage.received");
        talk.admin().text(talk.person(), talk.line(), "one");
        talk.admin().text(talk.person(), talk.line(), "two");
        Api agent = talk.agent();

        log(agent, "", 2);
        log(agent, "?limit=0", 1);
        log(agent, "?limit=100000", 2);
        log(agent, "?limit=1&offset=1", 1);
        log(agent, "?success=true&event_type=imessage.received", 2);
        log(agent, "?success=false", 0);
        log(agent, "?event_type=imessage.sent", 0);
        log(agent, "?subscription_id=" + UUID.randomUUID(), 0);
        log(agent, "?phone_number_id=" + UUID.randomUUID(), 0);
        log(Talk.begin(server).agent(), "", 0);
        log(server.stranger(), "", 0);
        agent.get(ALL + "?limit=many").expect(422);
        agent.get(ALL + "?success=maybe").expect(422);
    }

    @Test
    void a_replay_is_the_same_event_with_a_fresh_request_id() {
        Talk talk = Talk.begin(server);
        String secret = talk.subscribe(receiver, "imessage.received")
                .path("signing_key")
                .asString();
        talk.admin().text(talk.person(), talk.line(), "again");
        JsonNode row = log(talk.agent(), "", 1).get(0);
        String replay = ALL + "/" + row.path("id").asString() + "/replay";

        JsonNode made = talk.agent().post(replay, "").expect(201).json();

        assertThat(made.path("is_replay").asBoolean()).isTrue();
        assertThat(made.path("event_id")).isEqualTo(row.path("event_id"));
        assertThat(made.path("request_payload")).isEqualTo(row.path("request_payload"));
        assertThat(made.path("response_status").asInt()).isEqualTo(200);
        assertThat(receiver.posts()).hasSize(2).allMatch(post -> post.signedWith(secret));
        assertThat(receiver.posts().stream().map(RecordingReceiver.Post::requestId))
                .doesNotHaveDuplicates();
        server.stranger().post(replay, "").expect(404);
        talk.agent().post(ALL + "/" + UUID.randomUUID() + "/replay", "").expect(404);
        talk.agent()
                .delete(SUBSCRIPTIONS + row.path("webhook_subscription_id").asString())
                .expect(204);
        talk.agent().post(replay, "").expect(409);
        JsonNode left = log(talk.agent(), "", 2).get(0);
        assertThat(left.path("replayable").asBoolean()).isFalse();
        assertThat(left.path("replay_unavailable_reason").asString()).isEqualTo("subscription_deleted");
    }

    @Test
    void an_organization_replays_only_so_much_a_minute_and_no_other_one_notices() throws Exception {
        try (TestServer own = new TestServer()) {
            own.open();
            String replay = ALL + "/" + UUID.randomUUID() + "/replay";
            for (int call = 0; call < DeliveryRoutes.MOST_A_MINUTE; call++) {
                own.stranger().post(replay, "").expect(404);
            }

            Api.Answer answer = own.stranger().post(replay, "").expect(429);

            assertThat(answer.text()).contains("too_many_webhook_replays");
            assertThat(answer.response().headers().firstValue("Retry-After"))
                    .hasValueSatisfying(
                            seconds -> assertThat(Integer.parseInt(seconds)).isBetween(1, 60));
            own.admin().post(replay, "").expect(404);
        }
    }

    @Test
    void a_test_event_is_signed_and_answers_its_row() {
        Talk talk = Talk.begin(server);
        JsonNode subscription = talk.subscribe(receiver, "imessage.received");

        JsonNode row = talk.agent()
                .post(SUBSCRIPTIONS + subscription.path("id").asString() + "/test", "")
                .expect(201)
                .json();

        assertThat(row.path("response_status").asInt()).isEqualTo(200);
        RecordingReceiver.Post post = receiver.await("imessage.received");
        assertThat(post.signedWith(subscription.path("signing_key").asString())).isTrue();
        assertThat(post.json().path("test").asBoolean()).isTrue();
        assertThat(post.json().path("agent_identity").path("agent_handle").asString())
                .isEqualTo(talk.handle());
        assertThat(post.body()).isEqualTo(row.path("request_payload").asString());
    }

    @Test
    void what_a_receiver_inside_answers_is_shown_to_admin_keys_alone() {
        Talk talk = Talk.begin(server);
        String id = talk.subscribe(receiver, "imessage.received").path("id").asString();

        JsonNode agents =
                talk.agent().post(SUBSCRIPTIONS + id + "/test", "").expect(201).json();
        JsonNode admins =
                talk.admin().post(SUBSCRIPTIONS + id + "/test", "").expect(201).json();

        assertThat(agents.path("response_status").asInt()).isEqualTo(200);
        assertThat(agents.path("response_body").isNull()).isTrue();
        assertThat(admins.path("response_body").isNull()).isFalse();
        String mine = "?subscription_id=" + id;
        assertThat(log(talk.agent(), mine, 2).valueStream())
                .allMatch(row -> row.path("response_body").isNull());
        assertThat(log(talk.admin(), mine, 2).valueStream())
                .noneMatch(row -> row.path("response_body").isNull());
    }

    @Test
    void a_long_list_comes_in_pages_that_a_link_leads_through() {
        Talk talk = Talk.begin(server);
        String id = talk.subscribe(receiver, "imessage.received").path("id").asString();
        for (int text = 0; text < 7; text++) {
            talk.admin().text(talk.person(), talk.line(), "text " + text);
        }
        log(talk.agent(), "?subscription_id=" + id, 7);

        List<String> seen = new ArrayList<>();
        String next = ALL + "?subscription_id=" + id + "&limit=3";
        while (next != null) {
            Api.Answer page = talk.agent().get(next).expect(200);
            page.json()
                    .path("deliveries")
                    .forEach(row -> seen.add(row.path("id").asString()));
            next = page.next().orElse(null);
        }

        assertThat(seen).hasSize(7).doesNotHaveDuplicates();
    }

    @Test
    void tests_beyond_an_organizations_share_are_told_when_to_come_again() throws Exception {
        Talk talk = Talk.begin(server);
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String id = subscribe(talk, "http://127.0.0.1:" + silent.getLocalPort() + "/")
                    .path("id")
                    .asString();
            for (int call = 0; call < 4; call++) {
                threads.submit(() -> talk.agent().post(SUBSCRIPTIONS + id + "/test", ""));
            }
            List<Socket> held = new ArrayList<>();
            for (int call = 0; call < 4; call++) {
                held.add(silent.accept());
            }

            Api.Answer answer =
                    talk.agent().post(SUBSCRIPTIONS + id + "/test", "").expect(429);

            assertThat(answer.text()).contains("too_many_webhook_tests");
            assertThat(answer.response().headers().firstValue("Retry-After")).contains("10");
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    @Test
    void a_receiver_that_is_away_is_logged_and_what_failed_can_be_queued_again() {
        Talk talk = Talk.begin(server);
        String id = talk.subscribe(receiver, "imessage.received").path("id").asString();
        receiver.close();
        talk.admin().text(talk.person(), talk.line(), "nobody home");

        JsonNode row = log(talk.agent(), "?success=false", 1).get(0);

        assertThat(row.path("response_status").isNull()).isTrue();
        assertThat(row.path("error_detail").asString()).isEqualTo("the connection was refused");
        JsonNode queued = talk.agent()
                .post(SUBSCRIPTIONS + id + "/replay?since=2026-01-01T00:00:00Z", "")
                .expect(202)
                .json();
        assertThat(queued.path("queued").asInt()).isZero();
        talk.agent().post(SUBSCRIPTIONS + id + "/replay?since=yesterday", "").expect(422);
    }

    private static JsonNode subscribe(Talk talk, String url) {
        return talk.agent()
                .post(
                        "/api/v1/webhooks/subscriptions",
                        "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"imessage.received\"]}"
                                .formatted(talk.identity().path("id").asString(), url))
                .expect(201)
                .json();
    }

    /// The rows of the log, once there are as many as wished.
    private static JsonNode log(Api caller, String query, int size) {
        return waitFor(
                () -> caller.get(ALL + query).expect(200).json().path("deliveries"), rows -> rows.size() == size);
    }
}
