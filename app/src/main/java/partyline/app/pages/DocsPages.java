package partyline.app.pages;

import static partyline.app.http.Access.Role.ANYBODY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import partyline.app.http.ApiError;

/// What the server says about itself to who builds agents, from the jar: guides under `/docs` for browsers; the same as
/// Markdown under `/docs/{guide}.md`, `/llms.txt`, `/llms-full.txt` and `/SKILL.md` for coding agents. A page is made
/// when
/// somebody asks for it first. Thread-safe.
public final class DocsPages {

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String MARKDOWN = "text/markdown; charset=utf-8";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none';"
            + " base-uri 'none'; form-action 'none'";
    private static final Map<String, String> FILES =
            Map.of("docs.css", "text/css; charset=utf-8", "icon.svg", "image/svg+xml");

    private final Supplier<String> ownUrl;
    private final Map<String, String> made = new ConcurrentHashMap<>();

    /// `ownUrl` is where clients find the server.
    public DocsPages(Supplier<String> ownUrl) {
        this.ownUrl = ownUrl;
    }

    public void register(RoutesConfig routes) {
        routes.get("/docs", ctx -> guide(ctx, Guide.INDEX, "../docs"), ANYBODY);
        routes.get("/docs/{page}", this::page, ANYBODY);
        routes.get("/docs/examples/{example}", this::example, ANYBODY);
        routes.get("/llms.txt", ctx -> send(ctx, TEXT, made("llms.txt", AgentFiles::overview)), ANYBODY);
        routes.get("/llms-full.txt", ctx -> send(ctx, TEXT, made("llms-full.txt", AgentFiles::everything)), ANYBODY);
        routes.get("/SKILL.md", ctx -> send(ctx, MARKDOWN, made("SKILL.md", AgentFiles::skill)), ANYBODY);
    }

    private void page(Context ctx) {
        String page = ctx.pathParam("page");
        String guide = page.replaceFirst("\\.md$", "");
        if (FILES.containsKey(page)) {
            send(ctx, FILES.get(page), file("/docs/" + page));
        } else if (!Guide.NAMES.contains(guide)) {
            throw ApiError.NOT_FOUND.asException();
        } else if (page.equals(guide)) {
            guide(ctx, guide, "../" + guide);
        } else {
            send(ctx, MARKDOWN, made(page, url -> Guide.read(guide, url).text()));
        }
    }

    /// Addresses on a page are relative, so a slash at its end would mislead them; `itself` leads back from there.
    private void guide(Context ctx, String name, String itself) {
        if (ctx.path().endsWith("/")) {
            ctx.status(302).header("Location", itself);
        } else {
            send(ctx, HTML, made(name, url -> new GuideHtml(file("/docs/page.html"), url).page(Guide.read(name, url))));
        }
    }

    private void example(Context ctx) {
        String name = ctx.pathParam("example");
        if (!name.matches("\\w+\\.(py|sh|mts|java)")) {
            throw ApiError.NOT_FOUND.asException();
        }
        send(ctx, TEXT, file("/docs/examples/" + name));
    }

    private String made(String name, Function<String, String> how) {
        return made.computeIfAbsent(name, _ -> how.apply(ownUrl.get()));
    }

    private static void send(Context ctx, String type, String text) {
        ctx.header("Content-Security-Policy", POLICY);
        ctx.header("Cache-Control", "no-cache");
        ctx.contentType(type).result(text);
    }

    private static String file(String name) {
        try (InputStream in = DocsPages.class.getResourceAsStream(name)) {
            byte[] bytes = Optional.ofNullable(in)
                    .orElseThrow(ApiError.NOT_FOUND::asException)
                    .readAllBytes();
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
