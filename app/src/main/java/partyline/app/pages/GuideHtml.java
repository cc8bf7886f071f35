package partyline.app.pages;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlRenderer;

/// Makes a page of a [Guide]. Addresses of this server become relative, so that the page works under every name of the
/// server, and below the path of a proxy.
final class GuideHtml {

    private static final List<Extension> EXTENSIONS =
            List.of(TablesExtension.create(), HeadingAnchorExtension.create());
    private static final Parser PARSER = Parser.builder().extensions(EXTENSIONS).build();

    private final String template;
    private final String ownUrl;

    /// `template` has `{root}`, `{name}`, `{title}`, `{links}` and `{content}`.
    GuideHtml(String template, String ownUrl) {
        this.template = template;
        this.ownUrl = ownUrl;
    }

    /// The page of `guide`, with links to all; the index says what each is about.
    String page(Guide guide) {
        boolean index = guide.name().equals(Guide.INDEX);
        String root = index ? "" : "../";
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .escapeHtml(true)
                .attributeProviderFactory(_ -> attributes(root))
                .build();
        String text = index ? guide.text() + list() : guide.text();
        return page(root, guide.name(), guide.title(), renderer.render(PARSER.parse(text)));
    }

    /// A page with other content beside the guides. Its `name` is that of its address, and of what its style goes by.
    String page(String root, String name, String title, String content) {
        return template.replace("{content}", content)
                .replace("{links}", links(name))
                .replace("{root}", root)
                .replace("{name}", name)
                .replace("{title}", title);
    }

    private String list() {
        return Guide.all(ownUrl).stream()
                .map(it -> it.line(ownUrl))
                .collect(Collectors.joining("\n", "\n## Guides\n\n", "\n"));
    }

    private String links(String shown) {
        return Stream.concat(Guide.NAMES.stream(), Stream.of("reference"))
                .map(name -> link(name, shown))
                .collect(Collectors.joining("\n        "));
    }

    private static String link(String name, String shown) {
        String label = name.equals("mcp") ? "MCP" : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        String current = name.equals(shown) ? " aria-current=\"page\"" : "";
        return "<li><a href=\"{root}docs/%s\"%s>%s</a></li>".formatted(name, current, label.replace('-', ' '));
    }

    private AttributeProvider attributes(String root) {
        return (node, tag, attributes) -> {
            if (node instanceof Link link) {
                attributes.put("href", relative(link.getDestination(), root));
            } else if (node instanceof FencedCodeBlock block && tag.equals("pre")) {
                name(block, attributes);
            }
        };
    }

    /// Code that is wider than the page is moved to and fro with the keyboard, too; a file shows its name.
    private static void name(FencedCodeBlock block, Map<String, String> attributes) {
        attributes.put("tabindex", "0");
        Stream.of(block.getInfo().split(" "))
                .filter(it -> it.contains("."))
                .findFirst()
                .ifPresent(it -> attributes.put("data-name", it));
    }

    private String relative(String address, String root) {
        return address.startsWith(ownUrl + "/")
                ? root + address.substring(ownUrl.length() + 1).replaceFirst("^(docs/[a-z-]+)\\.md", "$1")
                : address;
    }
}
