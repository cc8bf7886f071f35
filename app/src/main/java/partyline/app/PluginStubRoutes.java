package partyline.app;

import static partyline.app.Access.Role.ADMIN;
import static partyline.app.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Set;
import partyline.kernel.Json;

/// Answers for what this server does not have: mail, and numbers of one's own.
///
/// The published agent plugins ask for these when they start and on every message, and are content to hear that
/// there is nothing. Nothing else in the program depends on this file.
final class PluginStubRoutes {

    private static final String NUMBERS = "/api/v1/imessage/numbers";
    private static final Set<String> NUMBER_TYPES = Set.of("dedicated_inbound", "dedicated_outbound");

    void register(RoutesConfig routes) {
        routes.get("/api/v1/mail/mailboxes", PluginStubRoutes::none, KEY);
        routes.get(NUMBERS, PluginStubRoutes::none, ADMIN);
        routes.post(NUMBERS, PluginStubRoutes::refuseNumber, ADMIN);
    }

    private static void none(Context ctx) {
        Answer.ok(ctx, Json.array());
    }

    /// Older clients name a type, newer ones send an empty object.
    private static void refuseNumber(Context ctx) {
        Body.of(ctx).only("type").oneOf("type", NUMBER_TYPES);
        throw ResourceKeys.noNumber();
    }
}
