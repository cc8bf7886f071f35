package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.app.Api.encode;
import static partyline.app.Api.waitFor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import partyline.kernel.StartupFailure;
import tools.jackson.databind.JsonNode;

/// A line for SMS that stands in for lines that cannot reach a person.
class FallbackLineTest {

    private static final String SMS_LINE = "+12025550109";

    @RegisterExtension
    static final TestServer server = new TestServer("""
            lines:
              - {id: front, number: "+12025550100", roles: [router], fallback: sms}
              - {id: blue-1, number: "+12025550101", roles: [pool], fallback: green}
              - {id: blue-2, number: "+12025550102", roles: [pool], fallback: green}
              - {id: green, number: "+12025550109", roles: []}
            """);

    @TempDir
    Path folder;

    @Test
    void what_a_line_cannot_bring_goes_over_its_fallback_and_the_answer_finds_back() {
        Talk talk = Talk.begin(server);
        has(talk, "sms");

        JsonNode sent = talk.message(talk.delivered("over the other line"));

        assertThat(sent.path("service").asString()).isEqualTo("sms");
        assertThat(sent.path("was_downgraded").asBoolean()).isTrue();
        assertThat(texts(talk, SMS_LINE)).containsExactly("over the other line");
        talk.admin().text(talk.person(), SMS_LINE, "answer by SMS");
        JsonNode answer = waitFor(
                        () -> talk.agent().get(Talk.MESSAGES).expect(200).json(), it -> it.size() == 3)
                .get(0);
        assertThat(answer.path("content").asString()).isEqualTo("answer by SMS");
        assertThat(answer.path("service").asString()).isEqualTo("sms");
        assertThat(answer.path("conversation_id").asString()).isEqualTo(talk.conversation());
        has(talk, "imessage");
        assertThat(talk.message(talk.delivered("blue again")).path("service").asString())
                .isEqualTo("imessage");
    }

    @Test
    void two_agents_on_one_fallback_line_are_told_apart_and_the_last_to_write_is_meant() {
        Talk one = Talk.begin(server);
        String handle = "other-" + one.handle();
        Api other = one.admin().scoped(one.admin().identity(handle));
        String line = one.admin().connect(one.person(), handle);
        one.admin().text(one.person(), line, "hello too");
        waitFor(() -> other.get(Talk.MESSAGES).expect(200).json(), it -> it.size() == 1);
        has(one, "sms");

        one.delivered("from one");

        assertThat(texts(one, SMS_LINE)).containsExactly(one.handle() + ": from one");
        one.admin().text(one.person(), SMS_LINE, "for one");
        waitFor(() -> one.agent().get(Talk.MESSAGES).expect(200).json(), it -> it.size() == 3);
        one.admin().text(one.person(), SMS_LINE, "@%s for the other".formatted(handle));
        JsonNode heard = waitFor(() -> other.get(Talk.MESSAGES).expect(200).json(), it -> it.size() == 2);
        assertThat(heard.get(0).path("content").asString()).isEqualTo("for the other");
    }

    @Test
    void a_stop_by_sms_ends_the_conversation_that_fell_back() {
        Talk talk = Talk.begin(server);
        has(talk, "sms");
        talk.delivered("over SMS");

        talk.admin().text(talk.person(), SMS_LINE, "STOP");

        waitFor(() -> talk.reply("too late").status(), status -> status == 409);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nowhere", "self", "front"})
    void a_fallback_must_be_another_line_that_is_no_router(String fallback) throws Exception {
        Path file = Files.writeString(folder.resolve("partyline.yaml"), """
                lines:
                  - {id: front, number: "+12025550100", roles: [router]}
                  - {id: self, number: "+12025550101", roles: [pool], fallback: %s}
                """.formatted(fallback));

        assertThatThrownBy(() -> Config.of(Settings.read(Optional.of(file), Map.of(), Map.of())))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("the fallback \"" + fallback + "\" of self");
    }

    private static void has(Talk talk, String service) {
        talk.admin()
                .patch("/simulator/phones/" + encode(talk.person()), "{\"service\":\"" + service + "\"}")
                .expect(200);
    }

    private static List<String> texts(Talk talk, String line) {
        return talk.admin().bubbles(talk.person(), line).stream()
                .map(it -> it.path("text").asString(""))
                .toList();
    }

    @Test
    void a_late_word_that_there_is_no_imessage_takes_the_fallback_line_once() {
        Talk talk = Talk.begin(server);
        talk.admin()
                .post("/simulator/faults", "{\"kind\":\"fail_no_imessage\",\"line\":\"%s\"}".formatted(talk.line()))
                .expect(204);

        String id = talk.delivered("over the other line");

        assertThat(texts(talk, SMS_LINE)).containsExactly("over the other line");
        assertThat(talk.bubbles().stream().map(it -> it.path("text").asString("")))
                .doesNotContain("over the other line");
        assertThat(talk.message(id).path("error_code").isNull()).isTrue();
    }
}
