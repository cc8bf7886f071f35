package partyline.app;

import static partyline.app.Api.waitFor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
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

    @BeforeContainer
    static void open() throws IOException {
        server.open();
    }

    @AfterContainer
    static void close() throws IOException {
        server.close();
    }

    @Provide
    Arbitrary<Act> acts() {
        return Combinators.combine(
                        Arbitraries.of(true, false),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.of("love", "like", "eyes", NONE))
                .as(Act::new);
    }

    @Property(tries = 10, shrinking = ShrinkingMode.OFF)
    void at_most_one_per_sender_message_and_part_is_live_on_both_sides(
            @ForAll @Size(max = 20) List<@From("acts") Act> acts) {
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
