package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.ROUTER;
import static partyline.app.Api.waitFor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// Every combination of modes and rules, set in every way that the wire knows, against everything that a person and an
/// agent can do to each other.
class WhoMayReachWhomTest {

    @RegisterExtension
    static final TestServer server = new TestServer("limits: {alternations_per_minute: 0}");

    private static final String ROOT = "/api/v1/imessage";
    private static final String WHITELIST = "whitelist";
    private static final List<String> TAPBACKS = List.of("love", "like");

    /// The modes of an identity and the body that sets them.
    record Modes(String inbound, String outbound, String body) {

        @Override
        public String toString() {
            return body;
        }
    }

    /// An action for a direction, made in one of the two families; none when `action` is empty.
    private record Wish(String family, String direction, String action) {

        /// Whether a side is open with this rule, in this mode.
        boolean open(String side, String mode) {
            return covers(side) ? action.equals("allow") : !mode.equals(WHITELIST);
        }

        boolean blocks(String side) {
            return covers(side) && action.equals("block");
        }

        private boolean covers(String side) {
            return direction.equals("both") || direction.equals(side);
        }
    }

    /// What a conversation has come to, one combination after another.
    private static final class Course {

        private final Talk talk;
        private final String said;
        private final List<String> heard = new ArrayList<>(List.of("hello"));
        private String theirs = "";
        private String ours;
        private int step;

        Course(Talk talk) {
            this.talk = talk;
            this.said = talk.delivered("Done!");
            this.ours = react();
        }

        String react() {
            return talk.agent()
                    .post(ROOT + "/reactions", "{\"message_id\":\"%s\",\"reaction\":\"love\"}".formatted(talk.first()))
                    .expect(201)
                    .json()
                    .path("id")
                    .asString();
        }
    }

    static Stream<Modes> modes() {
        List<String> both = List.of(WHITELIST, "blacklist");
        Stream<Modes> shared = Stream.of("imessage_filter_mode", "phone_filter_mode")
                .flatMap(key ->
                        both.stream().map(mode -> new Modes(mode, mode, "{\"%s\":\"%s\"}".formatted(key, mode))));
        Stream<Modes> directed = both.stream()
                .flatMap(inbound -> both.stream()
                        .map(outbound -> new Modes(
                                inbound,
                                outbound,
                                "{\"phone_inbound_filter_mode\":\"%s\",\"phone_outbound_filter_mode\":\"%s\"}"
                                        .formatted(inbound, outbound))));
        return Stream.concat(shared, directed);
    }

