package partyline.app;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import partyline.app.api.OpenApi;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The document of the API, ready to be asked: which operation a request is for, and whether a value is as a schema of
/// it says. Thread-safe.
final class DescribedApi {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String DOCUMENT = "https://partyline.example/openapi.json";
    private static final DescribedApi ONLY = new DescribedApi();

    /// An operation of the document, with the parameters of its path.
    record Operation(
            String id, String method, String path, List<String> names, JsonNode json, List<JsonNode> parameters) {

        /// The values of the path's parameters.
        Map<String, String> values(String asked) {
            List<String> given = segments(asked);
            Map<String, String> values = new HashMap<>();
            for (int at = 0; at < names.size(); at++) {
                if (isVariable(names.get(at))) {
                    values.put(names.get(at).substring(1, names.get(at).length() - 1), given.get(at));
                }
            }
            return values;
        }

        private boolean fits(List<String> asked) {
            return names.size() == asked.size()
                    && Stream.iterate(0, it -> it < names.size(), it -> it + 1)
                            .allMatch(at ->
                                    isVariable(names.get(at)) || names.get(at).equals(asked.get(at)));
        }

        /// Whether the document knows an answer that is success.
        boolean canSucceed() {
            return json.path("responses")
                    .propertyStream()
                    .anyMatch(it -> it.getKey().startsWith("2"));
        }
    }

    private final JsonNode document = OpenApi.document();
    private final List<Operation> operations = new ArrayList<>();
    private final SchemaRegistry registry;
    /// By node and not by what it says, which would be read whole each time.
    private final Map<JsonNode, Schema> schemas = Collections.synchronizedMap(new IdentityHashMap<>());

    private DescribedApi() {
        registry = SchemaRegistry.withDialect(
                Dialects.getOpenApi31(),
                builder -> builder.schemas(Map.of(DOCUMENT, MAPPER.writeValueAsString(document)))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()));
        document.path("paths")
                .propertyStream()
                .forEach(path -> path.getValue()
                        .propertyStream()
                        .filter(it -> it.getValue().has("operationId"))
                        .forEach(it -> operations.add(operation(path.getKey(), path.getValue(), it))));
        // What is literal wins.
        operations.sort(Comparator.comparingLong(
                it -> it.names().stream().filter(DescribedApi::isVariable).count()));
    }

    static DescribedApi get() {
        return ONLY;
    }

    JsonNode document() {
        return document;
    }

    List<Operation> operations() {
        return List.copyOf(operations);
    }

    /// The operation that answers this method and path.
    Optional<Operation> find(String method, String path) {
        List<String> asked = segments(path);
        return operations.stream()
                .filter(it -> it.fits(asked))
                .filter(it -> it.method().equals(method))
                .findFirst();
    }

    /// Whether any operation answers this path.
    boolean knows(String path) {
        List<String> asked = segments(path);
        return operations.stream().anyMatch(it -> it.fits(asked));
    }

    /// The node itself, or what it refers to.
    JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").stringValue("");
        return reference.isEmpty() ? node : document.at(reference.substring(1));
    }

    /// What is wrong with `value` by `schema`, a node of the document; empty when nothing is.
    List<String> problems(JsonNode schema, JsonNode value) {
        return schemas.computeIfAbsent(schema, this::schema).validate(value).stream()
                .map(Error::toString)
                .distinct()
                .toList();
    }

    /// The schema with this name among the components.
    JsonNode schema(String name) {
        return document.at("/components/schemas/" + name);
    }

    private Schema schema(JsonNode node) {
        return registry.getSchema(
                MAPPER.readTree(MAPPER.writeValueAsString(node).replace("\"#/", "\"" + DOCUMENT + "#/")));
    }

    private Operation operation(String path, JsonNode item, Map.Entry<String, JsonNode> entry) {
        List<JsonNode> parameters = Stream.of(item, entry.getValue())
                .flatMap(it -> it.path("parameters").valueStream())
                .map(this::resolved)
                .toList();
        return new Operation(
                entry.getValue().path("operationId").stringValue(),
                entry.getKey().toUpperCase(Locale.ROOT),
                path,
                segments(path),
                entry.getValue(),
                parameters);
    }

    private static List<String> segments(String path) {
        return Stream.of(path.split("/")).filter(it -> !it.isEmpty()).collect(Collectors.toList());
    }

    private static boolean isVariable(String segment) {
        return segment.startsWith("{");
    }
}
