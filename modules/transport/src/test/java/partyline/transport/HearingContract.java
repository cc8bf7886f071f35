package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static partyline.fakes.FakeLine.Feature.CATCHES_UP;
import static partyline.fakes.FakeLine.Feature.DELIVERED;
import static partyline.fakes.FakeLine.Feature.HEARS_TAPBACKS;
import static partyline.transport.Server.ANN;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.fakes.FakeLine;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;

/// What people do comes once, whole and in order, however badly its service tells it; what we said never comes.
interface HearingContract {

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
    default void tapbacks_name_their_bubble_and_are_taken_away_again(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(HEARS_TAPBACKS), "the service tells of no tapbacks");
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
