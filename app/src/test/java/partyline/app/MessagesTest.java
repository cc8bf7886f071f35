package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.encode;
import static partyline.app.Api.waitFor;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// A person and an agent talking, seen from both ends.
class MessagesTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String MESSAGES = "/api/v1/imessage/messages";
    private static final String CONVERSATIONS = "/api/v1/imessage/conversations";

    private final Api admin = server.admin();
    private final String person = server.person();
    private final String handle = "agent-" + UUID.randomUUID();
    private JsonNode identity = admin.identity(handle);
    private Api agent = admin.scoped(identity);
    private String line = "";

    @BeforeEach
    void connect() {
        line = admin.connect(person, handle);
    }

    @Test
    void an_inbound_message_has_every_field_of_the_contract() {
        String conversation = opened("hello");

        JsonNode message = agent.get(MESSAGES).expect(200).json().get(0);

        assertThat(message.propertyNames())
                .containsExactly(
                        "id",
                        "conversation_id",
                        "assignment_id",
                        "direction",
                        "remote_number",
                        "sender_number",
                        "participants",
                        "is_group",
                        "content",
                        "message_type",
                        "service",
                        "send_style",
                        "media",
                        "was_downgraded",
                        "status",
                        "error_code",
                        "error_message",
                        "error_reason",
                        "error_detail",
                        "is_read",
                        "is_blocked",
                        "recipients",
                        "reactions",
                        "created_at",
                        "updated_at",
                        "read_at",
                        "degraded",
                        "media_error",
                        "occurred_at",
                        "edited_at",
                        "unsent_at");
        assertThat(message.path("conversation_id").asString()).isEqualTo(conversation);
        assertThat(message.path("direction").asString()).isEqualTo("inbound");
        assertThat(message.path("status").asString()).isEqualTo("received");
        assertThat(message.path("recipients").isNull()).isTrue();
        assertThat(message.path("created_at").asString())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z");
    }

    @Test
    void a_reply_is_queued_then_sent_then_delivered_and_the_phone_shows_it_with_its_effect() {
        String conversation = opened("hello");

        JsonNode queued = agent.post(
                        MESSAGES,
                        "{\"conversation_id\":\"%s\",\"text\":\"Done!\",\"send_style\":\"confetti\"}"
                                .formatted(conversation))
                .expect(201)
                .json()
                .path("message");

        assertThat(queued.path("status").asString()).isEqualTo("queued");
        assertThat(queued.path("recipients").get(0).path("delivery_status").asString())
                .isEqualTo("queued");
        JsonNode delivered = settled(queued, "delivered");
        JsonNode recipient = delivered.path("recipients").get(0);
        assertThat(recipient.path("sent_at").isNull()).isFalse();
        assertThat(recipient.path("delivered_at").isNull()).isFalse();
        JsonNode bubble = shown("Done!");
        assertThat(bubble.path("send_style").asString()).isEqualTo("confetti");
        assertThat(bubble.path("mine").asBoolean()).isFalse();
    }

    @Test
    void a_reply_goes_to_a_number_as_well_and_media_need_no_text() {
        opened("hello");

        JsonNode queued = agent.post(
                        MESSAGES,
                        "{\"to\":[\"%s\"],\"media_urls\":[\"https://media.example/a.png\"]}".formatted(person))
                .expect(201)
                .json()
                .path("message");

        assertThat(queued.path("content").isNull()).isTrue();
        assertThat(queued.path("media").get(0).path("url").asString()).isEqualTo("https://media.example/a.png");
        settled(queued, "delivered");
        assertThat(waitFor(
                        () -> admin.bubbles(person, line)
                                .getLast()
                                .path("media")
                                .asString(""),
                        text -> !text.isEmpty()))
                .isEqualTo("https://media.example/a.png");
    }

    @Test
    void the_person_goes_first() {
        agent.post(MESSAGES, "{\"to\":\"%s\",\"text\":\"Hi\"}".formatted(person))
                .expect(409)
                .json();

        assertThat(agent.post(MESSAGES, "{\"to\":\"%s\",\"text\":\"Hi\"}".formatted(person))
                        .text())
                .contains("imessage_awaiting_inbound");
        assertThat(admin.bubbles(person, line)).hasSize(1);
    }

    @Test
    void a_released_connection_refuses_sends_until_the_person_is_back_and_the_conversation_stays() {
        String conversation = opened("hello");
        command("disconnect @" + handle);
        waitFor(() -> agent.get("/api/v1/imessage/assignments").json(), JsonNode::isEmpty);

        Api.Answer refused = reply(conversation, "too late").expect(409);

        assertThat(refused.text()).contains("imessage_assignment_inactive", "connect @" + handle, ROUTER);
        assertThat(agent.get(CONVERSATIONS)
                        .json()
                        .get(0)
                        .path("assignment_status")
                        .asString())
                .isEqualTo("released");
        command("connect @" + handle);
        waitFor(() -> agent.get("/api/v1/imessage/assignments").json(), it -> it.size() == 1);
        settled(reply(conversation, "welcome back").expect(201).json().path("message"), "delivered");
    }

    @Test
    void an_identity_that_is_switched_off_sends_nothing_and_hears_nothing() {
        String conversation = opened("hello");
        agent.patch("/api/v1/identities/" + handle, "{\"imessage_enabled\":false}")
                .expect(200);

        assertThat(reply(conversation, "x").expect(400).text()).contains("imessage_not_enabled");
        agent.get(CONVERSATIONS).expect(400);
        admin.text(person, line, "anybody?");
        waitFor(() -> admin.get(own()).json(), messages -> messages.size() == 2);
        assertThat(admin.get(own()).json().get(0).path("is_blocked").asBoolean())
                .isTrue();
        agent.patch("/api/v1/identities/" + handle, "{\"imessage_enabled\":true}")
                .expect(200);
        assertThat(texts(agent.get(MESSAGES).json())).containsExactly("hello");
    }

    @Test
    void a_deleted_identity_takes_its_keys_connections_and_handle_with_it() {
        opened("hello");

        admin.delete("/api/v1/identities/@" + handle).expect(204);

        agent.get("/api/whoami").expect(401);
        admin.get("/api/v1/identities/" + handle).expect(404);
        assertThat(admin.get("/api/v1/imessage/assignments?limit=200").text()).doesNotContain(person);
        admin.identity(handle);
    }

    @Test
    void messages_of_one_conversation_leave_in_the_order_in_which_they_were_accepted() {
        String conversation = opened("hello");
        List<String> said =
                IntStream.range(0, 30).mapToObj(at -> "number " + at).toList();

        said.forEach(text -> reply(conversation, text).expect(201));

        List<String> heard = waitFor(
                () -> texts(admin.bubbles(person, line)).stream()
                        .filter(said::contains)
                        .toList(),
                texts -> texts.size() == said.size());
        assertThat(heard).isEqualTo(said);
    }

    @Test
    void many_persons_texts_arrive_each_in_order() {
        List<String> said = IntStream.range(0, 20).mapToObj(at -> "text " + at).toList();

        said.forEach(text -> admin.text(person, line, text));

        List<String> stored = waitFor(() -> texts(agent.get(MESSAGES).json()), texts -> texts.size() == said.size());
        assertThat(stored.reversed()).isEqualTo(said);
    }

    @Test
    void lists_page_filter_and_show_the_newest_first() {
        String conversation = opened("one");
        admin.text(person, line, "two");
        waitFor(() -> agent.get(MESSAGES).json(), messages -> messages.size() == 2);
        settled(reply(conversation, "three").expect(201).json().path("message"), "delivered");

        assertThat(texts(agent.get(MESSAGES).json())).containsExactly("three", "two", "one");
        assertThat(texts(agent.get(MESSAGES + "?limit=1&offset=1").json())).containsExactly("two");
        assertThat(texts(agent.get(MESSAGES + "?is_read=false").json())).containsExactly("two", "one");
        assertThat(texts(agent.get(MESSAGES + "?is_read=true").json())).isEmpty();
        assertThat(texts(admin.get(own() + "&conversation_id=" + conversation).json()))
                .hasSize(3);
        JsonNode summary = agent.get(CONVERSATIONS).json().get(0);
        assertThat(summary.path("latest_text").asString()).isEqualTo("three");
        assertThat(summary.path("latest_direction").asString()).isEqualTo("outbound");
        assertThat(summary.path("unread_count").asInt()).isEqualTo(2);
        assertThat(summary.path("total_count").asInt()).isEqualTo(3);
    }

    @Test
    void one_conversation_has_the_fields_of_the_contract() {
        String conversation = opened("hello");

        JsonNode found =
                agent.get(CONVERSATIONS + "/" + conversation).expect(200).json();

        assertThat(found.propertyNames())
                .containsExactly(
                        "id",
                        "assignment_id",
                        "assignment_status",
                        "remote_number",
                        "participants",
                        "is_group",
                        "group_creation_status",
                        "created_at",
                        "updated_at");
    }

    @Test
    void a_phone_without_imessage_gets_sms_without_the_effect_and_the_message_says_so() {
        admin.patch("/simulator/phones/" + encode(person), "{\"service\":\"sms\"}")
                .expect(200);
        String conversation = opened("hello");

        JsonNode queued = agent.post(
                        MESSAGES,
                        "{\"conversation_id\":\"%s\",\"text\":\"green\",\"send_style\":\"slam\"}"
                                .formatted(conversation))
                .json()
                .path("message");

        JsonNode delivered = settled(queued, "delivered");
        assertThat(delivered.path("service").asString()).isEqualTo("sms");
        assertThat(delivered.path("was_downgraded").asBoolean()).isTrue();
        assertThat(shown("green").path("send_style").isNull()).isTrue();
    }

    @Test
    void a_message_to_a_phone_that_is_offline_is_delivered_when_it_comes_back_even_over_a_restart() {
        String conversation = opened("hello");
        admin.patch("/simulator/phones/" + encode(person), "{\"online\":false}").expect(200);
        JsonNode queued = reply(conversation, "patience").expect(201).json().path("message");
        settled(queued, "sent");

        server.restart();
        Api again = server.admin();
        again.patch("/simulator/phones/" + encode(person), "{\"online\":true}").expect(200);

        waitFor(() -> again.get(own()).json().get(0).path("status").asString(), "delivered"::equals);
        assertThat(texts(again.bubbles(person, line))).containsOnlyOnce("patience");
    }

    @Test
    void no_answer_names_a_pool_line() {
        String conversation = opened("hello");
        settled(reply(conversation, "Done!").json().path("message"), "delivered");

        Stream.of(
                        MESSAGES,
                        CONVERSATIONS,
                        CONVERSATIONS + "/" + conversation,
                        "/api/v1/imessage/assignments",
                        "/api/v1/imessage/triage-number",
                        "/api/v1/identities/",
                        "/api/whoami",
                        "/api/v1/webhooks/subscriptions")
                .forEach(path ->
                        assertThat(agent.get(path).expect(200).text()).as(path).doesNotContain(line));
    }

    private String opened(String text) {
        admin.text(person, line, text);
        return waitFor(() -> agent.get(CONVERSATIONS).expect(200).json(), it -> it.size() == 1)
                .get(0)
                .path("id")
                .asString();
    }

    private Api.Answer reply(String conversation, String text) {
        return agent.post(MESSAGES, "{\"conversation_id\":\"%s\",\"text\":\"%s\"}".formatted(conversation, text));
    }

    private JsonNode settled(JsonNode message, String status) {
        return waitFor(
                        () -> agent.get(MESSAGES + "?limit=200")
                                .json()
                                .valueStream()
                                .filter(it -> it.path("id").equals(message.path("id")))
                                .filter(it -> it.path("status").asString().equals(status))
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    private JsonNode shown(String text) {
        return waitFor(
                        () -> admin.bubbles(person, line).stream()
                                .filter(bubble ->
                                        bubble.path("text").asString("").equals(text))
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
    }

    private void command(String text) {
        admin.text(person, ROUTER, text);
    }

    private String own() {
        return MESSAGES + "?agent_identity_id=" + identity.path("id").asString();
    }

    private static List<String> texts(Iterable<JsonNode> items) {
        List<String> texts = new ArrayList<>();
        items.forEach(item ->
                texts.add(item.path(item.has("content") ? "content" : "text").asString("")));
        return texts;
    }
}
