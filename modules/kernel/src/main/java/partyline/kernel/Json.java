package partyline.kernel;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON trees as the modules write them. Wire objects are built key by key, so that the code shows what is sent.
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.shared();

    private Json() {}

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    public static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /// A JSON string.
    public static JsonNode text(String text) {
        return MAPPER.getNodeFactory().stringNode(text);
    }

    public static String write(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }

    /// The tree that `text` spells; for JSON that we wrote ourselves.
    public static JsonNode read(String text) {
        return MAPPER.readTree(text);
    }
}
