package partyline.drivers.imsg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static partyline.drivers.contract.LineServer.ANN;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import partyline.drivers.contract.FakeLine.Bubble;
import partyline.drivers.contract.FakeLine.Trouble;
import partyline.drivers.contract.FakeLine.Way;
import partyline.drivers.contract.Rig;
import partyline.fakes.imsg.FakeImsg.Mishap;
import partyline.kernel.StartupFailure;
import partyline.transport.Driver.Download;
import partyline.transport.Driver.Health.State;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;
import partyline.transport.Line;
import partyline.transport.LineSetup.Options;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;

/// What is special about imsg: a process that dies, a database that shows things late, and a Mac.
class ImsgTest {

    @TempDir
    Path folder;

    private final ImsgService mac = new ImsgService(true, Map.of());

    @AfterEach
    void close() {
        mac.close();
    }

    @Test
    void a_process_that_is_killed_is_started_again_and_nothing_is_lost_or_doubled() {
        try (Rig rig = Rig.open(folder, mac)) {
            mac.writes("before");
            rig.eventually(rig.handler()::texts, List.of("before"));

            mac.kill();
            mac.writes("meanwhile");
            mac.kill();
            mac.writes("after");

            rig.eventually(rig.handler()::texts, List.of("before", "meanwhile", "after"));
            rig.eventually(() -> rig.health().state(), State.UP);
            assertThat(mac.starts()).isGreaterThanOrEqualTo(2);
        }
    }

