package partyline.app.api;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.app.http.Body;
import partyline.app.http.ValidationError;
import partyline.contacts.Card;
import partyline.contacts.ContactAddress;
import partyline.identities.Identity;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The fields of a contact that can be written, read from a body: what is given and well formed, as a [Card] keeps it.
final class ContactFields {

    /// One text of an item in a list; `value` is what the item cannot be without.
    private record Part(String key, int longest, boolean value) {}

    private static final int MOST = 50;
    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_NOTES = 8_000;
    private static final String NOTES = "notes";
    private static final String BIRTHDAY = "birthday";
    private static final String PRIMARY = "is_primary";
    private static final Part LABEL = new Part("label", 100, false);
    private static final Map<String, List<Part>> PARTS = Map.of(
            Card.EMAILS,
            List.of(new Part("value", 320, true), LABEL),
            Card.PHONES,
            List.of(new Part("value_e164", 100, true), LABEL),
            "websites",
            List.of(new Part("url", 2_048, true), LABEL),
            "dates",
            List.of(new Part("date", 32, true), LABEL),
            "addresses",
            Stream.concat(
                            Stream.of(LABEL),
                            Stream.of("street", "city", "region", "postal", "country")
                                    .map(key -> new Part(key, LONGEST_NAME, false)))
                    .toList(),
            "custom_fields",
            List.of(LABEL, new Part("value", 2_000, true)));

    private ContactFields() {}

    /// The names of all fields, and these.
    static String[] names(String... more) {
        return Stream.of(Card.TEXTS.stream(), Card.LISTS.stream(), Stream.of(more))
                .flatMap(names -> names)
                .toArray(String[]::new);
    }

    /// What the body says, for [Card#with]: null for what it takes away.
    static ObjectNode read(Body body) {
        ObjectNode fields = Json.object();
        Card.TEXTS.stream()
                .filter(body::has)
                .forEach(key -> fields.put(key, text(body, key).orElse(null)));
        Card.LISTS.stream().filter(body::has).forEach(key -> {
            ArrayNode items = items(body, key);
            fields.set(key, items.isEmpty() ? null : items);
        });
        return fields;
    }

    private static Optional<String> text(Body body, String key) {
        Optional<String> text = body.textOrEmpty(key, key.equals(NOTES) ? LONGEST_NOTES : LONGEST_NAME)
                .filter(it -> !it.isBlank());
        if (!key.equals(NOTES) && text.filter(it -> !Identity.isName(it)).isPresent()) {
            throw ValidationError.body(
                    key, "must be one line, without control characters and marks of writing direction");
        }
        if (key.equals(BIRTHDAY)) {
            text.ifPresent(it -> refuseUndated(key, it));
        }
        return text;
    }

    private static void refuseUndated(String key, String text) {
        try {
            LocalDate.parse(text);
        } catch (DateTimeParseException _) {
            throw ValidationError.body(key, "must be a date such as 1990-12-31");
        }
    }

    private static ArrayNode items(Body body, String list) {
        ArrayNode items = Json.array();
        JsonNode given = body.json().path(list);
        if (given.isNull()) {
            return items;
        }
        if (!given.isArray() || given.size() > MOST) {
            throw ValidationError.body(list, "must be a list of at most " + MOST + " objects");
        }
        for (JsonNode item : given) {
            items.add(item(list, items.size(), item));
        }
        if (List.of(Card.EMAILS, Card.PHONES).contains(list)) {
            refuseDoubles(list, items);
            markPrimary(list, items);
        }
        return items;
    }

    private static ObjectNode item(String list, int at, JsonNode item) {
        if (!item.isObject()) {
            throw ValidationError.body(list, "must be a list of objects");
        }
        List<Part> parts = PARTS.getOrDefault(list, List.of());
        String place = list + "." + at + ".";
        boolean address = list.equals(Card.EMAILS) || list.equals(Card.PHONES);
        Body body = Body.placed(place, item)
                .only(Stream.concat(parts.stream().map(Part::key), address ? Stream.of(PRIMARY) : Stream.empty())
                        .map(place::concat)
                        .toArray(String[]::new));
        ObjectNode read = Json.object();
        for (Part part : parts) {
            read.put(part.key(), part(body, list, place + part.key(), part));
        }
        if (address) {
            read.put(PRIMARY, body.flag(place + PRIMARY, false));
        }
        return read;
    }

    private static @Nullable String part(Body body, String list, String key, Part part) {
        if (!part.value()) {
            return body.textOrNull(key, part.longest());
        }
        String text = body.text(key, part.longest()).strip();
        return switch (list) {
            case Card.PHONES -> Body.number(key, text).text();
            case Card.EMAILS -> email(key, text);
            default -> text;
        };
    }

    private static String email(String key, String text) {
        if (!text.matches("[^@\\s]+@[^@\\s]+")) {
            throw ValidationError.body(key, "must be a mail address such as sam@example.org");
        }
        return text;
    }

    private static void refuseDoubles(String list, ArrayNode items) {
        Set<String> seen = new HashSet<>();
        for (JsonNode item : items) {
            String text = value(item);
            if (!seen.add(ContactAddress.email(text).text())) {
                throw ValidationError.body(list, "has " + text + " twice");
            }
        }
    }

    /// The first is the main one unless the body names another.
    private static void markPrimary(String list, ArrayNode items) {
        long named = items.valueStream()
                .filter(item -> item.path(PRIMARY).booleanValue())
                .count();
        if (named > 1) {
            throw ValidationError.body(list, "must have one item at most that is_primary");
        }
        if (named == 0 && !items.isEmpty()) {
            ((ObjectNode) items.get(0)).put(PRIMARY, true);
        }
    }

    private static String value(JsonNode item) {
        return item.has("value")
                ? item.path("value").stringValue()
                : item.path("value_e164").stringValue();
    }
}
