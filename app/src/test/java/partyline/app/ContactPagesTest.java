package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// How much of the address book one answer has.
class ContactPagesTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/contacts";
    /// What one answer may have, in characters, with room for the keys that every contact has.
    private static final int LARGEST = 256 * 1_024 + 64 * 1_024;

    private final Api admin = server.admin();

    @Test
    void a_page_ends_before_its_contacts_grow_large_and_leads_to_the_rest() {
        String word = "page" + server.person().substring(1);
        int count = 60;
        for (int at = 0; at < count; at++) {
            String name = "%s %02d".formatted(word, at);
            String mail = "a%d@%s.example".formatted(at, word);
            admin.post(ALL, large(name, mail)).expect(201);
        }

        List<String> names = new ArrayList<>();
        Optional<String> next = Optional.of(ALL + "?q=" + word + "&limit=200");
        int pages = 0;
        while (next.isPresent()) {
            Api.Answer page = admin.get(next.get()).expect(200);
            assertThat(page.text().length()).isLessThan(LARGEST);
            page.json().forEach(it -> names.add(it.path("given_name").asString().substring(word.length() + 1)));
            next = page.next();
            pages++;
        }

        assertThat(pages).isGreaterThan(1);
        assertThat(names)
                .containsExactlyElementsOf(
                        IntStream.range(0, count).mapToObj("%02d"::formatted).toList());
        String found = admin.get(ALL + "/lookup?email_domain=" + word + ".example")
                .expect(200)
                .text();
        assertThat(found.length()).isBetween(LARGEST / 2, LARGEST);
    }

    @Test
    void a_page_that_has_all_leads_nowhere_and_one_that_is_full_to_the_next() {
        String word = "full" + server.person().substring(1);
        admin.post(ALL, "{\"given_name\":\"%s a\"}".formatted(word)).expect(201);
        admin.post(ALL, "{\"given_name\":\"%s b\"}".formatted(word)).expect(201);

        assertThat(admin.get(ALL + "?q=" + word + "&limit=2").next()).isEmpty();
        assertThat(admin.get(ALL + "?q=" + word + "&limit=1&offset=0").next())
                .contains(ALL + "?q=%s&limit=1&offset=1".formatted(word));
    }

    @Test
    void a_rule_says_who_has_the_number_and_no_more_of_them() {
        Talk talk = Talk.begin(server);
        String contact = "{\"given_name\":\"Sam\",\"notes\":\"%s\",\"phones\":[{\"value_e164\":\"%s\"}]}";
        String id = admin.post(ALL, contact.formatted("n".repeat(8_000), talk.person()))
                .expect(201)
                .json()
                .path("id")
                .asString();
        String rules = "/api/v1/imessage/identities/" + talk.handle() + "/contact-rules";
        admin.post(rules, "{\"action\":\"allow\",\"match_target\":\"%s\"}".formatted(talk.person()))
                .expect(201);
        admin.post(rules, "{\"action\":\"allow\",\"match_target\":\"+12025550998\"}")
                .expect(201);

        JsonNode listed = talk.agent().get(rules).expect(200).json();

        assertThat(listed.get(0).path("contact").isNull()).isTrue();
        JsonNode card = listed.get(1).path("contact");
        assertThat(card.path("id").asString()).isEqualTo(id);
        assertThat(card.path("given_name").asString()).isEqualTo("Sam");
        assertThat(card.propertyNames()).contains("created_at", "updated_at").doesNotContain("notes", "phones");
    }

    private static String large(String name, String mail) {
        String fields = IntStream.range(0, 3)
                .mapToObj(at -> "{\"label\":\"%d\",\"value\":\"%s\"}".formatted(at, "x".repeat(2_000)))
                .collect(Collectors.joining(","));
        return "{\"given_name\":\"%s\",\"emails\":[{\"value\":\"%s\"}],\"custom_fields\":[%s]}"
                .formatted(name, mail, fields);
    }
}
