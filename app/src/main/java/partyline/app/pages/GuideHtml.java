package partyline.app.pages;

import java.util.List;
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

    /// `template` has `{root}`, `{title}`, `{links}` and `{content}`.
    GuideHtml(String template, String ownUrl) {
        this.template = template;
        this.ownUrl = ownUrl;
    }

    /// The page of `guide`, with links to all; the index says what each is about.
    String page(Guide guide) {
        List<Guide> all = Guide.all(ownUrl);
        boolean index = guide.name().equals(Guide.INDEX);
        String root = index ? "" : "../";
        HtmlRenderer renderer = HtmlRenderer.builder()
                .extensions(EXTENSIONS)
                .escapeHtml(true)
                .attributeProviderFactory(_ -> attributes(root))
                .build();
        String text = index ? guide.text() + "\n" + list(all) : guide.text();
        return template.replace("{links}", links(guide, all))
                .replace("{root}", root)
                .replace("{title}", guide.title())
                .replace("{content}", renderer.render(PARSER.parse(text)));
    }

    private String list(List<Guide> guides) {
        return guides.stream().map(it -> it.line(ownUrl)).collect(Collectors.joining("\n", "## Guides\n\n", "\n"));
    }

    private static String links(Guide shown, List<Guide> guides) {
        return guides.stream()
                .map(it -> "<li><a href=\"{root}docs/%s\"%s>%s</a></li>"
                        .formatted(
                                it.name(), it.name().equals(shown.name()) ? " aria-current=\"page\"" : "", it.title()))
                .collect(Collectors.joining("\n        "));
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

    /// Code that is wider than the page is moved to and fro with the keyboard, too.
    private static void name(FencedCodeBlock block, Map<String, String> attributes) {
        attributes.put("tabindex", "0");
        Stream.of(block.getInfo().split(" ")).skip(1).findFirst().ifPresent(it -> attributes.put("data-name", it));
    }

    private String relative(String address, String root) {
        return address.startsWith(ownUrl + "/")
                ? root + address.substring(ownUrl.length() + 1).replaceFirst("^(docs/[a-z-]+)\\.md", "$1")
                : address;
    }
}
