package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;
import static partyline.app.Scenario.given;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What an agent may see of a contact, and whom of it it may reach: kept as rules where it is about numbers.
class ContactPermissionsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/contacts";
    private static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";

    private final Api admin = server.admin();

    static Stream<Scenario> refusals() {
        Api admin = server.admin();
        JsonNode identity = admin.identity("permissions-refused");
        Api agent = admin.scoped(identity);
        server.stranger().identity("permissions-foreign");
        String contact = made(admin.post(ALL, "{\"phones\":[{\"value_e164\":\"+12025558001\"}]}"));
        String foreign = made(server.stranger().post(ALL, "{}"));
        String one = of("permissions-refused", contact);
        String maps = one + "/permissions";
        String groups = one + "/access";
        String all = ALL + "/with-permissions";
        String id = identity.path("id").asString();
        return Stream.of(
                given("an agent that looks").as(_ -> agent).get(maps).answers(403, "admin_key_required"),
                given("an agent that opens").as(_ -> agent).patch(groups, "{}").answers(403, "admin_key_required"),
                given("an unknown contact")
                        .get(of("permissions-refused", UNKNOWN) + "/access")
                        .answers(404, "contact"),
                given("a foreign contact")
                        .get(of("permissions-refused", foreign) + "/access")
                        .answers(404, "contact"),
                given("a foreign contact, closed")
                        .patch(of("permissions-refused", foreign) + "/permissions", "{\"profile\":false}")
                        .answers(404, "contact_not_found"),
                given("a foreign agent")
                        .get(of("permissions-foreign", contact) + "/access")
                        .answers(404, "identity"),
                given("null").patch(maps, "{\"profile\":null}").answers(422, "profile", "null"),
                given("null for an address")
                        .patch(maps, "{\"phones\":{\"+12025558001\":null}}")
                        .answers(422, "null"),
                given("a key that there is not").patch(maps, "{\"texts\":{}}").answers(422, "texts"),
                given("a list where a map belongs")
                        .patch(maps, "{\"phones\":[]}")
                        .answers(422, "phones"),
                given("both shapes of sides")
                        .patch(maps, "{\"phones\":{},\"inbound_phones\":{}}")
                        .answers(422, "phones", "inbound_phones"),
                given("a number of somebody else")
                        .patch(maps, "{\"phones\":{\"+12025558002\":true}}")
                        .answers(422, "+12025558002"),
                given("something open without the profile")
                        .patch(maps, "{\"profile\":false,\"outbound_phones\":{\"+12025558001\":true}}")
                        .answers(422, "profile"),
                given("memories without the profile")
                        .patch(groups, "{\"profile\":false,\"memories\":true}")
                        .answers(422, "profile"),
                given("a list without the profile")
                        .patch(groups, "{\"profile\":false,\"phone\":{\"contactable\":[\"+12025558001\"]}}")
                        .answers(422, "profile"),
                given("numbers to be seen without the profile")
                        .patch(groups, "{\"profile\":false,\"phone\":{\"visible\":true}}")
                        .answers(422, "profile"),
                given("numbers hidden apart")
                        .patch(groups, "{\"phone\":{\"visible\":false}}")
                        .answers(422, "phone.visible", "whole contact"),
                given("an undirected and a directed list")
                        .patch(groups, "{\"phone\":{\"contactable\":[],\"inbound_contactable\":[]}}")
                        .answers(422, "phone.contactable", "phone.inbound_contactable"),
                given("a key of no group")
                        .patch(groups, "{\"phone\":{\"callable\":[]}}")
                        .answers(422, "phone.callable"),
                given("a new contact without permissions")
                        .post(all, "{\"notes\":\"never\"}")
                        .answers(422, "permissions"),
                given("permissions of nobody")
                        .post(all, "{\"notes\":\"never\",\"permissions\":{\"profile\":false}}")
                        .answers(422, "permissions.identity_id"),
                given("permissions of an unknown agent")
                        .post(all, wish(UNKNOWN, "\"profile\":false"))
                        .answers(404, "identity_not_found"),
                given("permissions in two shapes")
                        .post(all, wish(id, "\"phones\":{},\"phone\":{}"))
                        .answers(422, "shape"),
                given("permissions for another number")
                        .post(all, wish(id, "\"phones\":{\"+12025558001\":true}"))
                        .answers(422, "+12025558001"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void is_refused(Scenario scenario) {
        scenario.play(admin);
        assertThat(admin.get(ALL).text()).as("nobody is written down").doesNotContain("never");
    }

    @Test
    void without_a_word_the_modes_decide_and_the_contact_is_seen() {
        Talk talk = Talk.begin(server);
        String contact = write(talk, "");

        assertThat(admin.get(permissions(talk, contact)).expect(200).text())
                .isEqualTo(maps(talk.person(), true, true, true, true));
        admin.patch("/api/v1/identities/" + talk.handle(), "{\"phone_inbound_filter_mode\":\"whitelist\"}")
                .expect(200);
        assertThat(admin.get(permissions(talk, contact)).expect(200).text())
                .isEqualTo(maps(talk.person(), false, true, true, true));
    }

    @Test
    void what_is_said_of_a_number_is_a_rule_and_both_views_always_agree() {
        Talk talk = Talk.begin(server);
        String other = server.person();
        String contact = write(talk, ",{\"value_e164\":\"%s\"}".formatted(other));

        JsonNode after = admin.patch(
                        access(talk, contact), "{\"phone\":{\"inbound_contactable\":[\"%s\"]}}".formatted(other))
                .expect(200)
                .json();

        assertThat(after.path("phone").path("inbound_contactable").toString()).isEqualTo("[\"%s\"]".formatted(other));
        assertThat(after.path("phone").path("contactable").size()).isEqualTo(2);
        assertThat(rules(talk))
                .containsOnly(Map.entry(talk.person(), "block inbound"), Map.entry(other, "allow inbound"));
        String one = "{\"phones\":{\"%s\":false}}".formatted(talk.person());
        admin.patch(permissions(talk, contact), one).expect(200);
        assertThat(rules(talk)).containsOnly(Map.entry(talk.person(), "block both"), Map.entry(other, "allow inbound"));
        assertThat(talk.reply("not to you").expect(403).text()).contains("recipient_blocked");
        String rule = admin.get(rulesOf(talk))
                .json()
                .valueStream()
                .filter(it -> it.path("match_target").asString().equals(talk.person()))
                .findFirst()
                .orElseThrow()
                .path("id")
                .asString();
        admin.delete(rulesOf(talk) + "/" + rule).expect(204);
        assertThat(admin.get(access(talk, contact))
                        .json()
                        .path("phone")
                        .path("contactable")
                        .toString())
                .contains(talk.person());
        talk.reply("to you again").expect(201);
        admin.patch(access(talk, contact), "{\"phone\":{\"contactable\":[]}}").expect(200);
        assertThat(rules(talk)).containsOnly(Map.entry(talk.person(), "block both"), Map.entry(other, "block both"));
        admin.delete(ALL + "/" + contact).expect(204);
        assertThat(rules(talk)).as("rules stay without the contact").hasSize(2);
    }

    @Test
    void a_contact_without_profile_does_not_exist_for_the_agent_and_is_cut_off_both_ways() {
        Talk talk = Talk.begin(server);
        String contact = write(talk, "");
        String one = ALL + "/" + contact;
        String lookup = ALL + "/lookup?phone=" + Api.encode(talk.person());
        admin.patch(permissions(talk, contact), "{\"phones\":{\"%s\":true}}".formatted(talk.person()))
                .expect(200);

        admin.patch(access(talk, contact), "{\"profile\":false}").expect(200);

        assertThat(admin.get(permissions(talk, contact)).text())
                .isEqualTo(maps(talk.person(), false, false, false, false));
        Api agent = talk.agent();
        assertThat(agent.get(one).expect(404).text())
                .isEqualTo(agent.get(ALL + "/" + UNKNOWN).text());
        agent.patch(one, "{\"notes\":\"x\"}").expect(404);
        agent.delete(one).expect(404);
        assertThat(agent.get(lookup).text()).isEqualTo("[]");
        assertThat(agent.get(ALL + "?limit=200").text()).doesNotContain(contact);
        assertThat(agent.get("/api/v1/imessage/events?after=0", "application/json")
                        .text())
                .contains("\"contacts\":[]")
                .doesNotContain(contact);
        assertThat(agent.post(ALL, "{\"phones\":[{\"value_e164\":\"%s\"}]}".formatted(talk.person()))
                        .expect(409)
                        .text())
                .doesNotContain(contact);
        assertThat(talk.reply("hello?")
                        .expect(403)
                        .json()
                        .path("detail")
                        .path("matched_rule_id")
                        .isNull())
                .isTrue();
        admin.text(talk.person(), talk.line(), "are you there?");
        waitFor(
                () -> admin.get(Talk.MESSAGES + "?conversation_id=" + talk.conversation())
                        .json(),
                messages -> messages.get(0).path("is_blocked").asBoolean());
        assertThat(agent.get(Talk.MESSAGES).text()).doesNotContain("are you there?");
        assertThat(rules(talk)).as("the rule stays").containsOnly(Map.entry(talk.person(), "allow both"));
        assertThat(contactOfRule(agent, talk).isNull()).isTrue();
        assertThat(contactOfRule(admin, talk).path("id").asString()).isEqualTo(contact);
        assertThat(admin.get(one).expect(200).json().path("given_name").asString())
                .isEqualTo("Sam");

        assertThat(admin.patch(permissions(talk, contact), "{\"phones\":{\"%s\":true}}".formatted(talk.person()))
                        .expect(422)
                        .text())
                .contains("profile");
        admin.patch(access(talk, contact), "{\"phone\":{\"visible\":true}}").expect(422);
        admin.patch(permissions(talk, contact), "{\"profile\":true}").expect(200);
        agent.get(one).expect(200);
        talk.reply("here I am").expect(201);
        assertThat(contactOfRule(agent, talk).has("latest_memory")).isFalse();
    }

    @Test
    void what_hides_a_contact_follows_its_numbers_and_ends_with_it() {
        Talk first = Talk.begin(server);
        String contact = write(first, "");
        String next = server.person();
        admin.patch(permissions(first, contact), "{\"profile\":false}").expect(200);
        first.reply("no").expect(403);

        admin.patch(ALL + "/" + contact, "{\"phones\":[{\"value_e164\":\"%s\"}]}".formatted(next))
                .expect(200);

        first.reply("yes").expect(201);
        assertThat(refusesToConnect(next, first)).isTrue();
        admin.delete(ALL + "/" + contact).expect(204);
        assertThat(admin.connect(next, first.handle())).isNotEmpty();
    }

    @Test
    void mail_addresses_and_memories_are_kept_and_told_again() {
        Talk talk = Talk.begin(server);
        String contact =
                made(admin.post(ALL, "{\"emails\":[{\"value\":\"Sam@%s.example\"}]}".formatted(talk.handle())));
        String mail = "sam@" + talk.handle() + ".example";

        admin.patch(
                        permissions(talk, contact),
                        "{\"inbound_emails\":{\"%s\":false},\"memories\":false}".formatted(mail))
                .expect(200);

        JsonNode after = admin.get(permissions(talk, contact)).json();
        assertThat(after.path("inbound_emails").path(mail).asBoolean(true)).isFalse();
        assertThat(after.path("emails").path(mail).asBoolean()).isTrue();
        assertThat(after.path("memories").asBoolean(true)).isFalse();
        assertThat(admin.get(access(talk, contact))
                        .json()
                        .path("email")
                        .path("inbound_contactable")
                        .isEmpty())
                .isTrue();
    }

    @Test
    void somebody_is_written_down_with_permissions_in_one_go() {
        Talk talk = Talk.begin(server);
        String wish =
                "{\"given_name\":\"Sam\",\"phones\":[{\"value_e164\":\"%s\"}],\"permissions\":{\"identity_id\":\"%s\",%s}}";
        String id = talk.identity().path("id").asString();

        JsonNode made = admin.post(
                        ALL + "/with-permissions",
                        wish.formatted(talk.person(), id, "\"phone\":{\"outbound_contactable\":[]},\"memories\":false"))
                .expect(201)
                .json();

        assertThat(rules(talk)).containsOnly(Map.entry(talk.person(), "block outbound"));
        assertThat(admin.get(permissions(talk, made.path("id").asString())).text())
                .isEqualTo(maps(talk.person(), true, false, true, false));
        talk.agent().get(ALL + "/" + made.path("id").asString()).expect(200);
        talk.agent().post(ALL + "/with-permissions", "{}").expect(403);
    }

    private boolean refusesToConnect(String person, Talk talk) {
        admin.text(person, Api.ROUTER, "connect @" + talk.handle());
        List<JsonNode> bubbles = waitFor(() -> admin.bubbles(person, Api.ROUTER), it -> it.size() >= 2);
        return admin.phone(person).path("threads").size() == 1 && bubbles.size() >= 2;
    }

    private String write(Talk talk, String more) {
        return made(admin.post(
                ALL, "{\"given_name\":\"Sam\",\"phones\":[{\"value_e164\":\"%s\"}%s]}".formatted(talk.person(), more)));
    }

    private Map<String, String> rules(Talk talk) {
        return admin.get(rulesOf(talk))
                .expect(200)
                .json()
                .valueStream()
                .collect(Collectors.toMap(
                        rule -> rule.path("match_target").asString(),
                        rule -> rule.path("action").asString() + " "
                                + rule.path("direction").asString()));
    }

    private static JsonNode contactOfRule(Api api, Talk talk) {
        return api.get(rulesOf(talk)).expect(200).json().get(0).path("contact");
    }

    private static String rulesOf(Talk talk) {
        return "/api/v1/identities/" + talk.handle() + "/phone-contact-rules";
    }

    private static String permissions(Talk talk, String contact) {
        return of(talk.handle(), contact) + "/permissions";
    }

    private static String access(Talk talk, String contact) {
        return of(talk.handle(), contact) + "/access";
    }

    private static String of(String handle, String contact) {
        return "/api/v1/identities/" + handle + "/contacts/" + contact;
    }

    private static String made(Api.Answer answer) {
        return answer.expect(201).json().path("id").asString();
    }

    private static String wish(String identity, String permissions) {
        return "{\"notes\":\"never\",\"permissions\":{\"identity_id\":\"%s\",%s}}".formatted(identity, permissions);
    }

    private static String maps(String number, boolean inbound, boolean outbound, boolean profile, boolean memories) {
        return """
                {"emails":{},"inbound_emails":{},"outbound_emails":{},"phones":{"%1$s":%3$s},"inbound_phones":{"%1$s":%2$s},\
                "outbound_phones":{"%1$s":%3$s},"profile":%4$s,"memories":%5$s}""".formatted(number, inbound, outbound, profile, memories);
    }
}
