package partyline.app.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
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
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The values of the configuration, made into records: a component for each key, named like it and read by its type.
///
/// A flag wins over the environment (`http.port` is `PARTYLINE_HTTP_PORT`), that over the file, that over the defaults
/// in `partyline.yaml`. `${NAME}` in the file is taken from the environment. What is blank counts as not set, wherever
/// it stands. What is wrong becomes a sentence that names the key, and where its value stands.
///
/// `root` has the values of one place, whose keys begin with `prefix`; neither the environment nor flags overrule those
/// of a line, which has no `flags`.
public record Settings(
        String place,
        String prefix,
        JsonNode root,
        JsonNode defaults,
        Map<String, String> environment,
        Optional<Map<String, String>> flags) {

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String PREFIX = "PARTYLINE_";
    private static final String LINES = "lines";
    /// Of the program, its start script and its agents, which often share a shell with the server.
    private static final Set<String> OTHER_VARIABLES =
            Set.of("PARTYLINE_ADMIN_KEY", "PARTYLINE_JAR", "PARTYLINE_API_KEY", "PARTYLINE_URL");
    /// What Kubernetes sets in every container for a service that is called partyline.
    private static final Pattern SERVICE_LINK =
            Pattern.compile("PARTYLINE_(\\w+_)?(SERVICE_(HOST|PORT)(_\\w+)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_\\w+)?)");

    /// A value, and where it stands, for the sentence that refuses it.
    private record Told(String text, String source) {}

    /// Reads `file` if there is one. `flags` has the values given on the command line, by key.
    public static Settings read(Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
        JsonNode root = file.map(Settings::parse).orElse(JsonNodeFactory.instance.objectNode());
        String place = file.map(Path::toString).orElse("the configuration");
        Settings settings = new Settings(place, "", root, bundled(), environment, Optional.of(flags));
        settings.refuseUnknown("", root, known());
        settings.refuseUnknownVariables();
        return settings;
    }

    /// Every key that there is.
    static Set<String> known() {
        return keys("", Config.class).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Stream<String> keys(String prefix, Class<?> type) {
        return Stream.of(type.getRecordComponents())
                .filter(it -> it.getType() != Digest.class)
                .flatMap(it -> it.getType().isRecord() && it.getType() != Lines.class
                        ? keys(prefix + key(it) + ".", it.getType())
                        : Stream.of(prefix + key(it)));
    }

    /// `largestInboundMb` is `largest_inbound_mb`, `sendsPer24h` is `sends_per_24h`.
    private static String key(RecordComponent component) {
        return component.getName().replaceAll("([A-Z]|(?<![0-9])[0-9])", "_$1").toLowerCase(Locale.ROOT);
    }

    /// The record of what they say; a line has `more` keys.
    ///
    /// @throws StartupFailure naming the key, what is wrong with it, and the fix.
    <T extends Record> T bind(Class<T> type, String... more) {
        RecordComponent[] components = type.getRecordComponents();
        if (flags.isEmpty()) {
            refuseUnknown(Stream.concat(Stream.of(components).map(Settings::key), Stream.of(more)));
        }
        try {
            Class<?>[] types =
                    Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            Object[] values = Stream.of(components).map(this::value).toArray();
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Mistake mistake
                    ? wrong(mistake.key(), mistake.what())
                    : new IllegalStateException(e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Of everything that the file says.
    public Digest digest() {
        try {
            byte[] text = root.toString().getBytes(StandardCharsets.UTF_8);
            return new Digest(HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object value(RecordComponent component) {
        String key = key(component);
        Within bounds = component.getAnnotation(Within.class);
        return switch (component.getType().getSimpleName()) {
            case "int" -> number(key, bounds).orElseThrow();
            case "OptionalInt" -> number(key, bounds);
            case "boolean" -> text(key).map(text -> flag(key, text)).orElse(false);
            case "String" -> text(key).orElseThrow();
            case "List" -> texts(key).orElseThrow();
            case "Map" -> pairs(key);
            case "Optional" -> isList(component) ? texts(key) : text(key);
            case "Lines" -> Lines.of(this);
            case "Digest" -> digest();
            default -> section(key).bind(component.getType().asSubclass(Record.class));
        };
    }

    private static boolean isList(RecordComponent component) {
        return component.getGenericType().getTypeName().contains(List.class.getName());
    }

    /// What stands under `key`.
    Settings section(String key) {
        JsonNode inner = at(key).orElse(JsonNodeFactory.instance.objectNode());
        return flags.isPresent()
                ? new Settings(place, prefix + key + ".", inner, defaults.path(key), environment, flags)
                : inner(key, inner);
    }

    private Optional<String> text(String key) {
        return overruled(key)
                .map(Told::text)
                .or(() -> at(key).map(node -> scalar(key, node)).filter(text -> !text.isBlank()))
                .or(() -> usual(key).map(JsonNode::asString));
    }

    private Optional<List<String>> texts(String key) {
        return overruled(key)
                .map(told -> split(told.text()))
                .or(() -> at(key).or(() -> usual(key)).map(node -> listed(key, node)));
    }

    /// What stands under `key` as names with a text each; in one line it is `name=text` between commas.
    private Map<String, String> pairs(String key) {
        Map<String, String> pairs = new TreeMap<>();
        Optional<Told> told = overruled(key);
        if (told.isPresent()) {
            split(told.get().text())
                    .forEach(pair -> pairs.put(
                            pair.split("=", 2)[0].strip(), pair.contains("=") ? pair.split("=", 2)[1].strip() : ""));
            return pairs;
        }
        JsonNode node = at(key).orElse(JsonNodeFactory.instance.objectNode());
        if (!node.isObject()) {
            throw wrong(key, "must be names with a value each, such as {a: b}");
        }
        node.propertyNames().forEach(name -> pairs.put(name, scalar(key + "." + name, node.get(name))));
        return pairs;
    }

    private OptionalInt number(String key, Within bounds) {
        return text(key).map(text -> OptionalInt.of(number(key, text, bounds))).orElse(OptionalInt.empty());
    }

    private int number(String key, String text, Within bounds) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= bounds.least() && number <= bounds.most()) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the sentence that names the key.
        }
        throw wrong(key, "is \"%s\": use a whole number from %d to %d".formatted(text, bounds.least(), bounds.most()));
    }

    private boolean flag(String key, String text) {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, "is \"" + text + "\": use true or false");
        };
    }

    private List<String> listed(String key, JsonNode node) {
        if (!node.isArray()) {
            throw wrong(key, "must be a list, such as [a, b]");
        }
        return node.valueStream().map(item -> scalar(key, item)).toList();
    }

    /// A list in one line: its items between commas, with or without the brackets and quotes of YAML.
    private static List<String> split(String text) {
        return Stream.of(text.strip().replaceAll("^\\[|]$", "").split(",", -1))
                .map(item -> item.strip().replaceAll("^[\"']|[\"']$", ""))
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /// What a flag or the environment says instead of the file.
    private Optional<Told> overruled(String key) {
        String name = prefix + key;
        return flags.flatMap(given -> told(given.get(name), "the command line")
                .or(() -> told(environment.get(variable(name)), "the environment variable " + variable(name))));
    }

    private static Optional<Told> told(@Nullable String text, String source) {
        return text == null || text.isBlank() ? Optional.empty() : Optional.of(new Told(text, source));
    }

    private static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_');
    }

    /// The objects of the list, each as settings of its own.
    List<Settings> items(String key) {
        List<Settings> items = new ArrayList<>();
        for (JsonNode item : at(key).orElse(JsonNodeFactory.instance.arrayNode())) {
            items.add(inner(key + "[" + items.size() + "]", item));
        }
        return items;
    }

    private Settings inner(String key, JsonNode node) {
        return new Settings(place + ", " + key, "", node, MissingNode.getInstance(), environment, Optional.empty());
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

    StartupFailure wrong(String key, String what) {
        String source = overruled(key).map(Told::source).orElse(place);
        String name = (prefix + key).replaceFirst("\\.$", "");
        return new StartupFailure(source + ": " + name + " " + what + ".");
    }

    private Optional<JsonNode> at(String key) {
        return Optional.ofNullable(root.get(key)).filter(node -> !node.isNull());
    }

    private Optional<JsonNode> usual(String key) {
        return Optional.ofNullable(defaults.get(key)).filter(node -> !node.isNull());
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

    private void refuseUnknown(Stream<String> keys) {
        Set<String> known = keys.collect(Collectors.toSet());
        root.propertyNames().stream()
                .filter(name -> !known.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new StartupFailure(place + ": " + name + " is not a key here" + instead(name, known));
                });
    }

    private void refuseUnknown(String prefix, JsonNode node, Set<String> known) {
        for (String name : node.propertyNames()) {
            String key = prefix + name;
            boolean section = known.stream().anyMatch(it -> it.startsWith(key + "."));
            if (section && (node.get(name).isObject() || node.get(name).isNull())) {
                refuseUnknown(key + ".", node.get(name), known);
            } else if (!known.contains(key)) {
                throw new StartupFailure(place + ": " + key + " is not a key" + instead(key, known));
            }
        }
    }

    /// A variable that means nothing is a typo, as a key in the file is.
    private void refuseUnknownVariables() {
        Set<String> known = known().stream()
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

    private static JsonNode bundled() {
        try (InputStream in = Objects.requireNonNull(Settings.class.getResourceAsStream("partyline.yaml"))) {
            return YAML.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonNode parse(Path file) {
        try {
            String text = Files.readString(file);
            refuseTwice(file, text);
            JsonNode root = YAML.readTree(text);
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

    /// YAML would take the last of two values for one key, and nobody would know why the first does nothing.
    private static void refuseTwice(Path file, String text) {
        Deque<Map<String, Integer>> open = new ArrayDeque<>();
        try (JsonParser parser = YAML.createParser(text)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                switch (token) {
                    case START_OBJECT -> open.push(new HashMap<>());
                    case END_OBJECT -> open.pop();
                    case PROPERTY_NAME -> {
                        int line = parser.currentTokenLocation().getLineNr();
                        Integer first = open.element().putIfAbsent(parser.currentName(), line);
                        if (first != null) {
                            String key =
                                    parser.streamReadContext().pathAsPointer().toString();
                            throw new StartupFailure(
                                    "The configuration %s has the key %s twice, in line %d and in line %d: keep one."
                                            .formatted(file, key.substring(1).replace('/', '.'), first, line));
                        }
                    }
                    default -> {}
                }
            }
        }
    }
}
