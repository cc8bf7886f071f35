package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;
import static partyline.app.Api.waitFor;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import partyline.app.RouteTable.Row;
import tools.jackson.databind.JsonNode;

/// Walks every route with every kind of key: the status must be the one in the [RouteTable], and nothing of somebody
/// else may occur in the answer, be it an id, a handle, a number or a count.
class RouteWalkTest {

    /// So that every request may come from an address of its own, and the many bad keys are not slowed.
    @RegisterExtension
    static final TestServer server = new TestServer("http:\n  trusted_proxies: [127.0.0.0/8, \"::1\"]\n");

    private static final String KEYS = "/api/v1/api-keys";

    /// Succeed only with a file, a line that calls, or a bubble on a phone: other tests do these.
    private static final Set<String> ELSEWHERE = Set.of(
            "POST /api/v1/imessage/media",
            "PUT /api/v1/identities/{handle}/avatar",
            "POST /hooks/{line_id}/{secret}",
            "POST /hooks/{line_id}/{secret}/{kind}",
            "GET /hooks/{line_id}/{secret}/media/{name}",
            "POST /simulator/tapbacks");

    private static final Pattern FLEETING =
            Pattern.compile("\"(last_used_at|failing_since)\":(null|\"[^\"]*\")|\"waiting\":\\{[^}]*}");

    private static RouteWorld sibling;
    private static RouteWorld stranger;
    private static List<Api> closed;
    private static String strangers;

    /// Who asks, with keys made for one row.
    private record Askers(Api foreign, Api sibling, Api admin) {}

    @BeforeAll
    static void others() {
        sibling = RouteWorld.of(Talk.begin(server), server.admin());
        stranger = RouteWorld.of(Talk.begin(server, server.stranger()), server.stranger());
        strangers = server.stranger()
                .get("/api/whoami")
                .json()
                .path("organization_id")
                .asString();
        closed = List.of(server.nobody(), garbage(), revoked(), expired());
    }

    static Stream<Row> rows() {
        return RouteTable.rows();
    }

    /// A row that only ever fails would leave the answer that counts unseen by [OpenApiCheck].
    @Test
    void every_operation_that_can_succeed_has_a_row_that_does() {
        Set<String> left = DescribedApi.get().operations().stream()
                .filter(DescribedApi.Operation::canSucceed)
                .map(it -> it.method() + " " + it.path())
                .collect(Collectors.toCollection(TreeSet::new));
        rows().filter(row -> Math.min(row.statuses().own(), row.statuses().admin()) < 300)
                .forEach(row -> left.remove(row.method() + " " + row.path()));

        assertThat(left).isEqualTo(ELSEWHERE);
    }

