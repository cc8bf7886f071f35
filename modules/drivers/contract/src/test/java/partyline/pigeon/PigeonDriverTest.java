package partyline.pigeon;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import partyline.drivers.contract.FakeLine;
import partyline.drivers.contract.Knock;
import partyline.drivers.contract.Rig;
import partyline.fakes.pigeon.FakePigeon;
import partyline.kernel.Json;
import partyline.transport.Capabilities;
import partyline.transport.Driver.Health;
import partyline.transport.Outgoing;
import partyline.transport.Receipt;
import partyline.transport.SendResult;

/// What is special about Carrier Pigeon.
class PigeonDriverTest {

    private final FakePigeon fake = new FakePigeon();
    private Rig rig;

    @BeforeEach
    void open(@TempDir Path folder) {
        rig = Rig.open(folder, fake);
        rig.eventually(rig::health, Health.UP);
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void a_feed_that_forgot_where_we_were_is_read_from_there_by_time() {
        fake.writes("one");
        rig.eventually(rig.handler()::texts, List.of("one"));
        rig.stop();
        fake.forgetsCursors();
        fake.writes("two");

        rig.start();
        fake.writes("three");

        rig.eventually(rig.handler()::texts, List.of("one", "two", "three"));
    }

    @Test
    void a_send_whose_answer_is_lost_is_found_behind_the_first_page() {
        for (int i = 0; i < 5; i++) {
            rig.sent(rig.text("ok"));
        }
        Outgoing lost = rig.text("ok");
        fake.next(FakeLine.Trouble.SENT_WITHOUT_ANSWER);
        rig.send(lost);

        rig.awaited(() -> rig.reconcile(lost), SendResult.Accepted.class::isInstance);

        assertThat(fake.bubbles()).hasSize(6);
    }

    @Test
    void who_turns_out_to_have_no_imessage_gets_the_next_text_as_sms() {
        String id = rig.sent(rig.text("hello"));
        rig.awaited(rig::capabilities, Capabilities::effects);

        fake.fails(id, "not_on_imessage");

        rig.awaited(() -> rig.handler().kindsOf(id), kinds -> kinds.contains(Receipt.Kind.FAILED));
        assertThat(rig.capabilities().effects()).isFalse();
    }

    @Test
    void what_happens_in_a_group_is_not_heard() {
        String id = fake.writes("hello");
        fake.does("text", Json.object().put("text", "to all").put("group", true));
        fake.does("tapback", Json.object().put("on", id).put("emoji", "👍").put("group", true));
        fake.does("sticker", Json.object().put("on", id));
        fake.writes("bye");

        rig.eventually(rig.handler()::texts, List.of("hello", "bye"));
    }

    @Test
    void a_call_with_a_wrong_proof_is_refused_and_said_when_it_was_the_service_that_called() {
        String news = Json.write(Json.object().put("id", "m1"));

        int status = Knock.at(fake.hook(), Map.of("Pigeon-Signature", "1.ab"), news);
        fake.way(FakeLine.Way.LOST);
        String id = fake.writes("hello");

        assertThat(status).isEqualTo(403);
        assertThat(id).isEqualTo("m1");
        rig.eventually(rig.handler()::texts, List.of("hello"));
        assertThat(rig.awaited(rig::health, health -> health.state() == Health.State.DEGRADED)
                        .detail())
                .contains("webhook_secret");
    }
}
