package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static partyline.app.Api.waitFor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import partyline.drivers.contract.FakeLine;
import partyline.drivers.contract.FakeLine.Feature;
import partyline.drivers.contract.FakeLine.Trouble;
import partyline.drivers.contract.FakeLine.Way;
import partyline.transport.Service;
import tools.jackson.databind.JsonNode;

/// The main job, told over real lines: through the API on one side, through a fake of their service on the other, and
/// real loopback HTTP between. A test of a driver implements this with its fake. Each story has a world of its own and
/// mostly waits, so they run beside each other.
@Execution(ExecutionMode.CONCURRENT)
interface LineStory {

    Duration PATIENCE = Duration.ofSeconds(40);

    /// A server with a router line and a pool line, each with a fresh fake behind it.
    LineWorld open();

    /// Whether what Ann writes keeps its order although the news of it did not.
    default boolean keepsOrder() {
        return false;
    }

    @Test
    default void a_person_connects_talks_and_leaves() {
        try (LineWorld world = open()) {
            world.connect();
            FakeLine ann = world.pool();

            String first = world.hear("book dinner for two");
            String reply = world.reply("Done!", "confetti");

            assertThat(world.receiver().posts()).allMatch(post -> post.signedWith(world.secret()));
            waitFor(PATIENCE, () -> world.message(reply), it -> reached(world, it));
            FakeLine.Bubble bubble = ann.bubbles().getLast();
            assertThat(bubble.text()).isEqualTo("Done!");
            assertThat(bubble.effect()).isEqualTo(world.can(Feature.EFFECTS) ? "confetti" : null);
            assertThat(world.message(reply).path("degraded").isNull()).isEqualTo(world.can(Feature.EFFECTS));
            reactions(world, first, reply);
            presence(world, reply);
            picture(world);

            world.router().writes("disconnect @" + world.handle());
            waitFor(
                    PATIENCE,
                    () -> world.agent()
                            .get("/api/v1/imessage/assignments")
                            .json()
                            .size(),
                    it -> it == 0);
            assertThat(world.send("Still there?", "").expect(409).text()).contains("imessage_assignment_inactive");
            assertThat(world.receiver().posts()).noneMatch(post -> post.body().contains(world.poolNumber()));
        }
    }

    @Test
    default void a_person_without_imessage_gets_what_their_phone_has() {
        try (LineWorld world = open()) {
            assumeTrue(world.can(Feature.SMS), "every phone is alike to this service");
            world.pool().has(Service.SMS);
            world.connect();
            world.hear("I have an old phone");

            String reply = world.reply("No matter", "confetti");

            JsonNode told = waitFor(
                    PATIENCE,
                    () -> world.message(reply),
                    it -> it.path("service").asString().equals("sms"));
            assertThat(told.path("was_downgraded").asBoolean()).isTrue();
            assertThat(told.path("degraded").toString()).contains("effect");
            world.shown("No matter");
        }
    }

    @Test
    default void a_reply_whose_answer_is_lost_shows_once_and_ends_delivered() {
        try (LineWorld world = open()) {
            assumeTrue(world.can(Feature.FINDS_SENDS), "the service cannot be asked");
            world.connect();
            world.hear("are you there?");
            world.pool().next(Trouble.SENT_WITHOUT_ANSWER);

            String lost = world.reply("I am", null);
            String next = world.reply("really", null);

            waitFor(PATIENCE, () -> world.message(lost), it -> reached(world, it));
            waitFor(PATIENCE, () -> world.message(next), it -> reached(world, it));
            assertThat(world.replies()).containsExactly("I am", "really");
        }
    }

    @Test
    default void a_thumb_in_words_is_a_tapback_and_wakes_no_agent() {
        try (LineWorld world = open()) {
            world.connect();
            world.hear("where shall we eat?");
            String reply = world.reply("Dinner at 7 ok?", null);
            waitFor(PATIENCE, () -> world.message(reply), it -> reached(world, it));

            world.pool().writes("\u200a\u200b👍\u200b to “\u200aDinner at 7 ok?\u200a”\u200a");

            world.receiver().await("imessage.reaction_received");
            world.hear("fine");
            assertThat(world.heard()).containsExactly("where shall we eat?", "fine");
            assertThat(world.message(reply)
                            .path("reactions")
                            .path(0)
                            .path("custom_emoji")
                            .asString(""))
                    .isEqualTo("👍");
        }
    }

    @Test
    default void an_id_that_is_told_twice_holds_up_nobody() {
        try (LineWorld world = open()) {
            assumeTrue(world.can(Feature.FINDS_SENDS), "the service cannot be asked");
            world.connect();
            world.hear("are you there?");
            String first = world.reply("one", null);
            waitFor(PATIENCE, () -> world.message(first), it -> reached(world, it));
            world.pool().next(Trouble.REPEATS_ID);

            String repeated = world.reply("two", null);
            String behind = world.reply("three", null);

            waitFor(PATIENCE, () -> world.message(repeated), it -> reached(world, it));
            waitFor(PATIENCE, () -> world.message(behind), it -> reached(world, it));
            assertThat(world.replies()).containsExactly("one", "two", "three");
        }
    }

