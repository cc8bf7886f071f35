package partyline.transport.internal.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SignatureTest {

    private static final Form FORM = new Form()
            .with("To", "+18005551212")
            .with("Digits", "1234")
            .with("CallSid", "CA1234567890ABCDE")
            .with("From", "+14158675309")
            .with("Caller", "+14158675309");
    private static final String URL = "https://mycompany.com/myapp.php?foo=1&bar=2";
    private static final String SIGNED = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";

    @Test
    void a_known_call_is_known_with_and_without_the_default_port() {
        Signature signature = Signature.of(List.of("another token", "12345"));

        assertThat(signature.proves(SIGNED, URL, FORM)).isTrue();
        assertThat(signature.proves(SIGNED, "https://mycompany.com:443/myapp.php?foo=1&bar=2", FORM))
                .isTrue();
    }

    @Test
    void anything_else_is_not() {
        Signature signature = Signature.of(List.of("12345"));

        assertThat(signature.proves(null, URL, FORM)).isFalse();
        assertThat(signature.proves("", URL, FORM)).isFalse();
        assertThat(signature.proves(SIGNED, URL + "3", FORM)).isFalse();
        assertThat(signature.proves(SIGNED, "http://mycompany.com/myapp.php?foo=1&bar=2", FORM))
                .isFalse();
        assertThat(signature.proves(SIGNED, URL, FORM.with("Extra", "1"))).isFalse();
        assertThat(Signature.of(List.of("12346")).proves(SIGNED, URL, FORM)).isFalse();
    }
}
