package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// The address book over HTTP: what is written is read again, by whom it may be.
class ContactsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/contacts";
    private static final String UNKNOWN = ALL + "/00000000-0000-4000-8000-000000000000";

    private final Api admin = server.admin();

    @Test
    void a_contact_is_read_as_it_was_written() {
        String number = server.person();
        String wish = """
                {"preferred_name":"Sammy","given_name":"Sam","family_name":"Doe","company_name":"Acme","job_title":"Cook",
                 "notes":"Likes tea.\\nAllergic to nuts.","birthday":"1990-12-31",
                 "emails":[{"value":"Sam.%1$s@Example.org","label":"work"},{"value":"sam%1$s@b.example","is_primary":false}],
                 "phones":[{"value_e164":"+%1$s","label":null,"is_primary":true}],
                 "websites":[{"url":"https://sam.example","label":"blog"}],
                 "dates":[{"date":"2020-02-29","label":"wedding"}],
                 "addresses":[{"street":"1 Main St","city":"Springfield","country":"US"}],
                 "custom_fields":[{"label":"shoe","value":"43"}]}
                """.formatted(number.substring(1));

        JsonNode made = admin.post(ALL, wish).expect(201).json();

        assertThat(made.propertyNames())
                .containsExactly(
                        ("id organization_id status preferred_name name_prefix given_name middle_name family_name"
                                        + " name_suffix company_name job_title notes birthday emails phones websites dates"
                                        + " addresses custom_fields access creation_source review_status reviewed_at"
                                        + " reviewed_by is_confirmed is_auto_created preferred_name_source"
                                        + " preferred_name_locked_at created_by_identity_id merged_into_contact_id"
                                        + " created_at updated_at memory_count latest_memory")
                                .split(" "));
        assertThat(made.path("emails").toString())
                .contains("Sam.", "\"label\":\"work\",\"is_primary\":true", "\"is_primary\":false");
        assertThat(made.path("phones").toString())
                .isEqualTo("[{\"value_e164\":\"%s\",\"label\":null,\"is_primary\":true}]".formatted(number));
        assertThat(made.path("addresses").get(0).path("label").isNull()).isTrue();
        assertThat(made.path("notes").asString()).isEqualTo("Likes tea.\nAllergic to nuts.");
        assertThat(made.path("review_status").asString()).isEqualTo("confirmed");
        assertThat(made.path("created_by_identity_id").isNull()).isTrue();
        assertThat(admin.get(ALL + "/" + made.path("id").asString()).expect(200).json())
                .isEqualTo(made);
        assertThat(found("phone=" + Api.encode(number)))
                .isEqualTo(List.of(made.path("id").asString()));
    }

    @Test
    void fifty_numbers_and_fifty_mail_addresses_are_not_too_many() {
        String mails = IntStream.range(0, 50)
                .mapToObj(at -> "{\"value\":\"many-%d@example.org\"}".formatted(at))
                .collect(Collectors.joining(","));

        JsonNode made = admin.post(ALL, "{\"phones\":[%s],\"emails\":[%s]}".formatted(numbers(50), mails))
                .expect(201)
                .json();

        assertThat(made.path("phones").size()).isEqualTo(50);
        assertThat(found("email=many-49%40example.org"))
                .containsExactly(made.path("id").asString());
        assertThat(made.path("preferred_name").isNull()).isTrue();
        admin.delete(ALL + "/" + made.path("id").asString()).expect(204);
    }

    @Test
    void a_change_replaces_what_it_names_takes_away_what_is_null_and_leaves_the_rest() {
        String old = server.person();
        String next = server.person();
        String one = ALL + "/"
                + id(admin.post(
                        ALL,
                        "{\"given_name\":\"Ann\",\"notes\":\"old\",\"phones\":[{\"value_e164\":\"%s\"}]}"
                                .formatted(old)));

        JsonNode after = admin.patch(
                        one,
                        "{\"notes\":null,\"job_title\":\"Pilot\",\"phones\":[{\"value_e164\":\"%s\"}]}".formatted(next))
                .expect(200)
                .json();

        assertThat(after.path("given_name").asString()).isEqualTo("Ann");
        assertThat(after.path("notes").isNull()).isTrue();
        assertThat(after.path("job_title").asString()).isEqualTo("Pilot");
        assertThat(found("phone=" + Api.encode(old))).isEmpty();
        assertThat(found("phone=" + Api.encode(next))).hasSize(1);
        admin.patch(one, "{\"phones\":null}").expect(200);
        assertThat(found("phone=" + Api.encode(next))).isEmpty();
        assertThat(admin.get(one).json().path("phones").toString()).isEqualTo("[]");
        server.restart();
        assertThat(server.admin().get(one).json().path("job_title").asString()).isEqualTo("Pilot");
    }

    @Test
    void an_agent_writes_in_the_book_and_deletes_only_what_it_wrote() {
        JsonNode identity = admin.identity("contacts-" + UUID.randomUUID());
        Api agent = admin.scoped(identity);
        Api sibling = admin.scoped(admin.identity("contacts-" + UUID.randomUUID()));

        JsonNode made = agent.post(ALL, phones("{\"value_e164\":\"%s\"}".formatted(server.person())))
                .expect(201)
                .json();

        String one = ALL + "/" + made.path("id").asString();
        assertThat(made.path("created_by_identity_id").asString())
                .isEqualTo(identity.path("id").asString());
        assertThat(sibling.get(one)
                        .expect(200)
                        .json()
                        .path("created_by_identity_id")
                        .isNull())
                .as("agents do not know of each other")
                .isTrue();
        assertThat(sibling.patch(one, "{\"notes\":\"seen\"}")
                        .expect(200)
                        .json()
                        .path("notes")
                        .asString())
                .isEqualTo("seen");
        sibling.delete(one).expect(403);
        agent.delete(one).expect(204);
        agent.get(one).expect(404);
        agent.delete(one).expect(404);
    }

    @Test
    void a_number_or_a_mail_address_belongs_to_one_contact_of_an_organization() {
        String number = server.person();
        String mail = "one-" + number.substring(1) + "@example.org";
        String wish = "{\"phones\":[{\"value_e164\":\"%s\"}],\"emails\":[{\"value\":\"%s\"}]}".formatted(number, mail);
        String first = id(admin.post(ALL, wish));
        String second = id(admin.post(ALL, "{\"given_name\":\"Other\"}"));

        JsonNode detail = admin.post(ALL, phones("{\"value_e164\":\"%s\"}".formatted(number)))
                .expect(409)
                .json()
                .path("detail");

        assertThat(detail.path("error").asString()).isEqualTo("duplicate_contact_identifier");
        assertThat(detail.path("kind").asString()).isEqualTo("phone");
        assertThat(detail.path("value").asString()).isEqualTo(number);
        assertThat(detail.path("existing_contact_id").asString()).isEqualTo(first);
        String shouted = "{\"emails\":[{\"value\":\"%s\"}]}".formatted(mail.toUpperCase(Locale.ROOT));
        admin.patch(ALL + "/" + second, shouted).expect(409);
        assertThat(admin.get(ALL + "/" + second).json().path("emails").isEmpty())
                .isTrue();
        server.stranger().post(ALL, wish).expect(201);
        admin.patch(ALL + "/" + first, wish).expect(200);
        admin.delete(ALL + "/" + first).expect(204);
        admin.patch(ALL + "/" + second, shouted).expect(200);
    }

    @Test
    void a_list_is_searched_ordered_and_cut() {
        String word = "zebra" + server.person().substring(1);
        for (String name : List.of("Bea", "ada", "Cid")) {
            id(admin.post(ALL, "{\"given_name\":\"%s\",\"company_name\":\"%s\"}".formatted(name, word)));
        }
        String doubtful = listed("?q=" + word + "&limit=1").getFirst();
        admin.patch(ALL + "/" + doubtful, "{\"review_status\":\"unreviewed\"}").expect(200);

        assertThat(names("?q=" + word.toUpperCase(Locale.ROOT))).containsExactly("ada", "Bea", "Cid");
        assertThat(names("?q=" + word + "&order=name&limit=1&offset=1")).containsExactly("Bea");
        assertThat(names("?q=" + word + "&order=recent")).containsExactly("ada", "Cid", "Bea");
        assertThat(names("?q=" + word + "&review_status=unreviewed")).containsExactly("ada");
        assertThat(names("?q=" + word + "&review_status=confirmed")).containsExactly("Bea", "Cid");
        assertThat(names("?q=" + word + "&review_status=confirmed&review_status=unreviewed"))
                .hasSize(3);
        assertThat(server.stranger().get(ALL + "?q=" + word).expect(200).text()).isEqualTo("[]");
    }

    @Test
    void whoever_has_an_address_is_found_by_all_of_it_or_a_part() {
        String number = server.person();
        String unique = number.substring(1);
        String id = id(admin.post(
                ALL,
                "{\"phones\":[{\"value_e164\":\"%s\"}],\"emails\":[{\"value\":\"Sam@%s.Example\"}]}"
                        .formatted(number, unique)));

        assertThat(List.of(
                        "phone=" + Api.encode(number),
                        "phone_contains=" + Api.encode("(" + unique.substring(1, 4) + ") " + unique.substring(4)),
                        "email=" + Api.encode("sam@" + unique + ".EXAMPLE"),
                        "email_contains=" + Api.encode("m@" + unique),
                        "email_domain=" + unique + ".example"))
                .allSatisfy(query -> assertThat(found(query)).as(query).containsExactly(id));
        assertThat(found("email_domain=example")).isEmpty();
        assertThat(server.stranger()
                        .get(ALL + "/lookup?phone=" + Api.encode(number))
                        .expect(200)
                        .text())
                .isEqualTo("[]");
    }

    @Test
    void many_are_deleted_at_once_and_each_is_told_of() {
        Api agent = admin.scoped(admin.identity("contacts-" + UUID.randomUUID()));
        String own = id(agent.post(ALL, "{}"));
        String others = id(admin.post(ALL, "{}"));
        String foreign = id(server.stranger().post(ALL, "{}"));
        String wish = "{\"contact_ids\":[\"%s\",\"%s\",\"%s\",\"%s\"]}".formatted(own, others, foreign, own);

        JsonNode answer = agent.post(ALL + "/bulk-delete", wish).expect(200).json();

        assertThat(answer.path("deleted_count").asInt()).isOne();
        assertThat(answer.path("error_count").asInt()).isEqualTo(3);
        assertThat(answer.path("results")
                        .valueStream()
                        .map(it -> it.path("error_code").asString("")))
                .containsExactly("", "admin_key_required", "contact_not_found", "contact_not_found");
        admin.get(ALL + "/" + others).expect(200);
        server.stranger().get(ALL + "/" + foreign).expect(200);
        admin.post(ALL + "/bulk-delete", "{}").expect(422);
        admin.post(ALL + "/bulk-delete", "{\"contact_ids\":[\"x\"]}").expect(422);
        admin.post(ALL + "/bulk-delete", "{\"contact_ids\":[],\"all\":true}").expect(422);
    }

    @Test
    void an_unknown_and_a_foreign_contact_get_the_same_answer_letter_by_letter() {
        String foreign = ALL + "/" + id(server.stranger().post(ALL, "{\"given_name\":\"Ann\"}"));

        assertThat(admin.get(foreign).text()).isEqualTo(admin.get(UNKNOWN).text());
        assertThat(admin.patch(foreign, "{\"notes\":\"x\"}").text())
                .isEqualTo(admin.patch(UNKNOWN, "{\"notes\":\"x\"}").text());
        assertThat(admin.delete(foreign).text()).isEqualTo(admin.delete(UNKNOWN).text());
        assertThat(admin.get(foreign + "/facts").text())
                .isEqualTo(admin.get(UNKNOWN + "/facts").text());
    }

    @Test
    void what_an_agent_wrote_stays_when_the_agent_is_deleted() {
        String handle = "contacts-" + UUID.randomUUID();
        Api agent = admin.scoped(admin.identity(handle));
        String one = ALL + "/" + id(agent.post(ALL, "{\"given_name\":\"Ann\"}"));

        admin.delete("/api/v1/identities/" + handle).expect(204);

        assertThat(admin.get(one).expect(200).json().path("given_name").asString())
                .isEqualTo("Ann");
    }

    private List<String> found(String query) {
        return ids(server.admin().get(ALL + "/lookup?" + query));
    }

    private List<String> listed(String query) {
        return ids(admin.get(ALL + query));
    }

    private List<String> names(String query) {
        return admin.get(ALL + query)
                .expect(200)
                .json()
                .valueStream()
                .map(it -> it.path("given_name").asString())
                .toList();
    }

    private static List<String> ids(Api.Answer answer) {
        return answer.expect(200)
                .json()
                .valueStream()
                .map(it -> it.path("id").asString())
                .toList();
    }

    static String id(Api.Answer answer) {
        return answer.expect(201).json().path("id").asString();
    }

    static String phones(String items) {
        return "{\"phones\":[" + items + "]}";
    }

    static String numbers(int count) {
        return IntStream.range(0, count)
                .mapToObj(at -> "{\"value_e164\":\"+1202557%04d\"}".formatted(at))
                .collect(Collectors.joining(","));
    }
}
