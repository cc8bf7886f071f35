package partyline.app.pages;

import static partyline.app.http.Access.Role.ANYBODY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;
import partyline.app.http.ApiError;

/// `/phone`: the page of the simulated phone, from the jar. It holds nothing secret; what it shows, it asks the API for
/// with the key that its user types in.
public final class PhonePage {

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");
    /// Files lie here, where agents say, or on the machine of who tries things out; over plain http nowhere else.
    private static final String FILES = " 'self' data: blob: https: http://127.0.0.1:* http://localhost:*";

    private final Supplier<String> ownUrl;

    /// `ownUrl` begins the addresses of the server's files, which may not be the one that the page was asked for by.
    public PhonePage(Supplier<String> ownUrl) {
        this.ownUrl = ownUrl;
    }

    public void register(RoutesConfig routes) {
        routes.get("/phone", this::index, ANYBODY);
        routes.get("/phone/{file}", ctx -> send(ctx, ctx.pathParam("file")), ANYBODY);
    }

    /// Its addresses are relative, so that it works below the path of a proxy; a slash at the end would mislead them.
    private void index(Context ctx) throws IOException {
        if (ctx.path().endsWith("/")) {
            ctx.status(302).header("Location", "../phone");
        } else {
            send(ctx, "index.html");
        }
    }

    private void send(Context ctx, String file) throws IOException {
        String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
        if (type == null || !file.matches("[a-z-]+\\.[a-z]+")) {
            throw ApiError.NOT_FOUND.asException();
        }
        try (InputStream in = PhonePage.class.getResourceAsStream("/phone/" + file)) {
            if (in == null) {
                throw ApiError.NOT_FOUND.asException();
            }
            ctx.header("Content-Security-Policy", policy());
            ctx.header("Cache-Control", "no-cache");
            ctx.contentType(type).result(in.readAllBytes());
        }
    }

    private String policy() {
        URI own = URI.create(ownUrl.get());
        String files = FILES + " " + own.getScheme() + "://" + own.getRawAuthority();
        return "default-src 'self'; img-src" + files + "; media-src" + files
                + "; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    }
}
