package partyline.app.mcp;

import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A request of the protocol that is wrong as such, and so is answered with an error of JSON-RPC. What a tool refuses
/// is a result instead, which a model reads. Carries no stack trace.
final class RpcError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final int code;
    private final transient ObjectNode data;

    private RpcError(int status, int code, String sentence, ObjectNode data) {
        super(sentence, null, false, false);
        this.status = status;
        this.code = code;
        this.data = data;
    }

    static RpcError noJson(String sentence) {
        return new RpcError(400, -32700, sentence, Json.object());
    }

    static RpcError invalidRequest(String sentence) {
        return new RpcError(400, -32600, sentence, Json.object());
    }

    /// `status` is 404 in the revision that has no sessions, which 404 would end in the others.
    static RpcError unknownMethod(int status, String sentence) {
        return new RpcError(status, -32601, sentence, Json.object());
    }

    static RpcError invalidParams(int status, String sentence) {
        return new RpcError(status, -32602, sentence, Json.object());
    }

    static RpcError headerMismatch(String sentence) {
        return new RpcError(400, -32020, sentence, Json.object());
    }

    static RpcError unsupportedRevision(String asked) {
        ObjectNode data = Json.object().put("requested", asked);
        Revision.all().forEach(data.putArray("supported")::add);
        return new RpcError(
                400,
                -32022,
                "This server does not speak that revision of the protocol: take one of data.supported.",
                data);
    }

    int status() {
        return status;
    }

    /// The answer to the request with this id, or to one whose id nobody could read.
    ObjectNode answer(JsonNode id) {
        ObjectNode error = Json.object().put("code", code).put("message", getMessage());
        if (!data.isEmpty()) {
            error.set("data", data);
        }
        ObjectNode answer = Json.object().put("jsonrpc", "2.0");
        if (id.isString() || id.isIntegralNumber()) {
            answer.set("id", id);
        }
        return answer.set("error", error);
    }
}
