package partyline.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the README and the pages of `docs/` name is in the tree: files, types, and their members. Who renames something
/// and forgets a page hears of it here.
class DocsTest {

    private static final Path TREE = Path.of("..");
    private static final Pattern FENCED = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern LINK = Pattern.compile("]\\(([^)#:\\s]+)(?:#[^)]*)?\\)");
    private static final Pattern CODE = Pattern.compile("`([^`\\s]+)`");
    private static final Pattern PATH =
            Pattern.compile("(?:modules|app|db|docs|config|packaging|bench|torture|journey|examples|\\.ci)/[\\w./-]+");
    /// A type, perhaps with members: `Inbox`, `Inbox.take`, `SendResult.Refused`.
    private static final Pattern NAME = Pattern.compile("([A-Z]\\w*[a-z]\\w*)((?:\\.\\w+)*)");
    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");
    /// A header, and a type of Apache's client.
    private static final Set<String> OTHERS = Set.of("Link", "DnsResolver");

    private static final Pattern COMMENT = Pattern.compile("(?m)^\\s*//.*$");

    /// The source of each type, also of nested ones, without its comments.
    private static final Map<String, String> SOURCES = sources();

    static List<Path> pages() {
        return Stream.concat(Stream.of(TREE.resolve("README.md")), files(TREE.resolve("docs"), ".md"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void what_a_page_names_is_in_the_tree(Path page) throws IOException {
        String text = FENCED.matcher(Files.readString(page)).replaceAll("");

        Stream<String> links = named(LINK, text).filter(link -> !Files.exists(page.resolveSibling(link)));
        Stream<String> names = named(CODE, text).filter(name -> !isKnown(name));

        assertThat(Stream.concat(links, names)).isEmpty();
    }

    private static Stream<String> named(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(it -> it.group(1));
    }

    private static boolean isKnown(String code) {
        if (PATH.matcher(code).matches()) {
            return code.contains("/target/") || Files.exists(TREE.resolve(code));
        }
        return NAME.matcher(code)
                .results()
                .filter(it -> it.group().equals(code))
                .allMatch(DocsTest::isType);
    }

    private static boolean isType(MatchResult name) {
        String type = name.group(1);
        String source = SOURCES.get(type);
        if (source == null) {
            return OTHERS.contains(type)
                    || Stream.of("java.lang.", "java.util.").anyMatch(it -> isClass(it + type));
        }
        return Stream.of(name.group(2).split("\\."))
                .filter(member -> !member.isEmpty() && !member.equals("java"))
                .allMatch(member ->
                        Pattern.compile("\\b" + member + "\\b").matcher(source).find());
    }

    private static boolean isClass(String name) {
        try {
            Class.forName(name);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private static Map<String, String> sources() {
        return files(TREE, ".java")
                .map(DocsTest::read)
                .flatMap(source -> named(DECLARED, source).map(type -> Map.entry(type, source)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, String::concat));
    }

    private static String read(Path file) {
        try {
            return COMMENT.matcher(Files.readString(file)).replaceAll("");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(Path folder, String ending) {
        try (Stream<Path> all = Files.walk(folder)) {
            return all
                    .filter(file -> file.toString().endsWith(ending))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