    private static Stream<Wish> wishes(String handle) {
        List<String> families = List.of(
                ROOT + "/identities/" + handle + "/contact-rules",
                "/api/v1/identities/" + handle + "/phone-contact-rules");
        return Stream.concat(
                Stream.of(new Wish(families.getFirst(), "", "")),
                families.stream()
                        .flatMap(family -> Stream.of("inbound", "outbound", "both")
                                .flatMap(direction -> Stream.of("allow", "block")
                                        .map(action -> new Wish(family, direction, action)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("modes")
    void each_way_is_open_or_closed_as_its_own_rule_or_else_its_own_mode_says(Modes modes) {
        Course course = new Course(Talk.begin(server));
        String identity = "/api/v1/identities/" + course.talk.handle();
        server.admin().patch(identity, modes.body()).expect(200);

        wishes(course.talk.handle()).forEach(wish -> {
            boolean in = wish.open("inbound", modes.inbound());
            boolean out = wish.open("outbound", modes.outbound());
            String as = modes + " " + wish;
            String rule = rule(wish, course.talk.person());

            personActs(course, in, as);
            agentActs(course, out, wish.blocks("outbound") ? rule : "", as);
            strangerConnects(course, wish, in && out, as);

            if (!rule.isEmpty()) {
                server.admin().delete(wish.family() + "/" + rule).expect(204);
            }
        });

        assertThat(told(course, "imessage.received")).isEqualTo(course.heard.size());
    }

    /// A tapback and then a text: what the text finds done, the tapback has done too.
    private static void personActs(Course course, boolean open, String as) {
        Talk talk = course.talk;
        String text = "text " + course.step++;
        String reaction = TAPBACKS.get(course.step % TAPBACKS.size());
        int toldOfTapbacks = told(course, "imessage.reaction_received");
        boolean changes = open && !course.theirs.equals(reaction);

        talk.tapback(talk.bubble("Done!"), reaction, Map.of());
        talk.admin().text(talk.person(), talk.line(), text);

        JsonNode kept = waitFor(
                () -> talk.admin()
                        .get(Talk.MESSAGES + "?limit=1&agent_identity_id="
                                + talk.identity().path("id").asString())
                        .json()
                        .path(0),
                newest -> newest.path("content").asString("").equals(text));
        assertThat(kept.path("is_blocked").asBoolean()).as(as).isEqualTo(!open);
        talk.agent().get(Talk.MESSAGES + "/" + kept.path("id").asString()).expect(open ? 200 : 404);
        if (open) {
            course.heard.add(text);
            course.theirs = reaction;
        }
        assertThat(live(course)).as(as).isEqualTo(course.theirs);
        assertThat(told(course, "imessage.reaction_received")).as(as).isEqualTo(toldOfTapbacks + (changes ? 1 : 0));
    }

    /// `rule` is the id of the rule that closes this way; empty when it is the mode.
    private static void agentActs(Course course, boolean open, String rule, String as) {
        Talk talk = course.talk;
        String here = "{\"conversation_id\":\"%s\"}".formatted(talk.conversation());
        Api.Answer sent = talk.reply("answer");
        assertThat(sent.status()).as(as).isEqualTo(open ? 201 : 403);
        if (!open) {
            JsonNode detail = sent.json().path("detail");
            assertThat(detail.path("error").asString()).as(as).isEqualTo("recipient_blocked");
            assertThat(detail.path("matched_rule_id").asString("")).as(as).isEqualTo(rule);
        }
        assertThat(talk.agent()
                        .post(Talk.MESSAGES, "{\"to\":\"%s\",\"text\":\"answer\"}".formatted(talk.person()))
                        .status())
                .as(as)
                .isEqualTo(open ? 201 : 403);
        assertThat(talk.agent().post(ROOT + "/typing", here).status()).as(as).isEqualTo(open ? 204 : 403);
        assertThat(talk.agent().post(ROOT + "/mark-read", here).status()).as(as).isEqualTo(open ? 200 : 403);
        String love = "{\"message_id\":\"%s\",\"reaction\":\"like\"}".formatted(talk.first());
        assertThat(talk.agent().post(ROOT + "/reactions", love).status()).as(as).isEqualTo(open ? 201 : 403);
        if (open) {
            course.ours = course.react();
        }
        assertThat(talk.agent().delete(ROOT + "/reactions/" + course.ours).status())
                .as(as)
                .isEqualTo(open ? 204 : 403);
        if (open) {
            course.ours = course.react();
        }
    }

    private static void strangerConnects(Course course, Wish wish, boolean open, String as) {
        String stranger = server.person();
        rule(wish, stranger);

        server.admin().text(stranger, ROUTER, "connect @" + course.talk.handle());

        String answer = waitFor(
                () -> server.admin().bubbles(stranger, ROUTER).stream()
                        .filter(bubble -> !bubble.path("mine").asBoolean())
                        .map(bubble -> bubble.path("text").asString(""))
                        .findFirst()
                        .orElse(""),
                text -> !text.isEmpty());
        assertThat(answer).as(as).contains(open ? "You are connected" : "There is no agent");
    }

    private static String rule(Wish wish, String number) {
        if (wish.action().isEmpty()) {
            return "";
        }
        String body = "{\"action\":\"%s\",\"match_type\":\"exact_number\",\"match_target\":\"%s\",\"direction\":\"%s\"}"
                .formatted(wish.action(), number, wish.direction());
        return server.admin()
                .post(wish.family(), body)
                .expect(201)
                .json()
                .path("id")
                .asString();
    }

    /// The person's live tapback on what the agent said, as the agent sees it.
    private static String live(Course course) {
        return course.talk
                .message(course.said)
                .path("reactions")
                .valueStream()
                .filter(it -> it.path("direction").asString().equals("inbound"))
                .map(it -> it.path("reaction").asString())
                .findFirst()
                .orElse("");
    }

    /// How many events of a type the agent was told.
    private static int told(Course course, String type) {
        return course.talk
                .agent()
                .get(ROOT + "/events?after=0&types=" + type, "application/json")
                .expect(200)
                .json()
                .path("events")
                .size();
    }
}
