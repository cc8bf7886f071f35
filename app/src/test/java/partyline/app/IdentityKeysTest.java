package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What may be said of an identity: every key is done, harmless, or refused by its name.
class IdentityKeysTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String ALL = "/api/v1/identities";
    private static final String UNKNOWN = "99999999-0000-4000-8000-000000000001";

    private final Api admin = server.admin();
    private final String handle = "keyed-" + UUID.randomUUID();
    private final JsonNode identity = admin.identity(handle);
    private final String one = ALL + "/" + handle;

    @Test
    void the_modes_of_one_way_are_set_alone_and_the_shared_one_tells_what_was_last_set_for_both() {
        assertThat(modes(patched("{\"phone_filter_mode\":\"whitelist\"}"))).isEqualTo("www bbb");
        assertThat(modes(patched("{\"phone_inbound_filter_mode\":\"blacklist\"}")))
                .isEqualTo("bww bbb");
        assertThat(modes(patched("{\"phone_outbound_filter_mode\":\"blacklist\"}")))
                .isEqualTo("bbb bbb");
        assertThat(modes(patched("{\"phone_outbound_filter_mode\":\"whitelist\"}")))
                .isEqualTo("bww bbb");
        assertThat(modes(patched("{\"imessage_filter_mode\":\"blacklist\"}"))).isEqualTo("bbb bbb");
        assertThat(modes(patched("{\"phone_inbound_filter_mode\":\"whitelist\"}")))
                .isEqualTo("wbb bbb");
        assertThat(modes(patched("{\"mail_filter_mode\":\"whitelist\",\"phone_outbound_filter_mode\":\"whitelist\"}")))
                .isEqualTo("www www");
        assertThat(modes(patched("{\"mail_inbound_filter_mode\":\"blacklist\"}")))
                .isEqualTo("www bww");
        assertThat(modes(patched("{\"imessage_filter_mode\":\"blacklist\",\"phone_filter_mode\":\"blacklist\"}")))
                .isEqualTo("bbb bww");
        assertThat(modes(patched("{}"))).isEqualTo("bbb bww");
        JsonNode last = patched("{\"phone_outbound_filter_mode\":\"whitelist\"}");
        assertThat(modes(last)).isEqualTo("bwb bww");
        assertThat(admin.get(one).json()).isEqualTo(last);
    }

    @Test
    void a_new_identity_has_the_modes_that_it_was_made_with() {
        JsonNode made = admin.post(ALL, """
                        {"agent_handle": "new-%s", "phone_inbound_filter_mode": "whitelist", "mail_filter_mode": "whitelist",
                         "contact_sharing_enabled": false}
                        """.formatted(handle)).expect(201).json();

        assertThat(modes(made)).isEqualTo("wbb www");
        assertThat(made.path("contact_sharing_enabled").asBoolean(true)).isFalse();
        assertThat(admin.get(ALL + "/new-" + handle).json()).isEqualTo(made);
        assertThat(admin.get(ALL).json()).contains(made);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"imessage_filter_mode\":\"whitelist\",\"phone_filter_mode\":\"blacklist\"}",
                "{\"imessage_filter_mode\":\"whitelist\",\"phone_inbound_filter_mode\":\"whitelist\"}",
                "{\"phone_filter_mode\":\"whitelist\",\"phone_outbound_filter_mode\":\"blacklist\"}",
                "{\"mail_filter_mode\":\"whitelist\",\"mail_inbound_filter_mode\":\"whitelist\"}",
                "{\"phone_inbound_filter_mode\":null}",
                "{\"phone_outbound_filter_mode\":\"supervised\"}",
                "{\"phone_inbound_filter_mode\":\"supervised\"}",
                "{\"mail_outbound_filter_mode\":\"supervised\"}",
                "{\"imessage_filter_mode\":null}",
                "{\"phone_filter_mode\":true}",
                "{\"contact_sharing_enabled\":null}",
                "{\"contact_sharing_enabled\":\"no\"}",
                "{\"imessage_inbound_filter_mode\":\"whitelist\"}",
                "{\"status\":\"paused\"}",
                "{\"display_name\":\"changed\",\"secure\":true}",
                "{\"claim_imessage_number\":false}",
                "{\"claim_imessage_number\":null}",
                "{\"claim_imessage_number\":true}",
                "{\"imessage_number_id\":\"line-1\"}",
                "{\"mailbox\":{\"email_local_part\":\"sales\"}}",
                "{\"mailbox\":{\"sending_domain\":\"example.org\"}}",
                "{\"mailbox\":\"sales\"}",
                "{\"tunnel\":{\"tls_mode\":\"passthrough\"}}",
                "{\"tunnel\":{\"tls_mode\":\"edge\",\"name\":\"x\"}}",
                "{\"phone_number\":{\"type\":\"local\"}}",
                "{\"vault_secret_ids\":[\"" + UNKNOWN + "\"]}"
            })
    void what_cannot_be_done_is_refused_by_name_and_nothing_of_the_request_is_done(String body) {
        String wish = body.replaceFirst("\\{", "{\"description\":\"changed\",");
        String fresh = "fresh-" + handle;

        assertThat(admin.patch(one, wish)
                        .expect(422)
                        .json()
                        .path("detail")
                        .get(0)
                        .path("loc"))
                .hasSize(2);
        admin.post(ALL, wish.replaceFirst("\\{", "{\"agent_handle\":\"%s\",".formatted(fresh)))
                .expect(422);

        assertThat(admin.get(one).json()).isEqualTo(identity);
        admin.get(ALL + "/" + fresh).expect(404);
    }

    @Test
    void a_key_that_is_there_twice_is_refused_since_one_of_them_would_be_passed_over() {
        String twice = "{\"phone_filter_mode\":\"whitelist\",\"phone_filter_mode\":\"blacklist\"}";

        assertThat(admin.patch(one, twice).expect(422).text()).contains("each key once");

        assertThat(admin.get(one).json()).isEqualTo(identity);
    }

    @Test
    void what_clients_send_without_asking_for_anything_does_no_harm() {
        String harmless = """
                {"agent_handle": "%s", "mailbox": {}, "tunnel": {"tls_mode": "edge"}, "phone_number": null,
                 "vault_secret_ids": [], "model": "gpt", "imessage_number_id": null}
                """;
        admin.post(ALL, harmless.formatted("a-" + handle)).expect(201);
        String nulls = "{\"agent_handle\":\"%s\",\"mailbox\":{\"email_local_part\":null,\"sending_domain\":null},"
                + "\"tunnel\":null,\"vault_secret_ids\":null,\"model\":null}";
        admin.post(ALL, nulls.formatted("b-" + handle)).expect(201);

        JsonNode same = admin.patch(one, harmless.formatted(handle)).expect(200).json();

        assertThat(same.path("imessage_number").isNull()).isTrue();
        assertThat(same.path("mailbox").isNull()).isTrue();
        assertThat(same.path("tunnel").isNull()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"claim_imessage_number\":true", "\"imessage_number_type\":\"dedicated_outbound\""})
    void a_number_of_ones_own_is_beyond_the_plan_and_nothing_is_made_or_changed(String key) {
        String fresh = "fresh-" + handle;
        Api once = admin.with(Map.of("Idempotency-Key", "claim"));

        refused(admin.post(ALL, "{\"agent_handle\":\"%s\",\"imessage_enabled\":true,%s}".formatted(fresh, key)));
        refused(once.patch(one, "{\"display_name\":\"changed\",%s}".formatted(key)));

        admin.get(ALL + "/" + fresh).expect(404);
        assertThat(admin.get(one).json()).isEqualTo(identity);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"imessage_number_id\":null'",
        "'\"imessage_enabled\":false'",
        "'\"imessage_number_id\":\"" + UNKNOWN + "\"'"
    })
    void a_claim_goes_with_nothing_that_contradicts_it(String key) {
        admin.with(Map.of("Idempotency-Key", "claim"))
                .patch(one, "{\"claim_imessage_number\":true,%s}".formatted(key))
                .expect(422);
        admin.post(ALL, "{\"agent_handle\":\"fresh-%s\",\"claim_imessage_number\":true}".formatted(handle))
                .expect(422);
    }

    @Test
    void a_number_that_nobody_gave_is_unknown() {
        String body = "{\"display_name\":\"changed\",\"imessage_number_id\":\"%s\"}".formatted(UNKNOWN);

        JsonNode detail = admin.patch(one, body).expect(404).json().path("detail");

        assertThat(detail.path("error").asString()).isEqualTo("imessage_number_unknown");
        assertThat(detail.path("message").asString()).doesNotContain("not found", "404", UNKNOWN);
        assertThat(admin.get(one).json()).isEqualTo(identity);
        admin.post(ALL, body.replace("{", "{\"agent_handle\":\"fresh-%s\",".formatted(handle)))
                .expect(404);
        admin.get(ALL + "/fresh-" + handle).expect(404);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"imessage_filter_mode\":\"blacklist\"",
                "\"phone_filter_mode\":\"blacklist\"",
                "\"phone_inbound_filter_mode\":\"blacklist\"",
                "\"phone_outbound_filter_mode\":\"whitelist\"",
                "\"phone_outbound_filter_mode\":\"supervised\"",
                "\"phone_outbound_filter_mode\":null",
                "\"mail_filter_mode\":\"blacklist\"",
                "\"mail_inbound_filter_mode\":\"blacklist\"",
                "\"mail_outbound_filter_mode\":\"blacklist\"",
                "\"claim_imessage_number\":true",
                "\"claim_imessage_number\":false",
                "\"imessage_number_type\":\"dedicated_outbound\"",
                "\"imessage_number_id\":\"" + UNKNOWN + "\"",
                "\"imessage_number_id\":null"
            })
    void an_agents_own_key_neither_opens_nor_closes_it_nor_asks_for_a_number(String key) {
        String body = "{\"display_name\":\"changed\",%s}".formatted(key);

        assertThat(admin.scoped(identity).patch(one, body).expect(403).text()).contains("admin_key_required");

        assertThat(admin.get(one).json()).isEqualTo(identity);
    }

    @Test
    void an_agent_says_itself_whether_it_shares_its_card() {
        Api own = admin.scoped(identity);

        JsonNode quiet = own.patch(one, "{\"contact_sharing_enabled\":false}")
                .expect(200)
                .json();

        assertThat(identity.path("contact_sharing_enabled").asBoolean(false)).isTrue();
        assertThat(quiet.path("contact_sharing_enabled").asBoolean(true)).isFalse();
        assertThat(own.get(one).json()).isEqualTo(quiet);
    }

    private void refused(Api.Answer answer) {
        JsonNode detail = answer.expect(402).json().path("detail");
        assertThat(detail.path("error").asString()).isEqualTo("dedicated_imessage_number_quota_exceeded");
        assertThat(detail.propertyNames())
                .containsExactly(
                        "error", "code", "message", "number_type", "limit", "current", "upgrade_url", "contact_email");
        assertThat(List.of("number_type", "upgrade_url", "contact_email"))
                .allMatch(key -> detail.path(key).isString());
        assertThat(detail.path("limit").asInt(-1)).isZero();
    }

    private JsonNode patched(String body) {
        return admin.patch(one, body).expect(200).json();
    }

    /// The first letters of the modes: the phone's inbound, outbound and for both ways, and then mail's.
    private static String modes(JsonNode identity) {
        assertThat(identity.path("imessage_filter_mode")).isEqualTo(identity.path("phone_filter_mode"));
        return letters(identity, "phone") + " " + letters(identity, "mail");
    }

    private static String letters(JsonNode identity, String channel) {
        return List.of("_inbound_filter_mode", "_outbound_filter_mode", "_filter_mode").stream()
                .map(key -> identity.path(channel + key).asString().substring(0, 1))
                .reduce("", String::concat);
    }
}
