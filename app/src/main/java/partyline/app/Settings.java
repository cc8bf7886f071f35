package partyline.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.kernel.StartupFailure;
import partyline.transport.Drivers;
import partyline.transport.LineSetup;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The values of the configuration: a flag wins over the environment (`http.port` is `PARTYLINE_HTTP_PORT`), that over
/// the file. `${NAME}` in the file is taken from the environment.
final class Settings {

    private static final Set<String> KNOWN = Set.of(
            "http.host",
            "http.port",
            "http.public_url",
            "http.trusted_proxies",
            "http.cors_origins",
            "data.folder",
            "lines",
            "simulator.latency_ms",
            "outbound.allow",
            "retention.messages_days",
            "media.retention_days",
            "media.quota_mb",
            "media.largest_inbound_mb",
            "journal.retention_days",
            "stream.heartbeat_seconds",
            "limits.streams_per_key",
            "limits.router_replies_per_hour",
            "limits.sends_per_24h",
            "limits.alternations_per_minute",
            "consent.stop_words",
            "consent.stop_words_sms",
            "consent.start_words",
            "consent.stopped_text",
            "consent.released_text",
            "consent.started_text",
            "webhooks.retry_delays",
            "webhooks.signing_overlap",
            "webhooks.log_days");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private final String place;
    private final JsonNode root;
    private final Map<String, String> environment;
    /// Empty for a part of the file, whose keys neither flags nor the environment overrule.
    private final Optional<Map<String, String>> flags;

    private Settings(
            String place, JsonNode root, Map<String, String> environment, Optional<Map<String, String>> flags) {
        this.place = place;
        this.root = root;
        this.environment = environment;
        this.flags = flags;
    }

    /// Reads `file` if there is one. `flags` has the values given on the command line, by key.
    static Settings read(Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
        JsonNode root = file.map(Settings::parse).orElse(JsonNodeFactory.instance.objectNode());
        String place = file.map(Path::toString).orElse("the configuration");
        Settings settings = new Settings(place, root, environment, Optional.of(flags));
        settings.refuseUnknown("", root);
        return settings;
    }

    Optional<String> text(String key) {
        String variable = "PARTYLINE_" + key.toUpperCase(Locale.ROOT).replace('.', '_');
        return flags.map(given -> Optional.ofNullable(given.get(key)).orElseGet(() -> environment.get(variable)))
                .or(() -> at(key).map(node -> scalar(key, node)));
    }

    String text(String key, String otherwise) {
        return text(key).orElse(otherwise);
    }

    int number(String key, int otherwise, int least, int most) {
        return text(key)
                .map(text -> {
                    try {
                        int number = Integer.parseInt(text.strip());
                        if (number >= least && number <= most) {
                            return number;
                        }
                    } catch (NumberFormatException e) {
                        // Falls through to the sentence that names the key.
                    }
                    throw wrong(key, "is \"%s\": use a whole number from %d to %d".formatted(text, least, most));
                })
                .orElse(otherwise);
    }

    boolean flag(String key, boolean otherwise) {
        return text(key)
                .map(text -> switch (text.strip()) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw wrong(key, "is \"" + text + "\": use true or false");
                })
                .orElse(otherwise);
    }

    List<String> texts(String key, List<String> otherwise) {
        return at(key).map(node -> {
                    if (!node.isArray()) {
                        throw wrong(key, "must be a list, such as [a, b]");
                    }
                    List<String> texts = new ArrayList<>();
                    node.forEach(item -> texts.add(scalar(key, item)));
                    return List.copyOf(texts);
                })
                .orElse(otherwise);
    }

    /// The objects of a list, each as settings of its own that may have these keys.
    List<Settings> items(String key, Set<String> known) {
        List<Settings> items = new ArrayList<>();
        for (JsonNode item : at(key).orElse(JsonNodeFactory.instance.arrayNode())) {
            String where = place + ", " + key + "[" + items.size() + "]";
            items.add(inner(where, item, known));
        }
        return items;
    }

    /// The object under `key` as settings of its own that may have these keys; empty settings when there is none.
    Settings part(String key, Set<String> known) {
        return inner(place + ", " + key, at(key).orElse(JsonNodeFactory.instance.objectNode()), known);
    }

    private Settings inner(String where, JsonNode node, Set<String> known) {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw new StartupFailure("%s: %s is not a key here; the keys are %s."
                        .formatted(where, name, String.join(", ", new TreeSet<>(known))));
            }
        }
        return new Settings(where, node, environment, Optional.empty());
    }

    /// What a line's settings tell its driver, under the driver's name.
    LineSetup.Options options(Drivers.Kind kind) {
        Map<String, String> values = new HashMap<>();
        JsonNode told = at(kind.name()).orElse(JsonNodeFactory.instance.objectNode());
        for (String name : told.propertyNames()) {
            String key = kind.name() + "." + name;
            if (!kind.keys().contains(name)) {
                throw wrong(
                        key,
                        "is not a key of this driver; the keys are " + String.join(", ", new TreeSet<>(kind.keys())));
            }
            values.put(name, scalar(key, told.get(name)));
        }
        return new LineSetup.Options(place + ", " + kind.name(), values);
    }

    StartupFailure wrong(String key, String what) {
        return new StartupFailure(place + ": " + key + " " + what + ".");
    }

    private Optional<JsonNode> at(String key) {
        JsonNode node = root;
        for (String part : key.split("\\.")) {
            node = node.path(part);
        }
        return node.isMissingNode() || node.isNull() ? Optional.empty() : Optional.of(node);
    }

    private String scalar(String key, JsonNode node) {
        if (!node.isValueNode()) {
            throw wrong(key, "must be one value");
        }
        Matcher variables = VARIABLE.matcher(node.asString());
        return variables.replaceAll(match ->
                Matcher.quoteReplacement(Optional.ofNullable(environment.get(match.group(1)))
                        .orElseThrow(() -> wrong(
                                key, "needs the environment variable " + match.group(1) + ", which is not set"))));
    }

    private void refuseUnknown(String prefix, JsonNode node) {
        for (String name : node.propertyNames()) {
            String key = prefix + name;
            boolean section = KNOWN.stream().anyMatch(known -> known.startsWith(key + "."));
            if (section && (node.get(name).isObject() || node.get(name).isNull())) {
                refuseUnknown(key + ".", node.get(name));
            } else if (!KNOWN.contains(key)) {
                throw new StartupFailure("%s: %s is not a key; the keys are %s."
                        .formatted(place, key, String.join(", ", new TreeSet<>(KNOWN))));
            }
        }
    }

    private static JsonNode parse(Path file) {
        try {
            JsonNode root = new YAMLMapper().readTree(Files.readString(file));
            if (root.isMissingNode() || root.isNull()) {
                return JsonNodeFactory.instance.objectNode();
            }
            if (!root.isObject()) {
                throw new StartupFailure("The configuration " + file + " must be keys and values, such as \"http:\".");
            }
            return root;
        } catch (IOException e) {
            throw new StartupFailure("Cannot read the configuration " + file + " (" + e + "): check the path.", e);
        } catch (JacksonException e) {
            throw new StartupFailure(
                    "The configuration %s is not YAML (line %d): %s"
                            .formatted(file, e.getLocation().getLineNr(), e.getOriginalMessage()),
                    e);
        }
    }
}
