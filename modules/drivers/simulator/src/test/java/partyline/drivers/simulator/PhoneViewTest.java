package partyline.drivers.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.drivers.contract.LineServer.ANN;
import static partyline.drivers.contract.LineServer.POOL;
import static partyline.testkit.Eventually.assertEventually;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.drivers.contract.LineServer;
import partyline.kernel.Json;
import partyline.testkit.FakeClock;
import partyline.transport.TapbackResult;
import partyline.transport.Transport;
import tools.jackson.databind.JsonNode;

/// What a phone shows.
class PhoneViewTest {

    @TempDir
    Path folder;

    private LineServer<Simulator> server;
    private AnnsPhone ann;

    @BeforeEach
    void open() {
        server = AnnsPhone.server(folder).started();
        ann = new AnnsPhone(server);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void the_line_may_show_that_it_read() {
        ann.write("hello");
        assertThat(ann.shown("read_at")).containsExactly("null");

        server.transport()
                .lines()
                .markRead("pool-1", ANN, InstantSource.system().instant());

        assertThat(ann.bubbles().getFirst().get("read_at").isString()).isTrue();
    }

    @Test
    void a_person_has_one_tapback_on_a_bubble_and_may_swap_it_and_take_it_away() {
        String id = ann.send(server.outgoing(ANN, "hello"));
        assertEventually(() -> ann.shown("text"), List.of("hello"));

        ann.tap(id, "love", null, false);
        ann.tap(id, "custom", "🌴", false);
        assertThat(ann.shown("tapbacks"))
                .containsExactly("[{\"mine\":true,\"reaction\":\"custom\",\"custom_emoji\":\"🌴\",\"part_index\":0}]");
        ann.tap(id, "custom", "🌴", true);
        ann.tap(id, "custom", "🌴", true);

        assertThat(ann.shown("tapbacks")).containsExactly("[]");
        assertEventually(() -> ann.tapbacks(id), List.of("love", "custom🌴", "-custom🌴"));
    }

    @Test
    void a_tapback_needs_a_bubble_of_this_phone_and_a_known_reaction() {
        String id = ann.write("hello");

        assertThat(ann.tap("sim_0", "love", null, false)).isEqualTo(new TapbackOutcome.NoSuchBubble());
        assertThat(server.driver().tapback(LineServer.BOB, new Simulator.Tapback(id, "love", null, 0, false)))
                .isEqualTo(new TapbackOutcome.NoSuchBubble());
        assertThat(ann.tap(id, "hug", null, false)).isInstanceOf(TapbackOutcome.BadReaction.class);
        assertThat(ann.tap(id, "custom", null, false)).isInstanceOf(TapbackOutcome.BadReaction.class);
        assertThat(ann.tap(id, "love", null, false)).isEqualTo(new TapbackOutcome.Done());
    }

    @Test
    void the_line_may_set_and_take_back_a_tapback() {
        String id = ann.write("hello");

        assertThat(server.transport().lines().tapback("pool-1", ANN, id, "laugh", 0))
                .isEqualTo(TapbackResult.TAKEN);
        ann.tap(id, "love", null, false);
        assertThat(ann.shown("tapbacks").getFirst()).contains("laugh", "love");

        assertThat(server.transport().lines().tapback("pool-1", ANN, id, null, 0))
                .isEqualTo(TapbackResult.TAKEN);
        assertThat(ann.shown("tapbacks").getFirst()).contains("love").doesNotContain("laugh");
        assertThat(server.transport().lines().tapback("pool-1", ANN, "sim_0", "love", 0))
                .isEqualTo(TapbackResult.NEVER);
    }

    @Test
    void typing_shows_until_a_text_comes() {
        ann.write("hello");

        server.transport().lines().typing("pool-1", ANN, true);
        assertThat(ann.thread().get("typing").booleanValue()).isTrue();

        ann.send(server.outgoing(ANN, "here it is"));
        assertThat(ann.thread().get("typing").booleanValue()).isFalse();
    }

    @Test
    void typing_hides_by_itself_after_a_minute_unless_it_is_shown_again(@TempDir Path elsewhere) {
        FakeClock clock = new FakeClock();
        try (var other = AnnsPhone.server(elsewhere, clock).started()) {
            AnnsPhone there = new AnnsPhone(other);
            there.write("hello");
            other.transport().lines().typing("pool-1", ANN, true);
            clock.advance(Duration.ofSeconds(40));
            other.transport().lines().typing("pool-1", ANN, true);
            clock.advance(Duration.ofSeconds(59));
            assertThat(there.thread().get("typing").booleanValue()).isTrue();

            clock.advance(Duration.ofSeconds(1));

            assertThat(there.thread().get("typing").booleanValue()).isFalse();
        }
    }

    @Test
    void a_phone_learns_the_name_of_a_line_from_its_contact_card() {
        String card =
                "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\\, the ag\r\n ent\r\nitem1.TEL;TYPE=CELL:+1 (202) 555-0101\r\n"
                        + "END:VCARD\r\n";
        ann.write("hello");
        assertThat(ann.thread().get("name").isNull()).isTrue();

        server.database()
                .update(tx -> server.transport().say(tx, new Transport.SystemMessage("router", ANN, null, card)));

        assertEventually(() -> ann.names(), List.of("Partyline", "Ada, the agent"));
        assertThat(ann.phone()
                        .get("threads")
                        .get(0)
                        .get("bubbles")
                        .get(0)
                        .get("contact_card")
                        .asString())
                .isEqualTo(card);
    }

    @Test
    void a_phone_shows_its_threads_as_the_contract_says() {
        var written = server.driver().text(ANN, POOL.number(), "look", "https://a.example/b.png", "slam");
        String id = ((TextOutcome.Sent) written).providerId();
        assertEventually(() -> ann.bubbles().getFirst().get("delivered_at").isString(), true);
        String at = ann.bubbles().getFirst().get("at").asString();
        String delivered = ann.bubbles().getFirst().get("delivered_at").asString();

        assertThat(Json.write(ann.phone())).isEqualTo("""
                {"number":"+12025550140","service":"imessage","online":true,"reads":true,"threads":[\
                {"line":"+12025550101","name":null,"typing":false,"bubbles":[\
                {"id":"%s","mine":true,"text":"look","media":"https://a.example/b.png","send_style":"slam",\
                "service":"imessage","at":"%s","delivered_at":"%s","read_at":null,"tapbacks":[],"contact_card":null}\
                ]}]}""".formatted(id, at, delivered));
        assertThat(Json.write(server.driver().phone(LineServer.BOB, null))).isEqualTo("""
                {"number":"+12025550141","service":"imessage","online":true,"reads":true,"threads":[]}""");
    }

    @Test
    void a_long_thread_can_be_asked_for_what_came_after_a_bubble() {
        ann.write("one");
        String two = ann.write("two");
        ann.write("three");

        JsonNode rest = server.driver().phone(ANN, two).get("threads").get(0).get("bubbles");

        assertThat(rest).hasSize(1);
        assertThat(rest.get(0).get("text").asString()).isEqualTo("three");
    }

    @Test
    void who_watches_a_phone_hears_of_changes() throws Exception {
        CountDownLatch changed = new CountDownLatch(3);
        try (AutoCloseable _ = server.driver().watch(ANN, changed::countDown)) {
            ann.write("hello");
            ann.send(server.outgoing(ANN, "hello yourself"));

            assertThat(changed.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }
}
