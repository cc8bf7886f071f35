package partyline.kernel;

import java.util.Optional;
import java.util.regex.Pattern;

/// A telephone number in E.164 form: `+`, a country code that does not start with 0, 7 to 15 digits in all.
public record PhoneNumber(String text) implements Comparable<PhoneNumber> {

    private static final Pattern E164 = Pattern.compile("\\+[1-9][0-9]{6,14}");

    public PhoneNumber {
        if (!E164.matcher(text).matches()) {
            throw new IllegalArgumentException("not an E.164 number such as +12025550100");
        }
    }

    /// The number that `text` spells, or empty when it is none. Nothing is guessed: no national formats, no spaces.
    public static Optional<PhoneNumber> parse(String text) {
        return E164.matcher(text).matches() ? Optional.of(new PhoneNumber(text)) : Optional.empty();
    }

    @Override
    public int compareTo(PhoneNumber other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
