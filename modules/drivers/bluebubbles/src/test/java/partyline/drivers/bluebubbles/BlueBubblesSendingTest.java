package partyline.drivers.bluebubbles;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.drivers.contract.LineServer.ANN;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import partyline.drivers.contract.FakeLine.Bubble;
import partyline.drivers.contract.FakeLine.Trouble;
import partyline.drivers.contract.Rig;
import partyline.fakes.bluebubbles.FakeMac;
import partyline.fakes.bluebubbles.FakeMac.Fault;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;

/// What goes wrong when a Mac sends, and what is made of it.
class BlueBubblesSendingTest {

    @TempDir
    Path folder;

    private final BlueBubblesService service = new BlueBubblesService(Map.of());
    private final FakeMac mac = service.mac;

    @ParameterizedTest
    @EnumSource(names = {"SENT_504", "SENT_CUT", "SENT_TRANSACTION_TIMEOUT", "SENT_ALREADY_QUEUED"})
    void what_an_unclear_answer_is_about_is_looked_up_and_never_sent_again(Fault fault) {
        try (Rig rig = Rig.open(folder, service)) {
            Outgoing message = rig.text("😀 уже");
            mac.fault(fault);

            String id = rig.sent(message);

            assertThat(Rig.accepted(rig.reconcile(message)).providerId()).isEqualTo(id);
            assertThat(texts()).containsExactly("😀 уже");
        }
    }

    @Test
    void what_is_not_in_the_database_after_minutes_was_not_sent() {
        try (Rig rig = Rig.open(folder, service)) {
            Outgoing message = rig.text("lost");
            mac.fault(Fault.PROXY_PAGE);
            assertThat(rig.send(message)).isInstanceOf(SendResult.Unknown.class);
            assertThat(rig.reconcile(message)).isInstanceOf(SendResult.Unknown.class);

            rig.clock().advance(Duration.ofMinutes(7));

            assertThat(rig.reconcile(message)).isInstanceOf(SendResult.NotSent.class);
            rig.sent(message);
            assertThat(texts()).containsExactly("lost");
        }
    }

    @Test
    void what_was_sent_is_found_although_the_person_left_imessage_since() {
        try (Rig rig = Rig.open(folder, service, Line.Fallback.NONE)) {
            Outgoing message = rig.text("just in time");
            mac.fault(Fault.SENT_504);
            rig.send(message);
            mac.has(Service.SMS);
            rig.restart();

            assertThat(rig.reconcile(message)).isInstanceOf(SendResult.Accepted.class);
        }
    }

    @Test
    void words_that_the_operator_wrote_by_hand_are_not_taken_for_another_message() {
        try (Rig rig = Rig.open(folder, service)) {
            String first = rig.sent(rig.text("ok"));
            Outgoing lost = rig.text("fine");
            mac.next(Trouble.LOST_WITHOUT_ANSWER);
            rig.send(lost);
            mac.writesByHand("by hand");

            assertThat(rig.reconcile(lost)).isInstanceOf(SendResult.Unknown.class);
            assertThat(first).isNotBlank();
        }
    }

    @Test
    void an_error_after_the_answer_is_found_although_no_event_tells_of_it() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.fault(Fault.SILENT_22);

            String id = rig.sent(rig.text("into nothing"));
            mac.verdict();