    @Test
    void every_route_is_in_the_table() {
        Set<String> known = rows().map(row -> row.method() + " " + row.path()).collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>(server.routes().stream()
                .filter(route ->
                        !route.method().startsWith("BEFORE") && !route.method().equals("HEAD"))
                .map(route -> route.method() + " " + route.path())
                .toList());
        missing.removeAll(known);

        assertThat(missing)
                .as("every route needs a row in RouteTable that says what each kind of key gets; these have none")
                .isEmpty();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void answers_each_kind_of_key_as_the_table_says(Row row) {
        JsonNode other = server.admin()
                .get("/api/v1/identities/" + sibling.names().get("handle"))
                .json();
        Askers askers = new Askers(
                server.admin().with(adminKey(strangers)), server.admin().scoped(other), server.admin());
        Api organization = server.admin().with(adminKey(operators()));
        String foreignBefore = seen(row, askers.foreign());
        String siblingBefore = seen(row, askers.sibling());
        RouteWorld world = RouteWorld.of(Talk.begin(server), server.admin());

        closed.forEach(api -> ask(row, world, api, row.statuses().closed(), List.of(sibling, stranger, world)));
        assertThat(seen(row, askers.foreign()))
                .as("what a foreigner sees does not change")
                .isEqualTo(foreignBefore);
        assertThat(seen(row, askers.sibling()))
                .as("what a sibling sees does not change")
                .isEqualTo(siblingBefore);
        ask(row, world, askers.foreign(), row.statuses().foreign(), List.of(sibling, world));
        ask(row, world, askers.sibling(), row.statuses().sibling(), List.of(stranger, world));
        ask(row, world, world.own(), row.statuses().own(), List.of(sibling, stranger));
        RouteWorld again = row.method().equals("GET") ? world : RouteWorld.of(Talk.begin(server), server.admin());
        ask(row, again, organization, row.statuses().admin(), row.everything() ? List.of() : List.of(stranger));
    }

    /// What watches a server often asks so; it must not go round the keys, nor find what is not there.
    @Test
    void head_answers_as_get_does_without_the_body() {
        RouteWorld world = RouteWorld.of(Talk.begin(server), server.admin());
        rows().filter(row -> row.method().equals("GET")).forEach(row -> {
            Map<Api, Integer> askers = Map.of(
                    server.nobody(), row.statuses().closed(),
                    server.stranger(), row.statuses().foreign(),
                    world.own(), row.statuses().own());
            askers.forEach((api, status) -> {
                Api.Answer head = api.with(Map.of("X-Forwarded-For", address()))
                        .send("HEAD", world.path(row), BodyPublishers.noBody(), world.headers(row));

                assertThat(head.status()).as("HEAD %s", row).isEqualTo(status);
                assertThat(head.text()).as("HEAD %s", row).isEmpty();
            });
        });
    }

    private static void ask(Row row, RouteWorld world, Api asker, int status, List<RouteWorld> hidden) {
        Api api = asker.with(Map.of("X-Forwarded-For", address()));
        if (row.isStream()) {
            assertThat(api.open(world.path(row))).isEqualTo(status);
            return;
        }
        Api.Answer answer = api.send(
                row.method(), world.path(row), BodyPublishers.ofString(world.fill(row.body())), world.headers(row));
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        String all = answer.text() + answer.response().headers().map();
        hidden.stream()
                .flatMap(it -> it.secrets().stream())
                .forEach(secret -> assertThat(all).doesNotContain(secret));
    }

    /// What a list says to this asker, but for what changes by itself; empty for other routes, for how long the
    /// server runs, and for what an organization's agents share: the numbers of events, and contacts.
    private static String seen(Row row, Api asker) {
        boolean list = row.method().equals("GET")
                && !(row.path() + row.query()).matches(".*[{<].*")
                && !row.path().endsWith("/events")
                && !row.path().endsWith("/server")
                && !row.path().endsWith("/contacts");
        return list ? FLEETING.matcher(asker.get(row.path()).text()).replaceAll("") : "";
    }

    private static Api garbage() {
        return server.admin().with("nonsense");
    }

    private static Api revoked() {
        Api api = server.admin().scoped(server.admin().identity("walk-revoked"));
        api.post(KEYS + "/self/revoke", "").expect(200);
        return api;
    }

    private static Api expired() {
        String wish = "{\"label\":\"x\",\"scoped_identity_id\":\"%s\",\"expires_at\":\"%s\"}"
                .formatted(
                        server.admin().identity("walk-expired").path("id").asString(),
                        Instant.now().plusSeconds(1));
        JsonNode made = server.admin().post(KEYS, wish).expect(201).json();
        Api api = server.admin().with(made.path("api_key").asString());
        waitFor(
                () -> api.with(Map.of("X-Forwarded-For", address()))
                        .get("/api/whoami")
                        .status(),
                status -> status == 401);
        return api;
    }

    private static String operators() {
        return server.admin().get("/api/whoami").json().path("organization_id").asString();
    }

    /// A fresh admin key, from the operator's command.
    private static String adminKey(String organization) {
        return server.operate("admin-key", "create", "--org", organization, "--label", "walk")
                .lines()
                .findFirst()
                .orElseThrow()
                .replace("admin key", "")
                .strip();
    }

    private static String address() {
        UUID random = UUID.randomUUID();
        return "2001:db8:%x:%x::1"
                .formatted(random.getMostSignificantBits() & 0xffff, random.getLeastSignificantBits() & 0xffff);
    }
}
