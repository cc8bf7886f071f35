package partyline.webhooks;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How much history goes along with `imessage.received`: per class (`email`, `texts`, `calls`) a window, or nothing.
public record ContextConfig(Map<String, Window> windows) {

    static final String TEXTS = "texts";

    private static final List<String> CLASSES = List.of("email", TEXTS, "calls");
    private static final int MOST_ITEMS = 50;
    private static final int MOST_HOURS = 168;

    /// A stretch of history.
    public sealed interface Window {

        /// The newest `count` items, 1 to 50.
        record Count(int count) implements Window {}

        /// What is younger than `hours`, 1 to 168.
        record Hours(int hours) implements Window {

            Duration length() {
                return Duration.ofHours(hours);
            }
        }
    }

    public ContextConfig {
        windows = Map.copyOf(windows);
    }

    /// What is wrong with a `context_config` as a client sent it, to be read after that name; empty when it may stay.
    static Optional<String> problem(JsonNode json) {
        if (!json.isObject()) {
            return Optional.of("must be an object with the keys email, texts and calls, or null");
        }
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            if (!CLASSES.contains(entry.getKey())) {
                return Optional.of("has the unknown key " + entry.getKey() + ": the keys are email, texts and calls");
            }
            if (!entry.getValue().isNull() && window(entry.getValue()).isEmpty()) {
                return Optional.of(
                        "has a wrong %s: use {\"mode\":\"count\",\"count\":1..%d} or {\"mode\":\"window\",\"hours\":1..%d}"
                                .formatted(entry.getKey(), MOST_ITEMS, MOST_HOURS));
            }
        }
        return Optional.empty();
    }

    /// The configuration that `json` spells, which has no [#problem].
    static ContextConfig read(JsonNode json) {
        Map<String, Window> windows = new LinkedHashMap<>();
        json.properties()
                .forEach(entry -> window(entry.getValue()).ifPresent(window -> windows.put(entry.getKey(), window)));
        return new ContextConfig(windows);
    }

    /// On the wire and in the database: every class, null where nothing is configured.
    ObjectNode json() {
        ObjectNode json = Json.object();
        CLASSES.forEach(
                name -> json.set(name, window(name).map(ContextConfig::json).orElse(null)));
        return json;
    }

    Optional<Window> window(String name) {
        return Optional.ofNullable(windows.get(name));
    }

    /// The configured classes, always in the same order.
    List<String> classes() {
        return CLASSES.stream().filter(windows::containsKey).toList();
    }

    private static ObjectNode json(Window window) {
        return switch (window) {
            case Window.Count(var count) -> Json.object().put("mode", "count").put("count", count);
            case Window.Hours(var hours) -> Json.object().put("mode", "window").put("hours", hours);
        };
    }

    private static Optional<Window> window(JsonNode json) {
        Set<String> keys = Set.copyOf(json.propertyNames());
        String mode = json.path("mode").stringValue("");
        if (mode.equals("count") && keys.equals(Set.of("mode", "count"))) {
            return number(json.path("count"), MOST_ITEMS).map(Window.Count::new);
        }
        if (mode.equals("window") && keys.equals(Set.of("mode", "hours"))) {
            return number(json.path("hours"), MOST_HOURS).map(Window.Hours::new);
        }
        return Optional.empty();
    }

    private static Optional<Integer> number(JsonNode json, int most) {
        return Optional.of(json).filter(JsonNode::isInt).map(JsonNode::intValue).filter(it -> it >= 1 && it <= most);
    }
}
