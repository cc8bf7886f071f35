package partyline.app.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import partyline.app.http.ApiError;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The document that describes the API (OpenAPI 3.1), put together from the files under `openapi/`, which say what no
/// program knows, and [ApiError], which has every refusal.
///
/// In the files an operation names its own refusals in `x-errors`; those that all of its kind have are added here, and
/// each status gets one response with the codes as its examples. `x-like` makes a path the twin of another one, under
/// operation ids with `x-suffix`. What `x-webhook` has, every webhook has.
public final class OpenApi {

    private static final List<String> FILES = List.of(
            "openapi.yaml",
            "messages.yaml",
            "events.yaml",
            "identities.yaml",
            "contacts.yaml",
            "people.yaml",
            "server.yaml",
            "compatibility.yaml");
    private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");
    /// Refusals whose detail is no object with a code.
    private static final Map<String, Integer> WITHOUT_CODE =
            Map.of("validation_error", 422, "subscription_conflict", 409);
    private static final Set<Integer> WITH_PAUSE = Set.of(429, 503);
    private static final Map<String, ApiError> ERRORS =
            Arrays.stream(ApiError.values()).collect(Collectors.toMap(ApiError::code, Function.identity()));

    private final ObjectNode document = Json.object();

    private OpenApi() {}

    /// The whole document, but for the version and the address of the server that shows it.
    public static ObjectNode document() {
        OpenApi made = new OpenApi();
        FILES.forEach(file -> merge(made.document, read(file)));
        made.copyTwins();
        made.paths().forEach(made::finish);
        JsonNode shared = made.document.remove("x-webhook");
        made.operations(made.object("webhooks")).forEach(it -> merge(it, shared));
        return made.document;
    }

    private static JsonNode read(String file) {
        try (InputStream in = OpenApi.class.getResourceAsStream("/openapi/" + file)) {
            return YAMLMapper.shared().readTree(Objects.requireNonNull(in, file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Adds what `more` has; nothing may be said twice.
    private static void merge(ObjectNode target, JsonNode more) {
        more.forEachEntry((key, value) -> {
            if (target.get(key) instanceof ObjectNode both && value.isObject()) {
                merge(both, value);
            } else if (target.has(key)) {
                throw new IllegalStateException("openapi: " + key + " is said twice");
            } else {
                target.set(key, value);
            }
        });
    }

    private void copyTwins() {
        for (ObjectNode path : paths()) {
            if (path.remove("x-like") instanceof JsonNode like) {
                String suffix = path.remove("x-suffix").stringValue();
                ObjectNode twin = (ObjectNode) object("paths").required(like.stringValue());
                METHODS.stream().filter(twin::has).sorted().forEach(method -> {
                    ObjectNode copy = ((ObjectNode) twin.path(method)).deepCopy();
                    String original = copy.path("operationId").stringValue();
                    copy.put("operationId", original + suffix);
                    copy.put("description", "The same as `" + original + "`, under a second path.");
                    copy.putArray("tags").add("Compatibility");
                    path.set(method, copy);
                });
            }
        }
    }

    private void finish(ObjectNode path) {
        METHODS.stream().filter(path::has).forEach(method -> finish(method, (ObjectNode) path.path(method)));
    }

    private void finish(String method, ObjectNode operation) {
        String role = operation.path("x-role").stringValue("");
        if (!role.isEmpty()) {
            String whose =
                    role.equals("admin") ? "Admin keys alone." : "Admin keys of the operator's organization alone.";
            operation.put("description", operation.path("description").stringValue() + "\n\n" + whose);
        }
        Map<Integer, List<String>> codes = new TreeMap<>();
        refusals(method, operation, role)
                .forEach(code -> codes.computeIfAbsent(status(code), _ -> new ArrayList<>())
                        .add(code));
        ObjectNode responses = (ObjectNode) operation.required("responses");
        codes.forEach((status, all) -> merge(responses, Json.object().set(status.toString(), response(status, all))));
    }

    /// Its own, then what every operation of its kind is refused with.
    private static Collection<String> refusals(String method, ObjectNode operation, String role) {
        List<String> codes = new ArrayList<>();
        operation.path("x-errors").forEach(code -> codes.add(code.stringValue()));
        operation.remove("x-errors");
        if (!operation.has("security")) {
            codes.addAll(List.of("unauthorized", "too_many_failed_keys"));
        }
        if (!role.isEmpty()) {
            codes.add("admin_key_required");
        }
        if (role.equals("operator")) {
            codes.add("operator_key_required");
        }
        if (operation.has("requestBody")) {
            codes.addAll(List.of("body_too_slow", "body_too_large"));
        }
        if (!method.equals("get")) {
            codes.addAll(List.of("overloaded", "storage_full"));
        }
        codes.addAll(List.of("foreign_host", "internal_error"));
        return codes;
    }

    private static int status(String code) {
        return WITHOUT_CODE.containsKey(code)
                ? WITHOUT_CODE.get(code)
                : Objects.requireNonNull(ERRORS.get(code), code).status();
    }

    /// A reference to the response with these codes, which is made when it is needed first.
    private JsonNode response(int status, List<String> codes) {
        String name = String.join(".", codes);
        ObjectNode all = object("components").withObjectProperty("responses");
        if (!all.has(name)) {
            ObjectNode made = all.putObject(name);
            made.put("description", codes.stream().map(this::line).collect(Collectors.joining("\n")));
            if (WITH_PAUSE.contains(status)) {
                made.putObject("headers").putObject("Retry-After").put("$ref", "#/components/headers/RetryAfter");
            }
            ObjectNode json = made.putObject("content").putObject("application/json");
            json.putObject("schema").put("$ref", "#/components/schemas/Error");
            ObjectNode examples = json.putObject("examples");
            codes.forEach(code -> examples.putObject(code).put("$ref", "#/components/examples/" + code));
        }
        return Json.object().put("$ref", "#/components/responses/" + name);
    }

    /// What the code means. Its example is what [ApiError] has, with what the files say beside.
    private String line(String code) {
        ObjectNode examples = object("components").withObjectProperty("examples");
        if (ERRORS.get(code) instanceof ApiError error) {
            ObjectNode body = error.asException().body();
            ObjectNode example = examples.withObjectProperty(code);
            if (example.at("/value/detail") instanceof ObjectNode more) {
                ((ObjectNode) body.path("detail")).setAll(more);
            }
            example.set("value", body);
            return "- `" + code + "`: " + error.message();
        }
        return "- " + examples.required(code).path("summary").stringValue() + ".";
    }

    private List<ObjectNode> paths() {
        return object("paths").valueStream().map(ObjectNode.class::cast).toList();
    }

    private List<ObjectNode> operations(ObjectNode paths) {
        return paths.valueStream()
                .map(path -> (ObjectNode) path.required("post"))
                .toList();
    }

    private ObjectNode object(String name) {
        return (ObjectNode) document.required(name);
    }
}
