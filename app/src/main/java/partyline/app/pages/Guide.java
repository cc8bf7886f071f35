package partyline.app.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import partyline.app.http.ApiError;

/// One page for who builds agents, as Markdown: a file of `docs/guides`, or the page of `examples`, with the address of
/// this server in the place of the one that stands there, and links that work anywhere.
record Guide(String name, String text) {

    /// In the order in which one reads them.
    static final List<String> NAMES =
            List.of("first-agent", "receiving", "replying", "events", "mcp", "limits", "errors", "examples");

    /// The page that comes before all of these.
    static final String INDEX = "index";

    private static final String ANY_SERVER = "http://127.0.0.1:8080";
    private static final Pattern COMMENT = Pattern.compile("(?s)<!--.*?-->\\n?");
    private static final String EVERY_CODE = "<!-- every code -->";
    private static final Pattern LINK =
            Pattern.compile("\\[([^]]+)]\\((?!https?:|#)(?:[^)\\s]*?/)??((?:mcp/)?[^)/\\s#]+)(#[^)\\s]*)?\\)");
    private static final Pattern PARAGRAPHS = Pattern.compile("# (.+)\\n\\n([^\\n]+(?:\\n[^\\n]+)*)");

    /// Reads one of [#NAMES], or [#INDEX]; `ownUrl` is where clients find the server.
    static Guide read(String name, String ownUrl) {
        String file = name.equals("examples") ? "/docs/examples/README.md" : "/docs/guides/" + name + ".md";
        try (InputStream in = Objects.requireNonNull(Guide.class.getResourceAsStream(file), file)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace(EVERY_CODE, everyCode());
            String linked = LINK.matcher(COMMENT.matcher(text).replaceAll("")).replaceAll(Guide::link);
            return new Guide(name, linked.replace(ANY_SERVER, ownUrl));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// An example as this server gives it: with its own address, and that of the page which is its README here.
    static String example(String text, String ownUrl) {
        return text.replace("README.md", ownUrl + "/docs/examples").replace(ANY_SERVER, ownUrl);
    }

    /// All but the index.
    static List<Guide> all(String ownUrl) {
        return NAMES.stream().map(name -> read(name, ownUrl)).toList();
    }

    String title() {
        return beginning(1);
    }

    /// Its first paragraph, which says what it is about.
    String summary() {
        return beginning(2).replace('\n', ' ');
    }

    private String beginning(int group) {
        Matcher matcher = PARAGRAPHS.matcher(text);
        if (!matcher.lookingAt()) {
            throw new IllegalStateException("the guide " + name + " does not begin with a title and a paragraph");
        }
        return matcher.group(group);
    }

    /// A link to what this server has not, such as a page for its operators, is no link here.
    private static String link(MatchResult link) {
        String label = link.group(1);
        String file = link.group(2).equals("README.md") ? "examples.md" : link.group(2);
        String name = file.replaceFirst("\\.md$", "");
        String anchor = Objects.requireNonNullElse(link.group(3), "");
        if (NAMES.contains(name)) {
            return Matcher.quoteReplacement("[" + label + "](" + ANY_SERVER + "/docs/" + file + anchor + ")");
        }
        String example = "[" + label + "](" + ANY_SERVER + "/docs/examples/" + file + ")";
        return Matcher.quoteReplacement(file.endsWith(".md") ? label : example);
    }

    /// A line of a list in Markdown that leads to it.
    String line(String ownUrl) {
        return "- [%s](%s/docs/%s.md): %s".formatted(title(), ownUrl, name, summary());
    }

    private static String everyCode() {
        return Arrays.stream(ApiError.values())
                .map(it -> "| %d | `%s` | %s |".formatted(it.status(), it.code(), it.message()))
                .sorted()
                .collect(Collectors.joining("\n", "| status | code | |\n| --- | --- | --- |\n", ""));
    }
}
