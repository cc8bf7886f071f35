package partyline.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.transport.Server.ANN;

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
import partyline.fakes.FakeLine;
import partyline.fakes.FakeTwilio;
import partyline.kernel.PhoneNumber;
import partyline.transport.InboundEvent.TextReceived;

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
                return Drivers.named("twilio")
                        .orElseThrow()
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

        assertThat(rig.transport().download(rig.line().id(), elsewhere))
                .isEqualTo(new Driver.Download.Address(elsewhere));
        assertThatThrownBy(() -> rig.transport()
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
        assertThat(rig.transport().tapback(rig.line().id(), ANN, accepted.providerId(), "love", 0))
                .isEqualTo(TapbackResult.NEVER);
        assertThat(rig.send(rig.text("x".repeat(1_601)))).isInstanceOf(SendResult.Refused.class);
        assertThat(rig.send(rig.text("x".repeat(1_600)))).isInstanceOf(SendResult.Accepted.class);
    }

    /// The address that the number calls, once it is told.
    private String hook(Rig rig) {
        return rig.awaited(fake::smsUrl, url -> url.contains("/hooks/"));
    }

    private static Driver.Download download(Rig rig, TextReceived text) throws IOException {
        return rig.transport().download(rig.line().id(), String.valueOf(text.mediaUrl()));
    }

    /// A line after its first round, which also reads the list.
    private Rig open(TwilioService service) {
        Rig rig = Rig.open(folder, service);
        open = Optional.of(rig);
        rig.awaited(rig::health, health -> !health.detail().contains("not been tried"));
        return rig;
    }
}
