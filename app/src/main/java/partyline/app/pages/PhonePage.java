package partyline.app.pages;

import static partyline.app.http.Access.Role.ANYBODY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.function.Supplier;

/// `/phone`: the page of the simulated phone, from the jar. It holds nothing secret; what it shows, it asks the API for
/// with the key that its user types in.
public final class PhonePage {

    private final PagePolicy policy;

    /// `ownUrl` begins the addresses of the server's files.
    public PhonePage(Supplier<String> ownUrl) {
        this.policy = new PagePolicy(ownUrl);
    }

    public void register(RoutesConfig routes) {
        routes.get("/phone", this::index, ANYBODY);
        routes.get("/phone/{file}", ctx -> send(ctx, ctx.pathParam("file")), ANYBODY);
    }

    /// Its addresses are relative, so that it works below the path of a proxy; a slash at the end would mislead them.
    private void index(Context ctx) {
        if (ctx.path().endsWith("/")) {
            ctx.status(302).header("Location", "../phone");
        } else {
            send(ctx, "index.html");
        }
    }

    private void send(Context ctx, String file) {
        // The console shows phones beside its pages.
        ctx.header("X-Frame-Options", "SAMEORIGIN");
        WebFiles.send(ctx, file, policy.text(), WebFiles.text("phone", file));
    }
}
