package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/// What one organization may have so many of: it is refused one more, others are not, and what it ends makes room.
class RowQuotasTest {

    private static final String IDENTITIES = "/api/v1/identities";
    private static final String KEYS = "/api/v1/api-keys";

    @RegisterExtension
    static final TestServer server =
            new TestServer("limits: {identities: 2, keys: 3, rules_per_identity: 2, contacts: 2}");

    private final Api admin = server.admin();

    @Test
    void an_organization_has_its_share_of_rows_and_what_it_ends_makes_room() {
        JsonNode first = admin.identity("share-a");
        admin.identity("share-b");

        refused(admin.post(IDENTITIES, identity("share-c")), "identity_quota_exceeded", "limits.identities");
        server.stranger().identity("share-of-others");
        admin.delete(IDENTITIES + "/share-b").expect(204);
        admin.identity("share-c");

        rulesOf("share-a");
        contacts();
        keysOf(first);
    }

    private void rulesOf(String handle) {
        String rules = "/api/v1/imessage/identities/" + handle + "/contact-rules";
        String one = admin.post(rules, rule(1)).expect(201).json().path("id").asString();
        admin.post(rules, rule(2)).expect(201);

        refused(admin.post(rules, rule(3)), "contact_rule_quota_exceeded", "limits.rules_per_identity");
        admin.post(rules, rule(1)).expect(409);
        admin.post(rules.replace("share-a", "share-c"), rule(3)).expect(201);
        admin.delete(rules + "/" + one).expect(204);
        admin.post(rules, rule(3)).expect(201);
    }

    private void contacts() {
        String contacts = "/api/v1/contacts";
        String one = admin.post(contacts, "{}").expect(201).json().path("id").asString();
        admin.post(contacts, "{}").expect(201);

        refused(admin.post(contacts, "{}"), "contact_quota_exceeded", "limits.contacts");
        server.stranger().post(contacts, "{}").expect(201);
        admin.delete(contacts + "/" + one).expect(204);
        admin.post(contacts, "{}").expect(201);
    }

    private void keysOf(JsonNode identity) {
        String id = identity.path("id").asString();
        String one = admin.post(KEYS, key(id))
                .expect(201)
                .json()
                .path("record")
                .path("id")
                .asString();
        admin.post(KEYS, key(id)).expect(201);
        admin.post(KEYS, key(id)).expect(201);

        refused(admin.post(KEYS, key(id)), "api_key_quota_exceeded", "limits.keys");
        admin.post(KEYS + "/" + one + "/revoke", "").expect(200);
        admin.post(KEYS, key(id)).expect(201);
    }

    private static void refused(Api.Answer answer, String code, String setting) {
        JsonNode detail = answer.expect(409).json().path("detail");
        assertThat(detail.path("code").asString()).isEqualTo(code);
        assertThat(detail.path("message").asString()).contains(setting);
    }

    private static String identity(String handle) {
        return "{\"agent_handle\":\"%s\"}".formatted(handle);
    }

    private static String rule(int last) {
        return "{\"action\":\"block\",\"match_target\":\"+1202555099%d\"}".formatted(last);
    }

    private static String key(String identity) {
        return "{\"label\":\"share\",\"scoped_identity_id\":\"%s\"}".formatted(identity);
    }
}
