package partyline.app.http;

import java.util.List;
import partyline.kernel.Json;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The answer to wrong input: 422 and a list that names the place and the fix,
/// `{"detail": [{"type": "value_error", "loc": ["body", "text"], "msg": "…", "input": null, "ctx": {}}]}`.
public final class ValidationError {

    private ValidationError() {}

    public static ApiException body(String field, String message) {
        return at("body", field, message);
    }

    public static ApiException query(String name, String message) {
        return at("query", name, message);
    }

    public static ApiException header(String name, String message) {
        return at("header", name, message);
    }

    static ApiException path(String name, String message) {
        return at("path", name, message);
    }

    /// All of these in one answer, so that nobody mends one field after the other.
    public static ApiException all(List<ApiException> wrong) {
        ArrayNode items = Json.array();
        wrong.forEach(it -> items.addAll(it.detail().values()));
        return new ApiException(422, items);
    }

    /// The body as a whole is wrong.
    public static ApiException body(String message) {
        return new ApiException(422, Json.array().add(item(Json.array().add("body"), message)));
    }

    private static ApiException at(String place, String name, String message) {
        ArrayNode location = Json.array().add(place).add(name);
        return new ApiException(422, Json.array().add(item(location, name + " " + message)));
    }

    private static ObjectNode item(ArrayNode location, String message) {
        ObjectNode item = Json.object();
        item.put("type", "value_error");
        item.set("loc", location);
        item.put("msg", message);
        item.putNull("input");
        item.putObject("ctx");
        return item;
    }
}
