package partyline.app;

import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import partyline.testkit.Seeds;
import tools.jackson.databind.JsonNode;

/// Tapbacks of both sides, set, swapped and taken back in any sequence.
class TapbackSequencesTest {

    private static final TestServer server = new TestServer();
    private static final String REACTIONS = "/api/v1/imessage/reactions";
    private static final String NONE = "";

    /// Somebody sets their tapback on a part of one of two messages, or with no reaction takes it back.
    record Act(boolean byAgent, int message, int part, String reaction) {

        private String where() {
            return (byAgent ? "outbound" : "inbound") + " " + message + " " + part;
        }
    }

    @BeforeAll
    static void open() throws IOException {
        server.open();
    }

    @AfterAll
    static void close() throws IOException {
        server.close();
    }

    private static Act act(Random random) {
        return new Act(
                random.nextBoolean(),
                random.nextInt(2),
                random.nextInt(2),
                Seeds.oneOf(random, List.of("love", "like", "eyes", NONE)));
    }

    @Test
    void at_most_one_per_sender_message_and_part_is_live_on_both_sides() {
        Seeds.each(10, random -> liveOnBothSides(Seeds.list(random, 20, TapbackSequencesTest::act)));
    }

    private static void liveOnBothSides(List<Act> acts) {
        Talk talk = Talk.begin(server);
        List<String> messages = List.of(talk.first(), talk.delivered("Done!"));
        List<JsonNode> bubbles = List.of(talk.bubble("hello"), talk.bubble("Done!"));
        Map<String, String> live = new HashMap<>();

        for (Act act : acts) {
            if (act.byAgent()) {
                byAgent(talk, messages.get(act.message()), act);
            } else {
                byPerson(talk, bubbles.get(act.message()), act);
            }
            live.put(act.where(), act.reaction());
        }

        List<String> expected = live.entrySet().stream()
                .filter(entry -> !entry.getValue().equals(NONE))
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .sorted()
                .toList();
        waitFor(() -> told(talk, messages), expected::equals);
        waitFor(() -> shown(talk), expected::equals);
    }

    private static void byAgent(Talk talk, String message, Act act) {
        if (!act.reaction().equals(NONE)) {
            String wish = "{\"message_id\":\"%s\",\"reaction\":\"%s\",\"part_index\":%d}";
            talk.agent()
                    .post(REACTIONS, wish.formatted(message, act.reaction(), act.part()))
                    .expect(201);
            return;
        }
        for (JsonNode own : talk.message(message).path("reactions")) {
            if (own.path("direction").asString().equals("outbound")
                    && own.path("part_index").asInt() == act.part()) {
                talk.agent().delete(REACTIONS + "/" + own.path("id").asString()).expect(204);
            }
        }
    }

    private static void byPerson(Talk talk, JsonNode bubble, Act act) {
        boolean remove = act.reaction().equals(NONE);
        talk.tapback(
                bubble,
                remove ? "like" : act.reaction(),
                Map.of("remove", String.valueOf(remove), "part_index", String.valueOf(act.part())));
    }

    /// What the API says is live.
    private static List<String> told(Talk talk, List<String> messages) {
        List<String> told = new ArrayList<>();
        for (int at = 0; at < messages.size(); at++) {
            for (JsonNode it : talk.message(messages.get(at)).path("reactions")) {
                told.add("%s %d %d %s"
                        .formatted(
                                it.path("direction").asString(),
                                at,
                                it.path("part_index").asInt(),
                                it.path("reaction").asString()));
            }
        }
        return told.stream().sorted().toList();
    }

    /// What the phone shows.
    private static List<String> shown(Talk talk) {
        List<String> shown = new ArrayList<>();
        for (JsonNode bubble : talk.bubbles()) {
            for (JsonNode it : bubble.path("tapbacks")) {
                shown.add("%s %d %d %s"
                        .formatted(
                                it.path("mine").asBoolean() ? "inbound" : "outbound",
                                bubble.path("mine").asBoolean() ? 0 : 1,
                                it.path("part_index").asInt(),
                                it.path("reaction").asString()));
            }
        }
        return shown.stream().sorted().toList();
    }
}
