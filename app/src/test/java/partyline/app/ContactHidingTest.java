package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What an admin says of a contact stands until an admin takes it back.
class ContactHidingTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/contacts";

    private final Api admin = server.admin();
    private final Talk talk = Talk.begin(server);
    private final Api writer = admin.scoped(admin.identity("hiding-" + UUID.randomUUID()));
    private final String contact = made(writer.post(
            ALL,
            "{\"phones\":[{\"value_e164\":\"%s\"}],\"emails\":[{\"value\":\"a@%s.example\"}]}"
                    .formatted(talk.person(), talk.handle())));
    private final String one = ALL + "/" + contact;
    private final String many = "{\"contact_ids\":[\"%s\"]}".formatted(contact);
    private final String permissions = "/api/v1/identities/" + talk.handle() + "/contacts/" + contact + "/permissions";

    @Test
    void an_agent_does_not_end_a_hiding_by_deleting_the_contact_that_it_wrote() {
        admin.patch(permissions, "{\"profile\":false}").expect(200);

        assertThat(writer.delete(one).expect(403).text()).contains("admin_key_required");
        JsonNode answer = writer.post(ALL + "/bulk-delete", many).expect(200).json();
        assertThat(answer.path("deleted_count").asInt()).isZero();
        assertThat(answer.path("results").path(0).path("error_code").asString()).isEqualTo("admin_key_required");
        writer.patch(one, "{\"phones\":[]}").expect(403);

        talk.reply("hello?").expect(403);
        talk.agent().get(one).expect(404);
        admin.patch(permissions, "{\"profile\":true}").expect(200);
        writer.delete(one).expect(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"memories\":false", "\"emails\":{\"a@%s.example\":false}"})
    void an_agent_does_not_delete_a_contact_of_which_an_admin_has_said_anything(String said) {
        admin.patch(permissions, "{" + said.formatted(talk.handle()) + "}").expect(200);

        writer.delete(one).expect(403);

        admin.delete(one).expect(204);
    }

    @Test
    void an_admin_who_deletes_hidden_contacts_ends_what_hid_their_numbers() {
        String other = made(admin.post(ALL, "{\"given_name\":\"Ann\"}"));
        admin.patch(permissions, "{\"profile\":false}").expect(200);
        admin.patch(permissions.replace(contact, other), "{\"profile\":false}").expect(200);
        talk.reply("hello?").expect(403);

        String both = "{\"contact_ids\":[\"%s\",\"%s\"]}".formatted(other, contact);
        assertThat(admin.post(ALL + "/bulk-delete", both)
                        .expect(200)
                        .json()
                        .path("deleted_count")
                        .asInt())
                .isEqualTo(2);

        talk.reply("hello!").expect(201);
    }

    private static String made(Api.Answer answer) {
        return answer.expect(201).json().path("id").asString();
    }
}
