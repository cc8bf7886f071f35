package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.kernel.PhoneNumber;

class StrangerTest {

    @ParameterizedTest
    @CsvSource({
        "ann@example.com, mail_address",
        "Ann.O'Hara+x@mail.example.co.uk, mail_address",
        "262966, short_code",
        "AMZN, sender_name",
        "Café 24, sender_name",
        "urn:biz:7f2a, sender_name",
        "ann@, sender_name",
        "2025550140, no_number",
        "+1, no_number",
        "'', no_number",
    })
    void whoever_has_no_number_has_something_else(String address, String reason) {
        assertThat(new Stranger(address, Instant.EPOCH, "hi", Service.SMS)
                        .kind()
                        .reason())
                .isEqualTo(reason);
    }

    @Test
    void an_address_is_known_in_any_letters() {
        KnownAddresses known = KnownAddresses.of(Map.of(" Ann@Example.com", "+12025550140 "));

        assertThat(known.number("ann@EXAMPLE.com")).contains(new PhoneNumber("+12025550140"));
        assertThat(known.number("bob@example.com")).isEmpty();
    }

    @Test
    void what_is_no_address_or_no_number_is_refused_by_name() {
        assertThatThrownBy(() -> KnownAddresses.of(Map.of("ann", "+12025550140")))
                .hasMessage("\"ann\" is no mail address such as ann@example.com");
        assertThatThrownBy(() -> KnownAddresses.of(Map.of("ann@example.com", "12025550140")))
                .hasMessageContaining("what ann@example.com belongs to must be an E.164 number");
    }
}
