package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import partyline.kernel.StorageFull;
import tools.jackson.databind.JsonNode;

/// SQLite is told that its file may grow no further, and then says what it says on a full disk.
@ResourceLock(Resources.SYSTEM_ERR)
class DiskFullTest {

    private static final String LONG = "x".repeat(15_000);

    private static final ShiftedClock CLOCK = new ShiftedClock();

    @RegisterExtension
    static final TestServer server = new TestServer("", CLOCK);

    @AfterEach
    void makeRoom() {
        limit(1_000_000_000L);
    }

    @Test
    void writes_are_refused_reads_go_on_and_all_is_well_again_without_a_restart() {
        Talk talk = Talk.begin(server);
        talk.delivered("before");
        fill();

        Api.Answer sent = talk.reply(LONG);
        Api.Answer texted = server.admin()
                .post(
                        "/simulator/messages",
                        "{\"from\":\"%s\",\"to\":\"%s\",\"text\":\"%s\"}".formatted(talk.person(), talk.line(), LONG));

        for (Api.Answer refused : List.of(sent, texted)) {
            assertThat(refused.expect(507).json().path("detail").path("code").asString())
                    .isEqualTo("storage_full");
        }
        assertThat(Mcp.of(talk.agent())
                        .refused(
                                "send_message",
                                "{'conversation_id':'%s','text':'%s'}".formatted(talk.conversation(), LONG)))
                .contains("storage_full");
        assertThat(texts(talk)).containsExactly("before", "hello");
        assertThat(talk.bubbles())
                .extracting(it -> it.path("text").asString(""))
                .contains("before");
        makeRoom();
        talk.delivered("after");
        assertThat(texts(talk)).containsExactly("after", "before", "hello");
    }

    @Test
    void prometheus_hears_of_it_until_there_is_room() {
        Talk talk = Talk.begin(server);
        fill();
        talk.reply(LONG).expect(507);

        assertThat(Scrape.of(server.admin()).value("partyline_database_writable"))
                .isZero();

        makeRoom();
        talk.delivered("after");
        assertThat(Scrape.of(server.admin()).value("partyline_database_writable"))
                .isOne();
    }

    @Test
    void what_a_person_wrote_waits_for_room_and_arrives_once() {
        Talk talk = Talk.begin(server);
        phone(talk, false);
        server.admin().text(talk.person(), talk.line(), LONG);
        fill();

        phone(talk, true);

        waitFor(() -> due(), it -> it == 1);
        makeRoom();
        waitFor(() -> texts(talk), it -> it.size() == 2);
        assertThat(texts(talk)).containsExactly(LONG, "hello");
    }

    @Test
    void what_an_agent_was_promised_waits_for_room_and_is_sent_once() {
        Talk talk = Talk.begin(server);
        String fault = "{\"line\":\"%s\",\"kind\":\"not_sent\"}".formatted(talk.line());
        server.admin().post("/simulator/faults", fault).expect(204);
        String id =
                talk.reply(LONG).expect(201).json().path("message").path("id").asString();
        waitFor(() -> of(id, "attempts"), it -> it == 1);
        fill();

        waitFor(() -> of(id, "handed_at IS NOT NULL"), it -> it == 1);

        assertThat(talk.message(id).path("status").asString()).isEqualTo("queued");
        makeRoom();
        waitFor(
                () -> {
                    CLOCK.jump(Duration.ofMinutes(1));
                    server.wiring().look();
                    return talk.message(id).path("status").asString();
                },
                "delivered"::equals);
        assertThat(talk.bubbles().stream()
                        .filter(it -> it.path("text").asString("").equals(LONG)))
                .hasSize(1);
    }

    @Test
    void whoever_asks_whether_the_server_is_ready_hears_of_it_writes_nothing_and_takes_no_warning_back() {
        Talk talk = Talk.begin(server);
        fill();
        try (LogLines log = new LogLines()) {
            talk.reply(LONG).expect(507);
            assertThat(log.text()).containsOnlyOnce("event=storage_full");
        }

        waitFor(() -> answersWhileFull(talk), Set.of("503 false refuses writes")::equals);
        makeRoom();
        talk.delivered("after");
        assertThat(server.nobody().get("/readyz").json().path("database").asString())
                .isEqualTo("writable");
    }

    @Test
    void only_the_operators_admin_hears_numbers() {
        Talk talk = Talk.begin(server);

        for (Api asker : List.of(server.nobody(), server.nobody().with("nonsense"), server.stranger(), talk.agent())) {
            assertThat(asker.get("/readyz").expect(200).json().propertyNames())
                    .containsExactly("ready", "database", "router");
        }
        assertThat(server.admin().get("/readyz").expect(200).json().propertyNames())
                .contains("lines", "oldest_undelivered_seconds");
    }

    /// What everybody hears right after a write that found no room, and what the log says of it. A small write of
    /// somebody else's that still fits may come between.
    private static Set<String> answersWhileFull(Talk talk) {
        talk.reply(LONG).expect(507);
        Set<String> answers = new TreeSet<>();
        try (LogLines log = new LogLines()) {
            for (Api asker : List.of(server.nobody(), server.stranger(), talk.agent(), server.admin())) {
                Api.Answer answer = asker.get("/readyz");
                JsonNode said = answer.json();
                answers.add(answer.status() + " " + said.path("ready") + " "
                        + said.path("database").asString());
            }
            log.text().lines().filter(line -> line.contains("event=storage_")).forEach(answers::add);
        }
        return answers;
    }

    /// No page is free, and there will be no other.
    private static void fill() {
        server.wiring().database().update(tx -> {
            tx.handle().execute("CREATE TABLE IF NOT EXISTS ballast (bytes BLOB)");
            while (number(tx.handle(), "PRAGMA freelist_count") > 0) {
                tx.handle().execute("INSERT INTO ballast VALUES (zeroblob(3000))");
            }
        });
        limit(server.wiring().database().read(handle -> number(handle, "PRAGMA page_count")));
    }

    private static long number(Handle handle, String pragma) {
        return handle.createQuery(pragma).mapTo(long.class).one();
    }

    /// A write that shares its commit with one that finds no room fails with it.
    private static void limit(long pages) {
        waitFor(() -> limited(pages), done -> done);
    }

    private static boolean limited(long pages) {
        try {
            server.wiring().database().update(tx -> tx.handle().execute("PRAGMA max_page_count = " + pages));
            return true;
        } catch (StorageFull e) {
            return false;
        }
    }

    private static void phone(Talk talk, boolean online) {
        server.admin()
                .patch("/simulator/phones/" + Api.encode(talk.person()), "{\"online\":" + online + "}")
                .expect(200);
    }

    private static int due() {
        return server.wiring()
                .database()
                .read(handle -> handle.createQuery("SELECT count(*) FROM sim_due")
                        .mapTo(int.class)
                        .one());
    }

    private static int of(String message, String column) {
        return server.wiring()
                .database()
                .read(handle -> handle.createQuery("SELECT " + column + " FROM message WHERE uuid = :id")
                        .bind("id", message)
                        .mapTo(int.class)
                        .one());
    }

    private static List<String> texts(Talk talk) {
        return talk.agent()
                .get(Talk.MESSAGES + "?conversation_id=" + talk.conversation())
                .expect(200)
                .json()
                .valueStream()
                .map((JsonNode it) -> it.path("content").asString())
                .toList();
    }
}