            rig.eventually(() -> rig.handler().kindsOf(id), List.of(Receipt.Kind.FAILED));
            assertThat(rig.handler().receipts.getLast().failure().orElseThrow().code())
                    .isEqualTo(SendResult.Refused.NO_IMESSAGE);
        }
    }

    @Test
    void who_turns_out_to_have_no_imessage_gets_an_sms_if_the_mac_can() {
        try (Rig rig = Rig.open(folder, service)) {
            Outgoing message = rig.text("hello");
            mac.fault(Fault.ERROR_22);

            assertThat(rig.send(message)).isInstanceOf(SendResult.NotSent.class);

            assertThat(Rig.accepted(rig.send(message)).service()).isEqualTo(Service.SMS);
            assertThat(texts()).containsExactly("hello");
            assertThat(rig.capabilities().effects()).isFalse();
        }
    }

    @Test
    void without_an_iphone_that_forwards_or_a_fallback_it_is_refused() {
        mac.smsForwarding(false);
        mac.has(Service.SMS);
        try (Rig rig = Rig.open(folder, service)) {
            assertRefused(rig);
        }
    }

    @Test
    void a_line_without_fallback_sends_no_sms() {
        mac.has(Service.SMS);
        try (Rig rig = Rig.open(folder, service, Line.Fallback.NONE)) {
            assertRefused(rig);
        }
    }

    @Test
    void the_first_text_begins_the_chat_and_the_next_goes_into_it() {
        try (Rig rig = Rig.open(folder, service)) {
            rig.sent(rig.text("first"));
            rig.sent(rig.text("second"));

            assertThat(calls("POST /chat/new")).hasSize(1);
            assertThat(calls("POST /message/text"))
                    .hasSize(1)
                    .allMatch(it -> it.contains("\"method\":\"private-api\""));
        }
    }

    @Test
    void a_mac_that_calls_every_chat_any_is_understood() {
        mac.prefix("any");
        try (Rig rig = Rig.open(folder, service)) {
            mac.writes("hi");
            rig.eventually(rig.handler()::texts, List.of("hi"));
            rig.restart();

            rig.sent(rig.text("hello"));

            assertThat(calls("POST /message/text")).allMatch(it -> it.contains("any;-;" + ANN));
            assertThat(calls("POST /chat/new")).isEmpty();
        }
    }

    @Test
    void a_chat_that_the_mac_forgot_is_begun_anew() {
        try (Rig rig = Rig.open(folder, service)) {
            Outgoing message = rig.text("hello again");
            mac.writes("hi");
            rig.eventually(rig.handler()::texts, List.of("hi"));
            mac.forgetChats();

            assertThat(rig.send(message)).isInstanceOf(SendResult.NotSent.class);

            rig.sent(message);
            assertThat(texts()).containsExactly("hello again");
        }
    }

    @Test
    void words_and_a_picture_are_one_bubble() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.writes("hi");
            rig.eventually(rig.handler()::texts, List.of("hi"));

            rig.sent(rig.picture("look"));

            assertThat(mac.bubbles()).hasSize(1).allMatch(it -> it.media() && "look".equals(it.text()));
            assertThat(mac.attachments()).containsExactly("cat.jpg: a cat");
        }
    }

    @Test
    void a_contact_card_is_a_vcf_file() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.writes("connect");
            rig.eventually(rig.handler()::texts, List.of("connect"));

            rig.sent(new Outgoing(rig.text("").clientId(), ANN, null, null, null, null, "BEGIN:VCARD"));

            assertThat(mac.attachments()).singleElement().asString().matches("contact-[0-9a-f]{8}\\.vcf: BEGIN:VCARD");
        }
    }

    @Test
    void a_contact_card_has_its_picture_in_it() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.writes("connect");
            rig.eventually(rig.handler()::texts, List.of("connect"));
            String card = "BEGIN:VCARD\r\nPHOTO;TYPE=jpeg;VALUE=uri:" + Rig.PICTURE + "\r\nEND:VCARD\r\n";

            rig.sent(new Outgoing(rig.text("").clientId(), ANN, null, null, null, null, card));

            assertThat(mac.attachments())
                    .singleElement()
                    .asString()
                    .endsWith(": BEGIN:VCARD\r\nPHOTO;ENCODING=b;TYPE=JPEG:YSBjYXQ=\r\nEND:VCARD\r\n");
        }
    }

    @Test
    void a_picture_that_cannot_be_had_is_left_out() {
        try (Rig rig = Rig.open(folder, service)) {
            Outgoing message =
                    new Outgoing(rig.text("").clientId(), ANN, "words", "http://127.0.0.1:9/gone", null, null, null);

            assertThat(Rig.accepted(rig.send(message)).leftOut()).containsExactly("media");

            assertThat(texts()).containsExactly("words");
        }
    }

    private void assertRefused(Rig rig) {
        assertThat(rig.send(rig.text("hello")))
                .isInstanceOfSatisfying(
                        SendResult.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo(SendResult.Refused.NO_IMESSAGE));
        assertThat(mac.bubbles()).isEmpty();
        assertThat(rig.capabilities().effects()).isFalse();
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        for (Bubble bubble : mac.bubbles()) {
            texts.add(String.valueOf(bubble.text()));
        }
        return texts;
    }

    private List<String> calls(String begin) {
        return mac.calls().stream().filter(call -> call.startsWith(begin)).toList();
    }
}
