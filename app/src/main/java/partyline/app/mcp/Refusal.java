package partyline.app.mcp;

import java.util.stream.Collectors;
import partyline.app.http.ApiException;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the API refuses, as a model reads it: a sentence that says what to change, and the code and whatever else
/// helps, below it.
final class Refusal {

    private Refusal() {}

    static ObjectNode result(ApiException refused) {
        ObjectNode more = Json.object().put("code", "invalid_argument");
        if (refused.detail() instanceof ObjectNode detail) {
            more.setAll(detail).remove("message");
            more.remove("error");
        }
        refused.retryAfter().ifPresent(seconds -> more.put("retry_after_seconds", seconds));
        ObjectNode result = Json.object();
        result.putArray("content")
                .addObject()
                .put("type", "text")
                .put("text", sentence(refused) + "\n" + Json.write(more));
        return result.put("isError", true);
    }

    static String sentence(ApiException refused) {
        JsonNode detail = refused.detail();
        String sentence = detail.isArray()
                ? detail.valueStream()
                        .map(item -> item.path("msg").asString(""))
                        .collect(Collectors.joining("; "))
                : detail.path("message").asString("");
        // A result has no headers.
        return sentence.replace("Retry-After", "retry_after_seconds");
    }
}
