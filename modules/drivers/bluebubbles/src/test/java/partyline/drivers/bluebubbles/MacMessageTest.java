package partyline.drivers.bluebubbles;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.drivers.bluebubbles.MacMessage.Chat.Kind;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.transport.Service;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a row says, and what it does not say yet.
class MacMessageTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "iMessage;-;+12025556001, 45, +12025556001, ONE",
                "any;-;+12025556001, 45, +12025556001, ONE",
                "-, 45, +12025556001, ONE",
                "-, 0, ann@example.org, ONE",
                "SMS;-;262966, 45, 262966, ONE",
                "iMessage;+;chat831551415676550949, 43, chat831551415676550949, GROUP",
                "any;+;chat12, 0, -, GROUP",
                "RCS;+;chat12, 0, -, GROUP",
                "-, 43, chat831551415676550949, GROUP",
                "-, 0, chat831551415676550949, UNKNOWN",
                "-, 45, -, UNKNOWN",
                "-, 0, -, UNKNOWN"
            })
    void a_chat_is_with_one_person_only_when_it_says_so(String guid, int style, String identifier, Kind kind) {
        ObjectNode json = row("hi", 1);
        ArrayNode chats = json.putArray("chats");
        chats.addObject().put("guid", guid).put("style", style).put("chatIdentifier", identifier);

        assertThat(MacMessage.of(json).chat().kind()).isEqualTo(kind);
    }

    @Test
    void a_row_without_any_chat_is_not_known_to_be_for_one() {
        ObjectNode json = row("hi", 1);
        json.putArray("chats");

        assertThat(MacMessage.of(json).chat().kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(MacMessage.of(json).isWhole()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "look, 1, 0, false",
        "look, 2, 0, true",
        "look, 2, 1, false",
        "'\uFFFC\uFFFC\uFFFC', 3, 2, true",
        "'\uFFFC\uFFFC\uFFFC', 3, 3, false",
        "'\uFFFCone\uFFFCtwo', 4, 1, true",
        "'\uFFFCone\uFFFCtwo', 4, 2, false",
        "'', 2, 1, true",
        "look, 0, 0, false"
    })
    void a_row_waits_for_the_parts_that_it_counts(String text, int parts, int files, boolean missing) {
        ObjectNode json = row(text, parts);
        ArrayNode attachments = json.putArray("attachments");
        for (int at = 0; at < files; at++) {
            attachments.addObject().put("guid", "at-" + at).put("transferName", "IMG.png");
        }

        assertThat(MacMessage.of(json).words().missing()).isEqualTo(missing);
        assertThat(MacMessage.of(json).isWhole()).isEqualTo(!missing);
    }

    @Test
    void a_subject_alone_is_all_that_there_is_to_wait_for() {
        MacMessage row = MacMessage.of(row("", 1).put("subject", "STOP"));

        assertThat(row.words().text()).isEqualTo("STOP");
        assertThat(row.isWhole()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"'\uFFFC'", "'\uFFFD'", "' \uFFFD\uFFFC '"})
    void a_character_that_stands_for_something_else_is_no_text(String text) {
        assertThat(MacMessage.of(row(text, 1)).words().text()).isEmpty();
    }

    @Test
    void what_messages_hides_and_what_belongs_to_a_balloon_is_no_file() {
        ObjectNode hidden = row("https://example.com", 1);
        ArrayNode files = hidden.putArray("attachments");
        files.addObject().put("guid", "1").put("transferName", "8E2A.pluginPayloadAttachment");
        files.addObject().put("guid", "2").put("transferName", "a.png").put("hideAttachment", true);
        ObjectNode game =
                row("Your move", 1).put("balloonBundleId", "com.apple.messages.MSMessageExtensionBalloonPlugin");
        game.putArray("attachments").addObject().put("guid", "3").put("transferName", "board.jpeg");

        assertThat(MacMessage.of(hidden).words().attachments()).isEmpty();
        assertThat(MacMessage.of(game).words().attachments()).isEmpty();
        assertThat(MacMessage.of(game).isWhole()).isTrue();
    }

    @Test
    void without_a_handle_the_chat_names_the_person_and_an_untold_service_is_sms() {
        ObjectNode json = row("hi", 1);
        json.putNull("handle");
        json.withArray("chats").removeAll().addObject().put("guid", "any;-;+12025556001");

        assertThat(MacMessage.of(json).sender(PhoneNumber::parse))
                .isEqualTo(Optional.of(new PhoneNumber("+12025556001")));
        assertThat(MacMessage.of(json).state().service()).isEqualTo(Service.SMS);
    }

    private static ObjectNode row(String text, int parts) {
        ObjectNode json = Json.object().put("guid", "G-1").put("text", text).put("partCount", parts);
        json.putObject("handle").put("address", "+12025556001").put("service", "iMessage");
        json.putArray("chats").addObject().put("guid", "iMessage;-;+12025556001");
        return json;
    }
}
