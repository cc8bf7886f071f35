package partyline.app;

import static partyline.app.Access.Role.ANYBODY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/// `/phone`: the page of the simulated phone, from the jar. It holds nothing secret; what it shows, it asks the API for
/// with the key that its user types in.
final class PhonePage {

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml");
    private static final String POLICY =
            "default-src 'self'; img-src * data:; media-src *; frame-ancestors 'none'; base-uri 'none';"
                    + " form-action 'none'";

    void register(RoutesConfig routes) {
        routes.get("/phone", PhonePage::index, ANYBODY);
        routes.get("/phone/{file}", ctx -> send(ctx, ctx.pathParam("file")), ANYBODY);
    }

    /// Its addresses are relative, so that it works below the path of a proxy; a slash at the end would mislead them.
    private static void index(Context ctx) throws IOException {
        if (ctx.path().endsWith("/")) {
            ctx.status(302).header("Location", "../phone");
        } else {
            send(ctx, "index.html");
        }
    }

    private static void send(Context ctx, String file) throws IOException {
        String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
        if (type == null || !file.matches("[a-z-]+\\.[a-z]+")) {
            throw ApiError.NOT_FOUND.asException();
        }
        try (InputStream in = PhonePage.class.getResourceAsStream("/phone/" + file)) {
            if (in == null) {
                throw ApiError.NOT_FOUND.asException();
            }
            ctx.header("Content-Security-Policy", POLICY);
            ctx.header("Cache-Control", "no-cache");
            ctx.contentType(type).result(in.readAllBytes());
        }
    }
}
