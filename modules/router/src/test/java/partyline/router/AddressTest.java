package partyline.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.identities.Handle;

/// Whom a text is for.
class AddressTest {

    private static final Handle HELPER = new Handle("helper");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@helper secret",
                "  @Helper: secret",
                "@HELPER, secret",
                "@helper\nsecret",
                "@helper : secret",
                "@helper - secret",
                "@ helper secret",
                "@helper\u00A0secret",
                "\uFF20helper secret",
                "\uFE6Bhelper secret",
                "\uFF20\uFF48\uFF45\uFF4C\uFF50\uFF45\uFF52\u3000secret",
                "\u200F@helper secret",
                "\u2068@helper\u2069 secret",
                "@helper\uFF0Csecret",
                "@helper\u3001secret",
                "\u201C@helper secret\u201D",
                "\u201C@helper\u201D secret",
                "@\u201Chelper\u201D secret",
                "@helper. secret",
                "@helper? secret",
                "@helper! secret",
                "@helper) secret",
                "(@helper) secret",
                "(@helper secret)",
                "**@helper secret**",
                "\u2067\u201C@helper secret\u201D\u2069",
                "*@helper* secret",
                "**@helper** secret",
                "`@helper` secret",
                "_@helper_ secret",
                "@helper\u2014secret",
                "@helper\uFF1Bsecret",
                "@helper\uFF1Asecret",
                "@helper\u200B secret",
                "\uFFFC@helper secret",
                "@hel\u00ADper secret",
                "@helper\uFE0F secret",
                "@@helper secret",
                "👉 @helper secret"
            })
    void what_begins_with_a_name_is_for_that_agent_and_the_rest_is_said(String text) {
        assertThat(Address.of(text)).contains(new Address(Optional.of(HELPER), "secret", true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "@helper Has $5 (or Not)! | Has $5 (or Not)!",
                "@helper $5 please | $5 please",
                "@helper #1 | #1",
                "@helper \u201Cquote\u201D me | \u201Cquote\u201D me",
                "@helper -5 degrees | -5 degrees",
                "@helper Sm\u00AD\u00F8rrebr\u00F8d | Sm\u00AD\u00F8rrebr\u00F8d",
                "@helper's idea was good | @helper's idea was good",
                "@helper\u2019s idea was good | @helper\u2019s idea was good"
            })
    void what_is_said_stays_as_it_was_written(String text, String rest) {
        assertThat(Address.of(text)).contains(new Address(Optional.of(HELPER), rest, true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"@helper", "@helper?", "@helper!", "@helper ", "(@helper)", "\u201C@helper\u201D", "@helper:"})
    void a_name_may_stand_alone(String text) {
        Address address = Address.of(text).orElseThrow();

        assertThat(address.handle()).contains(HELPER);
        assertThat(address.rest()).isBlank();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "hello", "hello @helper", "Hey @helper x", "helper hello", "ann@helper.org", "1. @helper x"})
    void a_name_further_inside_is_part_of_what_is_said(String text) {
        assertThat(Address.of(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"@", "@ ", "@e!cho hello", "@\u00E9cho hello", "@he_lper hello", "@hi hello", "@@", "\uFF20?"})
    void what_begins_with_an_at_sign_and_cannot_be_read_names_nobody_for_sure(String text) {
        assertThat(Address.of(text)).contains(new Address(Optional.empty(), "", true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000helper secret", "\u00A1helper secret", "\u00BFhelper secret"})
    void the_signs_that_telephones_make_of_an_at_sign_may_name_somebody(String text) {
        assertThat(Address.of(text)).contains(new Address(Optional.of(HELPER), "secret", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u00BFQu\u00E9 hora es?", "\u00A1S\u00ED!", "\u00BF?"})
    void spanish_is_no_name(String text) {
        assertThat(Address.of(text)).isEmpty();
    }

    @Test
    void a_long_text_is_said_to_its_end() {
        String words = "word ".repeat(10_000) + "end";

        assertThat(Address.of("@helper " + words).orElseThrow().rest()).isEqualTo(words);
        assertThat(Address.of("\"@helper " + "\"".repeat(200_000) + "x")).isPresent();
        assertThat(Address.of("@helper" + " ".repeat(3_000) + "end")
                        .orElseThrow()
                        .rest()
                        .strip())
                .isEqualTo("end");
    }
}
