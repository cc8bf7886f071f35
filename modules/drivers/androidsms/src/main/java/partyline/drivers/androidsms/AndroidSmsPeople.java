package partyline.drivers.androidsms;

import java.util.Optional;
import partyline.kernel.PhoneNumber;

/// Reads whom a phone names as the sender: a number, often as one dials it at home, a short code, a name,
/// or the mail address behind an MMS. `country` is the calling code of numbers that come without one.
record AndroidSmsPeople(Optional<String> country) {

    private static final int SHORTEST = 8;
    private static final int LONGEST_AT_HOME = 11;

    /// Empty when it is no number that anybody can be texted at.
    Optional<PhoneNumber> person(String sender) {
        String digits = bare(sender);
        if (digits.startsWith("+")) {
            return PhoneNumber.parse(digits);
        }
        if (!digits.matches("[0-9]{8,15}") || country.isEmpty()) {
            return Optional.empty();
        }
        String code = country.get();
        if (digits.startsWith("00")) {
            return PhoneNumber.parse("+" + digits.substring(2));
        }
        if (digits.startsWith("0")) {
            return PhoneNumber.parse("+" + code + digits.substring(1));
        }
        boolean whole = digits.startsWith(code) && digits.length() >= code.length() + SHORTEST;
        return digits.length() > LONGEST_AT_HOME && !whole
                ? Optional.empty()
                : PhoneNumber.parse(whole ? "+" + digits : "+" + code + digits);
    }

    private static String bare(String sender) {
        return sender.replaceAll("[ ().-]", "");
    }
}
