package partyline.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// What a card says without being asked for a field.
class CardTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "Sammy | Sam | Doe | Acme | Sammy",
                "-     | Sam | Doe | Acme | Sam Doe",
                "-     | -   | Doe | Acme | Doe",
                "' '   | ' ' | -   | Acme | Acme",
                "-     | -   | -   | -    | -"
            })
    void the_name_is_the_preferred_one_else_the_full_one_else_the_companys(
            String preferred, String given, String family, String company, String name) {
        Card card = Card.EMPTY.with(Json.object()
                .put("preferred_name", preferred)
                .put("given_name", given)
                .put("family_name", family)
                .put("company_name", company)
                .put("notes", "no name"));

        assertThat(card.name().orElse(null)).isEqualTo(name);
    }

    @Test
    void a_number_is_no_name_but_puts_the_card_in_its_place() {
        ObjectNode fields = Json.object();
        fields.putArray("phones").addObject().put("value_e164", "+12025550140");
        fields.putArray("emails").addObject().put("value", "Sam@Example.org");
        Card card = Card.EMPTY.with(fields);

        assertThat(card.name()).isEmpty();
        assertThat(card.columns().name()).isNull();
        assertThat(card.columns().sortKey()).isEqualTo("sam@example.org");
        assertThat(card.columns().searchText()).contains("sam@example.org", "+12025550140");
    }

    @Test
    void a_change_takes_away_what_is_null_and_leaves_the_card_that_it_began_with() {
        Card before = Card.EMPTY.with(Json.object().put("given_name", "Sam").put("notes", "tea"));

        Card after = before.with(Json.object().putNull("notes").put("job_title", "Cook"));

        assertThat(Json.write(after.fields())).isEqualTo("{\"given_name\":\"Sam\",\"job_title\":\"Cook\"}");
        assertThat(Json.write(before.fields())).isEqualTo("{\"given_name\":\"Sam\",\"notes\":\"tea\"}");
    }
}
