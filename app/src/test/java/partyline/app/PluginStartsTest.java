package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// What the published plugins and their wizards ask when they are set up and started, in their order: every
/// step goes on, or is refused in a sentence that helps whoever reads it.
class PluginStartsTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private final Api admin = server.admin();
    private final JsonNode identity = admin.identity("start-" + UUID.randomUUID());
    private final String handle = identity.path("agent_handle").asString();
    private final String id = identity.path("id").asString();
    private final String own = "/api/v1/identities/" + handle;
    private final Api agent = admin.scoped(identity);

    @Test
    void a_gateway_with_a_public_url_starts() {
        assertThat(agent.get("/api/whoami").expect(200).json().path("scope").asString())
                .isEqualTo("agent_identity:" + id);
        assertThat(agent.get(own).expect(200).json().path("tunnel").isNull()).isTrue();
        agent.post("/api/v1/signing-keys", "{}").expect(201);
        agent.put(
                        "/api/v1/phone/incoming-call-action",
                        "{\"incoming_call_action\":\"auto_accept\",\"client_websocket_url\":\"wss://a.example/phone/media/ws\"}")
                .expect(200);
        String catchUp = own + "/a2a/tasks?direction=inbound&state=submitted&limit=50";
        assertThat(agent.get(catchUp).expect(200).text()).isEqualTo("{\"items\":[],\"next_cursor\":null}");
        assertThat(agent.get(own + "/a2a/contexts").expect(200).text()).contains("\"items\":[]");
        assertThat(agent.get(own + "/a2a/messages").expect(200).text()).contains("\"items\":[]");
        agent.get("/api/v1/mail/mailboxes").expect(200);
        agent.get("/api/v1/phone/numbers").expect(200);
    }

    @Test
    void a_gateway_without_one_is_told_what_to_set() {
        String tunnels = """
                {"detail":{"error":"tunnels_not_offered","code":"tunnels_not_offered",\
                "message":"This server has no tunnels. Set INKBOX_PUBLIC_URL (or publicUrl) to an address where it can \
                reach the plugin and start again."}}""";

        assertThat(agent.get("/api/v1/tunnels/").expect(409).text()).isEqualTo(tunnels);
        assertThat(agent.get("/api/v1/tunnels/" + UUID.randomUUID()).expect(409).text())
                .isEqualTo(tunnels);
        assertThat(agent.post("/api/v1/tunnels/" + UUID.randomUUID() + "/sign-csr", "{\"csr_pem\":\"x\"}")
                        .expect(409)
                        .text())
                .isEqualTo(tunnels);
        server.nobody().get("/api/v1/tunnels/").expect(401);
    }

    /// Without `--voice-ai` all of it is done; with it, the voice is refused after everything before it was
    /// saved.
    @Test
    void a_bootstrap_with_an_admin_key_makes_an_agents_key_and_is_told_that_there_is_no_voice() {
        JsonNode who = admin.get("/api/whoami").expect(200).json();
        assertThat(who.path("auth_subtype").asString()).isEqualTo("api_key.admin_scoped");
        assertThat(who.path("scope").isNull()).isTrue();
        assertThat(who.path("agent_identity").isNull()).isTrue();
        admin.get(own).expect(200);
        Api scoped = admin.scoped(identity);

        assertThat(scoped.get("/api/v1/phone/hosted-agent-config").expect(200).text())
                .isEqualTo("""
                {"agent_identity_id":"%s","voice":null,"model":null,"effective_voice":"none",\
                "effective_model":"none","instructions":null,"authority_mode":"contact_scoped"}""".formatted(id));
        assertThat(scoped.put("/api/v1/phone/hosted-agent-config", "{\"instructions\":\"You are the voice.\"}")
                        .expect(409)
                        .text())
                .contains("voice_ai_not_offered", "leave Voice AI off");
        scoped.put("/api/v1/phone/incoming-call-action", "{\"incoming_call_action\":\"hosted_agent\"}")
                .expect(200);
        assertThat(scoped.get("/api/v1/signing-keys")
                        .expect(200)
                        .json()
                        .path("configured")
                        .asBoolean())
                .isFalse();
        assertThat(scoped.get("/api/v1/identities/self").expect(200).text())
                .isEqualTo(admin.get(own).expect(200).text());
    }

    @Test
    void a_wizard_goes_on_without_a_number_and_leaves_its_picture() {
        String body = "{\"agent_handle\":\"%s\",\"type\":\"local\"}".formatted(handle);
        assertThat(agent.post("/api/v1/phone/numbers", body).expect(402).text()).contains("go on without one");
        agent.get(own + "/avatar").expect(404);
        Upload.avatar(agent, handle, Upload.png(1_024, 1_024, 900_000)).expect(200);
        agent.get(own + "/avatar").expect(200);
        assertThat(agent.get("/api/v1/phone/hosted-agent-voices")
                        .expect(200)
                        .json()
                        .path("voices")
                        .size())
                .isZero();
        agent.get("/api/v1/imessage/triage-number").expect(200);
        agent.get("/api/v1/imessage/assignments?limit=5").expect(200);
        agent.get("/api/v1/imessage/messages?limit=10").expect(200);
    }

    @Test
    void companion_is_off_and_stays_off() {
        String companion = own + "/companion";
        String off = agent.get(companion).expect(200).text();

        assertThat(off).isEqualTo("""
                {"enabled":false,"config_revision":1,"readiness":{\
                "mail":{"ready":false,"reasons":["companion_not_offered"]},\
                "phone":{"ready":false,"reasons":["companion_not_offered"]},\
                "imessage":{"ready":false,"reasons":["companion_not_offered"]}}}""");
        assertThat(admin.patch(companion, "{\"enabled\":false}").expect(200).text())
                .isEqualTo(off);
        assertThat(admin.patch(companion, "{}").expect(200).text()).isEqualTo(off);
        assertThat(admin.patch(companion, "{\"enabled\":true}").expect(409).text())
                .contains("companion_not_offered");
        assertThat(agent.get(companion + "/conversations?limit=200").expect(200).text())
                .isEqualTo("{\"items\":[],\"total\":0}");
    }

    @Test
    void an_admin_hears_of_all_signing_keys_together() {
        Api stranger = server.stranger();
        JsonNode first = stranger.identity("start-" + UUID.randomUUID());
        JsonNode second = stranger.identity("start-" + UUID.randomUUID());
        assertThat(stranger.get("/api/v1/signing-keys").expect(200).text())
                .as("another organization's keys do not count")
                .isEqualTo("{\"configured\":false,\"created_at\":null}");

        stranger.scoped(first).post("/api/v1/signing-keys", "{}").expect(201);
        JsonNode newest = stranger.scoped(second)
                .post("/api/v1/signing-keys", "{}")
                .expect(201)
                .json();

        assertThat(stranger.get("/api/v1/signing-keys").expect(200).text())
                .isEqualTo("{\"configured\":true,\"created_at\":%s}".formatted(newest.path("created_at")));
        stranger.post("/api/v1/signing-keys", "{}").expect(409);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("GET", "/api/v1/tunnels/", ""),
                Arguments.of("PUT", "/api/v1/phone/hosted-agent-config", "{}"),
                Arguments.of("PUT", "/api/v1/phone/hosted-agent-config/authority-mode", "{}"),
                Arguments.of("PUT", "/api/v1/phone/incoming-call-action", "{\"incoming_call_action\":\"forward\"}"),
                Arguments.of("POST", "/api/v1/phone/numbers", "{}"),
                Arguments.of("POST", "/api/v1/imessage/numbers", "{}"),
                Arguments.of("PATCH", "{own}/companion", "{\"enabled\":true}"),
                Arguments.of("PUT", "{own}/avatar", "{}"));
    }

    /// A plugin takes these words for a wrong key, or an agent that is not there, and says so instead of the
    /// sentence.
    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("refusals")
    void no_refusal_is_taken_for_another(String method, String path, String body) {
        Api.Answer answer = admin.send(method, path.replace("{own}", own), BodyPublishers.ofString(body));

        assertThat(answer.status()).isIn(402, 409, 422);
        assertThat(answer.text().toLowerCase(Locale.ROOT))
                .doesNotContain("401", "403", "404", "unauthorized", "forbidden", "not found", handle, id)
                .doesNotContainPattern("[0-9a-f]{8}-[0-9a-f]{4}");
    }
}
