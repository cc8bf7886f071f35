package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.testkit.Seeds;

class PhoneNumberTest {

    private static final List<String> DIGITS = List.of("0123456789".split(""));
    private static final List<String> NEARLY = List.of("+0123456789 -\n٣".split(""));

    @Test
    void seven_to_fifteen_digits_after_a_plus_are_a_number_unless_the_first_is_zero() {
        Seeds.each(2_000, random -> {
            String digits = Seeds.text(random, 18, DIGITS);
            boolean shaped = digits.length() >= 7 && digits.length() <= 15 && digits.charAt(0) != '0';

            assertThat(PhoneNumber.parse("+" + digits).map(PhoneNumber::text))
                    .isEqualTo(shaped ? Optional.of("+" + digits) : Optional.empty());
        });
    }

    @Test
    void whatever_is_accepted_is_a_plus_and_ascii_digits() {
        Seeds.each(2_000, random -> {
            String text = (random.nextBoolean() ? "+1202" : "") + Seeds.text(random, 13, NEARLY);

            assertThat(PhoneNumber.parse(text).isPresent()).isEqualTo(text.matches("\\+[1-9][0-9]{6,14}"));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+",
                "12025550140",
                "0012025550140",
                "+1 202 555 0140",
                "+1-202-555-0140",
                " +12025550140",
                "+12025550140\n",
                "++12025550140",
                "+١٢٠٢٥٥٥٠١٤٠"
            })
    void nothing_is_guessed(String text) {
        assertThat(PhoneNumber.parse(text)).isEmpty();
        assertThatThrownBy(() -> new PhoneNumber(text)).isInstanceOf(IllegalArgumentException.class);
    }
}
