package partyline.drivers.twilio;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.drivers.contract.Knock;
import partyline.drivers.contract.Rig;
import partyline.fakes.twilio.FakeTwilio;

/// Senders that are no telephone numbers: short codes, names, other networks.
class OddSendersTest {

    @TempDir
    Path folder;

    private final TwilioService fake = TwilioService.hooked();
    private Optional<Rig> open = Optional.empty();

    @AfterEach
    void close() {
        open.ifPresent(Rig::close);
    }

    @Test
    void what_a_sender_without_a_number_writes_is_taken_counted_and_dropped_and_the_line_goes_on() {
        Rig rig = Rig.open(folder, fake);
        open = Optional.of(rig);
        String url = rig.awaited(fake::smsUrl, it -> it.contains("/hooks/"));

        for (String sender : List.of("262966", "AMZN", "whatsapp:+12025550140", "rcs:+12025550140", "client:bob", "")) {
            assertThat(post(url, sender)).as(sender).isEqualTo(200);
        }
        assertThat(post(url, "+12025550140")).isEqualTo(200);

        rig.eventually(rig.handler()::texts, List.of("from +12025550140"));
        assertThat(rig.transport().lines().statuses().getFirst().dropped())
                .containsEntry("short_code", 1L)
                .containsEntry("sender_name", 4L)
                .containsEntry("no_number", 1L);
    }

    /// What Twilio posts when `sender` writes; the status of our answer.
    private static int post(String url, String sender) {
        Map<String, String> form = new TreeMap<>(Map.of(
                "MessageSid",
                "SM" + "%032x".formatted(sender.hashCode()),
                "From",
                sender,
                "To",
                "+12025550101",
                "Body",
                "from " + sender,
                "NumMedia",
                "0"));
        String signed = form.entrySet().stream()
                .map(it -> it.getKey() + it.getValue())
                .collect(Collectors.joining("", url, ""));
        String body = form.entrySet().stream()
                .map(it -> it.getKey() + "=" + URLEncoder.encode(it.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return Knock.at(
                url,
                Map.of("X-Twilio-Signature", signature(signed), "Content-Type", "application/x-www-form-urlencoded"),
                body);
    }

    private static String signature(String signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(FakeTwilio.AUTH_TOKEN.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
