package partyline.drivers.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import partyline.drivers.contract.LineServer;
import partyline.drivers.contract.Rig;
import partyline.kernel.Database;
import partyline.kernel.StartupFailure;
import partyline.transport.Capabilities;
import partyline.transport.Driver;
import partyline.transport.DriverState;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.InboundEvent.TextUnsent;
import partyline.transport.KnownAddresses;
import partyline.transport.LineSetup;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;
import partyline.transport.WebhookReceiver;

/// A line that a program speaks for: what it may say, and what it is told when it says it wrongly.
class WebhookLineTest {

    @TempDir
    Path folder;

    private final ProgramService fake = new ProgramService();
    private Rig rig;

    @BeforeEach
    void open() {
        rig = Rig.open(folder, fake);
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_line_can_what_its_program_says() {
        fake.can("typing");
        rig.eventually(() -> rig.capabilities().effects(), false);

        SendResult.Accepted accepted = Rig.accepted(rig.send(rig.styled("boom", "fireworks")));

        assertThat(accepted.leftOut()).isEqualTo(Set.of("effect"));
        assertThat(accepted.sentAtOnce()).as("it tells no sent").isTrue();
        assertThat(rig.capabilities()).isEqualTo(new Capabilities(false, false, true, false, false, false));
    }

    @Test
    void an_event_that_is_signed_wrongly_or_long_ago_is_not_believed() {
        fake.signsWith("whsec_BBBB");
        fake.writes("forged");
        rig.eventually(() -> fake.answers().contains(403), true);
        fake.signsWith(ProgramService.SECRET);
        fake.writes("fresh");
        rig.eventually(rig.handler()::texts, List.of("fresh"));

        byte[] old = "{\"type\":\"text\",\"id\":\"1\",\"from\":\"+12025550140\",\"text\":\"old\"}".getBytes(UTF_8);
        Instant longAgo = rig.clock().instant().minus(Duration.ofMinutes(6));
        assertThat(post(old, longAgo).status()).isEqualTo(403);
    }

    @Test
    void an_event_has_everything_that_it_says() {
        fake.posts("""
                {"type":"text","id":"e1","from":"+12025550140","at":"2026-11-24T09:00:00+01:00","text":"hi",
                 "media_url":"https://example.org/a.png","media_type":"image/png","service":"rcs","send_style":"slam"}
                """);
        fake.posts("""
                {"type":"tapback","id":"e2","from":"+12025550140","target":"b1","reaction":"custom","emoji":"🎉",
                 "part_index":2,"removed":true}
                """);

        rig.eventually(() -> rig.handler().events().size(), 2);
        TextReceived text = (TextReceived) rig.handler().events().getFirst();
        assertThat(text.at()).isEqualTo("2026-11-24T08:00:00Z");
        assertThat(text.service()).isEqualTo(Service.RCS);
        assertThat(text.mediaType()).isEqualTo("image/png");
        assertThat(text.sendStyle()).isEqualTo("slam");
        TapbackReceived tapback = (TapbackReceived) rig.handler().events().getLast();
        assertThat(tapback.customEmoji()).isEqualTo("🎉");
        assertThat(tapback.partIndex()).isEqualTo(2);
        assertThat(tapback.removed()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"type":"text","id":"1","text":"hi"}                                       | from is missing
            {"type":"text","id":"1","from":"ann","text":"hi"}                          | from must be an E.164 number
            {"type":"text","from":"+12025550140","text":"hi"}                          | id is missing
            {"type":"text","id":"1","from":"+12025550140"}                             | text is missing
            {"type":"text","id":"1","from":"+12025550140","media_url":"kept:secret"}   | media_url must be an address
            {"type":"text","id":"1","from":"+12025550140","media_id":"made.up"}        | media_id names no file of this person
            {"type":"text","id":"1","from":"+12025550140","media_base64":"é"}          | media_base64 is not base64
            {"type":"text","id":"1","from":"+12025550140","media_id":"a","media_url":"https://a.example/"} | media_url stands beside
            {"type":"text","id":"1","from":"+12025550140","text":"hi","at":"today"}    | at must be a time
            {"type":"text","id":"1","from":"+12025550140","text":"hi","at":"+24907341-01-01T00:00:00Z"} | at must be a time between
            {"type":"text","id":"1","from":"+12025550140","media_url":"http://127.0.0.1:9/a","at":"1970-01-01T00:00:00Z"} | at must be a time between
            {"type":"receipt","id":"1","status":"delivered","at":"+24907341-01-01T00:00:00Z"} | at must be a time between
            {"type":"receipt","id":"1","status":"delivered","service":"telegram"}      | service must be one of imessage, rcs, sms
            {"type":"text","id":"1","from":"+12025550140","text":"hi","service":"telegram"} | service must be one of imessage, rcs, sms
            {"type":"text","id":"1","from":"ann@example.org","text":"hi"}              | from must be an E.164 number
            {"type":"text","id":"1","from":"12025550140","text":"hi"}                  | from must be an E.164 number
            {"type":"text","id":"1","from":"262966","text":"hi"}                       | from must be an E.164 number
            {"type":"edit","id":"1","from":"+12025550140","text":"hi"}                 | target is missing
            {"type":"edit","id":"1","from":"+12025550140","target":"b"}                | text is missing
            {"type":"unsend","id":"1","from":"+12025550140"}                           | target is missing
            {"type":"tapback","id":"1","from":"+12025550140","target":"b","reaction":"meh"} | reaction must be love
            {"type":"tapback","id":"1","from":"+12025550140","target":"b","reaction":"custom"} | emoji is missing
            {"type":"receipt","id":"1","status":"eaten"}                               | status must be one of [sent
            {"type":"dream"}                                                           | type must be one of text
            {"text":"hi"}                                                              | type is missing
            """)
    void a_wrong_event_is_answered_with_the_key_and_the_fix(String event, String words) {
        WebhookReceiver.Answer answer = post(event.getBytes(UTF_8), rig.clock().instant());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains(words);
    }

    @Test
    void who_has_no_number_is_counted_as_what_they_have_in_its_place() {
        String event = "{\"type\":\"text\",\"id\":\"1\",\"from\":\"%s\",\"text\":\"hi\"}";

        List.of("ann@example.org", "262966", "SHOP")
                .forEach(
                        from -> assertThat(post(event.formatted(from)).status()).isEqualTo(400));

        assertThat(rig.transport().lines().known().getFirst().dropped())
                .containsEntry("mail_address", 1L)
                .containsEntry("short_code", 1L)
                .containsEntry("sender_name", 1L);
    }

    @Test
    void an_id_is_of_some_length_at_most() {
        String id = "x".repeat(256);
        byte[] event = "{\"type\":\"unsend\",\"id\":\"%s\",\"from\":\"+12025550140\",\"target\":\"b\"}"
                .formatted(id)
                .getBytes(UTF_8);

        WebhookReceiver.Answer answer = post(event, rig.clock().instant());

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).isEqualTo("id must have at most 255 characters");
    }

    @Test
    void an_id_that_came_before_is_told_at_once_also_after_a_restart() {
        String event = "{\"type\":\"text\",\"id\":\"1\",\"from\":\"+12025550140\",\"text\":\"hi\"}";
        assertThat(post(event).body()).isEqualTo("ok");
        rig.restart();
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);

        assertThat(post(event).status()).isEqualTo(200);
        assertThat(post(event).body()).contains("came before");
        WebhookReceiver.Answer other = post(event.replace("0140", "0141"));
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body()).contains("must be unique", "restarts of the program");
        rig.eventually(() -> rig.health().state(), Driver.Health.State.DEGRADED);
        assertThat(rig.health().detail()).contains("its id \"1\" was used on this line before");
        assertThat(rig.transport().lines().known().getFirst().dropped()).containsEntry("id_used_before", 1L);
        rig.clock().advance(Duration.ofMinutes(61));
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);
    }

    @Test
    void a_text_that_was_changed_or_taken_back_is_news_of_its_own() {
        String text = fake.writes("meet at 5");
        fake.posts("""
                {"type":"edit","id":"e1","from":"+12025550140","target":"%s","text":"meet at 6"}
                """.formatted(text));
        fake.posts("""
                {"type":"unsend","id":"e2","from":"+12025550140","target":"%s"}
                """.formatted(text));

        rig.eventually(() -> rig.handler().events().size(), 3);
        assertThat(rig.handler().events().get(1))
                .isEqualTo(new TextEdited(
                        rig.line().id(),
                        LineServer.ANN,
                        rig.handler().events().get(1).at(),
                        "e1",
                        text,
                        "meet at 6"));
        assertThat(rig.handler().events().getLast())
                .isInstanceOfSatisfying(
                        TextUnsent.class,
                        it -> assertThat(it.targetProviderId()).isEqualTo(text));
    }

    @ParameterizedTest
    @CsvSource({
        "sms, , SMS",
        "SMS, , SMS",
        "mms, , SMS",
        "Rcs, , RCS",
        "iMessage, , IMESSAGE",
        ", , SMS",
        ", imessage, IMESSAGE",
        ", rcs, RCS",
        "sms, imessage, SMS"
    })
    void the_service_is_as_told_and_else_as_the_greeting_says_and_else_sms(
            @Nullable String told, @Nullable String greeted, Service expected) {
        fake.greets(greeted == null ? "{}" : "{\"service\":\"%s\",\"state\":\"degraded\"}".formatted(greeted));
        rig.eventually(() -> rig.health().state() == Driver.Health.State.DEGRADED, greeted != null);

        fake.posts("{\"type\":\"text\",\"id\":\"s1\",\"from\":\"+12025550140\",\"text\":\"hi\"%s}"
                .formatted(told == null ? "" : ",\"service\":\"" + told + "\""));

        rig.eventually(rig.handler()::texts, List.of("hi"));
        assertThat(((TextReceived) rig.handler().events().getFirst()).service()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"state":"down","detail":"Messages is signed out: sign in on the Mac."} | DOWN | signed out
            {"state":"Degraded"}                                                    | DEGRADED | not why
            {"state":"sleepy"}                                                      | DEGRADED | none of up, degraded and down
            """)
    void a_program_that_is_there_says_how_its_line_is(String greeting, Driver.Health.State state, String words) {
        fake.greets(greeting);

        rig.eventually(() -> rig.health().state(), state);
        assertThat(rig.health().detail()).contains(words);

        fake.greets("{\"state\":\"up\"}");
        rig.eventually(rig::health, Driver.Health.UP);
    }

    @Test
    void what_a_person_on_sms_cannot_see_is_not_offered_for_them() {
        assertThat(rig.capabilities().tapbacks()).isTrue();
        fake.has(Service.SMS);
        fake.writes("I have an old phone");
        rig.eventually(rig.handler()::texts, List.of("I have an old phone"));

        assertThat(rig.capabilities()).isEqualTo(new Capabilities(false, false, true, true, true, true));
    }

    @Test
    void a_program_may_say_what_it_can_do_for_people_on_each_service() {
        fake.greets("""
                {"capabilities":{"imessage":["effects","tapbacks","media"],"sms":["tapbacks"]}}
                """);
        rig.eventually(() -> rig.capabilities().typing(), false);
        assertThat(rig.capabilities())
                .as("nobody knows yet")
                .isEqualTo(new Capabilities(true, true, false, false, true, false));

        fake.has(Service.SMS);
        fake.writes("I have an old phone");
        rig.eventually(rig.handler()::texts, List.of("I have an old phone"));

        assertThat(rig.capabilities()).isEqualTo(new Capabilities(false, true, false, false, false, false));
        assertThat(Rig.accepted(rig.send(rig.styled("boom", "fireworks"))).leftOut())
                .isEqualTo(Set.of("effect"));
    }

    @Test
    void a_program_that_can_be_asked_says_what_it_can_do_for_a_person_once_an_hour() {
        Capabilities typing = new Capabilities(false, false, true, false, false, false);
        fake.has(Service.RCS);
        fake.saysOfAnn("{\"service\":\"rcs\",\"capabilities\":[\"typing\"]}");
        assertThat(rig.capabilities()).as("it did not say that it can be asked").isNotEqualTo(typing);
        fake.can("tapbacks", "typing", "media", "can");
        rig.eventually(rig::capabilities, typing);

        assertThat(Rig.accepted(rig.send(rig.picture("look"))).leftOut()).isEqualTo(Set.of("media"));
        assertThat(rig.driver().tapback(rig.line(), LineServer.ANN, "bubble-1", "love", 0))
                .isEqualTo(TapbackResult.NEVER);
        assertThat(fake.asked()).isEqualTo(1);

        fake.saysOfAnn("{\"capabilities\":[\"media\"]}");
        rig.clock().advance(Duration.ofMinutes(61));
        assertThat(rig.capabilities().media()).isTrue();
        fake.has(Service.SMS);
        fake.writes("I have an old phone now");
        rig.eventually(rig.handler()::texts, List.of("I have an old phone now"));
        assertThat(rig.capabilities().media()).isTrue();
        assertThat(fake.asked())
                .as("on another service she is asked about anew")
                .isEqualTo(3);
    }

    @Test
    void who_asks_a_program_in_vain_goes_by_what_it_says_of_all() {
        fake.can("tapbacks", "can");
        rig.eventually(() -> rig.capabilities().media(), false);

        assertThat(rig.capabilities().tapbacks()).isTrue();
        assertThat(fake.asked()).as("the same minute").isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://127.0.0.1:1/ | short               | secret is too short
            http://127.0.0.1:1/ | whsec_not base64 at all!! | not base64
            ftp://example.org/  | twenty-four characters at least | url must be an address
            """)
    void a_wrong_key_stops_the_start_with_its_fix(String url, String secret, String words) {
        try (Database database = Database.open(folder.resolve("other.db"))) {
            LineSetup setup = new LineSetup(
                    rig.line(),
                    new LineSetup.Options("the test", Map.of("url", url, "secret", secret)),
                    () -> "",
                    new LineSetup.Surroundings(
                            _ -> {
                                throw new IOException("nothing");
                            },
                            new DriverState(database),
                            rig.clock(),
                            KnownAddresses.NONE));

            assertThatThrownBy(() -> WebhookDriver.KIND.make().apply(setup))
                    .isInstanceOf(StartupFailure.class)
                    .hasMessageContaining(words);
        }
    }

    private WebhookReceiver.Answer post(String event) {
        return post(event.getBytes(UTF_8), rig.clock().instant());
    }

    private WebhookReceiver.Answer post(byte[] body, Instant at) {
        Map<String, String> headers = Sealing.headers(ProgramService.SECRET, at, body);
        return ((WebhookReceiver) rig.driver()).hook(rig.line(), new WebhookReceiver.Request("", "", headers, body));
    }
}
