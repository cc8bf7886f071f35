package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import partyline.app.config.Config;
import partyline.app.config.Settings;
import partyline.conversations.MessageRetention;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.Storage;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Old messages lose what they said, and nothing else.
class RetentionTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final Duration KEPT = Duration.ofDays(7);

    @Test
    void an_old_message_stays_and_says_nothing_while_a_newer_one_stays_whole() {
        Talk talk = Talk.begin(server);
        String old = talk.delivered("old words");
        Instant between =
                Instant.parse(talk.message(old).path("created_at").asString()).plusMillis(1);
        waitFor(Instant::now, now -> now.isAfter(between.plusMillis(1)));
        String fresh = talk.delivered("new words");
        JsonNode before = conversation(talk);

        server.restart(database -> {
            InstantSource later = InstantSource.fixed(between.plus(KEPT));
            Ids ids = new Ids(later);
            Storage storage = new Storage(database, new Journal(ids, later), ids, later);
            try (MessageRetention retention = new MessageRetention(storage, KEPT)) {
                assertThat(retention.run()).isEqualTo(2);
                assertThat(retention.run()).as("once is enough").isZero();
            }
        });

        Talk again = talk.with(server);
        assertThat(again.message(talk.first()).path("content").isNull()).isTrue();
        assertThat(again.message(old).path("content").isNull()).isTrue();
        assertThat(again.message(old).path("status").asString()).isEqualTo("delivered");
        assertThat(again.message(fresh).path("content").asString()).isEqualTo("new words");
        assertThat(conversation(again)).isEqualTo(before);
    }

    @Test
    void a_repeated_request_is_answered_with_its_ids_when_its_words_are_gone() {
        Talk talk = Talk.begin(server);
        Map<String, String> key = Map.of("Idempotency-Key", "kept");
        String body = "{\"conversation_id\":\"%s\",\"text\":\"fleeting words\"}".formatted(talk.conversation());
        JsonNode first =
                talk.agent().with(key).post(Talk.MESSAGES, body).expect(201).json();
        String id = first.path("message").path("id").asString();
        waitFor(() -> talk.message(id).path("status").asString(), "delivered"::equals);

        server.restart(database -> {
            assertThat(kept(database)).contains(id).doesNotContain("fleeting");
            InstantSource later = InstantSource.fixed(Instant.now().plus(KEPT));
            Ids ids = new Ids(later);
            Storage storage = new Storage(database, new Journal(ids, later), ids, later);
            try (MessageRetention retention = new MessageRetention(storage, KEPT)) {
                retention.run();
            }
        });

        Api again = talk.with(server).agent().with(key);
        ObjectNode emptied = first.deepCopy().asObject();
        ((ObjectNode) emptied.path("message")).putNull("content");
        assertThat(again.post(Talk.MESSAGES, body).expect(201).json()).isEqualTo(emptied);
        again.post(Talk.MESSAGES, body.replace("fleeting", "other")).expect(409);
    }

    @Test
    void what_is_old_goes_by_the_time_of_its_creation_and_not_by_what_its_id_says() {
        Talk talk = Talk.begin(server);
        String old = talk.delivered("sent after a clock that was ahead");
        String fresh = talk.delivered("sent now");

        server.restart(database -> {
            database.update(tx -> tx.handle()
                    .execute(
                            "UPDATE message SET created_at = created_at - ? WHERE uuid = ?",
                            KEPT.toNanos() / 1_000,
                            old));
            InstantSource clock = InstantSource.system();
            Ids ids = new Ids(clock);
            Storage storage = new Storage(database, new Journal(ids, clock), ids, clock);
            try (MessageRetention retention = new MessageRetention(storage, KEPT)) {
                assertThat(retention.run()).isEqualTo(1);
            }
        });

        Talk again = talk.with(server);
        assertThat(again.message(old).path("content").isNull()).isTrue();
        assertThat(again.message(fresh).path("content").asString()).isEqualTo("sent now");
    }

    @Test
    void what_tells_of_messages_is_kept_no_longer_than_they_are(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("p.yaml"), "retention:\n  messages_days: 7\n");
        Config short7 = Config.of(Settings.read(Optional.of(file), Map.of(), Map.of()));
        Config usual = Config.of(Settings.read(Optional.empty(), Map.of(), Map.of()));

        assertThat(List.of(short7.retention().messages(), short7.eventsKept(), short7.deliveriesKept()))
                .containsOnly(KEPT);
        assertThat(List.of(usual.retention().messages(), usual.eventsKept(), usual.deliveriesKept()))
                .containsExactly(Duration.ZERO, Duration.ofDays(30), Duration.ofDays(30));
    }

    /// All that is kept for repeated requests.
    private static String kept(Database database) {
        return database.read(handle -> handle.createQuery("SELECT * FROM idempotency")
                .mapToMap()
                .list()
                .toString());
    }

    private static JsonNode conversation(Talk talk) {
        return talk.agent()
                .get("/api/v1/imessage/conversations")
                .expect(200)
                .json()
                .get(0);
    }
}
