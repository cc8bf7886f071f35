package partyline.drivers.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import partyline.kernel.Hmac;

class TwilioSignatureTest {

    private static final String BODY =
            "To=%2B18005551212&Digits=1234&CallSid=CA1234567890ABCDE&From=%2B14158675309" + "&Caller=%2B14158675309";
    private static final TwilioForm FORM = form(BODY);
    private static final String URL = "https://mycompany.com/myapp.php?foo=1&bar=2";
    private static final String SIGNED = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    private static final String SHA256 = "key=SK1,algorithm=HMAC_SHA256";

    @Test
    void a_known_call_is_known_with_and_without_the_default_port() {
        TwilioSignature signature = new TwilioSignature(List.of("another token", "12345"));

        assertThat(signature.proves(offered(SIGNED, null), URL, FORM)).isTrue();
        assertThat(signature.proves(offered(SIGNED, null), "https://mycompany.com:443/myapp.php?foo=1&bar=2", FORM))
                .isTrue();
    }

    @Test
    void the_algorithm_is_the_one_that_the_call_names() {
        TwilioSignature signature = new TwilioSignature(List.of("12345", "a shared key"));
        String newer = TwilioSignature.sign(Hmac.sha256("a shared key"), URL, FORM);

        assertThat(signature.proves(offered(newer, SHA256), URL, FORM)).isTrue();
        assertThat(signature.proves(offered(SIGNED, "key=SK1, algorithm=hmac-sha1"), URL, FORM))
                .isTrue();
        assertThat(signature.proves(offered(newer, null), URL, FORM)).isFalse();
        assertThat(signature.proves(offered(SIGNED, SHA256), URL, FORM)).isFalse();
        assertThat(signature.proves(offered(newer, "key=SK1,algorithm=NONE"), URL, FORM))
                .isFalse();
    }

    @Test
    void anything_else_is_not() {
        TwilioSignature signature = new TwilioSignature(List.of("12345"));

        assertThat(signature.proves(offered(null, null), URL, FORM)).isFalse();
        assertThat(signature.proves(offered("", null), URL, FORM)).isFalse();
        assertThat(signature.proves(offered(SIGNED, null), URL + "3", FORM)).isFalse();
        assertThat(signature.proves(offered(SIGNED, null), "http://mycompany.com/myapp.php?foo=1&bar=2", FORM))
                .isFalse();
        assertThat(signature.proves(offered(SIGNED, null), URL, form(BODY + "&Extra=1")))
                .isFalse();
        assertThat(new TwilioSignature(List.of("12346")).proves(offered(SIGNED, null), URL, FORM))
                .isFalse();
    }

    private static TwilioForm form(String body) {
        return TwilioForm.read(body.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    }

    private static TwilioSignature.Offered offered(@Nullable String signature, @Nullable String settings) {
        return new TwilioSignature.Offered(signature, settings);
    }
}
