package partyline.drivers.twilio;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The fields of a form, as Twilio writes and reads them; a name may come more than once.
record TwilioForm(List<Field> fields) {

    record Field(String name, String value) {}

    TwilioForm {
        fields = List.copyOf(fields);
    }

    TwilioForm() {
        this(List.of());
    }

    /// @throws IllegalArgumentException when it is no form.
    static TwilioForm read(String text) {
        List<Field> fields = new ArrayList<>();
        for (String pair : text.split("&")) {
            if (!pair.isEmpty()) {
                int equals = pair.indexOf('=');
                fields.add(
                        equals < 0
                                ? new Field(decoded(pair), "")
                                : new Field(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1))));
            }
        }
        return new TwilioForm(fields);
    }

    TwilioForm with(String name, String value) {
        List<Field> more = new ArrayList<>(fields);
        more.add(new Field(name, value));
        return new TwilioForm(more);
    }

    /// The value of a field that is not empty.
    Optional<String> get(String name) {
        return fields.stream()
                .filter(field -> field.name().equals(name) && !field.value().isEmpty())
                .map(Field::value)
                .findFirst();
    }

    boolean has(String name) {
        return get(name).isPresent();
    }

    String encoded() {
        return fields.stream()
                .map(field -> encode(field.name()) + "=" + encode(field.value()))
                .collect(Collectors.joining("&"));
    }

    /// What Twilio signs after the address: every name with its value, in the order of the names.
    String sorted() {
        return fields.stream()
                .sorted(Comparator.comparing(Field::name))
                .map(field -> field.name() + field.value())
                .collect(Collectors.joining());
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
