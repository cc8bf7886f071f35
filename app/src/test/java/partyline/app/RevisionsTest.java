package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Talk.MESSAGES;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.kernel.PhoneNumber;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;
import tools.jackson.databind.JsonNode;

/// People change what they wrote, and take it back.
class RevisionsTest {

    private static final LineTap TAP = new LineTap();

    @RegisterExtension
    static final TestServer server = new TestServer("", InstantSource.system(), TAP::around);

    private final Talk talk = Talk.begin(server);

    @Test
    void an_edit_changes_what_readers_see_and_an_event_tells_of_it() {
        try (EventReader reader = new EventReader(talk.agent(), "?types=message.edited,message.unsent")) {
            TextReceived text = said("meet at 5");
            Instant at = Instant.now().truncatedTo(ChronoUnit.MICROS);

            edit(text, "meet at 6", at);

            JsonNode message = newest();
            assertThat(message.path("content").asString()).isEqualTo("meet at 6");
            assertThat(message.path("edited_at").asString()).isEqualTo(at.toString());
            assertThat(message.path("occurred_at").asString())
                    .isEqualTo(text.at().truncatedTo(ChronoUnit.MICROS).toString());
            assertThat(message.path("unsent_at").isNull()).isTrue();
            JsonNode told = reader.await(1).getFirst().envelope();
            assertThat(told.path("event_type").asString()).isEqualTo("message.edited");
            assertThat(told.path("data").path("message").path("id")).isEqualTo(message.path("id"));
            assertThat(told.path("data").path("message").path("content").asString())
                    .isEqualTo("meet at 6");
        }
    }

    @Test
    void what_was_edited_or_taken_back_is_so_in_the_history_that_webhooks_get() {
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            talk.agent()
                    .post("/api/v1/webhooks/subscriptions", """
                            {"agent_identity_id": "%s", "url": "%s", "event_types": ["imessage.received"],
                             "context_config": {"texts": {"mode": "count", "count": 5}}}
                            """.formatted(
                                    talk.identity().path("id").asString(), receiver.url()))
                    .expect(201);
            TextReceived secret = said("my password is x");
            TextReceived place = said("meet at 5");
            unsend(secret, secret.from());
            edit(place, "meet at 6", Instant.now());

            said("ok?");

            String context = waitFor(receiver::posts, it -> it.size() == 3)
                    .getLast()
                    .json()
                    .path("data")
                    .path("context")
                    .toString();
            assertThat(context).contains("meet at 6").doesNotContain("meet at 5", "password");
        }
    }

    @Test
    void what_is_taken_back_says_nothing_any_more_and_its_file_is_gone() {
        try (FileServer files = new FileServer();
                EventReader reader = new EventReader(talk.agent(), "?types=message.unsent")) {
            TextReceived text = picture(files.url(200, 10, "a.png"));
            String url = newest().path("media").get(0).path("url").asString();

            unsend(text, text.from());

            JsonNode message = newest();
            assertThat(message.path("content").isNull()).isTrue();
            assertThat(message.path("media").isNull()).isTrue();
            assertThat(message.path("unsent_at").isNull()).isFalse();
            assertThat(Upload.fetch(url).statusCode()).isEqualTo(410);
            JsonNode told = reader.await(1).getFirst().envelope().path("data").path("message");
            assertThat(told.path("content").isNull()).isTrue();
            assertThat(told.path("unsent_at")).isEqualTo(message.path("unsent_at"));
        }
    }

    @Test
    void a_file_that_the_agent_has_passed_on_stays_with_the_message_that_passed_it_on() {
        try (FileServer files = new FileServer()) {
            TextReceived text = picture(files.url(200, 10, "a.png"));
            String url = newest().path("media").get(0).path("url").asString();
            String sent = "{\"conversation_id\":\"%s\",\"media_urls\":[\"%s\"]}".formatted(talk.conversation(), url);
            talk.agent().post(MESSAGES, sent).expect(201);

            unsend(text, text.from());

            assertThat(Upload.fetch(url).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void an_older_edit_one_of_somebody_else_and_one_after_the_end_change_nothing() {
        TextReceived text = said("one");
        Instant now = Instant.now();
        edit(text, "three", now);

        edit(text, "two", now.minusSeconds(1));
        TAP.bring(new TextEdited(text.line(), stranger(), now, id(), text.providerId(), "not mine"));
        TAP.bring(new TextEdited(text.line(), text.from(), now, id(), "never-heard-of", "nothing"));
        assertThat(newest().path("content").asString()).isEqualTo("three");

        unsend(text, stranger());
        assertThat(newest().path("content").asString()).isEqualTo("three");
        unsend(text, text.from());
        edit(text, "four", now.plusSeconds(1));
        assertThat(newest().path("content").isNull()).isTrue();
    }

    @Test
    void whoever_is_blocked_meanwhile_changes_nothing_that_the_agent_sees() {
        try (EventReader reader = new EventReader(talk.agent(), "?types=message.edited,message.unsent,imessage.sent")) {
            TextReceived text = said("before");
            JsonNode before = newest();
            String rules = "/api/v1/imessage/identities/" + talk.handle() + "/contact-rules";
            String rule = server.admin()
                    .post(rules, "{\"match_target\":\"%s\",\"action\":\"block\"}".formatted(talk.person()))
                    .expect(201)
                    .json()
                    .path("id")
                    .asString();

            edit(text, "after", Instant.now());
            unsend(text, text.from());

            assertThat(newest()).isEqualTo(before);
            server.admin().delete(rules + "/" + rule).expect(204);
            talk.delivered("welcome back");
            reader.await(1);
            assertThat(reader.types()).containsExactly("imessage.sent");
        }
    }

    /// The person writes, and the agent has it.
    private TextReceived said(String words) {
        TextReceived text = TAP.text(talk.admin().text(talk.person(), talk.line(), words));
        waitFor(this::newest, it -> it.path("content").asString("").equals(words));
        return text;
    }

    private TextReceived picture(String url) {
        String body = "{\"from\":\"%s\",\"to\":\"%s\",\"media_url\":\"%s\"}".formatted(talk.person(), talk.line(), url);
        String id = talk.admin()
                .post("/simulator/messages", body)
                .expect(201)
                .json()
                .path("id")
                .asString();
        waitFor(this::newest, it -> !it.path("media").isNull());
        return TAP.text(id);
    }

    private JsonNode newest() {
        return talk.agent()
                .get(MESSAGES + "?limit=1&conversation_id=" + talk.conversation())
                .expect(200)
                .json()
                .get(0);
    }

    private PhoneNumber stranger() {
        return new PhoneNumber(server.person());
    }

    private static void edit(TextReceived text, String words, Instant at) {
        TAP.bring(new TextEdited(text.line(), text.from(), at, id(), text.providerId(), words));
    }

    private static void unsend(TextReceived text, PhoneNumber by) {
        TAP.bring(new TextUnsent(text.line(), by, Instant.now(), id(), text.providerId()));
    }

    private static String id() {
        return UUID.randomUUID().toString();
    }
}
