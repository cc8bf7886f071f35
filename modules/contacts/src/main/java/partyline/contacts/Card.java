package partyline.contacts;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What somebody wrote about a person: a JSON object with the names of the wire, [#TEXTS] and [#LISTS]. Nobody but the
/// wire reads most of it, so it is kept as it came. What is not there was never said.
public record Card(ObjectNode fields) {

    public static final List<String> TEXTS = List.of(
            "preferred_name",
            "name_prefix",
            "given_name",
            "middle_name",
            "family_name",
            "name_suffix",
            "company_name",
            "job_title",
            "notes",
            "birthday");
    public static final String EMAILS = "emails";
    public static final String PHONES = "phones";
    public static final List<String> LISTS = List.of(EMAILS, PHONES, "websites", "dates", "addresses", "custom_fields");

    /// What may be long, and says least of who it is.
    public static final List<String> LONG =
            Stream.concat(LISTS.stream(), Stream.of("notes", "birthday")).toList();

    /// The most characters that a card may have as JSON beside its numbers and mail addresses, which are counted.
    public static final int LARGEST = 8_192;

    public static final Card EMPTY = new Card(Json.object());

    /// What the columns hold; computed before a write, so that the writer only stores it.
    record Columns(
            String details, @Nullable String name, String sortKey, String searchText, List<ContactAddress> addresses) {}

    /// The name to call the person by: the preferred one, else the given and the family name, else the company's.
    public Optional<String> name() {
        String full = texts("given_name", "family_name").collect(Collectors.joining(" "));
        return Stream.concat(texts("preferred_name"), Stream.concat(Stream.of(full), texts("company_name")))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .findFirst();
    }

    /// The numbers, in the order of the card.
    public List<PhoneNumber> phones() {
        return values(PHONES, "value_e164").map(PhoneNumber::new).toList();
    }

    /// The mail addresses in small letters, in the order of the card.
    public List<ContactAddress> emails() {
        return values(EMAILS, "value").map(ContactAddress::email).toList();
    }

    /// All by which the person can be found.
    public List<ContactAddress> addresses() {
        return Stream.concat(emails().stream(), phones().stream().map(ContactAddress::of))
                .toList();
    }

    /// This card with other values for some fields; null takes a field away.
    public Card with(ObjectNode changes) {
        ObjectNode after = fields.deepCopy().setAll(changes);
        after.removeNulls();
        return new Card(after);
    }

    /// How much there is of it, for the bound.
    public int size() {
        return Json.write(fields.deepCopy().remove(List.of(EMAILS, PHONES))).length();
    }

    Columns columns() {
        List<ContactAddress> addresses = addresses();
        List<String> found = addresses.stream().map(ContactAddress::text).toList();
        Optional<String> name = name();
        String words = texts("preferred_name", "given_name", "middle_name", "family_name", "company_name", "job_title")
                .collect(Collectors.joining("\n"));
        return new Columns(
                Json.write(fields),
                name.orElse(null),
                folded(name.or(() -> found.stream().findFirst()).orElse("")),
                folded(words + "\n" + String.join("\n", found)),
                addresses);
    }

    /// Small and capital letters are the same to those who search.
    static String folded(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private Stream<String> texts(String... keys) {
        return Stream.of(keys).map(key -> fields.path(key).stringValue("")).filter(text -> !text.isBlank());
    }

    private Stream<String> values(String list, String key) {
        return fields.path(list)
                .valueStream()
                .map(item -> item.path(key))
                .map(JsonNode::stringValue)
                .map(Objects::requireNonNull);
    }
}
