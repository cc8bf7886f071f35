package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.kernel.PhoneNumber;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;

class LineContractTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final PhoneNumber ANN = new PhoneNumber("+12025550140");

    private final LineContract contract = new LineContract(InstantSource.fixed(NOW));

    @ParameterizedTest
    @CsvSource({
        "slam, slam",
        "Slam, slam",
        "impact, slam",
        "invisible_ink, invisible",
        "shooting_star, shooting_star",
        "com.apple.MobileSMS.expressivesend.gentle, gentle",
        "com.apple.messages.effect.CKShootingStarEffect, shooting_star",
        "CKHappyBirthdayEffect, balloons",
        "CKSparklesEffect, celebration",
        "somersault,",
        "'',"
    })
    void a_style_is_one_of_the_thirteen_or_none(String told, @Nullable String style) {
        TextReceived text =
                (TextReceived) contract.checked(text(told, null, NOW)).orElseThrow();

        assertThat(text.sendStyle()).isEqualTo(style);
    }

    @ParameterizedTest
    @CsvSource({
        "audio/mp4, audio/mp4",
        "Image/PNG; charset=binary, image/png",
        "image/jpg, image/jpeg",
        "text/x-vcard, text/x-vcard",
        "png,",
        "a/b/c,",
        "'text/html\r\nX: y',",
        "'',"
    })
    void a_content_type_is_a_type_and_a_subtype_in_small_letters_or_none(String told, @Nullable String type) {
        TextReceived text =
                (TextReceived) contract.checked(text(null, told, NOW)).orElseThrow();

        assertThat(text.mediaType()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "+24907341-01-01T00:00:00Z",
                "-1000000000-01-01T00:00:00Z",
                "1970-01-01T00:00:00Z",
                "2026-11-26T10:00:00Z"
            })
    void a_time_that_cannot_be_is_now(String told) {
        Instant at = Instant.parse(told);

        assertThat(contract.checked(text(null, null, at)).orElseThrow().at()).isEqualTo(NOW);
        assertThat(contract.checked(receipt(at, "x")).at()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2001-01-01T00:00:00Z", "2026-11-16T10:00:00Z", "2026-11-24T22:00:00Z"})
    void a_time_that_can_be_is_kept(String told) {
        Instant at = Instant.parse(told);

        assertThat(contract.checked(text(null, null, at)).orElseThrow().at()).isEqualTo(at);
    }

    @ParameterizedTest
    @CsvSource({
        "love,, false, love",
        "Like,, false, like",
        "eyes,, false, eyes",
        "custom, 🎉, false, custom 🎉",
        "custom, 1️⃣, false, custom 1️⃣",
        "custom, 🇫🇷, false, custom 🇫🇷",
        "🎉,, false, custom 🎉",
        "haha, 😂, false, custom 😂",
        "custom,, true, custom",
        "love, 🎉, false, love",
        "custom,, false,",
        "custom, ok, false,",
        "haha,, false,"
    })
    void a_reaction_has_a_name_of_the_contract_or_is_an_emoji(
            String told, @Nullable String emoji, boolean removed, @Nullable String expected) {
        Optional<String> checked = contract.checked(
                        new TapbackReceived("line", ANN, NOW, "p", "target", told, emoji, -1, removed))
                .map(TapbackReceived.class::cast)
                .map(it -> it.partIndex() != 0
                        ? "negative part"
                        : it.reaction() + (it.customEmoji() == null ? "" : " " + it.customEmoji()));

        assertThat(checked).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void the_name_of_a_file_is_safe_whichever_driver_tells_it() {
        TextReceived told = new TextReceived(
                "line", ANN, NOW, "p", null, "media", null, "../ticket\u202Egnp.exe", Service.SMS, null);

        assertThat(contract.checked(told).map(TextReceived.class::cast).map(TextReceived::mediaName))
                .contains("ticketgnp.exe");
    }

    @Test
    void a_code_of_failure_is_a_word_or_delivery_error() {
        assertThat(contract.checked(receipt(NOW, "no_such_number"))
                        .failure()
                        .orElseThrow()
                        .code())
                .isEqualTo("no_such_number");
        assertThat(contract.checked(receipt(NOW, "+1 202 555 0101 says no"))
                        .failure()
                        .orElseThrow()
                        .code())
                .isEqualTo("delivery_error");
    }

    private static TextReceived text(@Nullable String style, @Nullable String type, Instant at) {
        return new TextReceived("line", ANN, at, "p", "hi", null, type, null, Service.SMS, style);
    }

    private static Receipt receipt(Instant at, String code) {
        return new Receipt("line", "p", Receipt.Kind.FAILED, at, Optional.of(new Receipt.Failure(code, "Why.")));
    }
}
