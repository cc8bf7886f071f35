package partyline.drivers.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static partyline.drivers.contract.FakeLine.Feature.HEARS_READ;
import static partyline.drivers.contract.FakeLine.Feature.HEARS_TYPING;
import static partyline.drivers.contract.FakeLine.Feature.READ;
import static partyline.drivers.contract.FakeLine.Feature.TAPBACKS;
import static partyline.drivers.contract.FakeLine.Feature.TAPBACKS_FOR_GOOD;
import static partyline.drivers.contract.FakeLine.Feature.TYPING;
import static partyline.drivers.contract.LineServer.ANN;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.transport.Capabilities;
import partyline.transport.Driver;
import partyline.transport.Receipt;
import partyline.transport.TapbackResult;

/// Tapbacks, typing and reading: niceties, of which a line without them makes no fuss.
public interface PresenceContract {

    FakeService fake();

    @Test
    default void our_tapback_is_shown_and_taken_back_or_not_taken_at_all(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            boolean tapbacks = rig.fake().features().contains(TAPBACKS);
            rig.awaited(rig::capabilities, it -> it.tapbacks() == tapbacks);
            String hers = rig.fake().writes("like me");
            rig.eventually(rig.handler()::texts, List.of("like me"));

            assertThat(result(rig, hers, "like"))
                    .as("what a line never shows is not to be tried again")
                    .isEqualTo(tapbacks ? TapbackResult.TAKEN : TapbackResult.NEVER);
            if (tapbacks) {
                rig.eventually(() -> rig.fake().tapback(hers), Optional.of("like"));
                rig.restart();
                rig.awaited(rig::capabilities, Capabilities::tapbacks);
                boolean forGood = rig.fake().features().contains(TAPBACKS_FOR_GOOD);
                assertThat(result(rig, hers, null))
                        .as("taken back, although the program started anew")
                        .isEqualTo(forGood ? TapbackResult.NEVER : TapbackResult.TAKEN);
                rig.eventually(() -> rig.fake().tapback(hers), forGood ? Optional.of("like") : Optional.empty());
            }
        }
    }

    @Test
    default void our_typing_bubble_ends_by_itself(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(TYPING), "the service shows no typing");
            met(rig);

            rig.transport().lines().typing(rig.line().id(), ANN, true);
            rig.eventually(() -> rig.fake().showsTyping(), true);
            rig.clock().advance(Duration.ofSeconds(61));

            rig.eventually(() -> rig.fake().showsTyping(), false);
        }
    }

    @Test
    default void our_typing_bubble_ends_with_the_text(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(TYPING), "the service shows no typing");
            met(rig);
            rig.transport().lines().typing(rig.line().id(), ANN, true);
            rig.eventually(() -> rig.fake().showsTyping(), true);

            rig.sent(rig.text("here it is"));

            assertThat(rig.fake().showsTyping()).isFalse();
        }
    }

    @Test
    default void a_person_sees_that_we_read(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(READ), "the service shows no reading");
            met(rig);

            rig.transport().lines().markRead(rig.line().id(), ANN, rig.clock().instant());

            rig.eventually(() -> rig.fake().showsRead(), true);
        }
    }

    @Test
    default void we_hear_that_a_person_types(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(HEARS_TYPING), "the service tells of no typing");
            met(rig);

            rig.fake().types(true);
            rig.eventually(() -> List.copyOf(rig.handler().typing), List.of(true));
            rig.fake().types(false);

            rig.eventually(() -> List.copyOf(rig.handler().typing), List.of(true, false));
        }
    }

    @Test
    default void we_hear_that_a_person_read(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            assumeTrue(rig.fake().features().contains(HEARS_READ), "the service tells of no reading");
            String id = rig.sent(rig.text("read me"));
            rig.awaited(() -> rig.handler().kindsOf(id), kinds -> kinds.contains(Receipt.Kind.DELIVERED));

            rig.fake().reads();

            rig.awaited(() -> rig.handler().kindsOf(id), kinds -> kinds.contains(Receipt.Kind.READ));
        }
    }

    @Test
    default void what_a_line_cannot_show_is_no_trouble(@TempDir Path folder) {
        try (Rig rig = Rig.open(folder, fake())) {
            Capabilities capabilities = rig.awaited(
                    rig::capabilities,
                    it -> it.typing() == rig.fake().features().contains(TYPING));
            assertThat(capabilities.readReceipts())
                    .isEqualTo(rig.fake().features().contains(READ));

            rig.transport().lines().typing(rig.line().id(), ANN, true);
            rig.transport().lines().typing(rig.line().id(), ANN, false);
            rig.transport().lines().markRead(rig.line().id(), ANN, rig.clock().instant());

            assertThat(result(rig, "no-such-bubble", "love")).isNotEqualTo(TapbackResult.TAKEN);
            rig.sent(rig.text("hello"));
        }
    }

    private static TapbackResult result(Rig rig, String bubble, @Nullable String reaction) {
        return rig.transport().lines().tapback(rig.line().id(), ANN, bubble, reaction, 0);
    }

    /// Ann wrote, so that there is a thread to show something in.
    private static void met(Rig rig) {
        rig.fake().writes("hi");
        rig.eventually(rig.handler()::texts, List.of("hi"));
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);
    }
}
