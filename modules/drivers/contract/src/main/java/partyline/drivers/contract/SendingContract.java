package partyline.drivers.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static partyline.drivers.contract.FakeLine.Feature.DELIVERED;
import static partyline.drivers.contract.FakeLine.Feature.EFFECTS;
import static partyline.drivers.contract.FakeLine.Feature.FINDS_SENDS;
import static partyline.drivers.contract.FakeLine.Feature.MEDIA;
import static partyline.drivers.contract.FakeLine.Feature.SHOWS_FILE_NAMES;
import static partyline.drivers.contract.FakeLine.Feature.SMS;
import static partyline.drivers.contract.FakeLine.Trouble.LOST_WITHOUT_ANSWER;
import static partyline.drivers.contract.FakeLine.Trouble.NOT_TAKEN;
import static partyline.drivers.contract.FakeLine.Trouble.REFUSED;
import static partyline.drivers.contract.FakeLine.Trouble.REPEATS_ID;
import static partyline.drivers.contract.FakeLine.Trouble.SENT_WITHOUT_ANSWER;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.transport.Capabilities;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;

/// The four results of a send, the client id, and what becomes of what a line cannot carry.
public interface SendingContract {

    /// A fresh fake of the service, running.
    FakeService fake();

    @Test
    default void a_text_is_taken_shown_once_and_delivered(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            SendResult.Accepted accepted = Rig.accepted(rig.send(rig.text("hello")));

            rig.eventually(() -> shown(rig), List.of("hello"));
            assertThat(accepted.leftOut()).isEmpty();
            if (rig.fake().features().contains(DELIVERED)) {
                rig.awaited(
                        () -> rig.handler().kindsOf(accepted.providerId()),
                        kinds -> kinds.contains(Receipt.Kind.DELIVERED));
            }
            assertThat(accepted.sentAtOnce()).isEqualTo(!rig.capabilities().sentReceipts());
        }
    }

    @Test
    default void a_text_that_is_never_taken_is_refused_with_a_code_and_not_shown(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            rig.fake().next(REFUSED);

            SendResult result = rig.send(rig.text("never"));

            assertThat(result).isInstanceOf(SendResult.Refused.class);
            assertThat(((SendResult.Refused) result).code()).matches("[a-z0-9_]+");
            assertThat(((SendResult.Refused) result).detail()).isNotBlank();
            rig.sent(rig.text("but this"));
            rig.eventually(() -> shown(rig), List.of("but this"));
        }
    }

    @Test
    default void a_text_that_was_certainly_not_taken_can_be_sent_again(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            Outgoing message = rig.text("later");
            rig.fake().next(NOT_TAKEN);

            assertThat(rig.send(message)).isInstanceOf(SendResult.NotSent.class);
            rig.sent(message);

            rig.eventually(() -> shown(rig), List.of("later"));
        }
    }

    @Test
    default void a_text_that_is_sent_again_although_it_was_taken_shows_once(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            Outgoing message = rig.text("once");
            String first = rig.sent(message);

            assertThat(rig.sent(message)).isEqualTo(first);
            assertThat(Rig.accepted(rig.reconcile(message)).providerId()).isEqualTo(first);
            String other = rig.sent(rig.text("once"));

            assertThat(other).as("equal words, another text").isNotEqualTo(first);
            rig.eventually(() -> shown(rig), List.of("once", "once"));
        }
    }

    @Test
    default void a_text_whose_answer_is_lost_is_found_and_shows_once(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(FINDS_SENDS), "the service cannot be asked");
            Outgoing message = rig.text("did you get this?");
            rig.fake().next(SENT_WITHOUT_ANSWER);

            assertThat(rig.send(message))
                    .as("unknown, if the driver did not look it up by itself")
                    .isInstanceOfAny(SendResult.Unknown.class, SendResult.Accepted.class);

            assertFound(rig, message);
            rig.eventually(() -> shown(rig), List.of("did you get this?"));
        }
    }

    @Test
    default void a_text_whose_answer_is_lost_is_found_after_a_restart(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(FINDS_SENDS), "the service cannot be asked");
            Outgoing lost = rig.text("the same");
            Outgoing taken = rig.text("the same");
            String known = rig.sent(taken);
            rig.fake().next(SENT_WITHOUT_ANSWER);
            rig.send(lost);

            rig.restart();

            assertFound(rig, lost);
            assertThat(Rig.accepted(rig.reconcile(lost)).providerId()).isNotEqualTo(known);
            assertThat(Rig.accepted(rig.reconcile(taken)).providerId())
                    .as("what was taken before the restart is known after it")
                    .isEqualTo(known);
            rig.eventually(() -> shown(rig), List.of("the same", "the same"));
        }
    }

    @Test
    default void a_text_that_was_lost_is_not_taken_for_an_equal_one(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            rig.sent(rig.text("the same"));
            rig.eventually(() -> shown(rig), List.of("the same"));
            Outgoing lost = rig.text("the same");
            rig.fake().next(LOST_WITHOUT_ANSWER);

            assertThat(rig.send(lost)).isNotInstanceOf(SendResult.Accepted.class);
            assertThat(rig.reconcile(lost)).isNotInstanceOf(SendResult.Accepted.class);
            rig.restart();

            assertThat(rig.reconcile(lost)).isNotInstanceOf(SendResult.Accepted.class);
            assertThat(shown(rig)).containsExactly("the same");
        }
    }

    /// Of an id that was told before, whoever sends knows that it is another text's: then it asks.
    @Test
    default void when_the_service_repeats_an_id_each_text_is_found_under_its_own(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(FINDS_SENDS), "the service cannot be asked");
            String first = rig.sent(rig.text("one"));
            rig.eventually(() -> shown(rig), List.of("one"));
            Outgoing second = rig.text("two");
            rig.fake().next(REPEATS_ID);

            SendResult result = rig.send(second);

            String told = result instanceof SendResult.Accepted accepted ? accepted.providerId() : first;
            String found = told.equals(first)
                    ? Rig.accepted(rig.awaited(() -> rig.reconcile(second), SendResult.Accepted.class::isInstance))
                            .providerId()
                    : told;
            assertThat(found).isNotEqualTo(first);
            rig.eventually(() -> shown(rig), List.of("one", "two"));
        }
    }

    @Test
    default void an_effect_is_shown_or_left_out_and_said_so(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            boolean effects = rig.fake().features().contains(EFFECTS);
            rig.awaited(rig::capabilities, it -> it.effects() == effects);

            SendResult.Accepted accepted = Rig.accepted(rig.send(rig.styled("hurray", "confetti")));

            FakeLine.Bubble bubble = only(rig);
            assertThat(bubble.text()).isEqualTo("hurray");
            assertThat(bubble.effect()).isEqualTo(effects ? "confetti" : null);
            assertThat(accepted.leftOut().contains("effect")).isEqualTo(!effects);
        }
    }

    @Test
    default void a_picture_is_shown_or_left_out_and_said_so(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            boolean media = rig.fake().features().contains(MEDIA);
            assertThat(rig.capabilities().media()).isEqualTo(media);

            SendResult.Accepted accepted = Rig.accepted(rig.send(rig.picture("look")));

            rig.awaited(() -> rig.fake().bubbles(), bubbles -> !bubbles.isEmpty());
            assertThat(rig.fake().bubbles().stream().anyMatch(FakeLine.Bubble::media))
                    .isEqualTo(media);
            assertThat(shown(rig)).contains("look");
            assertThat(accepted.leftOut().contains("media")).isEqualTo(!media);
        }
    }

    @Test
    default void a_file_keeps_the_name_that_we_give_it(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(SHOWS_FILE_NAMES), "no phone shows what a file is called");
            rig.awaited(rig::capabilities, Capabilities::media);

            rig.sent(rig.named("look"));

            rig.eventually(rig.fake()::fileNames, List.of(Rig.NAME));
        }
    }

    @Test
    default void what_a_phone_cannot_show_is_left_out_for_it_alone(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(SMS), "every phone is alike to this service");
            rig.fake().has(Service.SMS);

            SendResult.Accepted accepted = Rig.accepted(rig.send(rig.styled("plain", "confetti")));

            assertThat(accepted.service()).isEqualTo(Service.SMS);
            assertThat(accepted.leftOut()).contains("effect");
            assertThat(only(rig).effect()).isNull();
            rig.eventually(() -> rig.capabilities().effects(), false);
        }
    }

    private static void assertFound(Rig rig, Outgoing message) {
        String id = Rig.accepted(rig.awaited(() -> rig.reconcile(message), SendResult.Accepted.class::isInstance))
                .providerId();
        if (rig.fake().features().contains(DELIVERED)) {
            rig.awaited(() -> rig.handler().kindsOf(id), kinds -> kinds.contains(Receipt.Kind.DELIVERED));
        }
    }

    private static FakeLine.Bubble only(Rig rig) {
        return rig.awaited(() -> rig.fake().bubbles(), bubbles -> bubbles.size() == 1)
                .getFirst();
    }

    private static List<String> shown(Rig rig) {
        return rig.fake().bubbles().stream()
                .map(bubble -> String.valueOf(bubble.text()))
                .toList();
    }
}
