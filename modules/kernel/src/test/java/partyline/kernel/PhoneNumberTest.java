package partyline.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhoneNumberTest {

    @Property
    void seven_to_fifteen_digits_after_a_plus_are_a_number_unless_the_first_is_zero(@ForAll("digits") String digits) {
        boolean shaped = digits.length() >= 7 && digits.length() <= 15 && digits.charAt(0) != '0';

        assertThat(PhoneNumber.parse("+" + digits).map(PhoneNumber::text))
                .isEqualTo(shaped ? Optional.of("+" + digits) : Optional.empty());
    }

    @Property
    void whatever_is_accepted_is_a_plus_and_ascii_digits(@ForAll("nearly") String text) {
        boolean shaped = text.length() >= 8
                && text.length() <= 16
                && text.charAt(0) == '+'
                && text.charAt(1) != '0'
                && text.chars().skip(1).allMatch(it -> it >= '0' && it <= '9');

        assertThat(PhoneNumber.parse(text).isPresent()).isEqualTo(shaped);
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

    @Provide
    Arbitrary<String> digits() {
        return Arbitraries.strings().numeric().ofMinLength(0).ofMaxLength(18);
    }

    @Provide
    Arbitrary<String> nearly() {
        return Arbitraries.strings().withChars("+0123456789 -\n٣").ofMaxLength(18);
    }
}
