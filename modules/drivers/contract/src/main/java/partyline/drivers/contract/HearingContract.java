package partyline.drivers.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static partyline.drivers.contract.FakeLine.Feature.ANSWERS_ADDRESSES;
import static partyline.drivers.contract.FakeLine.Feature.CATCHES_UP;
import static partyline.drivers.contract.FakeLine.Feature.DELIVERED;
import static partyline.drivers.contract.FakeLine.Feature.HEARS_ADDRESSES;
import static partyline.drivers.contract.FakeLine.Feature.HEARS_FILE_NAMES;
import static partyline.drivers.contract.FakeLine.Feature.HEARS_TAPBACKS;
import static partyline.drivers.contract.LineServer.ANN;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.kernel.FileName;
import partyline.transport.Driver;
import partyline.transport.Driver.Download;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Receipt;
import partyline.transport.Service;

/// What people do comes once, whole and in order, however badly its service tells it; what we said never comes.
public interface HearingContract {

    FakeService fake();

    @Test
    default void what_a_person_writes_comes_in_order(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            String id = rig.fake().writes("one");
            rig.fake().writes("two");
            rig.fake().writes("three");

            rig.eventually(rig.handler()::texts, List.of("one", "two", "three"));
            TextReceived first = (TextReceived) rig.handler().events().getFirst();
            assertThat(first.line()).isEqualTo(rig.line().id());
            assertThat(first.from()).isEqualTo(ANN);
            assertThat(first.providerId()).isEqualTo(id);
        }
    }

    @Test
    default void what_is_told_again_changes_nothing_also_after_a_restart(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            rig.fake().writes("one");
            rig.fake().writes("two");
            rig.eventually(rig.handler()::texts, List.of("one", "two"));

            rig.fake().tellsAgain();
            rig.restart();
            rig.fake().tellsAgain();
            rig.fake().writes("three");

            rig.eventually(rig.handler()::texts, List.of("one", "two", "three"));
        }
    }

    @Test
    default void receipts_may_come_again_and_in_any_order(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(DELIVERED), "the service tells of no delivery");
            String id = rig.sent(rig.text("hello"));
            rig.awaited(() -> rig.handler().kindsOf(id), kinds -> kinds.contains(Receipt.Kind.DELIVERED));

            rig.fake().tellsAgain();
            rig.fake().writes("still there");

            rig.eventually(rig.handler()::texts, List.of("still there"));
            assertThat(rig.handler().kindsOf(id)).doesNotContain(Receipt.Kind.FAILED);
        }
    }

    @Test
    default void what_we_say_never_comes_back(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            rig.sent(rig.text("our own words"));
            rig.fake().writes("hers");
            rig.eventually(rig.handler()::texts, List.of("hers"));

            rig.fake().tellsAgain();
            rig.restart();
            rig.fake().writes("hers again");

            rig.eventually(rig.handler()::texts, List.of("hers", "hers again"));
        }
    }

    @Test
    default void what_was_lost_on_the_way_is_caught_up_with(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(CATCHES_UP), "the service keeps nothing");
            rig.fake().writes("heard");
            rig.eventually(rig.handler()::texts, List.of("heard"));
            rig.fake().way(FakeLine.Way.LOST);
            rig.fake().writes("not heard");
            rig.fake().way(FakeLine.Way.STRAIGHT);

            rig.restart();
            rig.fake().writes("heard again");

            rig.eventually(rig.handler()::texts, List.of("heard", "not heard", "heard again"));
        }
    }

    @Test
    default void what_a_person_wrote_while_the_program_was_stopped_comes_before_the_rest(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(CATCHES_UP), "the service keeps nothing");
            rig.fake().writes("before");
            rig.eventually(rig.handler()::texts, List.of("before"));
            rig.stop();
            rig.fake().writes("meanwhile");

            rig.start();
            rig.fake().writes("after");

            rig.eventually(rig.handler()::texts, List.of("before", "meanwhile", "after"));
        }
    }

    @Test
    default void what_a_person_wrote_while_the_service_was_gone_comes_when_it_is_back(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(CATCHES_UP), "the service keeps nothing");
            rig.fake().writes("before");
            rig.eventually(rig.handler()::texts, List.of("before"));
            rig.fake().stop();
            rig.fake().writes("meanwhile");

            rig.fake().start();
            rig.fake().writes("after");

            rig.eventually(rig.handler()::texts, List.of("before", "meanwhile", "after"));
        }
    }

    @Test
    default void an_effect_that_nobody_knows_is_left_out(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            TextReceived text = oddly(rig, FakeLine.Oddity.STYLE);

            assertThat(text.sendStyle()).isNull();
        }
    }

    @Test
    default void a_service_is_known_in_any_letters(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            TextReceived text = oddly(rig, FakeLine.Oddity.SERVICE_IN_ODD_LETTERS);

            assertThat(text.service()).isEqualTo(Service.SMS);
        }
    }

    @Test
    default void a_service_that_nobody_knows_is_never_imessage_and_stops_nothing(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(tells(rig, FakeLine.Oddity.SERVICE), "the service says no such thing");

            assertThat(texts(rig, "odd")).noneMatch(text -> text.service() == Service.IMESSAGE);
        }
    }

    @Test
    default void a_time_that_cannot_be_is_now_and_stops_nothing(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(tells(rig, FakeLine.Oddity.TIME), "the service says no such thing");

            assertThat(texts(rig, "odd"))
                    .allMatch(text -> text.at().isBefore(rig.clock().instant().plusSeconds(60)));
        }
    }

    @Test
    default void a_text_under_an_id_that_is_known_changes_nothing_and_stops_nothing(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            rig.fake().writes("first");
            rig.eventually(rig.handler()::texts, List.of("first"));
            assumeTrue(tells(rig, FakeLine.Oddity.KNOWN_ID), "the service says no such thing");

            assertThat(rig.handler().texts()).containsExactly("first", "after it");
        }
    }

    @Test
    default void the_type_of_a_file_is_as_the_line_tells_it(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            TextReceived text = oddly(rig, FakeLine.Oddity.TYPE_OF_A_FILE);

            assertThat(text.mediaType()).isEqualTo("audio/mp4");
        }
    }

    @Test
    default void a_file_keeps_the_name_that_the_person_gives_it(@TempDir Path folder) throws IOException {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(
                    rig.fake().features().contains(HEARS_FILE_NAMES),
                    "the service does not tell what files are called");
            awaitFirstRound(rig);

            rig.fake().sendsFile(Rig.NAME);

            rig.awaited(rig.handler()::texts, texts -> texts.size() == 1);
            assertThat(name(rig, (TextReceived) rig.handler().events().getFirst()))
                    .contains(Rig.NAME);
        }
    }

    /// What the file is called, as the news says, or who gives it out.
    private static Optional<String> name(Rig rig, TextReceived text) throws IOException {
        if (text.mediaName() != null) {
            return Optional.of(text.mediaName());
        }
        String media = Objects.requireNonNull(text.mediaUrl());
        return switch (rig.transport().lines().download(rig.line().id(), media)) {
            case Download.Address(var url) -> FileName.ofUrl(url);
            case Download.Kept _ -> Optional.empty();
            case Download.Bytes bytes -> {
                bytes.body().close();
                yield FileName.clean(bytes.name());
            }
        };
    }

    @Test
    default void who_has_no_number_is_counted_as_what_they_have_and_stops_nothing(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(HEARS_ADDRESSES), "the service tells of numbers alone");
            awaitFirstRound(rig);

            rig.fake().writesFromAddress("bob@example.com", "connect @agent");
            rig.fake().writes("after it");

            rig.eventually(rig.handler()::texts, List.of("after it"));
            rig.eventually(
                    () -> rig.transport().lines().known().getFirst().dropped().get("mail_address"), 1L);
        }
    }

    @Test
    default void who_has_no_number_is_answered_where_they_wrote(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(ANSWERS_ADDRESSES), "nobody else can be answered");
            awaitFirstRound(rig);

            rig.fake().writesFromAddress("bob@example.com", "hello?");

            rig.eventually(
                    () -> rig.fake().saidTo("bob@example.com"),
                    List.of("A number is needed, bob@example.com, to hear: hello?"));
            assertThat(rig.fake().bubbles()).as("nothing is said to Ann").isEmpty();
        }
    }

    @Test
    default void what_comes_from_a_known_address_is_that_persons_and_answers_go_to_the_number(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(HEARS_ADDRESSES), "the service tells of numbers alone");
            awaitFirstRound(rig);

            rig.fake().writesFromAddress(Rig.ANNS_ADDRESS.toUpperCase(Locale.ROOT), "it is me");

            rig.eventually(rig.handler()::texts, List.of("it is me"));
            assertThat(rig.handler().events().getFirst().from()).isEqualTo(ANN);
            rig.sent(rig.text("I know"));
            rig.eventually(
                    () -> rig.fake().bubbles().stream()
                            .map(FakeLine.Bubble::text)
                            .toList(),
                    List.of("I know"));
            assertThat(rig.fake().saidTo(Rig.ANNS_ADDRESS)).isEmpty();
        }
    }

    @Test
    default void tapbacks_in_words_are_tapbacks(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            String bubble = rig.sent(rig.text("Dinner at 7 ok?"));
            rig.fake().writes("Liked “Dinner at 7 ok?”");
            rig.fake().writes("\u200a\u200b👍\u200b to “\u200aDinner at 7 ok?\u200a”\u200a");
            rig.fake().writes("Removed a like from “Dinner at…”");
            rig.fake().writes("Le gustó “Dinner at 7 ok?”");
            rig.fake().writes("Liked “something else”");

            rig.eventually(
                    rig.handler()::texts,
                    List.of("tapback", "tapback", "tapback", "tapback", "Liked “something else”"));
            assertThat(rig.handler().events().stream().limit(4).map(TapbackReceived.class::cast))
                    .allMatch(tapback -> tapback.targetProviderId().equals(bubble))
                    .extracting(tapback -> (tapback.removed() ? "-" : "") + tapback.reaction())
                    .containsExactly("like", "custom", "-like", "like");
        }
    }

    /// What the server makes of a text that is told oddly.
    private static TextReceived oddly(Rig rig, FakeLine.Oddity oddity) {
        assumeTrue(tells(rig, oddity), "the service says no such thing");
        return texts(rig, "odd").getFirst();
    }

    /// Has an odd text told, and waits for the one after it; false where the service tells no such thing.
    private static boolean tells(Rig rig, FakeLine.Oddity oddity) {
        awaitFirstRound(rig);
        if (!rig.fake().writesOddly("odd", oddity)) {
            return false;
        }
        rig.fake().writes("after it");
        rig.awaited(rig.handler()::texts, texts -> texts.contains("after it"));
        return true;
    }

    /// From then on the service knows where to call.
    private static void awaitFirstRound(Rig rig) {
        rig.awaited(rig::health, health -> !health.detail().contains("not been tried"));
    }

    private static List<TextReceived> texts(Rig rig, String words) {
        return rig.handler().events().stream()
                .filter(TextReceived.class::isInstance)
                .map(TextReceived.class::cast)
                .filter(text -> words.equals(text.text()))
                .toList();
    }

    @Test
    default void tapbacks_name_their_bubble_and_are_taken_away_again(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(HEARS_TAPBACKS), "the service tells of no tapbacks");
            rig.awaited(rig::health, health -> health.state() == Driver.Health.State.UP);
            String bubble = rig.sent(rig.text("react to this"));
            rig.eventually(() -> rig.fake().bubbles().size(), 1);

            rig.fake().reacts(bubble, "love", false);
            rig.fake().reacts(bubble, "laugh", false);
            rig.fake().reacts(bubble, "laugh", true);

            rig.eventually(
                    () -> rig.handler().events().stream()
                            .filter(TapbackReceived.class::isInstance)
                            .map(TapbackReceived.class::cast)
                            .filter(tapback -> tapback.targetProviderId().equals(bubble)
                                    && tapback.from().equals(ANN))
                            .map(tapback -> (tapback.removed() ? "-" : "") + tapback.reaction())
                            .toList(),
                    List.of("love", "laugh", "-laugh"));
            assertThat(rig.handler().texts()).doesNotContain("null").allMatch("tapback"::equals);
        }
    }
}
