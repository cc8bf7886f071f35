package partyline.app;

import static partyline.app.ContactsTest.id;
import static partyline.app.ContactsTest.numbers;
import static partyline.app.ContactsTest.phones;
import static partyline.app.Scenario.given;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the address book refuses: everything that is wrong is named.
class ContactRefusalsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/contacts";
    private static final String UNKNOWN = ALL + "/00000000-0000-4000-8000-000000000000";

    static Stream<Scenario> refusals() {
        Api admin = server.admin();
        Api agent = admin.scoped(admin.identity("contacts-refused"));
        String one = ALL + "/" + id(admin.post(ALL, "{\"given_name\":\"Ann\"}"));
        String permissions = one.replace(ALL, "/api/v1/identities/contacts-refused/contacts") + "/";
        String foreign = ALL + "/" + id(server.stranger().post(ALL, "{}"));
        return Stream.of(
                given("a key of no contact")
                        .post(ALL, "{\"given_name\":\"A\",\"access\":[]}")
                        .answers(422, "access", "nothing was changed"),
                given("a key of no phone")
                        .post(ALL, phones("{\"number\":\"+12025550140\"}"))
                        .answers(422, "phones.0.number"),
                given("a number in national form")
                        .post(ALL, phones("{\"value_e164\":\"2025550140\"}"))
                        .answers(422, "phones.0.value_e164", "E.164"),
                given("a phone without a number")
                        .post(ALL, phones("{}"))
                        .answers(422, "phones.0.value_e164", "required"),
                given("a number twice")
                        .post(ALL, phones("{\"value_e164\":\"+12025550140\"},{\"value_e164\":\"+12025550140\"}"))
                        .answers(422, "phones", "twice"),
                given("two main numbers")
                        .post(
                                ALL,
                                phones("{\"value_e164\":\"+12025550140\",\"is_primary\":true},"
                                        + "{\"value_e164\":\"+12025550141\",\"is_primary\":true}"))
                        .answers(422, "phones", "is_primary"),
                given("51 numbers").post(ALL, phones(numbers(51))).answers(422, "phones", "at most 50"),
                given("an address without a domain")
                        .post(ALL, "{\"emails\":[{\"value\":\"sam\"}]}")
                        .answers(422, "emails.0.value", "mail address"),
                given("addresses that are no objects")
                        .post(ALL, "{\"emails\":[\"a@b.example\"]}")
                        .answers(422, "emails"),
                given("a birthday that is no date")
                        .post(ALL, "{\"birthday\":\"soon\"}")
                        .answers(422, "birthday"),
                given("a name of two lines")
                        .post(ALL, "{\"given_name\":\"A\\nB\"}")
                        .answers(422, "given_name", "one line"),
                given("a name that is too long")
                        .post(ALL, "{\"preferred_name\":\"%s\"}".formatted("a".repeat(256)))
                        .answers(422, "preferred_name", "255"),
                given("more than a card holds")
                        .post(ALL, "{\"custom_fields\":[%s]}".formatted(large()))
                        .answers(422, "8192"),
                given("a question to a new contact")
                        .post(ALL + "?dry_run=true", "{}")
                        .answers(422, "dry_run", "nothing was changed"),
                given("a question to a change").patch(one + "?force=1", "{}").answers(422, "force"),
                given("a question to a deletion").delete(one + "?dry_run=true").answers(422, "dry_run"),
                given("a question to many deletions")
                        .post(ALL + "/bulk-delete?dry_run=true", "{\"contact_ids\":[]}")
                        .answers(422, "dry_run"),
                given("a question to permissions")
                        .patch(permissions + "permissions?dry_run=true", "{\"profile\":false}")
                        .answers(422, "dry_run"),
                given("a question to access")
                        .patch(permissions + "access?dry_run=true", "{\"profile\":false}")
                        .answers(422, "dry_run"),
                given("a question to a new contact with permissions")
                        .post(ALL + "/with-permissions?dry_run=true", "{}")
                        .answers(422, "dry_run"),
                given("a state that there is not")
                        .patch(one, "{\"review_status\":\"doubtful\"}")
                        .answers(422, "review_status", "confirmed"),
                given("no state").patch(one, "{\"review_status\":null}").answers(422, "review_status"),
                given("an agent that edits numbers")
                        .as(_ -> agent)
                        .patch(one, "{\"phones\":[]}")
                        .answers(403, "admin_key_required"),
                given("an agent that edits mail addresses of nobody")
                        .as(_ -> agent)
                        .patch(UNKNOWN, "{\"emails\":[]}")
                        .answers(403, "admin_key_required"),
                given("an agent that deletes what an admin wrote")
                        .as(_ -> agent)
                        .delete(one)
                        .answers(403, "admin_key_required"),
                given("an unknown contact").get(UNKNOWN).answers(404, "contact_not_found"),
                given("another organization's contact").get(foreign).answers(404, "contact_not_found"),
                given("another organization's contact, changed")
                        .patch(foreign, "{\"notes\":\"x\"}")
                        .answers(404),
                given("another organization's contact, deleted").delete(foreign).answers(404),
                given("a card to download").get(one + ".vcf").answers(404, "contact_not_found"),
                given("a fact").post(one + "/facts", "{\"content\":\"x\"}").answers(404),
                given("contacts to merge").post(one + "/merge", "{}").answers(404),
                given("cards to import").post(ALL + "/import", "{}").answers(404),
                given("what was said").get(one + "/correspondence").answers(404),
                given("no key").as(_ -> server.nobody()).get(ALL).answers(401),
                given("a look for nothing").get(ALL + "/lookup").answers(422, "phone"),
                given("a look for two things")
                        .get(ALL + "/lookup?email=a%40b.example&phone=%2B12025550140")
                        .answers(422, "only one"),
                given("a look for no number").get(ALL + "/lookup?phone=sam").answers(422, "phone", "E.164"),
                given("a look for a part without digits")
                        .get(ALL + "/lookup?phone_contains=x")
                        .answers(422, "digits"),
                given("an order that there is not").get(ALL + "?order=age").answers(422, "order", "recent"),
                given("a page too far").get(ALL + "?offset=10001").answers(422, "offset"),
                given("a page too large").get(ALL + "?limit=201").answers(422, "limit"),
                given("a state to list that there is not")
                        .get(ALL + "?review_status=new")
                        .answers(422, "review_status"),
                given("a note").post("/api/v1/notes", "{\"body\":\"x\"}").answers(404));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void is_refused(Scenario scenario) {
        scenario.play(server.admin());
    }

    private static String large() {
        return IntStream.range(0, 17)
                .mapToObj(at -> "{\"label\":\"%d\",\"value\":\"%s\"}".formatted(at, "x".repeat(2_000)))
                .collect(Collectors.joining(","));
    }
}
