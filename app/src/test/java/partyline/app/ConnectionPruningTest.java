package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.conversations.Conversations;
import partyline.kernel.Database;
import partyline.kernel.Ids;
import partyline.kernel.Journal;
import partyline.kernel.Pruning;
import partyline.kernel.Storage;
import tools.jackson.databind.JsonNode;

/// What is long over leaves no pile of rows, and takes nothing along that somebody asks for.
class ConnectionPruningTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    @Test
    void of_many_connections_and_tapbacks_that_are_long_over_only_those_stay_that_are_asked_for() {
        Talk talk = Talk.begin(server);
        IntStream.range(0, 4).forEach(_ -> reconnected(talk));
        for (String reaction : new String[] {"like", "love", "laugh"}) {
            talk.agent()
                    .post(
                            "/api/v1/imessage/reactions",
                            "{\"message_id\":\"%s\",\"reaction\":\"%s\"}".formatted(talk.first(), reaction))
                    .expect(201);
        }
        assertThat(rows("connection", talk)).isEqualTo(5);

        prunedIn(Duration.ofDays(29), 0);
        prunedIn(Duration.ofDays(31), 3 + 2);
        prunedIn(Duration.ofDays(62), 0);

        assertThat(rows("connection", talk)).isEqualTo(2);
        Talk again = talk.with(server);
        assertThat(again.message(again.first()).path("reactions")).hasSize(1);
        again.delivered("still connected");
        reconnected(again);
        again.delivered("still on the old line");
        assertThat(again.bubble("still on the old line")).isNotNull();
    }

    private static void reconnected(Talk talk) {
        awaitAgents(talk, "disconnect @" + talk.handle(), 0);
        awaitAgents(talk, "connect @" + talk.handle(), 1);
    }

    private static void awaitAgents(Talk talk, String command, int count) {
        talk.admin().text(talk.person(), ROUTER, command);
        waitFor(
                () -> talk.agent()
                        .get("/api/v1/imessage/assignments")
                        .expect(200)
                        .json(),
                (JsonNode it) -> it.size() == count);
    }

    private static void prunedIn(Duration later, int rows) {
        server.restart(database -> {
            InstantSource then = InstantSource.fixed(Instant.now().plus(later));
            try (Pruning pruning = Conversations.pruning(storage(database, then))) {
                assertThat(pruning.run()).isEqualTo(rows);
            }
        });
    }

    private static Storage storage(Database database, InstantSource clock) {
        Ids ids = new Ids(clock);
        return new Storage(database, new Journal(ids, clock), ids, clock);
    }

    private static int rows(String table, Talk talk) {
        return server.wiring()
                .database()
                .read(handle -> handle.createQuery("SELECT count(*) FROM " + table + " WHERE person = :person")
                        .bind("person", talk.person())
                        .mapTo(int.class)
                        .one());
    }
}