    /// With the bridge and without; what is undecided is asked about, and sent again only when that is certain.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whenever_it_is_killed_every_text_comes_once_in_both_directions(boolean bridge) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ImsgService killed = new ImsgService(bridge, Map.of());
        List<String> said = new ArrayList<>();
        List<String> written = new ArrayList<>();
        try (Rig rig = Rig.open(folder, killed)) {
            for (int at = 0; at < 6; at++) {
                killed.writes("hers " + at);
                written.add("hers " + at);
                switch (random.nextInt(5)) {
                    case 0 -> killed.next(Trouble.SENT_WITHOUT_ANSWER);
                    case 1 -> killed.next(Trouble.LOST_WITHOUT_ANSWER);
                    case 2 -> killed.kill();
                    case 3 -> rig.restart();
                    default -> killed.way(random.nextBoolean() ? Way.DOUBLED : Way.LOST);
                }
                Outgoing message = rig.text("ours " + at);
                said.add("ours " + at);
                rig.awaited(new Courier(rig, message), SendResult.Accepted.class::isInstance);
            }

            rig.eventually(rig.handler()::texts, written);
            assertThat(killed.bubbles().stream().map(Bubble::text))
                    .as("seed " + seed)
                    .isEqualTo(said);
        }
    }

    /// Sends a text as an outbox does.
    private static final class Courier implements Supplier<SendResult> {

        private final Rig rig;
        private final Outgoing message;
        private SendResult last = new SendResult.NotSent("not yet");

        Courier(Rig rig, Outgoing message) {
            this.rig = rig;
            this.message = message;
        }

        @Override
        public SendResult get() {
            last = last instanceof SendResult.Unknown ? rig.reconcile(message) : rig.send(message);
            return last;
        }
    }

    @Test
    void nothing_is_left_running_when_the_program_stops() {
        try (Rig rig = Rig.open(folder, mac)) {
            rig.eventually(() -> rig.health().state(), State.UP);
            mac.kill();
            rig.eventually(mac::starts, 2);
            rig.eventually(() -> rig.health().state(), State.UP);
            assertThat(mac.runs()).isTrue();

            rig.stop();

            assertThat(mac.runs()).isFalse();
            rig.start();
        }
        assertThat(mac.runs()).isFalse();
    }

    @Test
    void what_imsg_does_not_tell_is_seen_all_the_same() {
        try (Rig rig = Rig.open(folder, new ImsgService(true, Map.of("poll_seconds", "3600")))) {
            rig.fake().writes("heard");
            rig.eventually(rig.handler()::texts, List.of("heard"));

            rig.fake().way(Way.LOST);
            rig.fake().writes("seen");

            rig.eventually(rig.handler()::texts, List.of("heard", "seen"));
        }
    }

    @Test
    void a_mac_that_is_gone_is_asked_ever_more_seldom() {
        try (Rig rig = Rig.open(folder, mac)) {
            rig.eventually(() -> rig.health().state(), State.UP);
            mac.stop();
            rig.awaited(rig::health, it -> it.state() == State.DOWN);

            rig.clock().advance(Duration.ofMinutes(1));
            rig.awaited(rig::health, it -> it.detail().contains("run `" + mac.command() + " rpc` by hand"));
            mac.start();

            rig.eventually(() -> rig.health().state(), State.UP);
        }
    }

    @Test
    void a_row_that_is_in_no_chat_yet_comes_when_it_is() {
        try (Rig rig = Rig.open(folder, mac)) {
            String late = mac.writesUnjoined("late");
            mac.writes("one");
            mac.writes("two");
            rig.eventually(rig.handler()::texts, List.of("one", "two"));

            mac.completes(late);

            rig.eventually(rig.handler()::texts, List.of("one", "two", "late"));
        }
    }

    @Test
    void a_row_whose_file_comes_later_is_told_with_it_and_the_file_can_be_fetched() throws IOException {
        try (Rig rig = Rig.open(folder, mac)) {
            String guid = mac.sendsFileLate("\uFFFC", "Ann's cat.jpg", "meow".getBytes(StandardCharsets.UTF_8));
            mac.writes("see?");
            rig.eventually(rig.handler()::texts, List.of("see?"));

            mac.completes(guid);

            rig.awaited(rig.handler()::texts, it -> it.size() == 2);
            TextReceived text = (TextReceived) rig.handler().events().getLast();
            assertThat(text.text()).isNull();
            assertThat(text.mediaType()).isEqualTo("image/jpeg");
            assertThat(text.mediaName()).isEqualTo("Ann's cat.jpg");
            String media = Objects.requireNonNull(text.mediaUrl());
            Download.Bytes bytes = (Download.Bytes) rig.driver().download(rig.line(), media);
            try (var body = bytes.body()) {
                assertThat(body.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("meow");
            }
            assertThatThrownBy(() -> rig.driver().download(rig.line(), "1/0/" + guid))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void groups_and_short_codes_are_counted_and_stop_nothing() {
        try (Rig rig = Rig.open(folder, mac)) {
            mac.writesInGroup("to all");
            mac.writesFromAddress("262966", "your code is 1234");
            mac.writes("hello");

            rig.eventually(rig.handler()::texts, List.of("hello"));
        }
    }

    @Test
    void what_macos_26_calls_any_chat_has_the_service_that_the_mac_names() {
        try (Rig rig = Rig.open(folder, mac)) {
            mac.namesChatsAny();
            mac.has(Service.SMS);
            mac.writes("green");

            rig.awaited(rig.handler()::texts, it -> it.size() == 1);
            assertThat(((TextReceived) rig.handler().events().getFirst()).service())
                    .isEqualTo(Service.SMS);
        }
    }

    @Test
    void what_was_there_at_the_first_start_is_history_and_a_new_database_is_not_taken_for_it() {
        mac.use(InstantSource.fixed(Instant.EPOCH));
        mac.writes("last year");
        try (Rig rig = Rig.open(folder, mac)) {
            mac.writes("today");
            rig.eventually(rig.handler()::texts, List.of("today"));

            mac.replaceDatabase();
            mac.writes("on the new Mac");

            rig.eventually(rig.handler()::texts, List.of("today", "on the new Mac"));
        }
    }

    @Test
    void an_emoji_is_a_tapback_both_ways() {
        try (Rig rig = Rig.open(folder, mac)) {
            String hers = mac.writes("hello");
            rig.eventually(rig.handler()::texts, List.of("hello"));
            String ours = rig.sent(rig.text("hi"));

            mac.reactsWithEmoji(ours, "🎉");
            rig.awaited(rig.handler()::texts, it -> it.size() == 2);
            TapbackReceived heard = (TapbackReceived) rig.handler().events().getLast();
            assertThat(heard.customEmoji()).isEqualTo("🎉");
            assertThat(heard.targetProviderId()).isEqualTo(ours);

            assertThat(rig.driver().tapback(rig.line(), ANN, hers, "eyes", 0)).isEqualTo(TapbackResult.TAKEN);
            assertThat(rig.driver().tapback(rig.line(), ANN, hers, null, 0)).isEqualTo(TapbackResult.TAKEN);
        }
    }

    @Test
    void with_the_bridge_a_text_has_its_own_id_and_is_never_searched_for() {
        try (Rig rig = Rig.open(folder, mac)) {
            mac.writes("hello");
            rig.eventually(rig.handler()::texts, List.of("hello"));
            Outgoing message = rig.text("hi");

            assertThat(rig.sent(message)).isEqualTo(message.clientId().text());
        }
    }

    @Test
    void a_bridge_that_goes_leaves_plain_texts_and_says_so() {
        try (Rig rig = Rig.open(folder, mac)) {
            rig.awaited(rig::capabilities, it -> it.tapbacks());

            mac.bridge(false);

            rig.awaited(
                    rig::health,
                    it -> it.state() == State.DEGRADED && it.detail().contains("imsg launch"));
            assertThat(rig.capabilities().tapbacks()).isFalse();
            rig.sent(rig.text("still here"));
            assertThat(mac.bubbles()).extracting(Bubble::text).containsExactly("still here");
        }
    }

    @Test
    void a_ghost_is_no_text_and_the_text_goes_out_when_it_is_certain() {
        ImsgService plain = new ImsgService(false, Map.of());
        try (Rig rig = Rig.open(folder, plain)) {
            Outgoing message = rig.text("boo");
            plain.next(Mishap.GHOST);

            assertThat(rig.send(message)).isInstanceOf(SendResult.Unknown.class);
            assertThat(rig.reconcile(message)).isInstanceOf(SendResult.Unknown.class);
            rig.clock().advance(Duration.ofMinutes(7));
            rig.awaited(() -> rig.reconcile(message), SendResult.NotSent.class::isInstance);
            rig.sent(message);

            assertThat(plain.bubbles()).extracting(Bubble::text).containsExactly("boo");
        }
    }

    @Test
    void a_row_that_imsg_did_not_see_in_time_is_found() {
        ImsgService plain = new ImsgService(false, Map.of());
        try (Rig rig = Rig.open(folder, plain)) {
            Outgoing message = rig.picture("look");
            plain.next(Mishap.NO_ROW_YET);

            assertThat(rig.send(message)).isInstanceOf(SendResult.Unknown.class);
            rig.awaited(() -> rig.reconcile(message), SendResult.NotSent.class::isInstance);
            rig.sent(message);

            assertThat(plain.bubbles()).extracting(Bubble::media).containsExactly(true, false);
        }
    }

    @Test
    void a_send_that_blocks_all_others_costs_a_new_process_and_no_text() {
        ImsgService plain = new ImsgService(false, Map.of());
        try (Rig rig = Rig.open(folder, plain)) {
            Outgoing stuck = rig.text("stuck");
            Outgoing behind = rig.text("behind");
            plain.next(Mishap.IN_FLIGHT);
            assertThat(rig.send(stuck)).isInstanceOf(SendResult.Unknown.class);
            assertThat(rig.send(behind)).isInstanceOf(SendResult.NotSent.class);

            rig.awaited(() -> rig.send(behind), SendResult.Accepted.class::isInstance);

            rig.awaited(() -> rig.reconcile(stuck), SendResult.Accepted.class::isInstance);
            assertThat(plain.bubbles()).extracting(Bubble::text).containsExactly("stuck", "behind");
        }
    }

    @Test
    void what_comes_during_a_slow_send_waits_its_turn_and_ends_nothing() throws Exception {
        try (Rig rig = Rig.open(folder, mac);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            String hers = mac.writes("hello");
            rig.eventually(rig.handler()::texts, List.of("hello"));
            rig.awaited(rig::capabilities, it -> it.tapbacks());
            Outgoing message = rig.text("slowly");
            mac.next(Mishap.SLOW);
            Future<SendResult> sending = threads.submit(() -> rig.send(message));
            rig.eventually(mac::isUnderWay, true);

            rig.driver().typing(rig.line(), ANN, true);
            assertThat(rig.driver().tapback(rig.line(), ANN, hers, "like", 0)).isEqualTo(TapbackResult.NOT_NOW);
            mac.goesOn();

            assertThat(sending.get()).isInstanceOf(SendResult.Accepted.class);
            assertThat(rig.driver().tapback(rig.line(), ANN, hers, "like", 0)).isEqualTo(TapbackResult.TAKEN);
            assertThat(mac.starts()).isEqualTo(1);
        }
    }

    @Test
    void who_has_no_imessage_is_refused_where_the_line_may_send_no_sms() {
        try (Rig rig = Rig.open(folder, mac, Line.Fallback.NONE)) {
            rig.awaited(rig::capabilities, it -> it.tapbacks());
            mac.has(Service.SMS);
            rig.clock().advance(Duration.ofHours(7));

            SendResult result = rig.send(rig.text("hello"));

            assertThat(result)
                    .isInstanceOfSatisfying(
                            SendResult.Refused.class,
                            it -> assertThat(it.code()).isEqualTo(SendResult.Refused.NO_IMESSAGE));
        }
    }

    @Test
    void a_contact_card_is_a_file_of_its_own() {
        try (Rig rig = Rig.open(folder, mac)) {
            rig.sent(new Outgoing(rig.text("").clientId(), ANN, null, null, null, null, "BEGIN:VCARD"));

            assertThat(mac.fileNames()).singleElement().asString().matches("contact-[0-9a-f]{8}\\.vcf");
        }
    }

    @Test
    void an_imsg_that_may_not_read_and_one_that_is_too_old_say_what_to_do() {
        try (Rig rig = Rig.open(folder, mac)) {
            mac.mayRead(false);
            rig.awaited(
                    rig::health, it -> it.state() == State.DOWN && it.detail().contains("Full Disk Access"));

            mac.isOutdated();
            mac.kill();

            rig.awaited(rig::health, it -> it.detail().contains("older than 0.14"));
            assertThat(rig.driver().check(rig.line())).isNotEmpty();
        }
    }

    @Test
    void a_mac_that_texts_from_another_number_is_complained_of() {
        try (Rig rig = Rig.open(folder, mac)) {
            mac.writes("hello");
            rig.eventually(rig.handler()::texts, List.of("hello"));
            assertThat(rig.driver().check(rig.line())).isEmpty();

            mac.sendsFrom("me@icloud.com");

            assertThat(rig.driver().check(rig.line()))
                    .singleElement()
                    .asString()
                    .contains("imsg cannot choose");
        }
    }

    @Test
    void what_is_not_there_is_said_with_the_fix() {
        ImsgService nowhere = new ImsgService(true, Map.of("command", "/no/such/imsg"));
        try (Rig rig = Rig.open(folder, nowhere)) {
            rig.awaited(rig::health, it -> it.detail().contains("correct imsg.command"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-oProxyCommand=x", "a b", "mac;reboot", "$(x)", "user@-mac", "@mac", "mac\nx", "mac'"})
    void a_host_is_never_an_option_or_words_of_a_shell(String host) {
        assertThatThrownBy(() -> settings(Map.of("host", host)))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("host");
    }

    @ParameterizedTest
    @CsvSource({
        "command, imsg;reboot, command must be a plain path",
        "command, -x, command must be a plain path",
        "bridge, maybe, use auto or off",
        "poll_seconds, 0, a whole number",
    })
    void a_key_that_is_wrong_is_named(String key, String value, String said) {
        assertThatThrownBy(() -> settings(Map.of("host", "mac.local", key, value)))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining(said);
        assertThatThrownBy(() -> settings(Map.of("ssh_config", "/etc/ssh")))
                .isInstanceOf(StartupFailure.class)
                .hasMessageContaining("ssh_config");
    }

    @Test
    void ssh_asks_nobody_notices_a_dead_end_and_gets_one_word_for_each() {
        ImsgSettings settings = settings(Map.of("host", "me@mac.local", "command", "/opt/homebrew/bin/imsg"));

        List<String> command = settings.rpc();

        assertThat(command).contains("BatchMode=yes", "ConnectTimeout=10", "ServerAliveInterval=15");
        assertThat(command.subList(command.size() - 3, command.size()))
                .containsExactly("--", "me@mac.local", "/opt/homebrew/bin/imsg rpc");
        assertThat(ImsgSettings.quoted("/a b/it's Ü$(x)"))
                .isEqualTo("\"$(printf %b '/a\\0040b/it\\0047s\\0040\\0303\\0234\\0044\\0050x\\0051')\"");
    }

    private static ImsgSettings settings(Map<String, String> keys) {
        return ImsgSettings.of(new Options("the test", keys));
    }
}
