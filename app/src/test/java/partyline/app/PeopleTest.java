package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// One person over all agents of an organization, and all that is kept about them.
class PeopleTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String PEOPLE = "/api/v1/people";

    private Talk talk;
    private Api admin;

    @BeforeEach
    void begin() {
        talk = Talk.begin(server);
        admin = talk.admin();
    }

    @Test
    void a_person_is_shown_with_each_agent_of_the_organization_and_no_others() {
        Talk elsewhere = Talk.begin(server, server.stranger());
        String second =
                admin.identity("second-" + talk.handle()).path("agent_handle").asString();
        connect(second);
        connect(elsewhere.handle());
        talk.delivered("one more");

        JsonNode person = admin.get(one()).expect(200).json();

        assertThat(person.path("number").asString()).isEqualTo(talk.person());
        assertThat(handles(person)).containsExactly(second, talk.handle());
        JsonNode first = person.path("connections").path(1);
        assertThat(first.path("conversation_id").asString()).isEqualTo(talk.conversation());
        assertThat(first.path("status").asString()).isEqualTo("active");
        assertThat(first.path("messages").asInt()).isEqualTo(2);
        assertThat(first.path("unread").asInt()).isEqualTo(1);
        assertThat(first.path("media").asInt()).isZero();
        assertThat(first.path("latest_message_at").asString())
                .isGreaterThan(first.path("first_message_at").asString());
        assertThat(person.path("connections").path(0).path("conversation_id").isNull())
                .as("they never wrote to the second")
                .isTrue();
        assertThat(person.path("kept").path("messages").asInt()).isEqualTo(2);
        assertThat(person.path("kept").path("events").asInt()).isGreaterThan(3);
        assertThat(handles(server.stranger().get(one()).expect(200).json())).containsExactly(elsewhere.handle());
    }

    @Test
    void who_is_unknown_to_an_organization_does_not_exist_for_it() {
        assertThat(server.stranger().get(one()).expect(404).text()).contains("person_not_found");
        assertThat(admin.get(PEOPLE + "/" + Api.encode(server.person()))
                        .expect(404)
                        .text())
                .contains("person_not_found");
        assertThat(admin.get(PEOPLE + "/me").expect(422).text()).contains("number");
    }

    @Test
    void their_name_and_what_they_said_about_being_texted_are_told() {
        String contact = contact(admin, "Sam Doe", talk.person());
        contact(server.stranger(), "Somebody Else", talk.person());

        admin.text(talk.person(), Api.ROUTER, "STOP");

        JsonNode person = waitFor(
                () -> admin.get(one()).expect(200).json(),
                it -> !it.path("stopped_at").isNull());
        assertThat(person.path("contact").path("id").asString()).isEqualTo(contact);
        assertThat(person.path("contact").path("name").asString()).isEqualTo("Sam Doe");
        assertThat(person.path("consents").path(0).path("words").asString()).isEqualTo("STOP");
        assertThat(person.path("connections").path(0).path("status").asString()).isEqualTo("released");
        JsonNode elsewhere = server.stranger().get(one()).expect(200).json();
        assertThat(elsewhere.path("contact").path("name").asString()).isEqualTo("Somebody Else");
        assertThat(elsewhere.path("consents")).isEmpty();
        assertThat(elsewhere.path("stopped_at").isNull()).isTrue();
        assertThat(elsewhere.path("connections")).isEmpty();
    }

    @Test
    void people_are_found_by_the_beginning_of_their_number_or_by_name_and_walked_in_order() {
        Talk other = Talk.begin(server);
        Talk foreign = Talk.begin(server, server.stranger());
        contact(admin, "Quentin Xylo " + talk.handle(), talk.person());

        List<String> all = walked(PEOPLE + "?limit=1");
        assertThat(all).contains(talk.person(), other.person()).doesNotContain(foreign.person());
        assertThat(all).isSorted().doesNotHaveDuplicates();
        assertThat(walked(PEOPLE + "?q=" + Api.encode(talk.person()))).containsExactly(talk.person());
        assertThat(walked(PEOPLE + "?q=" + talk.person().substring(1, 9))).contains(talk.person(), other.person());
        assertThat(walked(PEOPLE + "?q=" + Api.encode("+1 (202) 55"))).contains(talk.person());
        assertThat(walked(PEOPLE + "?q=" + Api.encode("xylo " + talk.handle()))).containsExactly(talk.person());
        assertThat(walked(PEOPLE + "?q=nobody-is-called-so")).isEmpty();
        JsonNode row =
                admin.get(PEOPLE + "?q=" + Api.encode(talk.person())).json().path(0);
        assertThat(row.path("contact").path("name").asString()).startsWith("Quentin Xylo");
        assertThat(row.path("conversations").asInt()).isEqualTo(1);
        assertThat(row.path("latest_message_at").isString()).isTrue();
    }

    @Test
    void the_operator_takes_out_all_that_is_kept_and_nobody_else() {
        Api.Answer exported = admin.get(one() + "/export").expect(200);

        assertThat(exported.response()
                        .headers()
                        .firstValue("Content-Disposition")
                        .orElseThrow())
                .contains("attachment", talk.person().substring(1));
        assertThat(exported.json().path("number").asString()).isEqualTo(talk.person());
        assertThat(exported.json().path("conversations").path("message").toString())
                .contains("hello");
        server.stranger().get(one() + "/export").expect(403);
        talk.agent().get(one() + "/export").expect(403);
    }

    @Test
    void the_operator_erases_who_is_named_twice_in_every_organization() {
        Talk elsewhere = Talk.begin(server, server.stranger());
        connect(elsewhere.handle());
        for (String wrong : List.of("", "?confirm=", "?confirm=" + Api.encode(server.person()), "?sure=yes")) {
            assertThat(admin.delete(one() + wrong).expect(422).status()).isEqualTo(422);
        }
        String sure = one() + "?confirm=" + Api.encode(talk.person());
        server.stranger().delete(sure).expect(403);
        talk.agent().delete(sure).expect(403);
        admin.get(one()).expect(200);

        JsonNode erased = admin.delete(sure).expect(200).json();

        assertThat(erased.path("rows").asInt()).isGreaterThan(3);
        assertThat(erased.path("scrubbed").asBoolean(false)).isTrue();
        admin.get(one()).expect(404);
        server.stranger().get(one()).expect(404);
        assertThat(talk.agent().get(Talk.MESSAGES).expect(200).json()).isEmpty();
        admin.delete(sure).expect(200);
    }

    private void connect(String handle) {
        int before = threads();
        admin.text(talk.person(), Api.ROUTER, "connect @" + handle);
        waitFor(this::threads, count -> count > before);
    }

    private int threads() {
        return admin.phone(talk.person()).path("threads").size();
    }

    private String one() {
        return PEOPLE + "/" + Api.encode(talk.person());
    }

    private List<String> walked(String first) {
        List<String> numbers = new ArrayList<>();
        for (Optional<String> next = Optional.of(first); next.isPresent(); ) {
            Api.Answer page = admin.get(next.get()).expect(200);
            page.json().forEach(it -> numbers.add(it.path("number").asString()));
            next = page.next();
        }
        return numbers;
    }

    private static List<String> handles(JsonNode person) {
        return person.path("connections")
                .valueStream()
                .map(it -> it.path("agent_handle").asString())
                .toList();
    }

    private static String contact(Api api, String name, String number) {
        String body = "{\"preferred_name\":\"%s\",\"phones\":[{\"value_e164\":\"%s\"}]}".formatted(name, number);
        return api.post("/api/v1/contacts", body).expect(201).json().path("id").asString();
    }
}
