package partyline.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an agent reads of a send that failed.
class FailureTextsTest {

    @ParameterizedTest
    @CsvSource({
        "no_imessage, no_imessage",
        "Twilio 30003!, twilio_30003",
        "from_12025550101, from",
        "+12025550101, delivery_error",
        "'', delivery_error",
        "ОШИБКА, delivery_error",
    })
    void a_code_is_a_short_word_without_any_number(String said, String code) {
        assertThat(FailureTexts.code(said)).isEqualTo(code);
    }

    @Test
    void a_code_is_never_longer_than_sixty_four_characters() {
        assertThat(FailureTexts.code("x".repeat(1_000))).hasSize(64).matches("[a-z0-9_]{1,64}");
    }
}
