package partyline.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.identities.ApiKeys;
import partyline.kernel.Database;
import tools.jackson.databind.JsonNode;

/// API keys over HTTP: who sees them, how they end, and what guessing costs.
class KeysTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final String KEYS = "/api/v1/api-keys";

    @Test
    void an_admin_sees_the_keys_of_its_own_organization_without_their_secrets() {
        Api agent = server.admin().scoped(server.admin().identity("listed"));
        Api foreign = server.stranger().scoped(server.stranger().identity("listed-elsewhere"));

        Api.Answer answer = server.admin().get(KEYS + "?limit=200").expect(200);

        List<String> ids = ids(answer.json());
        assertThat(ids).contains(id(agent), id(server.admin())).doesNotContain(id(foreign), id(server.stranger()));
        assertThat(answer.text()).doesNotContain(secret(agent), secret(server.admin()), "hash");
        assertThat(ids(server.admin()
                        .get(KEYS + "?limit=1&offset=1")
                        .expect(200)
                        .json()))
                .containsExactly(ids.get(1));
        assertThat(server.admin().get(KEYS + "?limit=0").status()).isEqualTo(422);
        assertThat(agent.get(KEYS).status()).isEqualTo(403);
    }

    @Test
    void a_revoked_key_is_refused_by_the_very_next_request() {
        Api agent = server.admin().scoped(server.admin().identity("revoked"));
        agent.get("/api/whoami").expect(200);

        JsonNode revoked = server.admin()
                .post(KEYS + "/" + id(agent) + "/revoke", "")
                .expect(200)
                .json();

        agent.get("/api/whoami").expect(401);
        assertThat(revoked.path("status").asString()).isEqualTo("revoked");
        assertThat(revoked.path("revoked_at").isString()).isTrue();
        JsonNode again = server.admin()
                .post(KEYS + "/" + id(agent) + "/revoke", "")
                .expect(200)
                .json();
        assertThat(again.path("revoked_at")).isEqualTo(revoked.path("revoked_at"));
    }

    @Test
    void a_key_of_another_organization_does_not_exist() {
        Api foreign = server.stranger().scoped(server.stranger().identity("not-yours"));

        Api.Answer refused = server.admin().post(KEYS + "/" + id(foreign) + "/revoke", "");

        assertThat(refused.expect(404).text()).contains("api_key_not_found").doesNotContain(id(foreign));
        foreign.get("/api/whoami").expect(200);
        server.admin().post(KEYS + "/nonsense/revoke", "").expect(404);
    }

    @Test
    void a_key_looks_at_itself_and_revokes_itself() {
        JsonNode identity = server.admin().identity("own-keys");
        Api agent = server.admin().scoped(identity);

        JsonNode own = agent.get(KEYS + "/self").expect(200).json();
        JsonNode revoked = agent.post(KEYS + "/self/revoke", "").expect(200).json();

        assertThat(own.path("id").asString()).isEqualTo(id(agent));
        assertThat(own.path("scoped_identity_id")).isEqualTo(identity.path("id"));
        assertThat(own.path("status").asString()).isEqualTo("active");
        assertThat(revoked.path("status").asString()).isEqualTo("revoked");
        agent.get(KEYS + "/self").expect(401);
        server.admin().get(KEYS + "/self").expect(200);
    }

    @Test
    void an_expired_key_is_refused() {
        JsonNode identity = server.admin().identity("expiring");
        String soon = Instant.now().plusMillis(1_500).toString();
        JsonNode made =
                server.admin().post(KEYS, wish(identity, soon)).expect(201).json();
        Api agent = server.admin().with(made.path("api_key").asString());

        assertThat(Instant.parse(made.path("record").path("expires_at").asString()))
                .isEqualTo(Instant.parse(soon).truncatedTo(java.time.temporal.ChronoUnit.MICROS));
        assertThat(agent.get("/api/whoami")
                        .expect(200)
                        .json()
                        .path("expires_at")
                        .isString())
                .isTrue();
        waitFor(() -> agent.get("/api/whoami").status(), status -> status != 200);
        assertThat(agent.get("/api/whoami").status()).isEqualTo(401);
    }

    @Test
    void an_expiry_that_is_past_or_no_time_is_422() {
        JsonNode identity = server.admin().identity("bad-expiry");

        for (String time : List.of(
                "2020-01-01T00:00:00Z",
                "2099-01-01T00:00:00",
                "tomorrow",
                "",
                "+10000-01-01T00:00:00Z",
                "+999999999-12-31T23:59:59Z")) {
            assertThat(server.admin()
                            .post(KEYS, wish(identity, time))
                            .expect(422)
                            .text())
                    .contains("expires_at");
        }
        server.admin().post(KEYS, wish(identity, "2099-01-01T00:00:00+02:00")).expect(201);
    }

    @Test
    void an_expiry_may_lie_at_the_end_of_the_last_year_with_four_digits() {
        JsonNode identity = server.admin().identity("key-for-ever");

        JsonNode made = server.admin()
                .post(KEYS, wish(identity, "9999-12-31T23:59:59Z"))
                .expect(201)
                .json();

        assertThat(made.path("record").path("expires_at").asString()).startsWith("9999-12-31T23:59:59");
        server.admin().with(made.path("api_key").asString()).get("/api/whoami").expect(200);
    }

    @Test
    void the_live_view_of_a_phone_ends_with_its_key() throws Exception {
        Api second = server.admin().with(anotherAdminKey());
        String person = server.person();
        server.admin().text(person, Api.ROUTER, "before");
        URI uri = URI.create(second.base() + "/simulator/phones/" + Api.encode(person) + "/stream");
        HttpRequest request = HttpRequest.newBuilder(uri)
                .header("X-API-Key", second.key())
                .header("Accept", "text/event-stream")
                .build();
        try (HttpClient client = HttpClient.newHttpClient();
                InputStream seen = OpenApiCheck.send(client, request, BodyHandlers.ofInputStream())
                        .body()) {
            String beginning = new String(seen.readNBytes(20), UTF_8);
            assertThat(beginning).contains("data:");

            server.admin().post(KEYS + "/" + id(second) + "/revoke", "").expect(200);
            server.admin().text(person, Api.ROUTER, "not for a key that is gone");

            assertThat(new String(seen.readAllBytes(), UTF_8)).doesNotContain("not for a key that is gone");
        }
    }

    private static String anotherAdminKey() {
        Database database = server.wiring().database();
        try (ApiKeys keys = new ApiKeys(database, InstantSource.system())) {
            return database.write(
                    tx -> keys.mintAdmin(tx, server.wiring().operator().id(), "another")
                            .text());
        }
    }

    @Test
    void the_last_use_is_shown_at_once_and_survives_a_restart() {
        Api agent = server.admin().scoped(server.admin().identity("used"));
        assertThat(record(agent).path("last_used_at").isNull()).isTrue();

        agent.get("/api/whoami").expect(200);

        String used = record(agent).path("last_used_at").asString();
        assertThat(Instant.parse(used)).isBetween(Instant.now().minusSeconds(20), Instant.now());
        server.restart();
        assertThat(record(agent).path("last_used_at").asString()).isEqualTo(used);
    }

    private static JsonNode record(Api agent) {
        return server.admin()
                .get(KEYS + "?limit=200")
                .expect(200)
                .json()
                .valueStream()
                .filter(it -> it.path("id").asString().equals(id(agent)))
                .findFirst()
                .orElseThrow();
    }

    private static String wish(JsonNode identity, String expiry) {
        return "{\"label\":\"x\",\"scoped_identity_id\":\"%s\",\"expires_at\":\"%s\"}"
                .formatted(identity.path("id").asString(), expiry);
    }

    private static List<String> ids(JsonNode keys) {
        return keys.valueStream().map(it -> it.path("id").asString()).toList();
    }

    private static String id(Api api) {
        return api.key().substring(0, api.key().indexOf('.'));
    }

    private static String secret(Api api) {
        return api.key().substring(api.key().indexOf('.') + 1);
    }
}
