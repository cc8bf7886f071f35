package partyline.drivers.sendblue;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.drivers.contract.FakeLine.Trouble.LOST_WITHOUT_ANSWER;
import static partyline.drivers.contract.FakeLine.Trouble.SENT_WITHOUT_ANSWER;
import static partyline.drivers.contract.LineServer.ANN;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.drivers.contract.FakeLine;
import partyline.drivers.contract.Knock;
import partyline.drivers.contract.Rig;
import partyline.transport.Driver;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;

/// What is peculiar to Sendblue, and what its users stumble over.
class SendblueTest {

    @TempDir
    Path folder;

    private final SendblueService fake = SendblueService.hooked();
    private Optional<Rig> open = Optional.empty();

    @AfterEach
    void close() {
        open.ifPresent(Rig::close);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | {"status":"ERROR","message":"bad","error_code":4000}  | Refused | sendblue_4000
            400 | {"status":"ERROR","message":"bad"}                    | Refused | invalid_request
            400 | {"error_code":"4002"}                                 | Refused | opted_out
            200 | {"message_handle":"h","status":"ERROR","error_code":22,"is_outbound":true} | Refused | no_imessage
            200 | {"message_handle":"h","status":"DECLINED","opted_out":true} | Refused | opted_out
            429 | {}                                                    | NotSent | slower
            400 | {"error_code":"4001"}                                 | NotSent | slower
            500 | {"error_code":"5003"}                                 | NotSent | slower
            500 | {"error_code":"10001"}                                | NotSent | could not
            401 | {"message":"Unauthorized"}                            | NotSent | API key
            500 | {"error_code":"5000"}                                 | Unknown | 500
            504 | {}                                                    | Unknown | 504
            200 | {"message_handle":"h","status":"ERROR","error_code":10002} | Unknown | does not know
            200 | {}                                                    | Unknown | names no message
            """)
    void an_answer_is_what_it_says(int status, String body, String result, String words) {
        Rig rig = open(fake);
        fake.nextAnswer(status, body, null);

        SendResult answer = rig.send(rig.text("hello"));

        assertThat(answer.getClass().getSimpleName()).isEqualTo(result);
        assertThat(answer.toString()).contains(words);
        assertThat(fake.bubbles()).isEmpty();
    }

    @Test
    void a_line_that_is_too_fast_rests_as_long_as_it_is_told() {
        Rig rig = open(fake);
        fake.nextAnswer(429, "{}", "7");

        assertThat(rig.send(rig.text("hello")))
                .isEqualTo(new SendResult.NotSent("Sendblue wants it slower.", Optional.of(Duration.ofSeconds(7))));
    }

    @Test
    void a_line_sends_as_fast_as_it_may_and_says_when_it_may_again() {
        Rig rig = open(new SendblueService(Map.of("poll", "60m", "per_second", "1", "per_hour", "3")));
        List<Outgoing> texts =
                IntStream.range(0, 4).mapToObj(at -> rig.text("text " + at)).toList();

        assertThat(texts.stream().map(text -> pause(rig.send(text))))
                .containsExactly(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofHours(1));
        rig.clock().advance(Duration.ofSeconds(2));
        assertThat(pause(rig.send(texts.get(2)))).as("its place is kept").isEqualTo(Duration.ZERO);
        assertThat(pause(rig.send(texts.get(1)))).isEqualTo(Duration.ZERO);
        assertThat(pause(rig.send(texts.get(3))))
                .isEqualTo(Duration.ofMinutes(59).plusSeconds(58));
    }

    @Test
    void wrong_keys_are_told_with_their_fix() {
        Rig rig = open(new SendblueService(Map.of("poll", "20ms")) {
            @Override
            public Driver driver(Rig.Program program) {
                runOn(program.around().clock());
                return SendblueDriver.KIND
                        .make()
                        .apply(program.setup(Map.of("url", url(), "key_id", KEY_ID, "secret_key", "wrong")));
            }
        });

        Driver.Health health = rig.awaited(rig::health, it -> it.detail().contains("key"));

        assertThat(health.state()).isEqualTo(Driver.Health.State.DOWN);
        assertThat(health.detail())
                .contains("sendblue.key_id", "sendblue.secret_key")
                .doesNotContain("wrong");
        assertThat(rig.driver().check(rig.line())).containsExactly(health.detail());
    }

    @Test
    void a_line_is_as_sendblue_says_that_it_is() {
        SendblueService often = SendblueService.quick();
        Rig rig = open(often);
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);

        often.line("DEGRADED");
        rig.eventually(() -> rig.health().state(), Driver.Health.State.DEGRADED);
        often.line("OFFLINE");
        rig.eventually(() -> rig.health().state(), Driver.Health.State.DOWN);
    }

    @Test
    void webhooks_of_others_stay_and_ours_is_added_once() {
        Rig rig = open(fake);

        rig.restart();
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);

        assertThat(fake.receivers()).hasSize(2).contains("https://somebody-else.example.org/hook");
    }

    @Test
    void a_status_callback_counts_only_with_the_mac_of_its_message() {
        Rig rig = open(fake);
        String one = rig.sent(rig.text("one"));
        String two = rig.sent(rig.text("two"));
        String first = fake.callbackOf(one);
        String second = fake.callbackOf(two);
        String mixed = first.substring(0, first.length() - 64) + second.substring(second.length() - 64);

        assertThat(Knock.at(mixed, Map.of(), "{\"message_handle\":\"x\",\"status\":\"DELIVERED\"}"))
                .isEqualTo(403);
        assertThat(Knock.at(first.replaceFirst("/status-.*", "/status-"), Map.of(), "{}"))
                .isEqualTo(403);
        assertThat(Knock.at(first, Map.of(), "no json")).isEqualTo(400);
        assertThat(Knock.at(first, Map.of(), "{}")).isEqualTo(400);
    }

    @Test
    void news_without_the_shared_secret_is_not_believed() {
        Rig rig = open(fake);
        String url = fake.receivers().getLast();
        String body = "{\"message_handle\":\"h\",\"from_number\":\"+12025550140\",\"content\":\"hi\"}";

        assertThat(Knock.at(url, Map.of(), body)).isEqualTo(403);
        assertThat(Knock.at(url, Map.of("sb-signing-secret", "guess"), body)).isEqualTo(403);

        fake.writes("the real one");
        rig.eventually(rig.handler()::texts, List.of("the real one"));
    }

    @Test
    void what_it_really_travelled_on_comes_with_the_receipts_and_sms_ends_at_sent() {
        Rig rig = open(fake);
        assertThat(rig.capabilities().effects()).isTrue();
        fake.has(Service.SMS);

        SendResult.Accepted accepted = Rig.accepted(rig.send(rig.styled("boom", "fireworks")));

        assertThat(accepted.service()).as("as it seemed").isEqualTo(Service.IMESSAGE);
        rig.eventually(() -> rig.capabilities().effects(), false);
        assertThat(rig.handler().receipts).allSatisfy(it -> {
            assertThat(it.kind()).isEqualTo(Receipt.Kind.SENT);
            assertThat(it.service()).contains(Service.SMS);
        });
    }

    @Test
    void what_sendblue_does_not_know_may_still_become_known() {
        Rig rig = open(fake);
        String id = rig.sent(rig.text("hello"));
        rig.eventually(() -> rig.handler().receipts.size(), 2);

        fake.becomes(id, "ERROR", "10002");

        rig.eventually(() -> rig.handler().receipts.size(), 3);
        assertThat(rig.handler().receipts.getLast().failure().orElseThrow().code())
                .isEqualTo("outcome_unknown");
    }

    @Test
    void without_any_callback_a_send_is_found_in_the_list() {
        Rig rig = open(fake);
        fake.way(FakeLine.Way.LOST);
        Outgoing message = rig.text("are you there?");
        fake.next(SENT_WITHOUT_ANSWER);

        assertThat(rig.send(message)).isInstanceOf(SendResult.Unknown.class);

        assertThat(rig.reconcile(message)).isInstanceOf(SendResult.Accepted.class);
        assertThat(fake.bubbles()).hasSize(1);
    }

    @Test
    void what_the_list_does_not_show_for_two_minutes_was_not_sent() {
        Rig rig = open(fake);
        Outgoing message = rig.text("into the void");
        fake.next(LOST_WITHOUT_ANSWER);
        rig.send(message);

        assertThat(rig.reconcile(message)).isInstanceOf(SendResult.Unknown.class);
        rig.clock().advance(Duration.ofSeconds(119));
        assertThat(rig.reconcile(message)).isInstanceOf(SendResult.Unknown.class);
        rig.clock().advance(Duration.ofSeconds(1));

        assertThat(rig.reconcile(message)).isInstanceOf(SendResult.NotSent.class);
        rig.sent(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sendblue_number\":\"+12025550177\",\"to_number\":\"+12025550177\"}",
                "{\"sendblue_number\":\"+12025550177\"}",
                "{\"sendblue_number\":\"\",\"to_number\":\"+12025550177\"}"
            })
    void what_is_for_another_line_of_the_account_is_not_this_lines(String call) {
        Rig rig = open(fake);
        fake.writesWith("to the router", call);
        fake.writes("to the agent");

        rig.eventually(rig.handler()::texts, List.of("to the agent"));
        assertThat(fake.answers()).allMatch(status -> status == 200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"from_number\":\"+12025550101\",\"to_number\":\"+12025550140\",\"sendblue_number\":null}",
                "{\"from_number\":\"+12025550101\",\"to_number\":\"+12025550101\"}",
                "{\"number\":\"\"}"
            })
    void the_person_is_who_number_names_and_else_who_sent_it(String call) {
        Rig rig = open(fake);
        fake.writesWith("hi", call);

        rig.eventually(rig.handler()::texts, List.of("hi"));
        assertThat(rig.handler().events().getFirst().from()).isEqualTo(ANN);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann@example.org", "262966", "2025550140", ""})
    void a_sender_that_is_no_number_is_dropped_and_the_line_goes_on(String sender) {
        Rig rig = open(fake);
        fake.writesWith("not for us", "{\"number\":\"%s\",\"from_number\":\"%s\"}".formatted(sender, sender));
        fake.writes("for us");

        rig.eventually(rig.handler()::texts, List.of("for us"));
        assertThat(fake.answers()).allMatch(status -> status == 200);
    }

    @Test
    void sendblues_words_for_an_effect_are_ours() {
        Rig rig = open(fake);
        fake.writesWith("boom", "{\"send_style\":\"impact\"}");

        rig.eventually(rig.handler()::texts, List.of("boom"));
        assertThat(((TextReceived) rig.handler().events().getFirst()).sendStyle())
                .isEqualTo("slam");
    }

    @Test
    void a_webhook_that_the_account_does_not_have_is_asked_for_once() {
        SendblueService often = SendblueService.quick();
        often.hasNoTyping();
        Rig rig = open(often);
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);

        often.line("DEGRADED");
        rig.eventually(() -> rig.health().state(), Driver.Health.State.DEGRADED);
        often.line("ONLINE");
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);

        assertThat(often.registrations()).containsExactly("receive", "typing_indicator");
    }

    @Test
    void calls_with_another_secret_than_ours_are_told_until_one_has_ours() {
        SendblueService often = SendblueService.quick();
        Rig rig = open(often);
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);

        often.callsWith("the secret of yesterday");
        often.writes("late");
        Driver.Health health = rig.awaited(rig::health, it -> it.state() == Driver.Health.State.DEGRADED);
        assertThat(health.detail()).contains("another secret").doesNotContain("yesterday");
        often.callsWith("");
        often.writes("on time");

        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);
        rig.eventually(rig.handler()::texts, List.of("late", "on time"));
    }

    @Test
    void a_date_far_ahead_in_the_list_hides_nothing_that_comes_after_it() {
        SendblueService often = SendblueService.quick();
        Rig rig = open(often);
        rig.eventually(() -> rig.health().state(), Driver.Health.State.UP);
        often.writesOddly("from the year 9998", FakeLine.Oddity.TIME);
        rig.eventually(rig.handler()::texts, List.of("from the year 9998"));
        rig.clock().advance(Duration.ofMinutes(5));

        often.way(FakeLine.Way.LOST);
        often.writes("found in the list");

        rig.eventually(rig.handler()::texts, List.of("from the year 9998", "found in the list"));
    }

    @Test
    void a_send_is_waited_for_longer_than_the_driver_itself_waits() {
        Rig rig = open(fake);

        assertThat(rig.driver().patience(rig.text("hi"))).isGreaterThan(Duration.ofSeconds(70));
        assertThat(rig.driver().patience(rig.picture("hi"))).isGreaterThan(Duration.ofSeconds(370));
    }

    @Test
    void success_means_that_it_was_sent() {
        Rig rig = open(fake);
        String id = rig.sent(rig.text("hello"));
        rig.eventually(() -> rig.handler().receipts.size(), 2);

        fake.becomes(id, "SUCCESS", null);

        rig.eventually(() -> rig.handler().receipts.size(), 3);
        assertThat(rig.handler().receipts.getLast().kind()).isEqualTo(Receipt.Kind.SENT);
    }

    @Test
    void groups_and_our_own_words_are_dropped() {
        Rig rig = open(fake);
        fake.says("to all", "", "group-1");
        fake.writes("to you");

        rig.eventually(rig.handler()::texts, List.of("to you"));
    }

    @Test
    void several_attachments_are_several_texts() throws Exception {
        Rig rig = open(fake);
        fake.says("look", "https://storage.example.org/1.heic", "");
        fake.says("", "https://storage.example.org/2.heic", "");

        rig.eventually(() -> rig.handler().events().size(), 2);
        TextReceived second = (TextReceived) rig.handler().events().getLast();
        assertThat(second.text()).isNull();
        assertThat(rig.transport().lines().download(rig.line().id(), String.valueOf(second.mediaUrl())))
                .isEqualTo(new Driver.Download.Address("https://storage.example.org/2.heic"));
    }

    @Test
    void a_tapback_in_words_finds_the_newest_text_that_it_quotes_and_else_stays_a_text() {
        Rig rig = open(fake);
        rig.sent(rig.text("yes"));
        rig.clock().advance(Duration.ofSeconds(5));
        String newer = rig.sent(rig.text("yes"));
        fake.writes("Reacted 🎉 to “yes”");
        fake.writes("Liked “something else”");

        rig.eventually(rig.handler()::texts, List.of("tapback", "Liked “something else”"));
        TapbackReceived tapback = (TapbackReceived) rig.handler().events().getFirst();
        assertThat(tapback.targetProviderId()).isEqualTo(newer);
        assertThat(tapback.reaction()).isEqualTo("custom");
        assertThat(tapback.customEmoji()).isEqualTo("🎉");
    }

    @Test
    void what_sendblue_cannot_fetch_is_uploaded_and_the_rest_is_not() {
        Rig rig = open(fake);
        rig.send(rig.picture("a local one"));
        rig.send(with(rig, "a public one", "https://example.org/cat.png"));
        rig.send(new Outgoing(
                rig.text("").clientId(), ANN, "my card", null, null, null, "BEGIN:VCARD\r\nEND:VCARD\r\n"));

        assertThat(fake.media())
                .containsExactly(
                        "https://cdn.example.org/cat.jpg",
                        "https://example.org/cat.png",
                        "https://cdn.example.org/contact.vcf");
    }

    @Test
    void a_picture_that_is_gone_is_left_out_and_alone_it_is_refused() {
        Rig rig = open(fake);
        String gone = "http://127.0.0.1:9/media/gone.jpg";

        assertThat(Rig.accepted(rig.send(with(rig, "look", gone))).leftOut()).isEqualTo(Set.of("media"));
        assertThat(rig.send(with(rig, null, gone)))
                .isInstanceOfSatisfying(
                        SendResult.Refused.class, it -> assertThat(it.code()).isEqualTo("media_unavailable"));
    }

    @Test
    void without_a_fallback_who_has_no_imessage_is_not_texted() {
        fake.has(Service.SMS);
        Rig rig = Rig.open(folder, fake, Line.Fallback.NONE);
        open = Optional.of(rig);

        assertThat(rig.send(rig.text("hello")))
                .isInstanceOfSatisfying(
                        SendResult.Refused.class, it -> assertThat(it.code()).isEqualTo("no_imessage"));
        assertThat(fake.bubbles()).isEmpty();
    }

    @Test
    void more_than_a_page_of_lost_news_is_caught_up_with_in_order() {
        Rig rig = open(fake);
        fake.way(FakeLine.Way.LOST);
        List<String> all = IntStream.range(0, 230).mapToObj(at -> "text " + at).toList();
        all.forEach(text -> {
            fake.writes(text);
            rig.clock().advance(Duration.ofMillis(1));
        });

        rig.restart();

        rig.eventually(rig.handler()::texts, all);
    }

    /// A line after its first round, which also reads the list.
    private Rig open(SendblueService service) {
        Rig rig = Rig.open(folder, service);
        open = Optional.of(rig);
        rig.awaited(rig::health, health -> !health.detail().contains("not been tried"));
        return rig;
    }

    private static Outgoing with(Rig rig, @Nullable String text, String media) {
        return new Outgoing(rig.text("").clientId(), ANN, text, media, null, null, null);
    }

    /// How long the line wants to wait; zero when it sent.
    private static Duration pause(SendResult result) {
        return result instanceof SendResult.NotSent(var _, var pause) ? pause.orElseThrow() : Duration.ZERO;
    }
}
