package partyline.app.mcp;

import tools.jackson.databind.JsonNode;

/// A message that a client posts. Without an `id` it is a notification, which nobody answers; what has no `method` is
/// an answer, and nobody here asked anything.
record RpcRequest(JsonNode id, String method, JsonNode params) {

    static RpcRequest of(JsonNode message) {
        JsonNode method = message.path("method");
        boolean answer = message.has("result") || message.has("error");
        if (!message.path("jsonrpc").asString("").equals("2.0") || !(method.isString() || answer)) {
            throw RpcError.invalidRequest(
                    "Post one message of JSON-RPC: an object with \"jsonrpc\": \"2.0\", a method and an id.");
        }
        JsonNode params = message.path("params");
        if (!params.isMissingNode() && !params.isNull() && !params.isObject()) {
            throw RpcError.invalidRequest("params must be an object.");
        }
        JsonNode id = message.path("id");
        if (!id.isMissingNode() && !id.isString() && !id.isIntegralNumber()) {
            throw RpcError.invalidRequest("id must be a string or a whole number.");
        }
        return new RpcRequest(id, method.asString(""), params);
    }

    /// Whether nobody waits for an answer.
    boolean notification() {
        return id.isMissingNode() || method.isEmpty();
    }

    JsonNode meta() {
        return params.path("_meta");
    }
}
