package partyline.drivers.twilio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.drivers.contract.LineServer.ANN;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.drivers.contract.FakeLine;
import partyline.drivers.contract.Knock;
import partyline.drivers.contract.Rig;
import partyline.fakes.twilio.FakeTwilio;
import partyline.kernel.PhoneNumber;
import partyline.transport.Driver;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;

/// What is peculiar to Twilio, and what its users stumble over.
class TwilioTest {

    @TempDir
    Path folder;

    private final TwilioService fake = TwilioService.hooked();
    private Optional<Rig> open = Optional.empty();

    @AfterEach
    void close() {
        open.ifPresent(Rig::close);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | {"code":21610,"message":"unsubscribed"}   | Refused | opted_out
            400 | {"code":21211,"message":"invalid"}        | Refused | invalid_recipient
            400 | {"code":21614,"message":"not mobile"}     | Refused | invalid_recipient
            400 | {"code":21635,"message":"landline"}       | Refused | invalid_recipient
            400 | {"code":21612,"message":"From to To"}     | Refused | unreachable
            400 | {"code":21408,"message":"region"}         | Refused | region_off
            400 | {"code":21617,"message":"long"}           | Refused | text_too_long
            400 | {"code":29999,"message":"new"}            | Refused | twilio_29999
            400 | {}                                        | Refused | invalid_request
            429 | {"code":20429,"message":"too many"}       | NotSent | slower
            400 | {"code":21611,"message":"queue full"}     | NotSent | slower
            400 | {"code":21606,"message":"bad from"}       | NotSent | number of the line
            401 | {"code":20003,"message":"authenticate"}   | NotSent | credentials
            500 | {"code":20500,"message":"internal"}       | Unknown | 500
            503 | {}                                        | Unknown | 503
            201 | {}                                        | Unknown | names no message
            """)
    void an_answer_is_what_it_says(int status, String body, String result, String words) {
        Rig rig = open(fake);
        fake.nextAnswer(status, body);

        SendResult answer = rig.send(rig.text("hello"));

        assertThat(answer.getClass().getSimpleName()).isEqualTo(result);
        assertThat(answer.toString()).contains(words);
        assertThat(fake.bubbles()).isEmpty();
    }

    @Test
    void a_number_of_another_account_is_told_with_its_fix() {
        Rig rig = open(new TwilioService(Map.of("poll", "20ms", "account_sid", "AC1")) {
            @Override
            public Driver driver(Rig.Program program) {
                runOn(program.around().clock());
                Line other = new Line(
                        program.line().id(),
                        new PhoneNumber("+12025550188"),
                        program.line().roles(),
                        "twilio",
                        Line.Fallback.SMS);
                LineSetup setup = program.setup(Map.of("url", url(), "account_sid", ACCOUNT, "auth_token", AUTH_TOKEN));
                return TwilioDriver.KIND
                        .make()
                        .apply(new LineSetup(other, setup.options(), setup.hookUrl(), setup.around()));
            }
        });

        assertThat(rig.driver().check(rig.line()))
                .singleElement()
                .asString()
                .contains("does not let this account text from the line's number");
    }

    @Test
    void a_call_without_twilios_signature_is_not_believed() {
        Rig rig = open(fake);
        String url = hook(rig);
        String body = "MessageSid=SM9&From=%2B12025550140&To=%2B12025550101&Body=hi&NumMedia=0";

        assertThat(Knock.at(url, Map.of(), body)).isEqualTo(403);
        assertThat(Knock.at(url, Map.of("X-Twilio-Signature", "Z3Vlc3M="), body))
                .isEqualTo(403);
        fake.signsWith("another token");
        fake.writes("signed by somebody else");
        rig.eventually(() -> fake.answers().contains(403), true);
        fake.signsWith(FakeTwilio.AUTH_TOKEN);
        fake.writes("signed by Twilio");

        rig.eventually(rig.handler()::texts, List.of("signed by Twilio"));
    }

    @Test
    void while_the_token_is_being_changed_both_count() {
        TwilioService changing = new TwilioService(Map.of("poll", "60m", "next_auth_token", "the next one"));
        Rig rig = open(changing);
        rig.awaited(changing::smsUrl, url -> url.contains("/hooks/"));

        changing.writes("old");
        rig.eventually(rig.handler()::texts, List.of("old"));
        changing.signsWith("the next one");
        changing.writes("new");

        rig.eventually(rig.handler()::texts, List.of("old", "new"));
    }

    @Test
    void a_call_signed_with_a_shared_key_is_believed() {
        TwilioService shared = new TwilioService(Map.of("poll", "60m", "webhook_shared_key", "the shared one"));
        Rig rig = open(shared);
        rig.awaited(shared::smsUrl, url -> url.contains("/hooks/"));

        shared.signsWithSharedKey("another one");
        shared.writes("forged");
        rig.eventually(() -> shared.answers().contains(403), true);
        shared.signsWithSharedKey("the shared one");
        shared.writes("signed by Twilio");

        rig.eventually(rig.handler()::texts, List.of("signed by Twilio"));
    }

    @Test
    void calls_signed_with_another_key_than_ours_are_told_until_one_is_signed_with_ours() {
        TwilioService often = TwilioService.quick();
        Rig rig = open(often);
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);

        often.signsWith("the token of yesterday");
        often.writes("late");
        Driver.Health health = rig.awaited(rig::health, it -> it.state() == Driver.Health.State.DEGRADED);
        assertThat(health.detail()).contains("twilio.auth_token", "twilio.webhook_shared_key");
        often.signsWith(FakeTwilio.AUTH_TOKEN);
        often.writes("on time");

        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);
        rig.eventually(rig.handler()::texts, List.of("late", "on time"));
    }

    @Test
    void a_call_that_twilio_never_made_does_not_change_how_the_line_is() {
        TwilioService often = TwilioService.quick();
        Rig rig = open(often);
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);

        assertThat(Knock.at(often.smsUrl(), Map.of(), "MessageSid=SM999&From=%2B12025550140&Body=hi"))
                .isEqualTo(403);
        often.way(FakeLine.Way.LOST);
        often.writes("listed later");

        rig.eventually(rig.handler()::texts, List.of("listed later"));
        assertThat(rig.health().state()).isEqualTo(Driver.Health.State.UP);
    }

    @Test
    void a_line_whose_first_round_is_slow_is_not_down() {
        TwilioService often = TwilioService.quick();
        often.keepsSilent(true);
        Rig rig = Rig.open(folder, often);
        open = Optional.of(rig);

        rig.awaited(often::wasAsked, asked -> asked);
        assertThat(rig.health().state()).isEqualTo(Driver.Health.State.UNKNOWN);
        assertThat(rig.transport().lines().statuses().getFirst().down()).isFalse();
        often.keepsSilent(false);

        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);
    }

    @Test
    void a_text_of_a_trial_account_is_found_although_twilio_put_words_before_it() {
        fake.isTrial();
        Rig rig = open(fake);
        fake.way(FakeLine.Way.LOST);
        Outgoing message = rig.text("are you there?");
        fake.next(FakeLine.Trouble.SENT_WITHOUT_ANSWER);

        assertThat(rig.send(message)).isInstanceOf(SendResult.Unknown.class);

        assertThat(rig.reconcile(rig.text("bye"))).isInstanceOf(SendResult.Unknown.class);
        assertThat(rig.reconcile(message)).isInstanceOf(SendResult.Accepted.class);
        assertThat(fake.bubbles()).hasSize(1);
    }

    @Test
    void a_number_that_an_application_of_twilios_gets_is_taken_back_from_it() {
        TwilioService often = TwilioService.quick();
        Rig rig = open(often);
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);

        often.gives("AP1");

        rig.eventually(often::application, "");
        often.writes("over our address again");
        rig.eventually(rig.handler()::texts, List.of("over our address again"));
    }

    @Test
    void a_date_far_ahead_in_the_list_hides_nothing_that_comes_after_it() {
        TwilioService often = TwilioService.quick();
        Rig rig = open(often);
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);
        often.writesOddly("from the year 9998", FakeLine.Oddity.TIME);
        rig.eventually(rig.handler()::texts, List.of("from the year 9998"));
        rig.clock().advance(Duration.ofMinutes(5));

        often.way(FakeLine.Way.LOST);
        often.writes("found in the list");

        rig.eventually(rig.handler()::texts, List.of("from the year 9998", "found in the list"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"262966", "AMZN", "whatsapp:+12025550140", "rcs:+12025550140", "client:bob", ""})
    void a_sender_that_is_no_number_is_dropped_and_the_line_goes_on(String sender) {
        Rig rig = open(fake);
        hook(rig);

        fake.receivesFrom(sender, "not for us");
        fake.writes("for us");

        rig.eventually(rig.handler()::texts, List.of("for us"));
        assertThat(fake.answers()).allMatch(status -> status == 200);
    }

    @ParameterizedTest
    @CsvSource({
        "queued, 0, ",
        "sending, 0, ",
        "partially_delivered, 0, ",
        "sent, 0, SENT",
        "delivered, 0, DELIVERED",
        "read, 0, READ",
        "undelivered, 21610, FAILED opted_out",
        "undelivered, 30008, FAILED twilio_30008",
        "canceled, 0, FAILED delivery_error"
    })
    void a_status_is_told_as_what_it_means_whenever_it_comes(String status, int error, String told) {
        Rig rig = open(fake);
        String id = rig.sent(rig.text("hello"));
        rig.eventually(() -> rig.handler().receipts.size(), 2);

        fake.becomes(id, status, error);
        fake.becomes(id, "sent", 0);

        rig.eventually(
                () -> rig.handler().receipts.stream()
                        .skip(2)
                        .map(it -> it.kind()
                                + it.failure().map(why -> " " + why.code()).orElse(""))
                        .toList(),
                told == null ? List.of("SENT") : List.of(told, "SENT"));
    }

    @Test
    void the_number_is_told_to_call_us_again_when_somebody_changed_it() {
        TwilioService often = TwilioService.quick();
        Rig rig = open(often);
        String ours = often.smsUrl();
        assertThat(ours).endsWith("/receive");

        often.calls("https://somebody-else.example.org/sms");

        rig.eventually(often::smsUrl, ours);
    }

    @Test
    void what_goes_wrong_afterwards_has_a_name() {
        Rig rig = open(fake);
        String id = rig.sent(rig.text("hello"));
        rig.eventually(() -> rig.handler().receipts.size(), 2);

        fake.becomes(id, "undelivered", 30007);

        rig.eventually(() -> rig.handler().receipts.size(), 3);
        assertThat(rig.handler().receipts.getLast().failure().orElseThrow().code())
                .isEqualTo("filtered");
    }

    @Test
    void pictures_are_texts_of_their_own_and_fetched_with_the_key() throws IOException {
        Rig rig = open(fake);
        hook(rig);
        fake.says("look", List.of("image/png", "video/mp4"), "");

        rig.eventually(() -> rig.handler().events().size(), 2);
        TextReceived first = (TextReceived) rig.handler().events().getFirst();
        TextReceived second = (TextReceived) rig.handler().events().getLast();
        assertThat(first.text()).isEqualTo("look");
        assertThat(first.mediaType()).isEqualTo("image/png");
        assertThat(second.text()).isNull();
        assertThat(second.providerId()).isNotEqualTo(first.providerId());
        try (var body = ((Driver.Download.Bytes) download(rig, first)).body()) {
            assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("a picture");
        }
        fake.redirectsMedia();
        assertThat(download(rig, second)).isEqualTo(new Driver.Download.Address(fake.url() + "/cdn/picture"));
    }

    @Test
    void the_key_goes_to_twilio_alone() throws IOException {
        Rig rig = open(fake);
        String elsewhere = "https://example.org/not-twilio.png";

        assertThat(rig.transport().lines().download(rig.line().id(), elsewhere))
                .isEqualTo(new Driver.Download.Address(elsewhere));
        assertThatThrownBy(() -> rig.transport()
                        .lines()
                        .download(rig.line().id(), fake.url() + "/2010-04-01/Accounts/AC1/Messages/SM1/Media/gone"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("404");
    }

    @Test
    void stop_in_any_language_is_stop() {
        Rig rig = open(fake);
        hook(rig);
        fake.says("ARRÊT", List.of(), "STOP");
        fake.says("help", List.of(), "HELP");
        fake.says("DÉBUT", List.of(), "START");

        rig.eventually(rig.handler()::texts, List.of("STOP", "help", "START"));
    }

    @Test
    void what_comes_to_another_number_of_the_messaging_service_is_not_for_this_line() {
        Rig rig = open(fake);
        hook(rig);
        fake.otherNumber("not for us");
        fake.writes("for us");

        rig.eventually(rig.handler()::texts, List.of("for us"));
        assertThat(fake.answers()).allMatch(status -> status == 200);
    }

    @Test
    void lost_pictures_and_more_than_a_page_of_texts_are_caught_up_with_in_order() {
        Rig rig = open(fake);
        hook(rig);
        fake.way(FakeLine.Way.LOST);
        List<String> all = IntStream.range(0, 230).mapToObj(at -> "text " + at).toList();
        all.forEach(text -> {
            fake.says(text, text.endsWith("9") ? List.of("image/png") : List.of(), "");
            rig.clock().advance(Duration.ofSeconds(1));
        });

        rig.restart();

        rig.eventually(rig.handler()::texts, all);
        assertThat(((TextReceived) rig.handler().events().get(9)).mediaUrl()).endsWith("/Media/ME0");
    }

    @Test
    void what_sms_cannot_show_is_left_out_without_a_fuss() {
        Rig rig = open(fake);

        SendResult.Accepted accepted = Rig.accepted(rig.send(rig.styled("boom", "fireworks")));

        assertThat(accepted.leftOut()).isEqualTo(Set.of("effect"));
        assertThat(accepted.service()).isEqualTo(Service.SMS);
        assertThat(rig.transport().lines().tapback(rig.line().id(), ANN, accepted.providerId(), "love", 0))
                .isEqualTo(TapbackResult.NEVER);
        assertThat(rig.send(rig.text("x".repeat(1_601)))).isInstanceOf(SendResult.Refused.class);
        assertThat(rig.send(rig.text("x".repeat(1_600)))).isInstanceOf(SendResult.Accepted.class);
    }

    /// The address that the number calls, once it is told.
    private String hook(Rig rig) {
        return rig.awaited(fake::smsUrl, url -> url.contains("/hooks/"));
    }

    private static Driver.Download download(Rig rig, TextReceived text) throws IOException {
        return rig.transport().lines().download(rig.line().id(), String.valueOf(text.mediaUrl()));
    }

    /// A line after its first round, which also reads the list.
    private Rig open(TwilioService service) {
        Rig rig = Rig.open(folder, service);
        open = Optional.of(rig);
        rig.awaited(rig::health, health -> !health.detail().contains("not been tried"));
        return rig;
    }
}
