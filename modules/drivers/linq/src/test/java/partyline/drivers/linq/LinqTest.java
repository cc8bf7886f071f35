package partyline.drivers.linq;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.drivers.contract.FakeLine.Trouble.LOST_WITHOUT_ANSWER;
import static partyline.drivers.contract.FakeLine.Trouble.SENT_WITHOUT_ANSWER;
import static partyline.drivers.contract.LineServer.ANN;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.drivers.HttpCalls;
import partyline.drivers.contract.FakeLine;
import partyline.drivers.contract.Knock;
import partyline.drivers.contract.Rig;
import partyline.fakes.linq.FakeLinq;
import partyline.kernel.StartupFailure;
import partyline.transport.Attachments;
import partyline.transport.Driver;
import partyline.transport.Driver.Health.State;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextEdited;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.LineSetup;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;

/// What is peculiar to Linq, and what its users stumble over.
class LinqTest {

    private static final String OTHER_SECRET = "whsec_c2VjcmV0IG9mIHllc3RlcmRheQ==";

    @TempDir
    Path folder;

    private final LinqService fake = LinqService.hooked();
    private Optional<Rig> open = Optional.empty();

    @AfterEach
    void close() {
        open.ifPresent(Rig::close);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | {"error":{"code":1002,"message":"E.164"}}     | Refused | invalid_recipient
            400 | {"error":{"code":1005,"message":"a value"}}   | Refused | linq_1005
            400 | {"error":{"code":5004,"message":"no"}}        | Refused | media_unavailable
            403 | {"error":{"code":2024,"message":"stop"}}      | Refused | opted_out
            403 | {"error":{"code":2008,"message":"a list"}}    | Refused | recipient_not_allowed
            422 | {}                                            | Refused | invalid_request
            401 | {"error":{"code":2004,"message":"who?"}}      | NotSent | API key
            403 | {"error":{"code":2006,"message":"no"}}        | NotSent | refuses the line
            404 | {"error":{"code":2001,"message":"no chat"}}   | NotSent | does not know the chat
            409 | {}                                            | NotSent | busy
            429 | {"error":{"code":1007,"retry_after":7}}       | NotSent | slower
            404 | {"error":{"code":2002,"message":"gone"}}      | Unknown | has deleted it
            500 | {"error":{"code":3006,"message":"oops"}}      | Unknown | 500
            503 | {}                                            | Unknown | 503
            200 | {}                                            | Unknown | names no message
            200 | {"chat_id":"c","message":{"id":"m","delivery_status":"failed"}} | Refused | delivery_error
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
        fake.nextAnswer(429, "{\"error\":{\"code\":1007}}", "7");

        assertThat(rig.send(rig.text("hello")))
                .isEqualTo(new SendResult.NotSent("Linq wants it slower.", Optional.of(Duration.ofSeconds(7))));
    }

