package partyline.kernel;

import java.util.Optional;

/// A telephone number in E.164 form: `+`, a country code that does not start with 0, 7 to 15 digits in all.
public record PhoneNumber(String text) implements Comparable<PhoneNumber> {

    public PhoneNumber {
        if (!isE164(text)) {
            throw new IllegalArgumentException("not an E.164 number such as +12025550100");
        }
    }

    /// The number that `text` spells, or empty when it is none. Nothing is guessed: no national formats, no spaces.
    public static Optional<PhoneNumber> parse(String text) {
        return isE164(text) ? Optional.of(new PhoneNumber(text)) : Optional.empty();
    }

    /// By hand: every row that is read passes here.
    private static boolean isE164(String text) {
        int length = text.length();
        if (length < 8 || length > 16 || text.charAt(0) != '+' || text.charAt(1) == '0') {
            return false;
        }
        for (int at = 1; at < length; at++) {
            if (text.charAt(at) < '0' || text.charAt(at) > '9') {
                return false;
            }
        }
        return true;
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
