package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Handles and display names: who may change them, and what they may be.
class NamesTest {

    private static final String IDENTITIES = "/api/v1/identities";

    @RegisterExtension
    static final TestServer server = new TestServer();

    private final Api admin = server.admin();
    private final String handle = "agent-" + UUID.randomUUID();
    private final JsonNode identity = admin.identity(handle);

    @Test
    void an_agents_own_key_changes_how_it_presents_itself_but_not_its_handle() {
        Api agent = admin.scoped(identity);

        assertThat(agent.patch(one(handle), handleBody("other-" + handle))
                        .expect(403)
                        .text())
                .contains("admin_key_required");
        agent.patch(one(handle), handleBody(handle).replace("}", ",\"display_name\":\"Ada\"}"))
                .expect(200);

        assertThat(admin.get(one(handle))
                        .expect(200)
                        .json()
                        .path("display_name")
                        .asString())
                .isEqualTo("Ada");
    }

    @Test
    void a_handle_that_was_renamed_or_deleted_is_kept_for_its_organization() {
        String next = "next-" + handle;
        admin.patch(one(handle), handleBody(next)).expect(200);

        server.stranger().post(IDENTITIES, handleBody(handle)).expect(409);
        admin.delete(one(next)).expect(204);
        server.stranger().post(IDENTITIES, handleBody(next)).expect(409);

        admin.post(IDENTITIES, handleBody(handle)).expect(201);
        admin.post(IDENTITIES, handleBody(next)).expect(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bank\\r\\nTEL:+19005550000",
                "a\\nb",
                "a\\tb",
                "a\\u0000b",
                "a\\u000bb",
                "a\\u000cb",
                "a\\u0085b",
                "a\\u2028b",
                "a\\u2029b",
                "a\\u202eb",
                "\\u2066a",
                "\\u200fa",
                "\\u061ca"
            })
    void a_display_name_of_several_lines_or_with_marks_of_direction_is_refused(String name) {
        String body = "{\"agent_handle\":\"new-%s\",\"display_name\":\"%s\"}".formatted(handle, name);

        assertThat(admin.post(IDENTITIES, body).expect(422).text())
                .contains("display_name must", name.contains("u0000") ? "U+0000" : "one line");
        assertThat(admin.patch(one(handle), body.replace("new-", ""))
                        .expect(422)
                        .text())
                .contains("display_name");
        admin.get(one("new-" + handle)).expect(404);
    }

    @Test
    void a_wrong_body_is_judged_before_anything_is_looked_up_to_be_written() {
        String nobody = one("nobody-" + handle);

        admin.patch(nobody, "{\"display_name\": 5}").expect(422);
        admin.patch(nobody, "{\"imessage_filter_mode\": \"greylist\"}").expect(422);
        admin.patch(nobody, "{\"display_name\": \"fine\"}").expect(404);
    }

    private static String one(String handle) {
        return IDENTITIES + "/" + handle;
    }

    private static String handleBody(String handle) {
        return "{\"agent_handle\":\"" + handle + "\"}";
    }
}