    @Test
    void a_line_sends_as_many_texts_a_day_as_it_may() {
        Rig rig = open(new LinqService(Map.of("poll", "60m", "per_day", "1")));
        rig.sent(rig.text("one"));

        assertThat(rig.send(rig.text("two")))
                .isInstanceOfSatisfying(
                        SendResult.NotSent.class, it -> assertThat(it.pause()).contains(Duration.ofDays(1)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            api_key        | a key       | holds spaces
            webhook_secret | whsec_%%%   | is not base64
            url            | linqapp.com | must be http or https
            poll           | often       | length of time
            per_day        | -1          | whole number
            """)
    void a_wrong_key_of_the_configuration_is_told_with_its_fix(String key, String value, String words) {
        Map<String, String> options = new HashMap<>(Map.of("api_key", "k"));
        options.put(key, value);

        assertThatThrownBy(() -> LinqSettings.of(new LineSetup.Options("lines[0].linq", options)))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("lines[0].linq: " + key)
                .hasMessageContaining(words);
    }

    @Test
    void a_wrong_api_key_is_told_with_its_fix() {
        Rig rig = Rig.open(folder, new LinqService(Map.of("poll", "20ms", "api_key", "of-yesterday")));
        open = Optional.of(rig);

        Driver.Health health = rig.awaited(rig::health, it -> it.state() == State.DOWN);

        assertThat(health.detail()).contains("linq.api_key").doesNotContain("yesterday");
        assertThat(rig.driver().check(rig.line())).containsExactly(health.detail());
    }

    @Test
    void a_number_that_the_account_does_not_have_is_told_with_its_fix() {
        LinqService often = LinqService.quick();
        often.ownsOnly("+12025550177");
        Rig rig = open(often);

        rig.eventually(() -> rig.health().state(), State.DOWN);
        assertThat(rig.driver().check(rig.line()).getFirst())
                .contains("no number +12025550101", "correct the number of the line");
    }

    @Test
    void a_line_is_as_linq_and_apple_say_that_it_is_also_after_a_restart() {
        LinqService often = LinqService.quick();
        Rig rig = open(often);
        rig.eventually(rig::health, Driver.Health.UP);

        often.reputation("CRITICAL");
        rig.awaited(rig::health, it -> it.detail().contains("CRITICAL"));
        often.reputation("AT_RISK");
        rig.eventually(rig::health, Driver.Health.UP);
        often.number("FLAGGED");
        rig.awaited(rig::health, it -> it.detail().contains("flagged the number"));
        rig.restart();
        rig.awaited(rig::health, it -> it.detail().contains("flagged the number"));
        assertThat(rig.health().state()).isEqualTo(State.DEGRADED);
        often.number("ACTIVE");

        rig.eventually(rig::health, Driver.Health.UP);
    }

    @Test
    void our_subscription_is_made_once_and_those_of_others_stay() {
        Rig rig = open(fake);
        Map<String, String> first = fake.subscriptions();

        rig.restart();
        rig.eventually(rig::health, Driver.Health.UP);

        assertThat(fake.subscriptions())
                .isEqualTo(first)
                .hasSize(2)
                .containsKey("https://somebody-else.example.org/hook");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"is_active\":false}",
                "{\"subscribed_events\":[\"message.received\"]}",
                "{\"phone_numbers\":[\"+12025550177\"]}",
                "{\"target_url\":\"https://partyline.of-yesterday.example.org/hooks/line-1/secret/events?version=2026-02-03\"}"
            })
    void a_subscription_that_somebody_changed_is_put_right(String change) {
        Rig rig = open(fake);
        Map<String, String> right = fake.subscriptions();
        fake.changesSubscription(change);

        rig.restart();
        rig.eventually(rig::health, Driver.Health.UP);
        rig.clock().advance(Duration.ofHours(1));
        fake.writes("heard");

        assertThat(fake.subscriptions()).isEqualTo(right);
        rig.eventually(rig.handler()::texts, List.of("heard"));
        rig.eventually(fake::answers, List.of(200));
    }

    @Test
    void a_subscription_that_somebody_deleted_is_made_anew() {
        Rig rig = open(fake);
        fake.deletesSubscription();

        rig.restart();
        rig.eventually(rig::health, Driver.Health.UP);
        fake.writes("heard");

        rig.eventually(rig.handler()::texts, List.of("heard"));
        rig.eventually(fake::answers, List.of(200));
    }

    @Test
    void a_subscription_whose_secret_nobody_knows_is_replaced() {
        Rig rig = open(fake);
        Map<String, String> first = fake.subscriptions();
        rig.memory().keep(rig.line(), "linq_subscription", "{}");

        rig.restart();
        rig.eventually(rig::health, Driver.Health.UP);
        fake.writes("heard");

        rig.eventually(rig.handler()::texts, List.of("heard"));
        assertThat(fake.subscriptions().keySet()).isEqualTo(first.keySet());
        assertThat(fake.subscriptions()).isNotEqualTo(first);
        rig.eventually(fake::answers, List.of(200));
    }

    @ParameterizedTest
    @CsvSource({"true, false", "false, true"})
    void a_call_is_believed_by_either_of_its_signatures(boolean standard, boolean older) {
        Rig rig = open(fake);
        fake.signs(standard, older);

        fake.writes("signed");

        rig.eventually(rig.handler()::texts, List.of("signed"));
        rig.eventually(fake::answers, List.of(200));
    }

    @Test
    void a_call_without_the_right_signature_or_too_old_is_not_believed() {
        Rig rig = open(fake);
        String url = ours(fake);

        assertThat(Knock.at(url, Map.of(), "{}")).isEqualTo(403);
        fake.signs(false, false);
        fake.writes("unsigned");
        rig.eventually(fake::answers, List.of(403));
        fake.signs(true, true);
        fake.runOn(() -> rig.clock().instant().minusSeconds(301));
        fake.writes("old");
        rig.eventually(fake::answers, List.of(403, 403));
        fake.runOn(rig.clock());
        fake.writes("the real one");

        rig.eventually(rig.handler()::texts, List.of("the real one"));
        rig.eventually(fake::answers, List.of(403, 403, 200));
    }

    @Test
    void when_linq_signs_with_another_secret_the_subscription_is_made_anew() {
        LinqService often = LinqService.quick();
        Rig rig = open(often);
        rig.eventually(rig::health, Driver.Health.UP);
        String before = often.subscriptions().get(ours(often));

        often.signsWith(OTHER_SECRET);
        often.writes("late");
        rig.awaited(() -> often.subscriptions().get(ours(often)), now -> now != null && !now.equals(before));
        often.signsWith("");
        often.writes("on time");

        rig.eventually(rig.handler()::texts, List.of("late", "on time"));
        rig.eventually(rig::health, Driver.Health.UP);
    }

    @Test
    void a_secret_that_the_operator_gives_is_used_and_told_when_it_is_wrong() {
        LinqService often = new LinqService(Map.of("poll", "20ms", "webhook_secret", OTHER_SECRET));
        often.met();
        Rig rig = open(often);
        rig.eventually(rig::health, Driver.Health.UP);
        often.signsWith(OTHER_SECRET);
        often.writes("signed with the given one");
        rig.eventually(() -> often.answers().contains(200), true);

        often.signsWith("whsec_YW5vdGhlciBvbmU=");
        often.writes("late");

        Driver.Health health = rig.awaited(rig::health, it -> it.state() == State.DEGRADED);
        assertThat(health.detail()).contains("linq.webhook_secret").doesNotContain("whsec_");
        rig.eventually(rig.handler()::texts, List.of("signed with the given one", "late"));
    }

    @Test
    void a_send_whose_answer_is_lost_is_made_again_under_its_key_and_shows_once() {
        Rig rig = open(fake);
        fake.way(FakeLine.Way.LOST);
        fake.hidesSends();
        Outgoing message = rig.text("are you there?");
        fake.next(SENT_WITHOUT_ANSWER);

        assertThat(rig.send(message)).isInstanceOf(SendResult.Unknown.class);
        assertThat(rig.reconcile(message)).isInstanceOf(SendResult.NotSent.class);
        String id = rig.sent(message);

        assertThat(fake.bubbles()).extracting(FakeLine.Bubble::id).containsExactly(id);
    }

    @Test
    void a_send_whose_answer_is_lost_is_found_in_the_chat_when_no_call_tells_of_it() {
        Rig rig = open(fake);
        fake.way(FakeLine.Way.LOST);
        Outgoing message = rig.text("are you there?");
        fake.next(SENT_WITHOUT_ANSWER);
        rig.send(message);

        assertThat(rig.reconcile(message)).isInstanceOf(SendResult.Accepted.class);
        assertThat(fake.bubbles()).hasSize(1);
    }

    @Test
    void what_linq_never_got_is_sent_once_when_it_is_sent_again() {
        Rig rig = open(fake);
        Outgoing message = rig.text("into the void");
        fake.next(LOST_WITHOUT_ANSWER);
        rig.send(message);

        assertThat(rig.reconcile(message)).isInstanceOf(SendResult.NotSent.class);
        rig.sent(message);

        assertThat(fake.bubbles()).hasSize(1);
    }

    @Test
    void a_send_that_linq_has_forgotten_since_is_never_made_again() {
        Rig rig = open(fake);
        fake.way(FakeLine.Way.LOST);
        Outgoing message = rig.text("for a day");
        fake.next(SENT_WITHOUT_ANSWER);
        rig.send(message);
        fake.forgets(fake.bubbles().getFirst().id());
        rig.reconcile(message);

        assertThat(rig.send(message)).isInstanceOf(SendResult.Unknown.class);
        assertThat(fake.bubbles()).hasSize(1);
    }

    @Test
    void the_first_message_to_a_person_has_no_link_and_says_so() {
        Rig rig = open(fake);

        assertThat(rig.send(rig.text("look: https://example.org/menu")))
                .isInstanceOfSatisfying(SendResult.Refused.class, it -> {
                    assertThat(it.code()).isEqualTo("link_in_first_message");
                    assertThat(it.detail()).contains("send words first, then the link");
                });
        rig.sent(rig.text("hello"));
        rig.sent(rig.text("look: https://example.org/menu"));
    }

    @Test
    void whoever_wrote_first_may_be_sent_a_link_and_an_effect_at_once() {
        Rig rig = open(fake);
        fake.writes("where?");
        rig.eventually(rig.handler()::texts, List.of("where?"));

        rig.sent(rig.styled("https://example.org/menu", "love"));

        assertThat(fake.bubbles().getFirst().effect()).isEqualTo("love");
    }

    @Test
    void an_effect_is_left_out_of_the_first_message_and_where_linq_has_none_such() {
        Rig rig = open(fake);

        assertThat(Rig.accepted(rig.send(rig.styled("hello", "confetti"))).leftOut())
                .containsExactly("effect");
        assertThat(Rig.accepted(rig.send(rig.styled("hello again", "confetti"))).leftOut())
                .isEmpty();
        assertThat(Rig.accepted(rig.send(rig.styled("look up", "shooting_star")))
                        .leftOut())
                .containsExactly("effect");
    }

    @Test
    void a_chat_that_begins_anew_is_found_again() {
        Rig rig = open(fake);
        rig.sent(rig.text("one"));
        fake.beginsAnew();
        Outgoing message = rig.text("two");

        assertThat(rig.send(message)).isInstanceOf(SendResult.NotSent.class);
        rig.sent(message);

        assertThat(fake.bubbles()).hasSize(2);
    }

    @Test
    void without_a_fallback_imessage_alone_is_asked_for_and_who_has_none_is_not_texted() {
        fake.has(Service.RCS);
        Rig rig = Rig.open(folder, fake, Line.Fallback.NONE);
        open = Optional.of(rig);

        assertThat(rig.send(rig.text("hello")))
                .isInstanceOfSatisfying(
                        SendResult.Refused.class, it -> assertThat(it.code()).isEqualTo("no_imessage"));
        assertThat(fake.bubbles()).isEmpty();
    }

    @Test
    void who_loses_imessage_after_all_is_known_before_the_failure_is_told() {
        Rig rig = Rig.open(folder, fake, Line.Fallback.NONE);
        open = Optional.of(rig);
        rig.sent(rig.text("hello"));
        fake.has(Service.SMS);

        String id = rig.sent(rig.text("still there?"));

        rig.awaited(() -> rig.handler().kindsOf(id), kinds -> kinds.contains(Receipt.Kind.FAILED));
        assertThat(failure(rig)).isEqualTo("no_imessage");
        assertThat(rig.send(rig.text("and now?"))).isInstanceOf(SendResult.Refused.class);
    }

    @ParameterizedTest
    @CsvSource({"3007, unreachable", "4001, delivery_error", "4002, linq_4002", "4005, no_imessage"})
    void what_went_wrong_has_a_code_of_ours(int code, String ours) {
        Rig rig = open(fake);
        String id = rig.sent(rig.text("hello"));

        fake.fails(id, code, "somehow");

        rig.awaited(() -> rig.handler().kindsOf(id), kinds -> kinds.contains(Receipt.Kind.FAILED));
        assertThat(failure(rig)).isEqualTo(ours);
    }

    @ParameterizedTest
    @CsvSource({"RCS, false, true, false", "SMS, false, false, false", "IMESSAGE, true, true, true"})
    void what_a_person_can_be_shown_is_found_out_and_what_they_write_with_counts_more(
            Service service, boolean effects, boolean tapbacks, boolean typing) {
        fake.has(service);
        Rig rig = open(fake);

        assertThat(rig.capabilities().effects()).isEqualTo(effects);
        assertThat(rig.capabilities().tapbacks()).isEqualTo(tapbacks);
        assertThat(rig.capabilities().typing()).isEqualTo(typing);
        assertThat(fake.calls().stream().filter(call -> call.contains("check_imessage")))
                .as("asked once")
                .hasSize(1);
        fake.has(Service.IMESSAGE);
        fake.writes("a new phone");

        rig.eventually(() -> rig.capabilities().effects(), true);
    }

    @Test
    void a_tapback_may_be_any_emoji_and_is_taken_back_by_what_it_was() {
        Rig rig = open(fake);
        String hers = fake.writes("react to this");
        rig.eventually(rig.handler()::texts, List.of("react to this"));

        for (Map.Entry<String, String> reaction :
                Map.of("🎉", "🎉", "eyes", "👀", "love", "love").entrySet()) {
            assertThat(tapback(rig, hers, reaction.getKey())).isEqualTo(TapbackResult.TAKEN);
            assertThat(fake.tapback(hers)).contains(reaction.getValue());
        }
        assertThat(tapback(rig, hers, null)).isEqualTo(TapbackResult.TAKEN);
        assertThat(fake.tapback(hers)).isEmpty();
        assertThat(tapback(rig, hers, null)).as("there is none any more").isEqualTo(TapbackResult.TAKEN);
        assertThat(tapback(rig, "no-such-bubble", "love")).isEqualTo(TapbackResult.NEVER);
    }

    @Test
    void a_tapback_of_an_emoji_is_heard_and_stickers_and_those_of_groups_are_not() {
        Rig rig = open(fake);
        String bubble = rig.sent(rig.text("react to this"));
        String chat = fake.chat();
        fake.reacts(bubble, "sticker", null, false, chat);
        fake.reacts(bubble, "love", null, false, FakeLinq.GROUP);
        fake.reacts(bubble, "custom", "🎉", false, chat);
        fake.reacts(bubble, "custom", "🎉", true, chat);

        rig.eventually(() -> rig.handler().events().size(), 2);
        assertThat(rig.handler().events().stream().map(TapbackReceived.class::cast))
                .allMatch(tapback -> "🎉".equals(tapback.customEmoji()))
                .extracting(TapbackReceived::removed)
                .containsExactly(false, true);
    }

    @Test
    void what_a_person_changes_is_heard() {
        Rig rig = open(fake);
        String id = fake.writes("see you at 7");
        rig.eventually(rig.handler()::texts, List.of("see you at 7"));

        fake.edits(id, "see you at 8");

        rig.eventually(() -> rig.handler().events().size(), 2);
        TextEdited edit = (TextEdited) rig.handler().events().getLast();
        assertThat(edit.targetProviderId()).isEqualTo(id);
        assertThat(edit.text()).isEqualTo("see you at 8");
    }

    @Test
    void groups_and_what_is_for_another_number_of_the_account_are_dropped_and_counted() {
        Rig rig = open(fake);
        fake.tellsOfAllNumbers();
        fake.writes("to all", FakeLine.PERSON, "+12025550101", true);
        fake.writes("to the router", FakeLine.PERSON, "+12025550177", false);
        fake.writes("to you");

        rig.eventually(rig.handler()::texts, List.of("to you"));
        assertThat(rig.transport().lines().known().getFirst().dropped())
                .containsEntry("group", 1L)
                .containsEntry("other_number", 1L);
        assertThat(fake.answers()).containsOnly(200);
    }

    @Test
    void files_of_people_come_by_their_ids_one_with_each_text() throws Exception {
        Rig rig = open(fake);
        fake.sends("look", new TreeMap<>(Map.of("file-1", "image/heic", "file-2", "image/png")));

        rig.eventually(() -> rig.handler().events().size(), 2);
        TextReceived first = (TextReceived) rig.handler().events().getFirst();
        TextReceived second = (TextReceived) rig.handler().events().getLast();
        assertThat(first.text()).isEqualTo("look");
        assertThat(second.text()).isNull();
        assertThat(second.mediaType()).isEqualTo("image/png");
        assertThat(rig.transport().lines().download(rig.line().id(), String.valueOf(second.mediaUrl())))
                .isEqualTo(new Driver.Download.Address(fake.url() + "/storage/file-2"));
    }

    @Test
    void files_and_cards_are_put_where_linq_says_under_their_names() {
        Rig rig = open(fake);
        rig.sent(rig.picture("a local one"));
        rig.sent(new Outgoing(rig.text("").clientId(), ANN, null, null, null, null, "BEGIN:VCARD\r\nEND:VCARD\r\n"));

        assertThat(fake.media()).containsExactly("cat.jpg image/jpeg", "contact.vcf text/vcard");
    }

    @ParameterizedTest
    @CsvSource({
        "https://example.org/cat.jpg, cat.jpg, 5, true",
        "https://example.org/cat.jpg, cat.jpg, 10485761, false",
        "https://example.org/t0ken, cat.jpg, 5, false",
        "http://example.org/cat.jpg, cat.jpg, 5, false"
    })
    void a_small_public_file_that_tells_its_name_is_given_by_its_address(
            String url, String name, long size, boolean byAddress) {
        Rig rig = open(fake);
        LinqSettings settings =
                LinqSettings.of(new LineSetup.Options("line", Map.of("api_key", FakeLinq.API_KEY, "url", fake.url())));
        LinqClient client = new LinqClient(settings.calls(), new HttpCalls("", Map.of()), rig.line());
        Attachments.Attachment file =
                new Attachments.Attachment(name, "image/jpeg", size, new ByteArrayInputStream("a cat".getBytes(UTF_8)));

        String answer = String.valueOf(client.upload(url, file));

        assertThat(answer.contains(url)).isEqualTo(byAddress);
    }

    @Test
    void a_file_that_is_gone_or_not_liked_is_left_out_and_alone_it_is_refused() {
        Rig rig = open(fake);
        String gone = "http://127.0.0.1:9/media/gone.jpg";
        fake.nextAnswer(400, "{\"error\":{\"code\":5004,\"message\":\"no such type\"}}", null);

        assertThat(Rig.accepted(rig.send(rig.picture("not liked"))).leftOut()).isEqualTo(Set.of("media"));
        assertThat(Rig.accepted(rig.send(with(rig, "look", gone))).leftOut()).isEqualTo(Set.of("media"));
        assertThat(rig.send(with(rig, null, gone)))
                .isInstanceOfSatisfying(
                        SendResult.Refused.class, it -> assertThat(it.code()).isEqualTo("media_unavailable"));
    }

    @Test
    void a_file_that_is_not_taken_where_it_is_to_be_put_is_left_out() {
        Rig rig = open(fake);
        fake.storageRefuses();

        assertThat(Rig.accepted(rig.send(rig.picture("look"))).leftOut()).isEqualTo(Set.of("media"));
    }

    @Test
    void who_told_the_number_to_stop_is_not_texted() {
        Rig rig = open(fake);
        fake.optsOut();

        assertThat(rig.send(rig.text("hello")))
                .isInstanceOfSatisfying(
                        SendResult.Refused.class, it -> assertThat(it.code()).isEqualTo("opted_out"));
    }

    @Test
    void a_place_for_files_that_is_no_address_is_one_that_does_not_answer() {
        Rig rig = open(fake);
        fake.putsFilesAt("nowhere at all");

        assertThat(rig.driver().send(rig.line(), rig.picture("look"))).isInstanceOf(SendResult.NotSent.class);
    }

    @Test
    void a_thread_that_cannot_be_had_keeps_no_other_back() {
        Rig rig = open(fake);
        fake.hasSickThread();
        fake.way(FakeLine.Way.LOST);
        fake.writes("hello?");

        rig.restart();

        rig.eventually(rig.handler()::texts, List.of("hello?"));
    }

    @Test
    void more_than_a_page_of_lost_news_is_caught_up_with_in_order() {
        Rig rig = open(fake);
        fake.pages(7);
        fake.way(FakeLine.Way.LOST);
        List<String> all = IntStream.range(0, 50).mapToObj(at -> "text " + at).toList();
        all.forEach(text -> {
            fake.writes(text);
            rig.clock().advance(Duration.ofMillis(1));
        });

        rig.restart();

        rig.eventually(rig.handler()::texts, all);
    }

    @Test
    void a_send_is_waited_for_longer_than_the_driver_itself_waits() {
        Rig rig = open(fake);

        assertThat(rig.driver().patience(rig.text("hi"))).isGreaterThan(Duration.ofSeconds(60));
        assertThat(rig.driver().patience(rig.picture("hi"))).isGreaterThan(Duration.ofMinutes(6));
    }

    /// A line after its first round, which also reads the list.
    private Rig open(LinqService service) {
        Rig rig = Rig.open(folder, service);
        open = Optional.of(rig);
        rig.awaited(rig::health, health -> !health.detail().contains("not been tried"));
        return rig;
    }

    private static String ours(FakeLinq fake) {
        return fake.subscriptions().keySet().stream()
                .filter(url -> url.contains("/hooks/"))
                .findFirst()
                .orElse("none");
    }

    private static TapbackResult tapback(Rig rig, String bubble, @Nullable String reaction) {
        return rig.transport().lines().tapback(rig.line().id(), ANN, bubble, reaction, 0);
    }

    private static String failure(Rig rig) {
        return rig.handler().receipts.getLast().failure().orElseThrow().code();
    }

    private static Outgoing with(Rig rig, @Nullable String text, String media) {
        return new Outgoing(rig.text("").clientId(), ANN, text, media, null, null, null);
    }
}
