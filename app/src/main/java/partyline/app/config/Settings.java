package partyline.app.config;

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
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.kernel.StartupFailure;
import partyline.transport.DriverKind;
import partyline.transport.LineSetup;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The values of the configuration: a flag wins over the environment (`http.port` is `PARTYLINE_HTTP_PORT`),
/// that over the file. `${NAME}` in the file is taken from the environment. What is blank counts as not set,
/// wherever it stands.
public final class Settings {

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
            "media.wait_seconds",
            "journal.retention_days",
            "stream.heartbeat_seconds",
            "limits.streams_per_key",
            "limits.streams_per_organization",
            "limits.keys_per_minute",
            "limits.identities",
            "limits.keys",
            "limits.rules_per_identity",
            "limits.contacts",
            "limits.router_replies_per_hour",
            "limits.sends_per_24h",
            "limits.alternations_per_minute",
            "router.tell_disconnected",
            "consent.stop_words",
            "consent.stop_words_sms",
            "consent.start_words",
            "consent.stopped_text",
            "consent.released_text",
            "consent.started_text",
            "consent.number_stopped_text",
            "consent.number_started_text",
            "webhooks.retry_delays",
            "webhooks.signing_overlap",
            "webhooks.log_days");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    private static final YAMLMapper YAML = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .build();
    private static final String PREFIX = "PARTYLINE_";
    private static final String LINES = "lines";
    /// Of the program, its start script and its agents, which often share a shell with the server.
    private static final Set<String> OTHER_VARIABLES =
            Set.of("PARTYLINE_ADMIN_KEY", "PARTYLINE_JAR", "PARTYLINE_API_KEY", "PARTYLINE_URL");
    /// What Kubernetes sets in every container for a service that is called partyline.
    private static final Pattern SERVICE_LINK =
            Pattern.compile("PARTYLINE_(\\w+_)?(SERVICE_(HOST|PORT)(_\\w+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_\\w+)?)");

    /// Every key that there is.
    static Set<String> known() {
        return KNOWN;
    }

    /// A value, and where it stands, for the sentence that refuses it.
    private record Told(String text, String source) {}

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
    public static Settings read(Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
        JsonNode root = file.map(Settings::parse).orElse(JsonNodeFactory.instance.objectNode());
        String place = file.map(Path::toString).orElse("the configuration");
        Settings settings = new Settings(place, root, environment, Optional.of(flags));
        settings.refuseUnknown("", root);
        settings.refuseUnknownVariables();
        return settings;
    }

    Optional<String> text(String key) {
        return overruled(key)
                .map(Told::text)
                .or(() -> at(key).map(node -> scalar(key, node)).filter(text -> !text.isBlank()));
    }

    /// What a flag or the environment says instead of the file.
    private Optional<Told> overruled(String key) {
        return flags.flatMap(given -> told(given.get(key), "the command line")
                .or(() -> told(environment.get(variable(key)), "the environment variable " + variable(key))));
    }

    private static Optional<Told> told(@Nullable String text, String source) {
        return text == null || text.isBlank() ? Optional.empty() : Optional.of(new Told(text, source));
    }

    private static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
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

    public List<String> texts(String key, List<String> otherwise) {
        return overruled(key)
                .map(told -> split(told.text()))
                .or(() -> listed(key))
                .orElse(otherwise);
    }

    /// A list in one line: its items between commas, with or without the brackets and quotes of YAML.
    private static List<String> split(String text) {
        return Stream.of(text.strip().replaceAll("^\\[|]$", "").split(",", -1))
                .map(item -> item.strip().replaceAll("^[\"']|[\"']$", ""))
                .filter(item -> !item.isEmpty())
                .toList();
    }

    private Optional<List<String>> listed(String key) {
        return at(key).map(node -> {
            if (!node.isArray()) {
                throw wrong(key, "must be a list, such as [a, b]");
            }
            List<String> texts = new ArrayList<>();
            node.forEach(item -> texts.add(scalar(key, item)));
            return List.copyOf(texts);
        });
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
                throw new StartupFailure(where + ": " + name + " is not a key here" + instead(name, known));
            }
        }
        return new Settings(where, node, environment, Optional.empty());
    }

    /// What a line's settings tell its driver, under the driver's name.
    LineSetup.Options options(DriverKind kind) {
        Map<String, String> values = new HashMap<>();
        JsonNode told = at(kind.name()).orElse(JsonNodeFactory.instance.objectNode());
        for (String name : told.propertyNames()) {
            String key = kind.name() + "." + name;
            if (!kind.keys().contains(name)) {
                throw new StartupFailure(
                        place + ": " + key + " is not a key of this driver" + instead(name, kind.keys()));
            }
            values.put(name, scalar(key, told.get(name)));
        }
        return new LineSetup.Options(place + ", " + kind.name(), values);
    }

    public StartupFailure wrong(String key, String what) {
        String source = overruled(key).map(Told::source).orElse(place);
        return new StartupFailure(source + ": " + key + " " + what + ".");
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
                throw new StartupFailure(place + ": " + key + " is not a key" + instead(key, KNOWN));
            }
        }
    }

    /// A variable that means nothing is a typo, as a key in the file is.
    private void refuseUnknownVariables() {
        Set<String> known = KNOWN.stream()
                .filter(key -> !key.equals(LINES))
                .map(Settings::variable)
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> named = VARIABLE.matcher(root.toString())
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
        for (Map.Entry<String, String> given : new TreeMap<>(environment).entrySet()) {
            String name = given.getKey();
            boolean meant = known.contains(name) || OTHER_VARIABLES.contains(name) || named.contains(name);
            if (name.startsWith(PREFIX)
                    && !meant
                    && !ofKubernetes(given)
                    && !given.getValue().isBlank()) {
                throw new StartupFailure("The environment variable " + name
                        + (name.equals(variable(LINES))
                                ? " cannot say what the lines are: list them in a file and name it with --config."
                                : " belongs to no key" + instead(name, known)));
            }
        }
    }

    private static boolean ofKubernetes(Map.Entry<String, String> variable) {
        return SERVICE_LINK.matcher(variable.getKey()).matches()
                || variable.getValue().startsWith("tcp://")
                || variable.getValue().startsWith("udp://");
    }

    private static String instead(String given, Set<String> known) {
        return Typo.nearest(given, known)
                .map(nearest -> ": did you mean " + nearest + "?")
                .orElseGet(() -> "; there are " + String.join(", ", new TreeSet<>(known)) + ".");
    }

    private static JsonNode parse(Path file) {
        try {
            JsonNode root = YAML.readTree(Files.readString(file));
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
            String message = e.getOriginalMessage();
            throw new StartupFailure(
                    "The configuration %s %s (line %d): %s"
                            .formatted(
                                    file,
                                    message.startsWith("Duplicate") ? "has a key twice" : "is not YAML",
                                    e.getLocation().getLineNr(),
                                    message),
                    e);
        }
    }
}