    @Test
    default void whatever_the_service_says_no_agent_reads_the_number_of_the_line() {
        try (LineWorld world = open();
                EventReader events = new EventReader(world.agent(), "")) {
            world.connect();
            world.hear("are you there?");
            world.pool().next(Trouble.NAMES_US);

            String id = world.reply("no", null);

            JsonNode failed = waitFor(
                    PATIENCE,
                    () -> world.message(id),
                    it -> it.path("error_code").isString());
            String webhook = world.receiver().await("imessage.delivery_failed").body();
            String event = waitFor(PATIENCE, events::events, it -> it.stream().anyMatch(LineStory::isFailure))
                    .toString();
            assertThat(failed.path("error_detail").asString("")).isNotBlank();
            for (String seen : List.of(failed.toString(), webhook, event)) {
                assertThat(seen.replaceAll("[^0-9]", "")).doesNotContain("2025550101");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    default void nothing_is_lost_or_doubled_whatever_becomes_of_the_news(Way way) {
        try (LineWorld world = open()) {
            talk(world, way, () -> {});
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST", "REORDERED"})
    default void nothing_is_lost_or_doubled_when_the_server_restarts_in_the_middle(Way way) {
        try (LineWorld world = open()) {
            talk(world, way, world::restart);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DOUBLED", "DELAYED"})
    default void nothing_is_lost_or_doubled_when_the_service_restarts_in_the_middle(Way way) {
        try (LineWorld world = open()) {
            talk(world, way, () -> {
                // What a service had in its hands when it died, nobody knows for minutes: that is another story.
                waitFor(PATIENCE, world::replies, it -> it.size() == 2);
                world.pool().stop();
                world.write("while it was gone");
                world.pool().start();
            });
        }
    }

    /// Ann and her agent talk over a bad way, and something happens in the middle of it.
    private void talk(LineWorld world, Way way, Runnable meanwhile) {
        if (!world.can(Feature.CATCHES_UP) && way == Way.LOST) {
            return;
        }
        world.connect();
        world.hear("begin");
        world.pool().way(way);
        List<String> replies =
                IntStream.range(0, 4).mapToObj(at -> "reply " + at).toList();

        IntStream.range(0, 4).forEach(at -> world.write("before " + at));
        List<String> ids = new ArrayList<>();
        replies.subList(0, 2).forEach(text -> ids.add(world.reply(text, null)));
        meanwhile.run();
        IntStream.range(0, 4).forEach(at -> world.write("after " + at));
        replies.subList(2, 4).forEach(text -> ids.add(world.reply(text, null)));

        ids.forEach(id -> waitFor(PATIENCE, () -> world.message(id), it -> reached(world, it)));
        world.pool().way(Way.STRAIGHT);
        world.pool().tellsAgain();
        world.hear("that is all");
        List<String> heard =
                waitFor(PATIENCE, world::heard, it -> it.size() >= world.said().size());
        assertThat(heard).containsExactlyInAnyOrderElementsOf(world.said());
        if (keepsOrder()) {
            assertThat(heard).isEqualTo(world.said());
        }
        assertThat(world.replies()).containsExactlyElementsOf(replies);
    }

    private static void reactions(LineWorld world, String first, String reply) {
        if (world.can(Feature.HEARS_TAPBACKS)) {
            world.pool().reacts(world.pool().bubbles().getLast().id(), "love", false);
            world.receiver().await("imessage.reaction_received");
            assertThat(world.message(reply)
                            .path("reactions")
                            .path(0)
                            .path("reaction")
                            .asString())
                    .isEqualTo("love");
        }
        String body = "{\"message_id\":\"%s\",\"reaction\":\"like\"}".formatted(first);
        int taken = world.agent().post("/api/v1/imessage/reactions", body).status();
        assertThat(taken).isEqualTo(world.can(Feature.TAPBACKS) ? 201 : 400);
    }

    private static boolean isFailure(EventReader.Event event) {
        return event.type().equals("imessage.delivery_failed");
    }

    private static void presence(LineWorld world, String reply) {
        String conversation = "{\"conversation_id\":\"%s\"}".formatted(world.conversation());
        world.agent().post("/api/v1/imessage/typing", conversation).expect(204);
        if (world.can(Feature.TYPING)) {
            waitFor(PATIENCE, world.pool()::showsTyping, it -> it);
        }
        world.agent().post("/api/v1/imessage/mark-read", conversation).expect(200);
        if (world.can(Feature.READ)) {
            waitFor(PATIENCE, world.pool()::showsRead, it -> it);
        }
        if (world.can(Feature.HEARS_READ)) {
            world.pool().reads();
            waitFor(PATIENCE, () -> world.message(reply).path("read_at"), it -> !it.isNull());
        }
    }

    private static void picture(LineWorld world) {
        String id = world.picture("look at this");

        JsonNode sent = waitFor(PATIENCE, () -> world.message(id), it -> reached(world, it));

        world.shown("look at this");
        boolean shown = world.pool().bubbles().stream().anyMatch(FakeLine.Bubble::media);
        assertThat(shown).isEqualTo(!sent.path("degraded").toString().contains("media"));
    }

    /// As far as this service tells.
    private static boolean reached(LineWorld world, JsonNode message) {
        String status = message.path("status").asString();
        return status.equals("delivered") || !world.can(Feature.DELIVERED) && status.equals("sent");
    }
}
