import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What a release tells of what is in it; `packaging/dist` runs this from source.
///
/// - `notices JAR SBOM MODULES LICENSES`: the licenses of the libraries in the jar, each text once. A text comes from the
///   library's own archive in MODULES, or from LICENSES (`group.name.txt`); where all share one text, it is taken from
///   another library. A library without any ends the release.
/// - `sbom SBOM JDK-RELEASE`: the bill of materials with the Java runtime, which comes along.
public final class Release {

    /// Licenses whose text names nobody, so that one text serves all, by the words that it has.
    private static final Map<String, String> SHARED =
            Map.of("Apache-2.0", "Apache License", "EPL-2.0", "Eclipse Public License - v 2.0");

    private record Library(String name, String version, boolean shipped, List<String> licenses, List<String> texts) {
        @Override
        public String toString() {
            return name + " " + version + " (" + String.join(" or ", licenses) + ")";
        }
    }

    private Release() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<Path> files = Stream.of(arguments).skip(1).map(Path::of).toList();
        switch (arguments[0]) {
            case "notices" -> out.print(notices(files.get(0), files.get(1), files.get(2), files.get(3)));
            case "sbom" -> out.println(withRuntime(files.get(0), files.get(1)));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private static String notices(Path jar, Path bill, Path modules, Path own) throws IOException {
        List<Library> libraries = libraries(jar, bill, modules, own);
        Map<String, List<String>> users = new LinkedHashMap<>();
        for (Library library : libraries.stream().filter(Library::shipped).toList()) {
            textsOf(library, libraries)
                    .forEach(text -> users.computeIfAbsent(text, _ -> new ArrayList<>()).add(library.toString()));
        }
        StringBuilder notices = new StringBuilder("""
                Partyline is made with the work of others. What is in partyline.jar, each with its license and notices, as far
                as its own archive carries them. The licenses of the Java runtime, where one comes along, are in runtime/legal.
                """);
        users.forEach((text, names) -> notices.append("\n").append("=".repeat(100)).append("\n")
                .append(String.join("\n", names)).append("\n\n").append(text).append("\n"));
        return notices.toString();
    }

    private static List<Library> libraries(Path jar, Path bill, Path modules, Path own) throws IOException {
        Set<String> shipped = names(jar);
        Set<String> files = shipped.stream().map(Release::base).collect(Collectors.toSet());
        Map<String, Library> libraries = new TreeMap<>();
        for (JsonNode component : JsonMapper.shared().readTree(bill.toFile()).path("components")) {
            String name = component.path("name").asString();
            String version = component.path("version").asString();
            Path archive = modules.resolve(name + "-" + version + ".jar");
            String group = component.path("group").asString();
            if (group.equals("partyline")) {
                continue;
            }
            boolean comesAlong = names(archive).stream().anyMatch(it -> comesFrom(it, shipped, files));
            List<String> texts = texts(archive);
            Path ours = own.resolve(group + "." + name + ".txt");
            if (Files.exists(ours)) {
                texts.add(Files.readString(ours).strip());
            }
            libraries.put(name, new Library(group + ":" + name, version, comesAlong, licenses(component), texts));
        }
        return List.copyOf(libraries.values());
    }

    private static boolean comesFrom(String entry, Set<String> shipped, Set<String> files) {
        boolean code = entry.endsWith(".class") && !entry.endsWith("module-info.class") && !entry.startsWith("META-INF/");
        return code && shipped.contains(entry) || entry.endsWith(".module.js") && files.contains(base(entry))
                || entry.endsWith("/swagger-ui-bundle.js") && files.contains(base(entry));
    }

    private static String base(String entry) {
        return entry.substring(entry.lastIndexOf('/') + 1);
    }

    private static Set<String> names(Path archive) throws IOException {
        try (JarFile file = new JarFile(archive.toFile())) {
            return file.stream().map(JarEntry::getName).collect(Collectors.toCollection(HashSet::new));
        }
    }

    private static List<String> licenses(JsonNode component) {
        return StreamSupport.stream(component.path("licenses").spliterator(), false)
                .map(it -> it.path("license").path("id").asString(it.path("license").path("name").asString("")))
                .toList();
    }

    /// Its license and notice files, each once.
    private static List<String> texts(Path archive) throws IOException {
        Set<String> texts = new LinkedHashSet<>();
        try (JarFile file = new JarFile(archive.toFile())) {
            for (JarEntry entry : file.stream().filter(it -> isLegal(it.getName())).toList()) {
                try (InputStream in = file.getInputStream(entry)) {
                    texts.add(new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "").strip());
                }
            }
        }
        return new ArrayList<>(texts);
    }

    private static boolean isLegal(String entry) {
        String name = base(entry).toLowerCase(Locale.ROOT);
        return !name.endsWith(".class") && name.matches(".*(license|notice|copying).*");
    }

    /// Its own texts, and the text of its license where that is not among them.
    private static List<String> textsOf(Library library, List<Library> libraries) {
        List<String> shared = library.licenses().stream().filter(SHARED::containsKey).toList();
        if (shared.isEmpty() && library.texts().isEmpty()) {
            throw new IllegalStateException("No license text of " + library + ": put it into packaging/licenses.");
        }
        if (shared.isEmpty() || library.texts().stream().anyMatch(it -> shared.stream().anyMatch(id -> isText(id, it)))) {
            return library.texts();
        }
        String text = libraries.stream()
                .flatMap(it -> it.texts().stream())
                .filter(it -> isText(shared.getFirst(), it))
                .findFirst()
                .orElseThrow();
        return Stream.concat(Stream.of(text), library.texts().stream()).toList();
    }

    private static boolean isText(String license, String text) {
        return text.lines().limit(3).anyMatch(line -> line.contains(SHARED.get(license)));
    }

    private static String withRuntime(Path bill, Path release) throws IOException {
        ObjectNode sbom = (ObjectNode) JsonMapper.shared().readTree(bill.toFile());
        Map<String, String> jdk = new LinkedHashMap<>();
        Files.readAllLines(release).stream().filter(it -> it.contains("="))
                .forEach(it -> jdk.put(it.split("=", 2)[0], it.split("=", 2)[1].replace("\"", "")));
        ObjectNode runtime = sbom.withArray("components").addObject();
        runtime.put("type", "platform");
        runtime.put("bom-ref", "openjdk");
        runtime.putObject("supplier").put("name", jdk.getOrDefault("IMPLEMENTOR", "unknown"));
        runtime.put("name", "openjdk");
        runtime.put("version", jdk.getOrDefault("JAVA_RUNTIME_VERSION", jdk.get("JAVA_VERSION")));
        runtime.putArray("licenses").addObject().put("expression", "GPL-2.0-only WITH Classpath-exception-2.0");
        return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(sbom);
    }
}
