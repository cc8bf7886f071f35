package partyline.drivers.bluebubbles;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.drivers.contract.LineServer.ANN;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import partyline.drivers.contract.FakeLine.Bubble;
import partyline.drivers.contract.FakeLine.Trouble;
import partyline.drivers.contract.FakeLine.Way;
import partyline.drivers.contract.Rig;
import partyline.fakes.bluebubbles.FakeMac;
import partyline.fakes.bluebubbles.FakeMac.Fault;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;

/// A send ends with what really became of it, whatever the Mac answers, and whenever.
class BlueBubblesSettlingTest {

    private static final List<String> QUICK =
            List.of("Привет!", "Чем могу помочь?", "Напишите", "ok", "ok", "👍", "👍", "a\r\nb");

    @TempDir
    Path folder;

    private final BlueBubblesService service = new BlueBubblesService(Map.of());
    private final FakeMac mac = service.mac;

    @Test
    void texts_that_the_server_cannot_tell_apart_all_go_out_each_under_its_own_id() {
        mac.privateApi(false);
        try (Rig rig = met()) {
            assertEachOnce(rig);
        }
    }

    @Test
    void an_answer_that_names_the_message_before_is_not_believed() {
        try (Rig rig = met()) {
            rig.sent(rig.text("zero"));
            QUICK.forEach(_ -> mac.fault(Fault.SENT_AS_PREVIOUS));

            assertEachOnce(rig);
        }
    }

    private void assertEachOnce(Rig rig) {
        List<Outgoing> messages = QUICK.stream().map(rig::text).toList();
        int before = mac.bubbles().size();
        List<String> ids = new ArrayList<>();

        messages.subList(0, 4).forEach(message -> ids.add(rig.sent(message)));
        rig.restart();
        messages.subList(4, messages.size()).forEach(message -> ids.add(rig.sent(message)));

        assertThat(ids).doesNotHaveDuplicates();
        List<Bubble> bubbles = mac.bubbles().subList(before, mac.bubbles().size());
        assertThat(bubbles).extracting(Bubble::text).containsExactlyElementsOf(QUICK);
        assertThat(bubbles).extracting(Bubble::id).containsExactlyElementsOf(ids);
        assertThat(messages)
                .allSatisfy(message -> assertThat(
                                Rig.accepted(rig.reconcile(message)).providerId())
                        .isEqualTo(ids.get(messages.indexOf(message))));
    }

    @Test
    void files_of_the_same_name_and_contact_cards_are_each_known_by_their_own_id() {
        mac.privateApi(false);
        try (Rig rig = met()) {
            List<String> ids = List.of(
                    rig.sent(rig.picture(null)),
                    rig.sent(rig.picture(null)),
                    rig.sent(new Outgoing(rig.text("").clientId(), ANN, null, null, null, null, "BEGIN:VCARD")),
                    rig.sent(new Outgoing(rig.text("").clientId(), ANN, null, null, null, null, "BEGIN:VCARD")));

            assertThat(ids).doesNotHaveDuplicates();
            assertThat(mac.attachments().subList(2, 4))
                    .doesNotHaveDuplicates()
                    .allMatch(it -> it.matches("contact-[0-9a-f]{8}\\.vcf: BEGIN:VCARD"));
        }
    }

    @Test
    void a_file_is_not_taken_for_one_of_the_same_name_that_was_sent_long_ago() {
        mac.privateApi(false);
        try (Rig rig = met()) {
            String old = rig.sent(rig.picture(null));
            IntStream.range(0, 30).forEach(at -> rig.sent(rig.text("text " + at)));
            rig.clock().advance(Duration.ofHours(1));
            mac.writes("well?");
            rig.eventually(rig.handler()::texts, List.of("hi", "well?"));

            assertThat(rig.sent(rig.picture(null))).isNotEqualTo(old);
        }
    }

