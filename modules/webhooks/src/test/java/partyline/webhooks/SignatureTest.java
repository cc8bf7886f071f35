package partyline.webhooks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import partyline.identities.SigningKeys.Secrets;

class SignatureTest {

    private static final Instant AT = Instant.ofEpochSecond(1_767_225_600L, 999_999_999);

    private static final byte[] BODY = "{\"id\":\"evt_1\"}".getBytes(UTF_8);

    @Test
    void signs_the_published_test_vector() {
        var signature = new Signature("req_01", "evt_1", AT);

        assertThat(signature.own("whsec_test_secret_key", BODY))
                .isEqualTo("sha256=c33e41e956971878cecfd945cc207a1e47061068865e4475ab1092e70341f699");
    }

    @Test
    void signs_the_test_vector_of_standard_webhooks() {
        var signature = new Signature("req", "msg_p5jXN8AQM9LWM0D4loKWxJek", Instant.ofEpochSecond(1_614_265_330L));

        assertThat(signature.standard(
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "{\"test\": 2432232314}".getBytes(UTF_8)))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void both_dialects_go_out_and_the_previous_key_signs_along() {
        var signature = new Signature("req_01", "evt_1", AT);

        var alone = signature.headers(new Secrets("whsec_aaaa", Optional.empty()), BODY);
        var both = signature.headers(new Secrets("whsec_aaaa", Optional.of("whsec_bbbb")), BODY);

        assertThat(alone)
                .containsEntry("X-Inkbox-Request-ID", "req_01")
                .containsEntry("X-Inkbox-Timestamp", "1767225600")
                .containsEntry("X-Inkbox-Signature", signature.own("whsec_aaaa", BODY))
                .containsEntry("webhook-id", "evt_1")
                .containsEntry("webhook-timestamp", "1767225600")
                .containsEntry("webhook-signature", signature.standard("whsec_aaaa", BODY))
                .doesNotContainKey("X-Inkbox-Signature-Previous");
        assertThat(both)
                .containsEntry("X-Inkbox-Signature", signature.own("whsec_aaaa", BODY))
                .containsEntry("X-Inkbox-Signature-Previous", signature.own("whsec_bbbb", BODY))
                .containsEntry(
                        "webhook-signature",
                        signature.standard("whsec_aaaa", BODY) + " " + signature.standard("whsec_bbbb", BODY));
    }

    @Test
    void every_part_of_a_request_changes_the_signature() {
        var one = new Signature("r", "e", AT);
        var signed = one.own("whsec_a", BODY);

        assertThat(one.own("whsec_b", BODY)).isNotEqualTo(signed);
        assertThat(one.own("whsec_a", new byte[] {2})).isNotEqualTo(signed);
        assertThat(new Signature("s", "e", AT).own("whsec_a", BODY)).isNotEqualTo(signed);
        assertThat(new Signature("r", "e", AT.plusSeconds(1)).own("whsec_a", BODY))
                .isNotEqualTo(signed);
    }
}
