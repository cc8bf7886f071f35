package partyline.app.pages;

import static partyline.app.http.Access.Role.ANYBODY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import partyline.app.http.ApiError;

/// What the server says about itself to who builds agents, from the jar: guides and the reference of the
/// API under `/docs` for browsers; the guides as Markdown under `/docs/{guide}.md`, `/llms.txt`,
/// `/llms-full.txt` and `/SKILL.md` for coding agents. A page is made when somebody asks for it first.
/// Thread-safe.
public final class DocsPages {

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String MARKDOWN = "text/markdown; charset=utf-8";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String POLICY =
            "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none';"
                    + " form-action 'none'; img-src 'self'";
    /// The reference runs a program, which has pictures of its own and asks this server for what its reader tries out.
    private static final String REFERENCE_POLICY = POLICY + " data:; script-src 'self'; connect-src 'self'";

    private static final String REFERENCE = "reference";
    private static final Map<String, String> FILES = Map.of(
            "docs.css", "text/css; charset=utf-8",
            "icon.svg", "image/svg+xml",
            "reference.css", "text/css; charset=utf-8",
            "reference.js", "text/javascript; charset=utf-8",
            "swagger-ui.css", "text/css; charset=utf-8",
            "swagger-ui-bundle.js", "text/javascript; charset=utf-8");

    private final Supplier<String> ownUrl;
    private final Map<String, byte[]> made = new ConcurrentHashMap<>();

    /// `ownUrl` is where clients find the server.
    public DocsPages(Supplier<String> ownUrl) {
        this.ownUrl = ownUrl;
    }

    public void register(RoutesConfig routes) {
        routes.get("/docs", ctx -> guide(ctx, Guide.INDEX, "../docs"), ANYBODY);
        routes.get("/docs/{page}", this::page, ANYBODY);
        routes.get("/docs/examples/<example>", this::example, ANYBODY);
        routes.get("/llms.txt", ctx -> send(ctx, TEXT, POLICY, made("llms.txt", AgentFiles::overview)), ANYBODY);
        routes.get(
                "/llms-full.txt",
                ctx -> send(ctx, TEXT, POLICY, made("llms-full.txt", AgentFiles::everything)),
                ANYBODY);
        routes.get("/SKILL.md", ctx -> send(ctx, MARKDOWN, POLICY, made("SKILL.md", AgentFiles::skill)), ANYBODY);
    }

    private void page(Context ctx) {
        String page = ctx.pathParam("page");
        String guide = page.replaceFirst("\\.md$", "");
        if (FILES.containsKey(page)) {
            send(ctx, FILES.get(page), POLICY, file("/docs/" + page));
        } else if (page.equals(REFERENCE)) {
            html(ctx, page, "../" + page, REFERENCE_POLICY, this::reference);
        } else if (!Guide.NAMES.contains(guide)) {
            throw ApiError.NOT_FOUND.asException();
        } else if (page.equals(guide)) {
            guide(ctx, guide, "../" + guide);
        } else {
            send(ctx, MARKDOWN, POLICY, made(page, url -> Guide.read(guide, url).text()));
        }
    }

    private void guide(Context ctx, String name, String itself) {
        html(ctx, name, itself, POLICY, url -> html(url).page(Guide.read(name, url)));
    }

    /// Addresses on a page are relative, so a slash at its end would mislead them; `itself` leads back from there.
    private void html(Context ctx, String name, String itself, String policy, Function<String, String> how) {
        if (ctx.path().endsWith("/")) {
            ctx.status(302).header("Location", itself);
        } else {
            send(ctx, HTML, policy, made(name, how));
        }
    }

    private String reference(String url) {
        return html(url).page("../", REFERENCE, "Reference of the API", text("/docs/reference.html"));
    }

    private static GuideHtml html(String url) {
        return new GuideHtml(text("/docs/page.html"), url);
    }

    private void example(Context ctx) {
        String name = ctx.pathParam("example");
        if (!name.matches("(mcp/)?\\w+\\.(py|sh|mts|java|xml)")) {
            throw ApiError.NOT_FOUND.asException();
        }
        String path = "/docs/examples/" + name;
        send(ctx, TEXT, POLICY, made(path, url -> Guide.example(text(path), url)));
    }

    private byte[] made(String name, Function<String, String> how) {
        return made.computeIfAbsent(name, _ -> how.apply(ownUrl.get()).getBytes(StandardCharsets.UTF_8));
    }

    private static void send(Context ctx, String type, String policy, byte[] body) {
        ctx.header("Content-Security-Policy", policy);
        ctx.header("Cache-Control", "no-cache");
        ctx.contentType(type).result(body);
    }

    private static String text(String name) {
        return new String(file(name), StandardCharsets.UTF_8);
    }

    private static byte[] file(String name) {
        try (InputStream in = DocsPages.class.getResourceAsStream(name)) {
            if (in == null) {
                throw ApiError.NOT_FOUND.asException();
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
