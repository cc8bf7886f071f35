package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Scenario.given;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Rules with a direction, as clients make, change and read them.
class RuleDirectionsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String V1 = "/api/v1";
    private static final String NUMBER = "+12025550999";

    private final Api admin = server.admin();
    private final String handle = "ruled-" + UUID.randomUUID();
    private final JsonNode identity = admin.identity(handle);
    private final String imessage = V1 + "/imessage/identities/" + handle + "/contact-rules";
    private final String phone = V1 + "/identities/" + handle + "/phone-contact-rules";

    @Test
    void both_families_of_paths_have_the_same_rules() {
        JsonNode one = made(imessage, "allow", "inbound");
        JsonNode two = made(phone, "block", "outbound");

        assertThat(admin.get(imessage).json())
                .isEqualTo(admin.get(phone).json())
                .containsExactly(two, one);
        String narrowed =
                "/contact-rules?agent_identity_id=" + identity.path("id").asString();
        assertThat(admin.get(V1 + "/imessage" + narrowed).json())
                .isEqualTo(admin.get(V1 + "/phone" + narrowed).json())
                .containsExactly(two, one);
        assertThat(admin.get(phone + "/" + id(one)).expect(200).json()).isEqualTo(one);
        admin.delete(phone + "/" + id(one)).expect(204);
        assertThat(admin.get(imessage).json()).containsExactly(two);
    }

    @Test
    void rules_of_either_way_are_listed_with_those_of_both() {
        JsonNode both = made(imessage, "allow", "");
        String other = body("block", "outbound").replace(NUMBER, "+12025550998");
        JsonNode outbound = admin.post(imessage, other).expect(201).json();

        assertThat(both.path("direction").asString()).isEqualTo("both");
        assertThat(admin.get(imessage + "?direction=inbound").json()).containsExactly(both);
        assertThat(admin.get(imessage + "?direction=outbound").json()).containsExactly(outbound, both);
        assertThat(admin.get(imessage + "?direction=both").json()).containsExactly(both);
        assertThat(admin.get(imessage + "?direction=outbound&action=block").json())
                .containsExactly(outbound);
        assertThat(admin.get(imessage + "?direction=outbound&limit=1&offset=1").json())
                .containsExactly(both);
        admin.get(imessage + "?direction=sideways").expect(422);
    }

    @Test
    void one_side_of_a_rule_changes_alone_and_two_that_agree_are_one_again_with_both_ids() {
        JsonNode rule = made(imessage, "allow", "both");
        String path = imessage + "/" + id(rule);

        JsonNode inbound = patched(path, "{\"action\":\"block\",\"apply_to\":\"inbound\"}");

        assertThat(inbound.path("id")).isEqualTo(rule.path("id"));
        assertThat(says(inbound)).isEqualTo("block inbound");
        JsonNode kept =
                admin.get(imessage + "?direction=outbound").expect(200).json().path(0);
        assertThat(says(kept)).isEqualTo("allow outbound");
        assertThat(admin.get(imessage).json()).containsExactly(kept, inbound);

        JsonNode merged = patched(imessage + "/" + id(kept), "{\"action\":\"block\"}");

        assertThat(merged.path("id")).isEqualTo(rule.path("id"));
        assertThat(says(merged)).isEqualTo("block both");
        assertThat(admin.get(imessage).json()).containsExactly(merged);
        assertThat(admin.get(phone + "/" + id(kept)).expect(200).json()).isEqualTo(merged);
        assertThat(says(patched(imessage + "/" + id(kept), "{\"status\":\"paused\"}")))
                .isEqualTo("block both");
        admin.delete(imessage + "/" + id(kept)).expect(204);
        admin.get(path).expect(404);
        admin.get(imessage + "/" + id(kept)).expect(404);
        assertThat(admin.get(imessage).json()).isEmpty();
    }

    @Test
    void a_rule_that_agrees_widens_and_what_is_covered_is_a_duplicate() {
        JsonNode inbound = made(imessage, "allow", "inbound");

        assertThat(duplicate("allow", "inbound")).isEqualTo(id(inbound));
        assertThat(duplicate("block", "both")).isEqualTo(id(inbound));
        JsonNode both = made(phone, "allow", "outbound");

        assertThat(both.path("id")).isEqualTo(inbound.path("id"));
        assertThat(says(both)).isEqualTo("allow both");
        assertThat(admin.get(imessage).json()).containsExactly(both);
        assertThat(duplicate("allow", "both")).isEqualTo(id(inbound));
        assertThat(duplicate("block", "outbound")).isEqualTo(id(inbound));
    }

    @Test
    void a_paused_rule_does_not_widen_since_the_new_one_would_do_nothing() {
        JsonNode inbound = made(imessage, "block", "inbound");
        patched(imessage + "/" + id(inbound), "{\"status\":\"paused\"}");

        JsonNode outbound = made(imessage, "block", "outbound");

        assertThat(outbound.path("id")).isNotEqualTo(inbound.path("id"));
        assertThat(outbound.path("status").asString()).isEqualTo("active");
        assertThat(duplicate("block", "both")).isEqualTo(id(inbound));
    }

    @Test
    void the_direction_of_a_rule_changes_unless_another_one_is_in_its_way() {
        JsonNode one = made(imessage, "allow", "inbound");
        JsonNode other = made(imessage, "block", "outbound");
        String path = imessage + "/" + id(one);

        JsonNode detail =
                admin.patch(path, "{\"direction\":\"both\"}").expect(409).json().path("detail");
        assertThat(detail.path("existing_rule_id")).isEqualTo(other.path("id"));
        admin.patch(path, "{\"direction\":\"outbound\"}").expect(409);
        assertThat(admin.get(imessage).json()).containsExactly(other, one);

        assertThat(says(patched(path, "{\"action\":\"block\",\"direction\":\"both\"}")))
                .isEqualTo("block both");
        assertThat(says(patched(path, "{\"direction\":\"outbound\"}"))).isEqualTo("block outbound");
        assertThat(says(patched(path, "{\"action\":\"allow\"}"))).isEqualTo("allow outbound");
        assertThat(says(patched(imessage + "/" + id(other), "{\"direction\":\"inbound\"}")))
                .isEqualTo("allow inbound");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"action\":null}",
                "{\"direction\":null}",
                "{\"action\":\"block\",\"direction\":null}",
                "{\"action\":\"block\",\"apply_to\":null}",
                "{\"apply_to\":\"inbound\"}",
                "{\"apply_to\":\"inbound\",\"status\":\"paused\"}",
                "{\"action\":\"block\",\"apply_to\":\"both\"}",
                "{\"action\":\"block\",\"apply_to\":\"outbound\"}",
                "{\"action\":\"block\",\"direction\":\"both\",\"apply_to\":\"inbound\"}",
                "{\"action\":\"block\",\"status\":\"paused\",\"apply_to\":\"inbound\"}",
                "{\"action\":\"block\",\"direction\":\"sideways\"}",
                "{\"action\":\"block\",\"scope\":\"identity\"}"
            })
    void a_change_that_leaves_a_doubt_is_refused_and_changes_nothing(String change) {
        JsonNode rule = made(imessage, "allow", "inbound");

        admin.patch(imessage + "/" + id(rule), change).expect(422);

        assertThat(admin.get(imessage).json()).containsExactly(rule);
    }

    @ParameterizedTest
    @CsvSource({"direction,null", "direction,'\"sideways\"'", "apply_to,'\"inbound\"'", "status,'\"paused\"'"})
    void a_new_rule_says_what_it_is_or_is_not_made(String key, String value) {
        String wish = body("allow", "").replace("}", ",\"%s\":%s}".formatted(key, value));

        assertThat(admin.post(phone, wish).expect(422).text()).contains(key);

        assertThat(admin.get(imessage).json()).isEmpty();
    }

    @Test
    void a_parameter_that_would_narrow_a_change_is_refused_and_changes_nothing() {
        JsonNode rule = made(imessage, "allow", "both");
        String path = imessage + "/" + id(rule) + "?apply_to=inbound";

        assertThat(admin.delete(path).expect(422).text()).contains("apply_to");
        admin.patch(path, "{\"action\":\"block\"}").expect(422);
        admin.post(phone + "?direction=inbound", body("block", "")).expect(422);
        admin.patch(V1 + "/identities/" + handle + "?scope=identity", "{\"display_name\":\"x\"}")
                .expect(422);
        admin.delete(V1 + "/identities/" + handle + "?scope=identity").expect(422);

        assertThat(admin.get(imessage).json()).containsExactly(rule);
    }

    static Stream<Scenario> refusals() {
        JsonNode mine = server.admin().identity("ruled-agent");
        Api own = server.admin().scoped(mine);
        List<String> families = List.of(
                V1 + "/imessage/identities/ruled-agent/contact-rules",
                V1 + "/identities/ruled-agent/phone-contact-rules");
        String rule = "/"
                + id(server.admin()
                        .post(families.getFirst(), body("allow", "both"))
                        .expect(201)
                        .json());
        return families.stream()
                .flatMap(family -> Stream.of(
                        given("an agent that lets somebody in")
                                .as(_ -> own)
                                .post(family, body("allow", "inbound").replace(NUMBER, "+12025550997"))
                                .answers(403, "admin_key_required"),
                        given("an agent that shuts somebody out")
                                .as(_ -> own)
                                .post(family, body("block", "").replace(NUMBER, "+12025550997"))
                                .answers(403, "admin_key_required"),
                        given("an agent that turns a rule")
                                .as(_ -> own)
                                .patch(family + rule, "{\"direction\":\"outbound\"}")
                                .answers(403, "admin_key_required"),
                        given("an agent that turns one side")
                                .as(_ -> own)
                                .patch(family + rule, "{\"action\":\"block\",\"apply_to\":\"inbound\"}")
                                .answers(403, "admin_key_required"),
                        given("an agent that deletes a rule")
                                .as(_ -> own)
                                .delete(family + rule)
                                .answers(403, "admin_key_required"),
                        given("another tenant that reads")
                                .as(_ -> server.stranger())
                                .get(family)
                                .answers(404, "identity_not_found"),
                        given("another tenant that makes one")
                                .as(_ -> server.stranger())
                                .post(family, body("block", "outbound"))
                                .answers(404, "identity_not_found"),
                        given("another tenant that turns one")
                                .as(_ -> server.stranger())
                                .patch(family + rule, "{\"direction\":\"outbound\"}")
                                .answers(404, "identity_not_found"),
                        given("another tenant that deletes one")
                                .as(_ -> server.stranger())
                                .delete(family + rule)
                                .answers(404, "identity_not_found")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void is_refused(Scenario scenario) {
        scenario.play(admin);
    }

    @Test
    void an_agent_reads_its_own_rules_in_either_family() {
        JsonNode rule = made(imessage, "block", "inbound");
        Api own = admin.scoped(identity);

        for (String family : List.of(imessage, phone)) {
            assertThat(own.get(family).expect(200).json()).containsExactly(rule);
            assertThat(own.get(family + "/" + id(rule)).expect(200).json()).isEqualTo(rule);
        }
        own.get(V1 + "/phone/contact-rules").expect(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/identities/{h}/mail-contact-rules", "/mail/contact-rules", "/phone/numbers/1/contact-rules"})
    void there_are_no_rules_for_what_this_server_does_not_carry(String path) {
        admin.get(V1 + path.replace("{h}", handle)).expect(404);
        admin.post(V1 + path.replace("{h}", handle), body("allow", "")).expect(404);
    }

    @ParameterizedTest
    @CsvSource({
        "blacklist,block,inbound,false",
        "blacklist,block,outbound,true",
        "whitelist,allow,inbound,true",
        "whitelist,allow,outbound,false"
    })
    void the_typing_of_somebody_is_told_where_they_may_be_heard(
            String mode, String action, String direction, boolean told) {
        Talk talk = Talk.begin(server);
        String rules = V1 + "/identities/" + talk.handle() + "/phone-contact-rules";
        admin.patch(V1 + "/identities/" + talk.handle(), "{\"phone_filter_mode\":\"%s\"}".formatted(mode))
                .expect(200);
        JsonNode rule = admin.post(rules, body(action, direction).replace(NUMBER, talk.person()))
                .expect(201)
                .json();
        try (EventReader reader = new EventReader(talk.agent(), "?types=imessage.typing,imessage.received")) {
            admin.post(
                            "/simulator/typing",
                            "{\"from\":\"%s\",\"to\":\"%s\",\"typing\":true}".formatted(talk.person(), talk.line()))
                    .expect(204);
            if (told) {
                reader.await(1);
            }
            admin.text(talk.person(), talk.line(), "as now");
            Api.waitFor(
                    () -> admin.get(Talk.MESSAGES + "?limit=1&agent_identity_id="
                                    + talk.identity().path("id").asString())
                            .json()
                            .path(0)
                            .path("content")
                            .asString(""),
                    "as now"::equals);
            admin.delete(rules + "/" + id(rule)).expect(204);
            admin.patch(V1 + "/identities/" + talk.handle(), "{\"phone_filter_mode\":\"blacklist\"}")
                    .expect(200);
            admin.text(talk.person(), talk.line(), "open to all");

            reader.await(told ? 3 : 1);
            assertThat(reader.types())
                    .isEqualTo(
                            told
                                    ? List.of("imessage.typing", "imessage.received", "imessage.received")
                                    : List.of("imessage.received"));
        }
    }

    private JsonNode made(String family, String action, String direction) {
        return admin.post(family, body(action, direction)).expect(201).json();
    }

    /// The id of the rule that is in the way.
    private String duplicate(String action, String direction) {
        return admin.post(phone, body(action, direction))
                .expect(409)
                .json()
                .path("detail")
                .path("existing_rule_id")
                .asString();
    }

    private JsonNode patched(String path, String change) {
        return admin.patch(path, change).expect(200).json();
    }

    private static String says(JsonNode rule) {
        return rule.path("action").asString() + " " + rule.path("direction").asString();
    }

    private static String id(JsonNode rule) {
        return rule.path("id").asString();
    }

    private static String body(String action, String direction) {
        String more = direction.isEmpty() ? "" : ",\"direction\":\"%s\"".formatted(direction);
        return "{\"action\":\"%s\",\"match_type\":\"exact_number\",\"match_target\":\"%s\"%s}"
                .formatted(action, NUMBER, more);
    }
}
