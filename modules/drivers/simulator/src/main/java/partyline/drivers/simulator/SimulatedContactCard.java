package partyline.drivers.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import partyline.kernel.PhoneNumber;

/// What a phone learns from a vCard (RFC 6350): a name for some numbers.
record SimulatedContactCard(String name, List<PhoneNumber> numbers) {

    private static final Pattern FOLD = Pattern.compile("\r?\n[ \t]");
    private static final Pattern LINE_END = Pattern.compile("\r?\n");
    private static final Pattern NOT_DIALLED = Pattern.compile("[^+0-9]");

    SimulatedContactCard {
        numbers = List.copyOf(numbers);
    }

    /// Empty when the card has no name.
    static Optional<SimulatedContactCard> parse(String vcard) {
        String name = "";
        List<PhoneNumber> numbers = new ArrayList<>();
        for (String line : LINE_END.split(FOLD.matcher(vcard).replaceAll(""))) {
            int colon = line.indexOf(':');
            String value = line.substring(colon + 1).strip();
            switch (property(line.substring(0, Math.max(colon, 0)))) {
                case "FN" -> name = unescape(value);
                case "TEL" ->
                    PhoneNumber.parse(NOT_DIALLED.matcher(value).replaceAll("")).ifPresent(numbers::add);
                default -> {}
            }
        }
        return name.isBlank() ? Optional.empty() : Optional.of(new SimulatedContactCard(name, numbers));
    }

    /// `TEL` of `item1.TEL;TYPE=CELL`.
    private static String property(String head) {
        String name = head.split(";", 2)[0];
        return name.substring(name.lastIndexOf('.') + 1).strip().toUpperCase(Locale.ROOT);
    }

    private static String unescape(String value) {
        return value.replaceAll("\\\\([,;\\\\])", "$1").replaceAll("\\\\[nN]", " ");
    }
}
