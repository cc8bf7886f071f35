package partyline.drivers.androidsms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.drivers.contract.FakeLine.Trouble.LOST_WITHOUT_ANSWER;
import static partyline.drivers.contract.LineServer.ANN;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.drivers.contract.Rig;
import partyline.fakes.androidsms.FakeSmsGateway;
import partyline.kernel.StartupFailure;
import partyline.testkit.Eventually;
import partyline.transport.Driver;
import partyline.transport.Driver.Health.State;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import tools.jackson.databind.JsonNode;

/// What is peculiar to a phone with a SIM and the app on it, and what its users stumble over.
class AndroidSmsTest {

    @TempDir
    Path folder;

    private Optional<Rig> open = Optional.empty();

    @AfterEach
    void close() {
        open.ifPresent(Rig::close);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | {"message":"can't use phone in row 1: not mobile phone number"} | Refused | invalid_recipient
            400 | {"message":"Must specify exactly one of"} | Refused | invalid_request
            401 | {} | NotSent | password
            503 | {"message":"queue limits exceeded: too old pending message"} | NotSent | slower
            429 | {} | NotSent | slower
            500 | {"message":"Failed"} | Unknown | 500
            409 | {"message":"Message with the same ID already exists"} | Accepted | SMS
            """)
    void an_answer_is_what_it_says(int status, String body, String result, String words) {
        AndroidSmsService fake = AndroidSmsService.polled();
        Rig rig = open(fake);
        fake.nextAnswer(status, body);

        SendResult answer = rig.send(rig.text("hello"));

        assertThat(answer.getClass().getSimpleName()).isEqualTo(result);
        assertThat(answer.toString()).contains(words);
        assertThat(fake.bubbles()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Send result: RESULT_ERROR_NO_SERVICE (Failed because service is currently unavailable) | unreachable
            Send result: RESULT_ERROR_LIMIT_EXCEEDED (Failed because we reached the limit)  | filtered
            Send result: RESULT_ERROR_GENERIC_FAILURE (Generic failure cause)               | delivery_error
            Delivery result from SC +12025550101: 70                                        | unreachable
            Delivery result from SC +12025550101: 65                                        | delivery_error
            sendSMS: Invalid phone number type                                              | invalid_recipient
            Can't send message: No SIMs found                                               | line_gone
            sendSMS: does not have android.permission.SEND_SMS                              | line_gone
            TTL expired                                                                     | not_sent
            """)
    void what_fails_on_the_phone_fails_with_a_code_and_without_the_number_of_the_line(String error, String code) {
        AndroidSmsService fake = AndroidSmsService.polled();
        Rig rig = open(fake);
        fake.nextFails(error);

        String id = rig.sent(rig.text("hello"));

        Receipt receipt = rig.awaited(
                        () -> rig.handler().receipts.stream()
                                .filter(it -> it.providerId().equals(id) && it.kind() == Receipt.Kind.FAILED)
                                .toList(),
                        it -> !it.isEmpty())
                .getFirst();
        assertThat(receipt.failure().orElseThrow().code()).isEqualTo(code);
        assertThat(receipt.failure().orElseThrow().detail()).isNotBlank().doesNotContain("2025550101");
    }

    @Test
    void what_is_sent_says_how_long_it_is_good_and_wants_a_report() {
        AndroidSmsService fake = new AndroidSmsService(Map.of("poll", "20ms", "sim", "2"));
        Rig rig = open(fake);

        String id = rig.sent(rig.text("hello"));

        JsonNode given = fake.given().getFirst();
        assertThat(given.path("id").asString()).isEqualTo(id);
        assertThat(given.path("simNumber").asInt()).isEqualTo(2);
        assertThat(given.path("ttl").asInt()).isEqualTo(86_400);
        assertThat(given.path("withDeliveryReport").asBoolean()).isTrue();
        assertThat(given.path("phoneNumbers").path(0).asString()).isEqualTo(ANN.text());
    }

    @Test
    void texts_that_wait_for_a_signal_leave_in_the_order_in_which_they_were_written() {
        AndroidSmsService fake = AndroidSmsService.polled();
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);
        fake.hasNoSignal(true);
        IntStream.range(0, 4).forEach(at -> rig.sent(rig.text("text " + at)));

        fake.hasNoSignal(false);

