package partyline.drivers.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.drivers.contract.LineServer.ANN;
import static partyline.drivers.contract.LineServer.POOL;
import static partyline.testkit.Eventually.assertEventually;
import static partyline.transport.Receipt.Kind.DELIVERED;
import static partyline.transport.Receipt.Kind.READ;
import static partyline.transport.Receipt.Kind.SENT;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.drivers.contract.LineServer;
import partyline.kernel.PhoneNumber;
import partyline.transport.Outgoing;
import partyline.transport.SendResult;
import partyline.transport.Service;
import partyline.transport.TapbackResult;

class SimulatorTest {

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
    void a_text_is_on_the_phone_at_once_and_reaches_the_server_in_order() {
        List<String> texts = IntStream.range(0, 20).mapToObj(Integer::toString).toList();

        texts.forEach(ann::write);

        assertThat(ann.shown("text")).containsExactlyElementsOf(texts);
        assertEventually(server.handler()::texts, texts);
        assertEventually(
                () -> ann.bubbles().stream()
                        .allMatch(bubble -> bubble.get("delivered_at").isString()),
                true);
    }

    @Test
    void a_text_needs_a_line_and_something_in_it() {
        PhoneNumber nowhere = new PhoneNumber("+12025550199");

        assertThat(server.driver().text(ANN, nowhere, "hi", null, null)).isEqualTo(new TextOutcome.NoSuchLine());
        assertThat(server.driver().text(ANN, POOL.number(), " ", null, null)).isEqualTo(new TextOutcome.Nothing());
        assertThat(server.driver().typing(ANN, nowhere, true)).isFalse();
        assertThat(server.driver().read(ANN, nowhere)).isFalse();
    }

    @Test
    void a_message_is_sent_and_then_delivered() {
        String id = ann.send(server.outgoing(ANN, "hello"));

        assertEventually(() -> server.handler().kindsOf(id), List.of(SENT, DELIVERED));
        assertThat(ann.shown("text")).containsExactly("hello");
    }

    @Test
    void a_message_is_on_the_phone_once_however_often_it_is_sent() {
        Outgoing message = server.outgoing(ANN, "hello");

        SendResult first = server.transport().lines().send("pool-1", message);
        SendResult second = server.transport().lines().send("pool-1", message);

        assertThat(second).isEqualTo(first);
        assertThat(server.transport().lines().reconcile("pool-1", message, Instant.EPOCH))
                .isEqualTo(first);
        assertEventually(() -> ann.shown("text"), List.of("hello"));
    }

    @Test
    void a_message_that_never_came_is_known_not_to_have_come() {
        assertThat(server.transport().lines().reconcile("pool-1", server.outgoing(ANN, "hello"), Instant.EPOCH))
                .isInstanceOf(SendResult.NotSent.class);
    }

    @Test
    void an_offline_phone_gets_and_sends_everything_in_order_when_it_is_back() {
        server.driver().change(ANN, null, false, null);

        String first = ann.send(server.outgoing(ANN, "first"));
        String second = ann.send(server.outgoing(ANN, "second"));
        ann.write("mine");
        ann.write("mine too");
        assertEventually(() -> server.handler().kindsOf(second), List.of(SENT));
        assertThat(ann.shown("text")).containsExactly("mine", "mine too");
        assertThat(server.handler().events()).isEmpty();

        server.driver().change(ANN, null, true, null);

        assertEventually(() -> ann.shown("text"), List.of("mine", "mine too", "first", "second"));
        assertEventually(server.handler()::texts, List.of("mine", "mine too"));
        assertEventually(() -> server.handler().kindsOf(first), List.of(SENT, DELIVERED));
        assertEventually(() -> server.handler().kindsOf(second), List.of(SENT, DELIVERED));
    }

    @Test
    void a_phone_without_imessage_gets_sms_without_effects() {
        server.driver().change(ANN, Service.SMS, null, null);

        var message = new Outgoing(server.ids().next(), ANN, "boom", null, null, "fireworks", null);
        SendResult result = server.transport().lines().send("pool-1", message);
        String id = AnnsPhone.assertAccepted(result, Service.SMS);
        assertEventually(() -> ann.shown("text"), List.of("boom"));

        assertThat(ann.shown("service")).containsExactly("sms");
        assertThat(ann.shown("send_style")).containsExactly("null");
        assertThat(server.transport().lines().capabilities("pool-1", ANN).effects())
                .isFalse();
        assertThat(server.transport().lines().tapback("pool-1", ANN, id, "love", 0))
                .isEqualTo(TapbackResult.NOT_NOW);
    }

    @Test
    void opening_a_thread_reads_it_and_tells_the_server_once() {
        String id = ann.send(server.outgoing(ANN, "hello"));
        assertEventually(() -> ann.shown("text"), List.of("hello"));

        server.driver().read(ANN, POOL.number());
        server.driver().read(ANN, POOL.number());

        assertThat(ann.bubbles().getFirst().get("read_at").isString()).isTrue();
        assertEventually(() -> server.handler().kindsOf(id), List.of(SENT, DELIVERED, READ));
    }

    @Test
    void a_phone_may_keep_its_reading_to_itself() {
        server.driver().change(ANN, null, null, false);
        String id = ann.send(server.outgoing(ANN, "hello"));
        assertEventually(() -> ann.shown("text"), List.of("hello"));

        server.driver().read(ANN, POOL.number());
        ann.write("after it");
        assertEventually(server.handler()::texts, List.of("after it"));

        assertThat(ann.bubbles().getFirst().get("read_at").isString()).isTrue();
        assertThat(server.handler().kindsOf(id)).containsExactly(SENT, DELIVERED);
    }

    @Test
    void the_server_hears_a_person_type_unless_the_phone_is_offline() {
        server.driver().typing(ANN, POOL.number(), true);
        server.driver().change(ANN, null, false, null);
        server.driver().typing(ANN, POOL.number(), false);

        assertThat(server.handler().typing).containsExactly(true);
    }

    @Test
    void what_phones_showed_and_what_was_under_way_survives_a_restart() {
        restart();
        server.driver().change(ANN, null, null, false);
        ann.write("written before the server listened");
        ann.send(server.outgoing(ANN, "sent before the receipts could be brought"));
        restart();
        server.started();

        assertEventually(server.handler()::texts, List.of("written before the server listened"));
        assertEventually(() -> server.handler().receipts.size(), 2);
        assertThat(ann.shown("text"))
                .containsExactly("written before the server listened", "sent before the receipts could be brought");
        assertThat(ann.phone().get("reads").booleanValue()).isFalse();
    }

    /// Opens the data folder again; nothing runs before `started`.
    private void restart() {
        server.close();
        server = AnnsPhone.server(folder);
        ann = new AnnsPhone(server);
    }
}
