package partyline.app.pages;

import static partyline.app.http.Access.Role.ANYBODY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.function.Supplier;

/// `/console`: the pages for operators and for who builds agents, from the jar; and what they share with the phone,
/// below `/web`. They hold nothing secret: what they show, they ask the API for, with the key that their reader types
/// in.
public final class ConsolePage {

    private static final String CONSOLE = "console";
    private static final String INDEX = "index.html";

    private final PagePolicy policy;

    /// `ownUrl` begins the addresses of the server's files.
    public ConsolePage(Supplier<String> ownUrl) {
        this.policy = new PagePolicy(ownUrl);
    }

    public void register(RoutesConfig routes) {
        routes.get("/console", this::index, ANYBODY);
        routes.get("/console/<place>", this::place, ANYBODY);
        routes.get("/web/{shared}", ctx -> shared(ctx, ctx.pathParam("shared")), ANYBODY);
    }

    private void place(Context ctx) {
        String place = ctx.pathParam("place");
        if (place.matches("[a-z]+\\.(js|css)")) {
            WebFiles.send(ctx, place, policy.text(), WebFiles.text(CONSOLE, place));
        } else {
            index(ctx);
        }
    }

    /// Every place of the console is the same page, which looks at its address. It may lie below the path of a
    /// proxy, so its own addresses lead up from there.
    private void index(Context ctx) {
        String up =
                "../".repeat((int) ctx.path().chars().filter(it -> it == '/').count() - 1);
        WebFiles.send(ctx, INDEX, policy.text(), WebFiles.text(CONSOLE, INDEX).replace("{root}", up));
    }

    /// Browsers know modules by their addresses; Preact's own hooks ask for it by its name.
    private void shared(Context ctx, String file) {
        String text = WebFiles.text("web", file).replace("from\"preact\"", "from\"./preact.module.js\"");
        WebFiles.send(ctx, file, policy.text(), text);
    }
}
