package partyline.app.operator;

import java.util.HashMap;
import java.util.Map;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A command of the operator, such as `org create`, with its arguments by name; as JSON on its way to a running server.
public record OperatorCommand(String command, Map<String, String> arguments) {

    public OperatorCommand {
        arguments = Map.copyOf(arguments);
    }

    String argument(String name) {
        return arguments.getOrDefault(name, "");
    }

    String json() {
        ObjectNode json = Json.object().put("command", command);
        ObjectNode named = json.putObject("arguments");
        arguments.forEach(named::put);
        return Json.write(json);
    }

    static OperatorCommand parse(String text) {
        JsonNode json = Json.read(text);
        Map<String, String> arguments = new HashMap<>();
        json.path("arguments")
                .properties()
                .forEach(it -> arguments.put(it.getKey(), it.getValue().asString("")));
        return new OperatorCommand(json.path("command").asString(""), arguments);
    }
}
