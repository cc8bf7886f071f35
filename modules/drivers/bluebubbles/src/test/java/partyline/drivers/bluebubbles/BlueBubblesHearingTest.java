package partyline.drivers.bluebubbles;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.drivers.contract.FakeLine.Way;
import partyline.drivers.contract.Rig;
import partyline.fakes.bluebubbles.FakeMac;
import partyline.testkit.FakeClock;
import partyline.transport.Driver;
import partyline.transport.InboundEvent.TapbackReceived;
import partyline.transport.InboundEvent.TextReceived;

/// How a Mac's news come late, twice, in pieces or not at all, and what is heard all the same.
class BlueBubblesHearingTest {

    @TempDir
    Path folder;

    private final BlueBubblesService service = new BlueBubblesService(Map.of());
    private final FakeMac mac = service.mac;

    @Test
    void news_that_come_in_the_wrong_order_are_heard_in_the_right_one() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.way(Way.REORDERED);
            List<String> texts =
                    IntStream.range(0, 20).mapToObj(Integer::toString).toList();

            texts.forEach(mac::writes);

            rig.eventually(rig.handler()::texts, texts);
        }
    }

    @Test
    void what_no_event_tells_of_is_found_in_time() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.way(Way.LOST);

            mac.writes("unheard");

            rig.eventually(rig.handler()::texts, List.of("unheard"));
        }
    }

    @Test
    void an_old_message_that_turns_up_as_new_is_not_heard_again_not_even_after_a_week() {
        try (Rig rig = Rig.open(folder, service)) {
            String old = mac.writes("old");
            rig.eventually(rig.handler()::texts, List.of("old"));
            rig.clock().advance(Duration.ofDays(8));
            mac.skipRowIds(500);
            mac.writes("new");
            rig.eventually(rig.handler()::texts, List.of("old", "new"));
            rig.restart();

            mac.replays(old);
            rig.clock().advance(Duration.ofSeconds(20));
            mac.writes("newer");

            rig.eventually(rig.handler()::texts, List.of("old", "new", "newer"));
        }
    }

    @Test
    void a_message_that_comes_a_quarter_of_an_hour_late_is_heard() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.writes("on time");
            rig.eventually(rig.handler()::texts, List.of("on time"));

            mac.writesLate("late", Duration.ofMinutes(15));

            rig.eventually(rig.handler()::texts, List.of("on time", "late"));
        }
    }

    @Test
    void a_picture_whose_row_comes_before_it_is_waited_for() throws IOException {
        try (Rig rig = Rig.open(folder, service)) {
            String id = mac.sendsPicture("a dog".getBytes(StandardCharsets.UTF_8), true);
            rig.clock().advance(Duration.ofMillis(600));
            mac.joinsAttachment(id);

            rig.awaited(() -> rig.handler().events(), events -> events.size() == 1);

            TextReceived picture = (TextReceived) rig.handler().events().getFirst();
            assertThat(picture.text()).isNull();
            assertThat(picture.mediaType()).isEqualTo("image/jpeg");
            var download = (Driver.Download.Bytes)
                    rig.transport().lines().download(rig.line().id(), String.valueOf(picture.mediaUrl()));
            try (InputStream body = download.body()) {
                assertThat(new String(body.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("a dog");
            }
            assertThat(download.contentType()).isEqualTo("image/jpeg");
        }
    }

    @Test
    void who_writes_from_a_mail_address_is_answered_by_apple_script_in_a_chat_of_any_kind_too() {
        mac.prefix("any");
        mac.helper(false);
        try (Rig rig = Rig.open(folder, service)) {
            mac.writesFromAddress("bob@example.com", "hello?");

            rig.eventually(() -> mac.saidTo("bob@example.com").size(), 1);

            mac.tellsAgain();
            mac.writes("after it");
            rig.eventually(rig.handler()::texts, List.of("after it"));
            assertThat(mac.saidTo("bob@example.com")).hasSize(1);
        }
    }

    @Test
    void a_row_that_is_in_no_chat_yet_is_found_later() {
        try (Rig rig = Rig.open(folder, service)) {
            String id = mac.writesUnlinked("hidden");
            mac.writes("seen");
            rig.eventually(rig.handler()::texts, List.of("seen"));

            mac.linksChat(id);

            rig.eventually(rig.handler()::texts, List.of("seen", "hidden"));
        }
    }

    @Test
    void more_than_a_page_of_messages_is_read_to_the_end() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.writes("first");
            rig.eventually(rig.handler()::texts, List.of("first"));
            rig.stop();
            mac.writesMany(1_600);
            mac.skipRowIds(3_000);
            mac.writesMany(1_500);
            rig.start();

            rig.awaited(() -> rig.handler().events().size(), size -> size == 32);
            assertThat(rig.handler().events().stream().map(it -> ((TextReceived) it).providerId()))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void a_mac_that_was_set_up_again_is_heard_although_its_rows_begin_anew() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.writes("before");
            rig.eventually(rig.handler()::texts, List.of("before"));
            mac.replaceDatabase();

            mac.writes("after");

            rig.eventually(rig.handler()::texts, List.of("before", "after"));
        }
    }

    @Test
    void what_is_for_nobody_is_dropped() {
        try (Rig rig = Rig.open(folder, service)) {
            mac.writesInGroup("to all");
            mac.changesSubject();
            mac.writesFromElsewhere("ann@example.org", "by mail address");
            mac.writesFrom(rig.line().number().text(), "my own number");
            mac.writesByHand("by hand");

            mac.writes("for us");

            rig.eventually(rig.handler()::texts, List.of("for us"));
        }
    }

    @Test
    void effects_and_emoji_tapbacks_are_understood() {
        try (Rig rig = Rig.open(folder, service)) {
            String bubble = rig.sent(rig.text("hello"));
            mac.writesStyled("boom", "com.apple.MobileSMS.expressivesend.impact");
            mac.writesStyled("hm", "com.apple.messages.effect.CKUnheardOfEffect");
            mac.reactsWithEmoji(bubble, "😀", false);
            mac.reactsWithEmoji(bubble, "😀", true);

            rig.awaited(() -> rig.handler().events(), events -> events.size() == 4);

            assertThat(((TextReceived) rig.handler().events().get(0)).sendStyle())
                    .isEqualTo("slam");
            assertThat(((TextReceived) rig.handler().events().get(1)).sendStyle())
                    .isNull();
            TapbackReceived set = (TapbackReceived) rig.handler().events().get(2);
            assertThat(set.reaction()).isEqualTo("custom");
            assertThat(set.customEmoji()).isEqualTo("😀");
            assertThat(set.targetProviderId()).isEqualTo(bubble);
            assertThat(((TapbackReceived) rig.handler().events().get(3)).removed())
                    .isTrue();
        }
    }

    @Test
    void history_from_before_the_first_start_is_no_news() {
        mac.use(new FakeClock());
        mac.writesLate("long ago", Duration.ofHours(1));
        try (Rig rig = Rig.open(folder, service)) {
            rig.clock().advance(Duration.ofSeconds(1));
            mac.writes("now");

            rig.eventually(rig.handler()::texts, List.of("now"));
        }
    }
}
