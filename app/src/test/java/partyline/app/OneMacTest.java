package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.drivers.contract.FakeLine.Bubble;
import partyline.fakes.bluebubbles.FakeMac;
import tools.jackson.databind.JsonNode;

/// One Mac with one number is enough: it is router and pool at once, for several agents of the same person.
class OneMacTest {

    private static final FakeMac MAC = new FakeMac(Api.ROUTER);

    @RegisterExtension
    static final TestServer server = new TestServer("""
            lines:
              - {id: only, number: "%s", driver: bluebubbles,
                 bluebubbles: {url: "%s", password: "%s", spacing_ms: 0, poll_seconds: 1}}
            contacts: {"ann@example.com": "+12025550140"}
            """.formatted(Api.ROUTER, MAC.url(), FakeMac.PASSWORD));

    @AfterAll
    static void close() {
        MAC.close();
    }

    @Test
    void a_person_talks_with_two_agents_over_the_only_line() {
        Api cook = agent("cook");
        Api clerk = agent("clerk");

        MAC.writes("connect @cook");
        shows("You are connected with cook (@cook)");
        MAC.writes("dinner for two");
        String dinner = heard(cook, "dinner for two");
        reply(cook, dinner, "Served!");
        shows("Served!");
        MAC.writes("connect @clerk");
        shows("You are connected with clerk (@clerk)");
        MAC.writes("post this");
        String post = heard(clerk, "post this");
        MAC.writes("@cook and dessert");
        heard(cook, "and dessert");

        reply(clerk, post, "Posted.");
        reply(cook, dinner, "Ice cream.");

        shows("clerk: Posted.");
        shows("cook: Ice cream.");
        assertThat(cook.get(Talk.MESSAGES + "?limit=1")
                        .json()
                        .get(0)
                        .path("content")
                        .asString())
                .isEqualTo("Ice cream.");
    }

    @Test
    void who_texts_from_a_mail_address_is_told_once_that_a_number_is_needed() {
        MAC.writesFromAddress("bob@example.com", "connect @cook");
        waitFor(LineStory.PATIENCE, () -> MAC.saidTo("bob@example.com"), said -> !said.isEmpty());
        MAC.writesFromAddress("bob@example.com", "hello?");
        MAC.writesFromAddress("noreply@example.com", "Your code is 123456");

        waitFor(LineStory.PATIENCE, () -> dropped("mail_address"), count -> count == 3);
        assertThat(MAC.saidTo("bob@example.com"))
                .singleElement()
                .satisfies(words -> assertThat(words).contains("telephone number", Api.ROUTER));
        assertThat(MAC.saidTo("noreply@example.com")).isEmpty();
    }

    @Test
    void a_mail_address_that_is_among_the_contacts_is_the_persons() {
        MAC.writesFromAddress("ann@example.com", "help");

        shows("This is Partyline.");
        assertThat(MAC.saidTo("ann@example.com")).isEmpty();
    }

    @Test
    void a_file_keeps_its_name_in_both_directions() {
        Api painter = agent("painter");
        MAC.writes("connect @painter");
        shows("You are connected with painter (@painter)");
        MAC.writes("@painter a portrait, please");
        String talk = heard(painter, "a portrait, please");
        byte[] bytes = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, 1};
        String encoded = "M%C3%BCnchen%20%E7%8C%AB%20%282%29.jpg";
        Upload upload = Upload.sent(
                painter,
                Upload.part("file", "x.jpg\"; filename*=\"UTF-8''" + encoded, "image/jpeg", bytes)
                        + "--x-boundary-x--\r\n");

        painter.post(
                        Talk.MESSAGES,
                        "{\"conversation_id\":\"%s\",\"media_urls\":[\"%s\"]}".formatted(talk, upload.url()))
                .expect(201);
        waitFor(LineStory.PATIENCE, MAC::fileNames, names -> names.contains("München 猫 (2).jpg"));

        MAC.sendsFile("Ärmel.jpg");
        waitFor(
                LineStory.PATIENCE,
                () -> painter.get(Talk.MESSAGES).expect(200).text(),
                messages -> messages.contains("\"name\":\"Ärmel.jpg\""));
        MAC.writes("disconnect @painter");
        shows("You are disconnected from painter");
    }

    private static int dropped(String reason) {
        JsonNode lines = server.admin().get("/api/v1/lines").expect(200).json();
        return lines.get(0).path("dropped").path(reason).asInt(0);
    }

    private static Api agent(String handle) {
        return server.admin().scoped(server.admin().identity(handle));
    }

    /// The conversation in which the agent hears this.
    private static String heard(Api agent, String text) {
        return waitFor(
                        LineStory.PATIENCE,
                        () -> agent.get(Talk.MESSAGES)
                                .expect(200)
                                .json()
                                .valueStream()
                                .filter(it -> it.path("content").asString("").equals(text))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst()
                .path("conversation_id")
                .asString();
    }

    private static void reply(Api agent, String conversation, String text) {
        JsonNode message = agent.post(
                        Talk.MESSAGES, "{\"conversation_id\":\"%s\",\"text\":\"%s\"}".formatted(conversation, text))
                .expect(201)
                .json();
        assertThat(message.path("message").path("status").asString()).isEqualTo("queued");
    }

    private static void shows(String beginning) {
        waitFor(
                LineStory.PATIENCE,
                OneMacTest::texts,
                texts -> texts.stream().anyMatch(text -> text.startsWith(beginning)));
    }

    private static List<String> texts() {
        Stream<String> texts = MAC.bubbles().stream().map(Bubble::text).filter(Objects::nonNull);
        return texts.toList();
    }
}
