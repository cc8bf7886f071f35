package partyline.transport;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import partyline.kernel.PhoneNumber;

/// Whose the mail addresses are that people text from, as the operator says: what comes from one is the text of that
/// number, which gets the answers.
public record KnownAddresses(Map<String, PhoneNumber> numbers) {

    public static final KnownAddresses NONE = new KnownAddresses(Map.of());

    public KnownAddresses {
        numbers = numbers.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(it -> normal(it.getKey()), Map.Entry::getValue));
    }

    /// @throws IllegalArgumentException with a sentence about the first wrong entry.
    public static KnownAddresses of(Map<String, String> told) {
        return new KnownAddresses(told.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        it -> number(it.getKey(), it.getValue().strip()))));
    }

    public Optional<PhoneNumber> number(String address) {
        return Optional.ofNullable(numbers.get(normal(address)));
    }

    private static PhoneNumber number(String address, String number) {
        if (!Stranger.isMailAddress(address.strip())) {
            throw new IllegalArgumentException("\"" + address + "\" is no mail address such as ann@example.com");
        }
        return PhoneNumber.parse(number)
                .orElseThrow(() -> new IllegalArgumentException(
                        "what " + address + " belongs to must be an E.164 number such as \"+12025550140\", in quotes"));
    }

    private static String normal(String address) {
        return address.strip().toLowerCase(Locale.ROOT);
    }
}
