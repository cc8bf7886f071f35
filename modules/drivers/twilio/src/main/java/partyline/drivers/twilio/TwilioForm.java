package partyline.drivers.twilio;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The fields of a form that Twilio posts; a name may come more than once.
record TwilioForm(List<Field> fields) {

    record Field(String name, String value) {

        private static Field of(String pair) {
            int equals = pair.indexOf('=');
            return equals < 0
                    ? new Field(decoded(pair), "")
                    : new Field(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
        }
    }

    TwilioForm {
        fields = List.copyOf(fields);
    }

    /// Empty when it is no form.
    static Optional<TwilioForm> read(byte[] body) {
        try {
            return Optional.of(new TwilioForm(Arrays.stream(new String(body, StandardCharsets.UTF_8).split("&"))
                    .filter(pair -> !pair.isEmpty())
                    .map(Field::of)
                    .toList()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The value of a field that is not empty.
    Optional<String> get(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name) && !field.value().isEmpty())
                .map(Field::value)
                .findFirst();
    }

    /// What Twilio signs after the address: every name with its value, in the order of the names.
    String sorted() {
        return fields.stream()
                .sorted(Comparator.comparing(Field::name))
                .map(field -> field.name() + field.value())
                .collect(Collectors.joining());
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
