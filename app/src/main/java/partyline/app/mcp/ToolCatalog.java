package partyline.app.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The tools as clients list them, out of `tools.json`: their words, and the schemas of what they take and give.
/// Immutable.
final class ToolCatalog {

    private static final String DEFINITIONS = "$defs";

    private final String instructions;
    private final Map<String, ObjectNode> tools = new LinkedHashMap<>();

    ToolCatalog() {
        JsonNode words = words();
        instructions = words.path("instructions").asString();
        words.path("tools").forEach(tool -> tools.put(tool.path("name").asString(), whole(words, (ObjectNode) tool)));
    }

    /// What a client tells its model of this server.
    String instructions() {
        return instructions;
    }

    ArrayNode list() {
        return Json.array().addAll(tools.values());
    }

    Set<String> names() {
        return tools.keySet();
    }

    /// The names of the arguments that a tool takes; empty when there is no such tool.
    Optional<Set<String>> arguments(String tool) {
        return Optional.ofNullable(tools.get(tool))
                .map(found -> properties(found)
                        .propertyStream()
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /// With what the tools share, so that each stands by itself.
    private static ObjectNode whole(JsonNode words, ObjectNode tool) {
        ((ObjectNode) properties(tool)).set("agent", words.path("agent"));
        ((ObjectNode) tool.path("inputSchema")).put("additionalProperties", false);
        ObjectNode output = (ObjectNode) tool.path("outputSchema");
        if (Json.write(output).contains("#/" + DEFINITIONS)) {
            output.set(DEFINITIONS, words.path(DEFINITIONS));
        }
        return tool;
    }

    private static JsonNode properties(JsonNode tool) {
        return tool.path("inputSchema").path("properties");
    }

    private static JsonNode words() {
        try (InputStream in = Objects.requireNonNull(ToolCatalog.class.getResourceAsStream("tools.json"))) {
            return Json.read(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
