package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import partyline.app.http.ApiError;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The document of the API: that it is whole, that it is served, and that its examples are right. Whether it tells the
/// truth is for [OpenApiCheck], in every test that asks a server.
class OpenApiTest {

    @RegisterExtension
    static final TestServer server = new TestServer();

    private static final DescribedApi API = DescribedApi.get();

    @Test
    void has_every_route_and_no_other() {
        Set<String> registered = server.routes().stream()
                .filter(route -> !route.method().matches("BEFORE.*|HEAD|OPTIONS"))
                .filter(route -> !OpenApiCheck.isPage(route.path()))
                .map(route -> route.method() + " " + route.path())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> described = API.operations().stream()
                .map(it -> it.method() + " " + it.path())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(described)
                .as("a route needs its operation in app/src/main/resources/openapi, and an operation its route")
                .isEqualTo(registered);
    }

    @Test
    void has_every_refusal_and_says_where_it_can_happen() {
        Set<String> described = API.document()
                .at("/components/responses")
                .valueStream()
                .flatMap(it -> it.path("content").path("application/json").path("examples").propertyNames().stream())
                .collect(Collectors.toSet());

        assertThat(described)
                .containsAll(Stream.of(ApiError.values())
                        // Where no operation is.
                        .filter(it -> it != ApiError.METHOD_NOT_ALLOWED)
                        .map(ApiError::code)
                        .toList());
    }

    @Test
    void every_example_is_as_its_schema_says() {
        check(API.document(), "");
        API.document().at("/components/examples").propertyStream().forEach(example -> {
            JsonNode body = example.getValue().path("value");
            assertThat(API.problems(API.schema("Error"), body))
                    .as(example.getKey())
                    .isEmpty();
            if (body.path("detail").isObject()) {
                assertThat(body.path("detail").path("code").stringValue()).isEqualTo(example.getKey());
                assertThat(body.path("detail").path("error").stringValue()).isEqualTo(example.getKey());
            }
        });
    }

    @Test
    void what_never_succeeds_is_there_for_published_clients_alone() {
        assertThat(API.operations().stream().filter(it -> !it.canSucceed()))
                .allSatisfy(it ->
                        assertThat(it.json().path("tags").path(0).stringValue()).isEqualTo("Compatibility"));
    }

    @Test
    void every_client_of_the_tests_sends_through_the_check() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src", "test", "java"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String source = Files.readString(file);
                if (source.contains("import java.net.http.HttpClient;")) {
                    assertThat(source).as(file.toString()).contains("OpenApiCheck");
                }
            }
        }
    }

    @Test
    void every_reference_leads_somewhere() {
        assertThat(API.document().findValuesAsString("$ref"))
                .allSatisfy(it -> assertThat(API.document().at(it.substring(1)).isMissingNode())
                        .as(it)
                        .isFalse());
    }

    @Test
    void every_field_of_every_schema_is_explained() {
        assertThat(API.document()
                        .at("/components/schemas")
                        .propertyStream()
                        .flatMap(it -> unexplained(it.getKey(), it.getValue())))
                .isEmpty();
    }

    @Test
    void is_served_to_anybody_as_json_and_as_yaml_and_not_again_while_it_is_the_same() throws IOException {
        Api.Answer json = server.nobody().get("/openapi.json").expect(200);
        Api.Answer yaml = server.nobody().get("/openapi.yaml").expect(200);

        assertThat(new YAMLMapper().readTree(yaml.text())).isEqualTo(json.json());
        assertThat(json.json().at("/servers/0/url").stringValue())
                .isEqualTo(server.nobody().base());
        assertThat(json.json().path("paths")).isEqualTo(API.document().path("paths"));
        for (Api.Answer answer : List.of(json, yaml)) {
            String tag = answer.response().headers().firstValue("ETag").orElseThrow();
            String path = answer.response().uri().getPath();
            server.nobody()
                    .send("GET", path, BodyPublishers.noBody(), "If-None-Match", tag)
                    .expect(304);
            server.nobody()
                    .send("GET", path, BodyPublishers.noBody(), "If-None-Match", "\"other\"")
                    .expect(200);
        }
        // For the linter.
        Files.writeString(Path.of("target", "openapi.json"), json.text());
    }

    private static Stream<String> unexplained(String place, JsonNode schema) {
        return schema.path("properties").propertyStream().flatMap(field -> {
            String name = place + "." + field.getKey();
            JsonNode said = field.getValue();
            boolean explained = said.has("description") || API.resolved(said).has("description");
            return Stream.of(
                            explained ? Stream.<String>empty() : Stream.of(name),
                            unexplained(name, said),
                            unexplained(name, said.path("items")))
                    .flatMap(it -> it);
        });
    }

    /// Every example beside a schema, here and below.
    private static void check(JsonNode node, String place) {
        JsonNode schema = node.has("schema") ? node.path("schema") : node;
        if (node.has("example") && (node.has("schema") || node.has("type") || node.has("allOf"))) {
            JsonNode plain =
                    node.has("schema") ? schema : ((ObjectNode) node).deepCopy().without("example");
            assertThat(API.problems(plain, node.path("example"))).as(place).isEmpty();
        }
        if (node.has("schema")) {
            node.path("examples")
                    .propertyStream()
                    .filter(it -> it.getValue().has("value"))
                    .forEach(it -> assertThat(API.problems(schema, it.getValue().path("value")))
                            .as(place + " " + it.getKey())
                            .isEmpty());
        }
        node.propertyStream()
                .filter(it -> !it.getKey().equals("example") && !it.getKey().equals("properties"))
                .forEach(it -> check(it.getValue(), place + "/" + it.getKey()));
        node.path("properties").propertyStream().forEach(it -> check(it.getValue(), place + "/" + it.getKey()));
        if (node.isArray()) {
            node.valueStream().forEach(it -> check(it, place + "[]"));
        }
    }
}
