package partyline.drivers.bluebubbles;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.drivers.contract.LineServer.ANN;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.drivers.contract.FakeLine.Way;
import partyline.drivers.contract.Rig;
import partyline.fakes.bluebubbles.FakeMac;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;
import partyline.transport.Service;

/// What a row of the Mac is made of: words, subject, files, and whom it is from; what comes later and what changes.
class BlueBubblesPartsTest {

    private static final byte[] PICTURE = {1, 2, 3};

    @TempDir
    Path folder;

    private final BlueBubblesService service = new BlueBubblesService(Map.of());
    private final FakeMac mac = service.mac;

    @Test
    void a_photo_with_words_is_one_message_although_the_photo_joins_later() {
        try (Rig rig = Rig.open(folder, service)) {
            String id = mac.sendsPicture("what is this?", PICTURE, true);
            rig.clock().advance(Duration.ofMillis(400));
            mac.joinsAttachment(id);

            rig.awaited(() -> received(rig), texts -> !texts.isEmpty());
            mac.writes("next");
            rig.eventually(rig.handler()::texts, List.of("what is this?", "next"));

            assertThat(received(rig).getFirst().mediaUrl()).isEqualTo("at_0_" + id);
            assertThat(received(rig).getFirst().providerId()).isEqualTo(id);
        }
    }

    @Test
    void a_photo_that_joins_its_words_too_late_follows_as_a_message_of_its_own() {
        try (Rig rig = Rig.open(folder, service)) {
            String id = mac.sendsPicture("what is this?", PICTURE, true);
            rig.eventually(rig.handler()::texts, List.of("what is this?"));
            mac.joinsAttachment(id);

            rig.eventually(rig.handler()::texts, List.of("what is this?", "null"));

            assertThat(received(rig).getFirst().mediaUrl()).isNull();
            assertThat(received(rig).getLast().providerId()).isEqualTo(id + "#1");
            assertThat(received(rig).getLast().mediaUrl()).isEqualTo("at_0_" + id);
            mac.tellsAgain();
            rig.restart();
            mac.writes("next");
            rig.eventually(rig.handler()::texts, List.of("what is this?", "null", "next"));
        }
    }

    @Test
    void a_link_is_its_words_and_what_messages_drew_for_it_is_no_file() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.sendsLink("https://example.com/a");
            mac.sendsBalloon("\uFFFD", "com.apple.messages.MSMessageExtensionBalloonPlugin:0000:a.game", "move.png");
            mac.writes("your turn");