    @Test
    void what_a_person_wrote_on_before_does_not_undo_what_was_learnt_since() {
        try (Rig rig = met()) {
            rig.eventually(() -> rig.capabilities().effects(), true);
            mac.has(Service.SMS);
            rig.clock().advance(Duration.ofHours(13));
            rig.restart();
            mac.writes("I have a new phone");
            rig.eventually(rig.handler()::texts, List.of("hi", "I have a new phone"));

            assertThat(Rig.accepted(rig.send(rig.text("fine"))).service()).isEqualTo(Service.SMS);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Way.class,
            names = {"STRAIGHT", "LOST"})
    void a_mac_that_sends_and_does_not_answer_keeps_nobody_waiting(Way way) {
        try (Rig rig = met()) {
            mac.way(way);
            mac.fault(Fault.SENT_SILENT);

            String first = rig.sent(rig.text("is it there?"));
            String second = rig.sent(rig.text("it is"));

            assertThat(mac.bubbles()).extracting(Bubble::id).containsExactly(first, second);
        }
    }

    @Test
    void the_first_text_to_a_person_is_found_in_the_chat_that_a_mac_calls_any() {
        mac.privateApi(false);
        mac.prefix("any");
        mac.way(Way.LOST);
        try (Rig rig = Rig.open(folder, service)) {
            mac.fault(Fault.SENT_SILENT);

            rig.sent(rig.text("hello"));
            rig.sent(rig.text("hello again"));

            assertThat(mac.calls())
                    .filteredOn(it -> it.startsWith("POST /chat/new"))
                    .hasSize(1);
            assertThat(mac.bubbles()).hasSize(2);
        }
    }

    @Test
    void a_try_that_the_helper_missed_does_not_hold_up_the_next_one() {
        try (Rig rig = met()) {
            rig.eventually(() -> rig.capabilities().effects(), true);
            Outgoing message = rig.text("by another way");
            mac.helper(false);

            assertThat(rig.send(message)).isInstanceOf(SendResult.NotSent.class);
            rig.sent(message);

            assertThat(mac.bubbles()).extracting(Bubble::text).containsExactly("by another way");
        }
    }

    @ParameterizedTest
    @CsvSource({"SILENT_22, true", "TOLD_22, true", "SILENT_22, false", "TOLD_22, false"})
    void who_turns_out_later_to_have_no_imessage_gets_no_more_of_it(Fault fault, boolean privately) {
        mac.privateApi(privately);
        try (Rig rig = met()) {
            rig.eventually(() -> rig.capabilities().effects(), privately);
            mac.fault(fault);
            mac.fault(fault);

            List<String> ids = List.of(rig.sent(rig.text("one")), rig.sent(rig.text("two")));
            mac.verdict();

            for (String id : ids) {
                rig.eventually(() -> rig.handler().kindsOf(id), List.of(Receipt.Kind.FAILED));
            }
            assertThat(rig.handler().receipts)
                    .allMatch(it -> it.failure().orElseThrow().code().equals(SendResult.Refused.NO_IMESSAGE));
            SendResult next = rig.send(rig.text("three"));
            if (privately) {
                assertThat(Rig.accepted(next).service()).isEqualTo(Service.SMS);
            } else {
                assertThat(((SendResult.Refused) next).code()).isEqualTo(SendResult.Refused.NO_IMESSAGE);
            }
        }
    }

    @Test
    void who_asks_again_also_after_a_restart_hears_what_was_left_out() {
        mac.privateApi(false);
        try (Rig rig = met()) {
            Outgoing message = rig.styled("plain", "confetti");
            SendResult first = rig.send(message);

            assertThat(Rig.accepted(first).leftOut()).containsExactly("effect");
            assertThat(rig.send(message)).isEqualTo(first);
            rig.restart();
            assertThat(rig.send(message)).isEqualTo(first);
            assertThat(rig.reconcile(message)).isEqualTo(first);
            assertThat(mac.bubbles()).hasSize(1);
        }
    }

    @Test
    void an_upload_takes_as_long_as_it_takes() throws Exception {
        try (Rig rig = met();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            mac.fault(Fault.SLOW_UPLOAD);
            Outgoing message = rig.picture(null);

            CompletableFuture<SendResult> result = CompletableFuture.supplyAsync(() -> rig.send(message), threads);
            rig.awaited(mac::calls, calls -> calls.stream().anyMatch(it -> it.startsWith("POST /message/attachment")));
            assertThat(result).isNotDone();
            mac.uploaded();

            Rig.accepted(result.get(60, TimeUnit.SECONDS));
            assertThat(mac.attachments()).hasSize(1);
            assertThat(rig.driver().patience(message)).isGreaterThan(Duration.ofMinutes(30));
        }
    }

    @Test
    void how_long_a_call_took_says_nothing_about_what_came_of_it() throws Exception {
        try (Rig rig = met();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            mac.next(Trouble.HANGS);
            Outgoing message = rig.text("after a long while");
            CompletableFuture<SendResult> result = CompletableFuture.supplyAsync(() -> rig.send(message), threads);
            rig.awaited(mac::calls, calls -> calls.stream().anyMatch(it -> it.startsWith("POST /message/text")));
            rig.clock().advance(Duration.ofMinutes(20));
            mac.stop();
            assertThat(result.get(60, TimeUnit.SECONDS)).isInstanceOf(SendResult.Unknown.class);
            mac.start();

            assertThat(rig.reconcile(message)).isInstanceOf(SendResult.Unknown.class);

            rig.clock().advance(Duration.ofMinutes(7));
            assertThat(rig.reconcile(message)).isInstanceOf(SendResult.NotSent.class);
        }
    }

    /// Ann wrote once.
    private Rig met() {
        Rig rig = Rig.open(folder, service);
        mac.writes("hi");
        rig.eventually(rig.handler()::texts, List.of("hi"));
        return rig;
    }
}
