package partyline.app;

import static partyline.app.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import partyline.kernel.Json;

/// Answers for what this server does not have: mail.
///
/// The published agent plugins ask for it when they are set up and checked, and are content to hear that there is
/// none. Nothing else in the program depends on this file.
final class PluginStubRoutes {

    void register(RoutesConfig routes) {
        routes.get("/api/v1/mail/mailboxes", ctx -> Answer.ok(ctx, Json.array()), KEY);
    }
}
