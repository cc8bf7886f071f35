package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What Prometheus reads of a server while people and agents talk.
class MetricsTest {

    private static final AtomicBoolean HANGING = new AtomicBoolean();

    @RegisterExtension
    static final TestServer server =
            new TestServer("metrics: {port: 0}", new ShiftedClock(), driver -> new MoodyDriver(driver, HANGING::get));

    @AfterEach
    void goOn() {
        HANGING.set(false);
    }

    @Test
    void a_talk_is_counted_on_its_way_in_and_out_and_to_the_webhook() {
        Scrape before = Scrape.of(server.admin());
        try (RecordingReceiver receiver = new RecordingReceiver()) {
            Talk talk = Talk.begin(server);
            subscribe(talk, receiver);
            talk.admin().text(talk.person(), talk.line(), "counted");
            receiver.await("imessage.received");
            talk.delivered("an answer");

            Scrape after = waitFor(
                    () -> Scrape.of(server.admin()),
                    it -> grown(before, it, "partyline_webhook_posts_total", "result=\"2xx\"") >= 1
                            && grown(before, it, "partyline_message_delivered_seconds_count") >= 1);

            assertThat(grown(before, after, "partyline_texts_in_total", "service=\"imessage\"", "result=\"taken\""))
                    .isEqualTo(3);
            assertThat(grown(before, after, "partyline_text_stored_seconds_count"))
                    .isEqualTo(3);
            assertThat(grown(before, after, "partyline_messages_received_total", "result=\"stored\""))
                    .isEqualTo(2);
            assertThat(grown(before, after, "partyline_sends_total", "result=\"accepted\"", "service=\"imessage\""))
                    .isGreaterThanOrEqualTo(2);
            assertThat(grown(before, after, "partyline_send_handover_seconds_count", "queue=\"send\""))
                    .isEqualTo(1);
            assertThat(grown(before, after, "partyline_webhook_lag_seconds_count"))
                    .isEqualTo(1);
            assertThat(grown(before, after, "partyline_receipts_total", "kind=\"delivered\""))
                    .isGreaterThanOrEqualTo(1);
            assertThat(grown(before, after, "partyline_writer_group_writes_count"))
                    .isGreaterThanOrEqualTo(4);
            assertThat(after.text()).doesNotContain(talk.person(), talk.handle(), talk.line());
        }
    }

    @Test
    void what_a_line_does_not_take_stands_in_its_queue() {
        Talk talk = Talk.begin(server);
        HANGING.set(true);
        talk.reply("hang on").expect(201);

        Scrape waiting =
                waitFor(() -> Scrape.of(server.admin()), it -> it.sum("partyline_queue_length", "queue=\"send\"") >= 1);

        assertThat(waiting.sum("partyline_queue_oldest_seconds", "queue=\"send\""))
                .isPositive();
        HANGING.set(false);
        waitFor(() -> Scrape.of(server.admin()), it -> it.sum("partyline_queue_length", "queue=\"send\"") == 0);
    }

    @Test
    void lines_database_disk_and_process_tell_how_they_are() {
        Scrape scrape =
                waitFor(() -> Scrape.of(server.admin()), it -> it.sum("partyline_line_state", "state=\"up\"") == 6);

        assertThat(scrape.sum("partyline_line_state")).isEqualTo(6);
        assertThat(scrape.value("partyline_database_writable")).isOne();
        assertThat(scrape.value("partyline_database_damaged")).isZero();
        for (String name : List.of(
                "partyline_database_bytes",
                "partyline_disk_free_bytes",
                "partyline_disk_bytes",
                "jvm_threads_current",
                "process_start_time_seconds")) {
            assertThat(scrape.value(name)).as(name).isPositive();
        }
        assertThat(scrape.value("jvm_memory_used_bytes{area=\"heap\"}")).isPositive();
    }

    @Test
    void a_port_of_its_own_answers_without_a_key_and_knows_nothing_else() {
        Api nobody = Api.undescribed(
                "http://127.0.0.1:" + server.wiring().metricsPort().orElseThrow());

        assertThat(new Scrape(nobody.get("/metrics").expect(200).text()).names())
                .contains("partyline_line_state", "partyline_texts_in_total");
        nobody.get("/api/v1/server").expect(404);
        nobody.get("/metrics/more").expect(404);
        nobody.post("/metrics", "").expect(405);
    }

    @Test
    void a_receiver_that_only_fails_is_counted_as_failing() {
        try (RecordingReceiver receiver = new RecordingReceiver(500)) {
            Talk talk = Talk.begin(server);
            subscribe(talk, receiver);
            talk.admin().text(talk.person(), talk.line(), "in vain");

            Scrape scrape = waitFor(
                    () -> Scrape.of(server.admin()),
                    it -> it.value("partyline_webhook_subscriptions{state=\"failing\"}") >= 1);

            assertThat(scrape.sum("partyline_webhook_posts_total", "result=\"5xx\""))
                    .isGreaterThanOrEqualTo(1);
            assertThat(scrape.sum("partyline_queue_length", "queue=\"webhook_retries\""))
                    .isGreaterThanOrEqualTo(1);
        }
    }

    @Test
    void a_line_whose_service_is_gone_is_down() throws Exception {
        String lines = """
                lines:
                  - {id: front, number: "+12025550100", roles: [router], driver: simulator}
                  - {id: bridge, number: "+12025550101", roles: [pool], driver: webhook,
                     webhook: {url: "http://127.0.0.1:9/", secret: "a-secret-of-enough-characters"}}
                """;
        try (TestServer other = new TestServer(lines)) {
            other.open();

            Scrape scrape = waitFor(
                    () -> Scrape.of(other.admin()),
                    it -> it.sum("partyline_line_state", "line=\"bridge\"", "state=\"down\"") == 1);

            assertThat(scrape.sum("partyline_line_state", "line=\"front\"", "state=\"down\""))
                    .isZero();
        }
    }

    private static void subscribe(Talk talk, RecordingReceiver receiver) {
        String subscription = "{\"agent_identity_id\":\"%s\",\"url\":\"%s\",\"event_types\":[\"imessage.received\"]}"
                .formatted(talk.identity().path("id").asString(), receiver.url());
        talk.agent().post("/api/v1/webhooks/subscriptions", subscription).expect(201);
    }

    private static double grown(Scrape before, Scrape after, String name, String... labels) {
        return after.sum(name, labels) - before.sum(name, labels);
    }
}
