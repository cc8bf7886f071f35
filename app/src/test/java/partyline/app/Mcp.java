package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A holder of a key who has nothing but the Model Context Protocol, in one of its two eras.
record Mcp(Api api, boolean stateless) {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String NEWEST = "2026-07-28";

    /// Speaks as clients do that begin with a handshake.
    static Mcp of(Api api) {
        return new Mcp(api, false);
    }

    /// JSON with `'` for `"`.
    static JsonNode quoted(String text) {
        return MAPPER.readTree(text.replace('\'', '"'));
    }

    /// Asks for `method`; parameters and arguments are [#quoted].
    Api.Answer ask(String method, String params) {
        ObjectNode all = (ObjectNode) quoted(params);
        Map<String, String> headers = new HashMap<>();
        if (stateless) {
            all.set(
                    "_meta",
                    quoted("{'io.modelcontextprotocol/protocolVersion':'" + NEWEST
                            + "','io.modelcontextprotocol/clientCapabilities':{}}"));
            headers.putAll(Map.of("MCP-Protocol-Version", NEWEST, "Mcp-Method", method));
            headers.put("Mcp-Name", all.path("name").asString("-"));
        }
        ObjectNode request = MAPPER.createObjectNode();
        request.put("jsonrpc", "2.0").put("id", 7).put("method", method).set("params", all);
        return api.with(headers).post("/mcp", request.toString());
    }

    /// What a method that is known comes to.
    JsonNode result(String method, String params) {
        JsonNode answer = ask(method, params).expect(200).json();
        assertThat(answer.path("id").asInt()).isEqualTo(7);
        assertThat(answer.has("error")).as(answer.toString()).isFalse();
        return answer.path("result");
    }

    /// What a tool comes to, refused or not.
    JsonNode call(String tool, String arguments) {
        return result("tools/call", "{'name':'%s','arguments':%s}".formatted(tool, arguments));
    }

    /// What a tool made.
    JsonNode done(String tool, String arguments) {
        JsonNode result = call(tool, arguments);
        assertThat(result.path("isError").asBoolean()).as(result.toString()).isFalse();
        assertThat(MAPPER.readTree(result.path("content").path(0).path("text").asString()))
                .isEqualTo(result.path("structuredContent"));
        return result.path("structuredContent");
    }

    /// What a model reads of a refusal.
    String refused(String tool, String arguments) {
        JsonNode result = call(tool, arguments);
        assertThat(result.path("isError").asBoolean()).as(result.toString()).isTrue();
        return result.path("content").path(0).path("text").asString();
    }
}