            rig.eventually(rig.handler()::texts, List.of("https://example.com/a", "your turn"));
            rig.clock().advance(Duration.ofSeconds(20));
            mac.writes("well?");
            rig.eventually(rig.handler()::texts, List.of("https://example.com/a", "your turn", "well?"));
            assertThat(received(rig)).allMatch(text -> text.mediaUrl() == null);
        }
    }

    @Test
    void a_subject_is_the_first_line() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.writesWithSubject("URGENT", "the body");
            mac.writesWithSubject("STOP", "");

            rig.eventually(rig.handler()::texts, List.of("URGENT\nthe body", "STOP"));
        }
    }

    @Test
    void what_is_not_known_to_be_for_us_alone_is_not_heard() {
        try (Rig rig = Rig.open(folder, service)) {
            rig.awaited(() -> mac.hooks().size(), size -> size == 1);
            mac.writesInGroup("to all");
            mac.writesInUnnamed("chat831551415676550949", "to the family");
            mac.tellsOfNothing("from nowhere");
            mac.writesUnlinked("to whom?");
            rig.awaited(
                    () -> dropped(rig),
                    it -> it.keySet().containsAll(Set.of("group", "unknown_row", "unknown_chat"))
                            && it.get("unknown_chat") >= 2);

            mac.writes("to you");

            rig.eventually(rig.handler()::texts, List.of("to you"));
        }
    }

    @Test
    void what_joins_its_chat_after_a_long_while_is_heard_then() {
        try (Rig rig = Rig.open(folder, service)) {
            rig.awaited(() -> mac.hooks().size(), size -> size == 1);
            String id = mac.writesUnlinked("to you");
            rig.awaited(() -> dropped(rig), it -> it.containsKey("unknown_chat"));
            assertThat(rig.handler().events()).isEmpty();

            mac.linksChat(id);

            rig.eventually(rig.handler()::texts, List.of("to you"));
        }
    }

    @Test
    void a_chat_with_one_person_says_who_writes_when_the_row_does_not() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.writesWithoutHandle("me");
            mac.writesFrom("ann@example.org", "me too");
            mac.writesFromElsewhere("ann@example.org", "but not me");
            mac.writes("and me");

            rig.eventually(rig.handler()::texts, List.of("me", "me too", "and me"));
            assertThat(received(rig)).allMatch(text -> text.from().equals(ANN));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "iMessage, IMESSAGE",
        "iMessageLite, IMESSAGE",
        "RCS, RCS",
        "rcs, RCS",
        "SMS, SMS",
        "sms, SMS",
        "Satellite, SMS"
    })
    void a_service_is_read_in_any_spelling_and_an_unknown_one_is_sms(String told, Service meant) {
        mac.prefix("any");
        try (Rig rig = Rig.open(folder, service)) {
            mac.writesOn(told, "hello");

            rig.eventually(rig.handler()::texts, List.of("hello"));
            assertThat(received(rig).getFirst().service()).isEqualTo(meant);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"STRAIGHT", "LOST", "DOUBLED"})
    void what_a_person_changes_and_takes_back_is_told_once(Way way) {
        try (Rig rig = Rig.open(folder, service)) {
            String changed = mac.writes("meet at 5");
            String secret = mac.writes("my password is x");
            String other = mac.writes("never mind");
            rig.eventually(() -> received(rig).size(), 3);
            mac.way(way);

            mac.edits(changed, "meet at 6");
            mac.unsends(secret);
            mac.unsendsAsEdit(other);
            rig.eventually(() -> rig.handler().events().size(), 6);
            mac.tellsAgain();
            rig.restart();
            mac.writes("bye");
            rig.eventually(() -> received(rig).size(), 4);

            assertThat(rig.handler().events()).hasSize(7);
            assertThat(only(rig, TextEdited.class)).singleElement().satisfies(it -> {
                assertThat(it.targetProviderId()).isEqualTo(changed);
                assertThat(it.text()).isEqualTo("meet at 6");
                assertThat(it.from()).isEqualTo(ANN);
            });
            assertThat(only(rig, TextUnsent.class))
                    .extracting(TextUnsent::targetProviderId)
                    .containsExactlyInAnyOrder(secret, other);
        }
    }

    @Test
    void what_was_taken_back_while_nobody_listened_is_told_as_well_and_what_was_never_heard_stays_so() {
        try (Rig rig = Rig.open(folder, service)) {
            String heard = mac.writes("my password is x");
            rig.eventually(rig.handler()::texts, List.of("my password is x"));
            rig.stop();
            mac.unsends(heard);
            mac.unsends(mac.writes("my password is y"));

            rig.start();
            mac.writes("bye");

            rig.awaited(() -> received(rig), texts -> texts.size() == 2);
            rig.awaited(
                    () -> only(rig, TextUnsent.class),
                    it -> it.stream()
                            .anyMatch(unsent -> unsent.targetProviderId().equals(heard)));
            assertThat(received(rig)).extracting(TextReceived::text).containsExactly("my password is x", "bye");
        }
    }

    @Test
    void a_row_that_cannot_be_taken_in_stops_no_other() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.sendsPictureAt(Long.MAX_VALUE, PICTURE);
            mac.writes("from today");

            rig.awaited(rig.handler()::texts, texts -> texts.contains("from today"));
            rig.awaited(() -> rig.clock().instant(), rig.clock().instant().plusSeconds(20)::isBefore);
            mac.writes("and still");
            rig.awaited(rig.handler()::texts, texts -> texts.contains("and still"));
        }
    }

    private static Map<String, Long> dropped(Rig rig) {
        return rig.transport().lines().statuses().getFirst().dropped();
    }

    private static List<TextReceived> received(Rig rig) {
        return only(rig, TextReceived.class);
    }

    private static <T> List<T> only(Rig rig, Class<T> kind) {
        return rig.handler().events().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .toList();
    }
}
