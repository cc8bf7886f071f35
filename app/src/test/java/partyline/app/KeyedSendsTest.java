package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Sends as clients of today make all of them: under an idempotency key, and again under the same key when
/// no answer came.
class KeyedSendsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String LOOKUP = "/api/v1/message-sends/lookup?sender_kind=%s&sender_id=%s&operation=%s";
    private static final String SENDER = "imessage_identity";
    private static final String OPERATION = "imessage.send";

    private final Talk talk = Talk.begin(server);
    private final String id = talk.identity().path("id").asString();
    private final String key = UUID.randomUUID().toString();

    @Test
    void an_answer_that_is_lost_after_the_commit_comes_again_and_the_phone_shows_one_bubble() {
        String body = body("just once");

        try (RawClient client = new RawClient(server.admin().base())) {
            client.say(request(key, body));
        }
        String sent = waitFor(() -> lookUp(talk.agent(), key), it -> it.status() == 200)
                .json()
                .path("message_id")
                .asString();
        waitFor(() -> talk.message(sent).path("status").asString(), "delivered"::equals);
        Api.Answer again = keyed(talk.agent()).post(Talk.MESSAGES, body).expect(201);
        talk.delivered("the next one");

        JsonNode message = again.json().path("message");
        assertThat(again.response().headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(message.path("id").asString()).isEqualTo(sent);
        assertThat(message.path("status").asString()).as("as it was then").isEqualTo("queued");
        assertThat(message.path("recipients").get(0).path("delivered_at").isNull())
                .isTrue();
        assertThat(message.path("updated_at")).isEqualTo(message.path("created_at"));
        assertThat(message.path("content").asString()).isEqualTo("just once");
        assertThat(talk.bubbles().stream().map(it -> it.path("text").asString()))
                .containsOnlyOnce("just once")
                .endsWith("the next one");
    }

    @Test
    void a_look_up_names_all_that_it_lacks_at_once() {
        JsonNode detail = talk.agent()
                .get("/api/v1/message-sends/lookup?sender_kind=imessage_identity")
                .expect(422)
                .json()
                .path("detail");

        assertThat(detail.valueStream().map(it -> it.path("loc").path(1).asString()))
                .containsExactly("Idempotency-Key", "sender_id", "operation");
    }

    @Test
    void a_changed_request_under_a_used_key_is_refused_whatever_was_changed() {
        String mine =
                "{\"to\":\"%s\",\"text\":\"one\",\"media_urls\":[\"https://x.example/a\"],\"send_style\":\"slam\"}"
                        .formatted(talk.person());
        keyed(talk.agent()).post(Talk.MESSAGES, mine).expect(201);

        for (String other : List.of(
                mine.replace("\"one\"", "\"two\""),
                mine.replace("/a", "/b"),
                mine.replace("slam", "loud"),
                mine.replace(",\"send_style\":\"slam\"", ""),
                mine.replace(talk.person(), server.person()),
                mine.replace("\"to\":\"" + talk.person(), "\"conversation_id\":\"" + talk.conversation()),
                body("one"))) {
            assertThat(keyed(talk.agent())
                            .post(Talk.MESSAGES, other)
                            .expect(409)
                            .json()
                            .path("detail")
                            .path("error")
                            .asString())
                    .as(other)
                    .isEqualTo("idempotency_key_reused");
        }
        keyed(talk.agent())
                .post(Talk.MESSAGES, mine.replace("\"+", "[\"+").replace("\",\"text", "\"],\"text"))
                .expect(201);
        assertThat(messages()).hasSize(2);
    }

    @Test
    void a_key_counts_for_the_identity_whoever_sends_for_it_and_for_no_other_and_no_other_call() {
        String body = "{\"to\":\"%s\",\"text\":\"one\"}".formatted(talk.person());
        Talk other = Talk.begin(server);
        JsonNode mine =
                keyed(talk.agent()).post(Talk.MESSAGES, body).expect(201).json();

        JsonNode admins = keyed(talk.admin())
                .post(Talk.MESSAGES + "?agent_identity_id=" + id, body)
                .expect(201)
                .json();
        JsonNode others = keyed(other.agent())
                .post(Talk.MESSAGES, body.replace(talk.person(), other.person()))
                .expect(201)
                .json();
        keyed(talk.agent())
                .post(
                        "/api/v1/imessage/reactions",
                        "{\"message_id\":\"%s\",\"reaction\":\"love\"}".formatted(talk.first()))
                .expect(201);

        // An admin is also told whose it is.
        ((ObjectNode) mine.path("message")).put("agent_identity_id", id);
        assertThat(admins).isEqualTo(mine);
        assertThat(others.path("message").path("id"))
                .isNotEqualTo(mine.path("message").path("id"));
        assertThat(messages()).hasSize(2);
    }

    @Test
    void only_what_is_accepted_takes_the_key() {
        String person = server.person();
        String line = talk.admin().connect(person, talk.handle());
        String body = "{\"to\":\"%s\",\"text\":\"at last\"}".formatted(person);

        assertThat(keyed(talk.agent()).post(Talk.MESSAGES, body).expect(409).text())
                .contains("imessage_awaiting_inbound");
        keyed(talk.agent())
                .post(Talk.MESSAGES, "{\"to\":\"%s\"}".formatted(person))
                .expect(422);
        assertThat(lookUp(talk.agent(), key).status()).isEqualTo(404);
        talk.admin().text(person, line, "hi");
        waitFor(this::messages, it -> it.size() == 2);

        Api.Answer accepted = keyed(talk.agent()).post(Talk.MESSAGES, body).expect(201);
        assertThat(accepted.response().headers().firstValue("Idempotent-Replayed"))
                .isEmpty();
        assertThat(lookUp(talk.agent(), key).json().path("message_id"))
                .isEqualTo(accepted.json().path("message").path("id"));
    }

    @Test
    void the_answer_comes_again_also_when_the_person_is_gone_by_now() {
        JsonNode first =
                keyed(talk.agent()).post(Talk.MESSAGES, body("bye")).expect(201).json();
        talk.bubble("bye");
        talk.admin().text(talk.person(), Api.ROUTER, "disconnect @" + talk.handle());
        waitFor(() -> talk.agent().get("/api/v1/imessage/assignments").json(), JsonNode::isEmpty);

        assertThat(keyed(talk.agent())
                        .post(Talk.MESSAGES, body("bye"))
                        .expect(201)
                        .json())
                .isEqualTo(first);
        talk.reply("without a key").expect(409);
    }

    @Test
    void a_key_is_printable_ascii_or_refused_by_name() {
        for (String wrong : List.of("", "   ", "k".repeat(256), "caf\u00e9", "a\tb")) {
            RawClient.Reply reply = RawClient.ask(server.admin().base(), request(wrong, body("x")));

            assertThat(reply.status()).as(wrong).isEqualTo(422);
            assertThat(reply.json().path("detail").get(0).path("loc").toString())
                    .isEqualTo("[\"header\",\"Idempotency-Key\"]");
        }
        assertThat(messages()).hasSize(1);
        for (String right : List.of("!", "a b", "~".repeat(255))) {
            assertThat(RawClient.ask(server.admin().base(), request(right, body("x")))
                            .status())
                    .isEqualTo(201);
        }
    }

    @Test
    void what_was_sent_under_a_key_is_told_to_its_identity_and_its_admin_alone() {
        String sent = keyed(talk.agent())
                .post(Talk.MESSAGES, body("here"))
                .expect(201)
                .json()
                .path("message")
                .path("id")
                .asString();
        Api sibling = Talk.begin(server).agent();

        for (Api api : List.of(talk.agent(), talk.admin())) {
            for (String operation : List.of(OPERATION, "imessage.messages.send")) {
                assertThat(keyed(api)
                                .get(LOOKUP.formatted(SENDER, id, operation))
                                .expect(200)
                                .text())
                        .isEqualTo("{\"message_id\":\"" + sent + "\"}");
            }
        }
        String path = LOOKUP.formatted(SENDER, id, OPERATION);
        String unknown = lookUp(talk.agent(), "another").expect(404).text();
        assertThat(unknown).contains("send_not_recorded");
        assertThat(Stream.of(
                        keyed(sibling).get(path),
                        keyed(server.stranger()).get(path),
                        keyed(talk.agent()).get(LOOKUP.formatted("mailbox", id, "mail.send")),
                        keyed(talk.agent()).get(LOOKUP.formatted("phone_number", id, OPERATION)),
                        keyed(talk.agent()).get(LOOKUP.formatted(SENDER, id, "mail.send")),
                        keyed(talk.admin()).get(LOOKUP.formatted(SENDER, UUID.randomUUID(), OPERATION))))
                .allSatisfy(it -> assertThat(it.expect(404).text()).isEqualTo(unknown));
    }

    @Test
    void a_lookup_names_what_it_lacks() {
        assertThat(talk.agent()
                        .get(LOOKUP.formatted(SENDER, id, OPERATION))
                        .expect(422)
                        .text())
                .contains("Idempotency-Key");
        assertThat(lookUp("fax", id, OPERATION)).contains("sender_kind", "imessage_identity");
        assertThat(lookUp(SENDER, "me", OPERATION)).contains("sender_id");
        assertThat(lookUp(SENDER, id, "")).contains("operation");
        String bare = LOOKUP.substring(0, LOOKUP.indexOf('?'));
        assertThat(keyed(talk.agent()).get(bare).expect(422).text()).contains("sender_kind");
    }

    @Test
    void a_reply_to_a_message_is_refused_by_name_and_other_unknown_keys_are_not() {
        String body = body("x").replace("}", ",\"%s\":%s}");

        assertThat(talk.agent()
                        .post(Talk.MESSAGES, body.formatted("reply_to_message_id", "\"" + talk.first() + "\""))
                        .expect(422)
                        .json()
                        .path("detail")
                        .get(0)
                        .path("loc")
                        .toString())
                .isEqualTo("[\"body\",\"reply_to_message_id\"]");
        assertThat(messages()).hasSize(1);
        talk.agent()
                .post(Talk.MESSAGES, body.formatted("reply_to_message_id", "null"))
                .expect(201);
        talk.agent()
                .post(Talk.MESSAGES, body.formatted("plain_reply_fallback", "true"))
                .expect(201);
        talk.agent().get(Talk.MESSAGES + "/" + talk.first() + "/thread").expect(404);
    }

    private String lookUp(String kind, String sender, String operation) {
        return keyed(talk.agent())
                .get(LOOKUP.formatted(kind, sender, operation))
                .expect(422)
                .text();
    }

    private Api.Answer lookUp(Api api, String under) {
        return api.with(Map.of("Idempotency-Key", under)).get(LOOKUP.formatted(SENDER, id, OPERATION));
    }

    private Api keyed(Api api) {
        return api.with(Map.of("Idempotency-Key", key, "Prefer", "idempotency-replay"));
    }

    private String body(String text) {
        return "{\"conversation_id\":\"%s\",\"text\":\"%s\"}".formatted(talk.conversation(), text);
    }

    private JsonNode messages() {
        return talk.agent().get(Talk.MESSAGES + "?limit=200").expect(200).json();
    }

    /// As it goes over the wire.
    private String request(String under, String body) {
        return ("POST %s HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: %s\r\nIdempotency-Key: %s\r\nPrefer: idempotency-replay\r\n"
                        + "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s")
                .formatted(
                        Talk.MESSAGES, talk.agent().key(), under, body.getBytes(StandardCharsets.UTF_8).length, body);
    }
}
