package partyline.transport;

import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The numbers of the lines, which nobody is to read in what a service says: neither whole, nor without the
/// country's code, nor with blanks, dots, dashes or brackets.
final class NumberMask {

    private static final int LONGEST = 1_000;
    /// So many last digits tell a number, also where it is written as at home.
    private static final int TELLING = 8;

    private final List<Pattern> numbers;

    NumberMask(Collection<Line> lines) {
        numbers = lines.stream().map(NumberMask::pattern).toList();
    }

    String masked(String words) {
        String masked = words.length() > LONGEST ? words.substring(0, LONGEST) : words;
        for (Pattern number : numbers) {
            masked = number.matcher(masked).replaceAll("(a line)");
        }
        return masked;
    }

    private static Pattern pattern(Line line) {
        String digits = line.number().text().substring(1);
        String told = digits.substring(Math.max(0, digits.length() - TELLING));
        return Pattern.compile(told.chars()
                .mapToObj(Character::toString)
                .collect(Collectors.joining("[\\s().-]{0,3}", "[+(]?[\\d\\s().-]{0,12}", "")));
    }
}