        rig.awaited(fake::bubbles, it -> it.size() == 4);
        assertThat(fake.sent()).containsExactly("text 0", "text 1", "text 2", "text 3");
    }

    @Test
    void a_text_to_a_phone_that_was_off_comes_although_its_stamp_is_old() {
        AndroidSmsService fake = AndroidSmsService.polled();
        Rig rig = open(fake);
        fake.writes("first");
        rig.eventually(rig.handler()::texts, List.of("first"));
        rig.clock().advance(Duration.ofDays(3));

        fake.writesLate("from yesterday", Duration.ofHours(26));

        rig.eventually(rig.handler()::texts, List.of("first", "from yesterday"));
    }

    @Test
    void two_texts_of_one_second_both_come() {
        AndroidSmsService fake = AndroidSmsService.polled();
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);

        fake.writesLate("one", Duration.ZERO);
        fake.writesLate("other", Duration.ZERO);

        assertThat(rig.awaited(rig.handler()::texts, it -> it.size() == 2)).containsExactlyInAnyOrder("one", "other");
    }

    @Test
    void what_came_before_the_line_was_first_used_is_not_for_us() {
        AndroidSmsService fake = AndroidSmsService.polled();
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);

        fake.writesLate("history", Duration.ofHours(2));
        fake.writes("news");

        rig.eventually(rig.handler()::texts, List.of("news"));
        rig.clock().advance(Duration.ofHours(1));
        rig.restart();
        fake.writes("more");
        rig.eventually(rig.handler()::texts, List.of("news", "more"));
    }

    @Test
    void what_came_while_the_app_did_not_run_is_fetched_from_the_phone() {
        AndroidSmsService fake = AndroidSmsService.polled();
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);
        fake.stop();
        rig.eventually(() -> rig.health().state(), State.DOWN);
        fake.writes("unheard");

        fake.start();

        rig.eventually(rig.handler()::texts, List.of("unheard"));
    }

    @Test
    void without_the_permission_to_read_sms_a_line_works_all_the_same() {
        AndroidSmsService fake = AndroidSmsService.polled();
        fake.mayNotReadSms();
        Rig rig = open(fake);

        fake.writes("heard");

        rig.eventually(rig.handler()::texts, List.of("heard"));
        assertThat(fake.refreshes()).isPositive();
    }

    @Test
    void who_is_no_number_is_counted_by_kind() {
        AndroidSmsService fake = AndroidSmsService.polled();
        Rig rig = open(fake);

        fake.writesFrom("262966", "Your code is 1234");
        fake.writesFrom("AMZN", "Your parcel");
        fake.writesFrom("bob@example.org", "mail");
        fake.writesFrom("+12025550140", "Ann");

        rig.eventually(rig.handler()::texts, List.of("Ann"));
        assertThat(dropped(rig))
                .containsEntry("short_code", 1L)
                .containsEntry("sender_name", 1L)
                .containsEntry("mail_address", 1L);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            1,  +12025550140,     +12025550140
            1,  2025550140,       +12025550140
            1,  (202) 555-0140,   +12025550140
            1,  12025550140,      +12025550140
            44, 07700900123,      +447700900123
            44, 447700900123,     +447700900123
            44, 00447700900123,   +447700900123
            34, 612345678,        +34612345678
            45, 45123456,         +4545123456
            1,  262966,
            1,  +72345,
            1,  bank,
            """)
    void a_number_is_known_as_one_dials_it_at_home(String country, String told, String number) {
        assertThat(new AndroidSmsPeople(Optional.of(country)).person(told).map(Object::toString))
                .isEqualTo(Optional.ofNullable(number));
    }

    @Test
    void what_comes_to_the_other_sim_is_not_for_this_line() {
        AndroidSmsService fake = new AndroidSmsService(Map.of("poll", "20ms", "sim", "1"));
        Rig rig = open(fake);

        fake.writesToSim(2, "for the other");
        fake.writesToSim(1, "for us");

        rig.eventually(rig.handler()::texts, List.of("for us"));
        assertThat(dropped(rig)).containsEntry("other_number", 1L);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_picture_comes_with_its_bytes_from_the_phone_and_from_a_call(boolean server) throws IOException {
        AndroidSmsService fake = server ? AndroidSmsService.behindServer() : AndroidSmsService.polled();
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);

        fake.sendsPicture(null);

        TextReceived picture = (TextReceived)
                rig.awaited(rig.handler()::events, it -> it.size() == 1).getFirst();
        assertThat(picture.text()).isNull();
        assertThat(picture.mediaType()).isEqualTo("image/jpeg");
        assertThat(picture.mediaName()).isEqualTo("photo.jpg");
        byte[] bytes = switch (rig.driver().download(rig.line(), String.valueOf(picture.mediaUrl()))) {
            case Driver.Download.Bytes(var body, var _, var _) -> body.readAllBytes();
            case Driver.Download.Kept(var reference) -> rig.kept(reference);
            case Driver.Download.Address(var url) -> url.getBytes(StandardCharsets.UTF_8);
        };
        assertThat(bytes).asString().isEqualTo("a cat");
    }

    @Test
    void an_app_that_sends_no_mms_gets_the_words_alone() {
        AndroidSmsService fake = AndroidSmsService.polled();
        fake.isVersion(73);
        Rig rig = open(fake);

        SendResult.Accepted accepted = Rig.accepted(rig.send(rig.picture("look")));

        assertThat(accepted.leftOut()).containsExactly("media");
        assertThat(rig.send(rig.picture(null))).isInstanceOf(SendResult.Refused.class);
        assertThat(rig.capabilities().media()).isFalse();
    }

    @Test
    void an_app_without_an_inbox_is_to_be_updated() {
        AndroidSmsService fake = AndroidSmsService.polled();
        fake.isVersion(58);
        Rig rig = open(fake);

        Driver.Health health = rig.awaited(rig::health, it -> it.state() == State.DOWN);

        assertThat(health.detail()).contains("update it");
    }

    @Test
    void a_weak_battery_is_told_and_a_phone_without_internet_is_well() {
        AndroidSmsService fake = AndroidSmsService.polled();
        fake.check("connection:status", "fail", 0);
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);

        fake.check("battery:level", "warn", 12);

        assertThat(rig.awaited(rig::health, it -> it.state() == State.DEGRADED).detail())
                .contains("12 %", "charger");
    }

    @Test
    void a_text_that_a_new_installation_may_have_forgotten_is_not_sent_again() {
        AndroidSmsService fake = AndroidSmsService.polled();
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);
        Outgoing lost = rig.text("lost");
        fake.next(LOST_WITHOUT_ANSWER);
        assertThat(rig.send(lost)).isInstanceOf(SendResult.Unknown.class);

        fake.isInstalledAnew();
        rig.clock().advance(Duration.ofMinutes(2));
        rig.awaited(() -> rig.reconcile(lost), SendResult.Unknown.class::isInstance);
        Eventually.until(
                Eventually.PATIENCE,
                () -> rig.reconcile(lost),
                it -> it.toString().contains("does not say"));

        assertThat(rig.send(rig.text("another"))).isInstanceOf(SendResult.Accepted.class);
    }

    @Test
    void a_new_installation_is_told_the_order_again() {
        AndroidSmsService fake = AndroidSmsService.polled();
        Rig rig = open(fake);
        rig.eventually(fake::order, "FIFO");

        fake.isInstalledAnew();

        rig.eventually(fake::order, "FIFO");
    }

    @Test
    void a_server_before_the_phone_needs_its_key_and_an_address_that_is_called() {
        AndroidSmsService fake = new AndroidSmsService(Map.of());
        fake.isServer();

        assertThatThrownBy(() -> open(fake))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("signing_key")
                .hasMessageContaining("Settings");
    }

    @Test
    void a_server_whose_phone_cannot_call_us_is_complained_of() {
        AndroidSmsService fake = new AndroidSmsService(Map.of(
                "url", "https://127.0.0.1:9/3rdparty/v1", "signing_key", FakeSmsGateway.SIGNING_KEY, "poll", "20ms"));
        Rig rig = open(fake);

        assertThat(rig.driver().check(rig.line()))
                .hasSize(2)
                .anyMatch(it -> it.contains("cannot be reached"))
                .anyMatch(it -> it.contains("http.public_url"));
    }

    @Test
    void what_a_server_brings_is_texts_receipts_and_how_the_phone_is() {
        AndroidSmsService fake = AndroidSmsService.behindServer();
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);
        fake.check("battery:level", "fail", 4);

        fake.pings();
        fake.writes("hello");

        rig.eventually(rig.handler()::texts, List.of("hello"));
        assertThat(rig.awaited(rig::health, it -> it.state() == State.DEGRADED).detail())
                .contains("4 %");
        assertThat(fake.webhooks()).allMatch(it -> it.path("url").asString().contains("/hooks/"));
    }

    @Test
    void a_phone_that_cannot_reach_us_tries_again_until_it_can() {
        AndroidSmsService fake = AndroidSmsService.behindServer();
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);
        fake.writes("before");
        rig.eventually(rig.handler()::texts, List.of("before"));
        rig.stop();
        fake.writes("meanwhile");

        rig.start();

        rig.eventually(rig.handler()::texts, List.of("before", "meanwhile"));
    }

    @Test
    void a_server_that_has_not_heard_of_its_phone_or_has_several_says_so() {
        AndroidSmsService fake = AndroidSmsService.behindServer();
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);

        fake.phones(1, rig.clock().instant().minus(Duration.ofHours(2)));
        assertThat(rig.awaited(rig::health, it -> it.state() == State.DEGRADED).detail())
                .contains("not been heard of");
        fake.phones(2, rig.clock().instant());
        assertThat(rig.awaited(rig::health, it -> it.state() == State.DOWN).detail())
                .contains("android-sms-gateway.device");
    }

    @Test
    void calls_with_another_key_or_another_time_are_refused_and_told() {
        AndroidSmsService fake = AndroidSmsService.calling();
        Rig rig = open(fake);
        rig.eventually(() -> rig.health().state(), State.UP);
        fake.signsWith("another");

        fake.writes("one");
        rig.eventually(rig.handler()::texts, List.of("one"));
        assertThat(rig.awaited(rig::health, it -> it.state() == State.DEGRADED).detail())
                .contains("signing_key")
                .doesNotContain(FakeSmsGateway.SIGNING_KEY);

        fake.signsWith(FakeSmsGateway.SIGNING_KEY);
        fake.clockIsWrongBy(Duration.ofMinutes(6));
        fake.writes("two");
        rig.awaited(rig::health, it -> it.detail().contains("clock"));
        fake.clockIsWrongBy(Duration.ofMinutes(-4));
        fake.writes("three");
        rig.eventually(() -> rig.health().state(), State.UP);
        assertThat(fake.answers()).contains(403, 200);
        assertThat(rig.handler().texts()).containsExactly("one", "two", "three");
    }

    @Test
    void with_a_passphrase_no_server_reads_words_or_number() throws GeneralSecurityException {
        AndroidSmsService fake = new AndroidSmsService(Map.of("poll", "20ms", "passphrase", "open sesame"));
        Rig rig = open(fake);

        rig.sent(rig.text("between us"));

        JsonNode given = fake.given().getFirst();
        assertThat(given.path("isEncrypted").asBoolean()).isTrue();
        assertThat(given.toString()).doesNotContain("between us").doesNotContain("5550140");
        assertThat(opened(given.path("textMessage").path("text").asString())).isEqualTo("between us");
        assertThat(opened(given.path("phoneNumbers").path(0).asString())).isEqualTo(ANN.text());
    }

    /// As the phone does it.
    private static String opened(String sealed) throws GeneralSecurityException {
        String[] parts = sealed.split("\\$");
        assertThat(List.of(parts).subList(0, 3)).containsExactly("", "aes-256-cbc/pbkdf2-sha1", "i=75000");
        byte[] salt = Base64.getDecoder().decode(parts[3]);
        byte[] key = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
                .generateSecret(new PBEKeySpec("open sesame".toCharArray(), salt, 75_000, 256))
                .getEncoded();
        Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
        cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(salt));
        return new String(cipher.doFinal(Base64.getDecoder().decode(parts[4])), StandardCharsets.UTF_8);
    }

    @Test
    void a_wrong_password_is_told_with_its_fix_and_not_shown() {
        AndroidSmsService fake = new AndroidSmsService(Map.of("poll", "20ms", "password", "wrong"));
        Rig rig = open(fake);

        Driver.Health health = rig.awaited(rig::health, it -> it.state() == State.DOWN);

        assertThat(health.detail())
                .contains("android-sms-gateway.username", ".password")
                .doesNotContain("wrong");
        assertThat(rig.driver().check(rig.line())).containsExactly(health.detail());
    }

    private static Map<String, Long> dropped(Rig rig) {
        return rig.transport().lines().known().getFirst().dropped();
    }

    private Rig open(AndroidSmsService fake) {
        Rig rig = Rig.open(folder, fake);
        open = Optional.of(rig);
        return rig;
    }
}
