package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;
import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Body;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// Answers about Companion conversations, in which several people share an agent: there are none here, and they
/// cannot be switched on.
public final class CompanionRoutes {

    private static final String COMPANION = "/api/v1/identities/{handle}/companion";

    private final Access access;

    public CompanionRoutes(Access access) {
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get(COMPANION, this::get, KEY);
        routes.patch(COMPANION, this::patch, ADMIN);
        routes.get(COMPANION + "/conversations", this::conversations, KEY);
    }

    private void get(Context ctx) {
        access.named(ctx);
        ObjectNode json = Json.object().put("enabled", false).put("config_revision", 1);
        ObjectNode readiness = json.putObject("readiness");
        for (String channel : List.of("mail", "phone", "imessage")) {
            readiness.putObject(channel).put("ready", false).putArray("reasons").add("companion_not_offered");
        }
        Answer.ok(ctx, json);
    }

    private void patch(Context ctx) {
        access.named(ctx);
        if (Body.of(ctx).only("enabled").flag("enabled", false)) {
            throw ApiError.COMPANION_NOT_OFFERED.asException();
        }
        get(ctx);
    }

    private void conversations(Context ctx) {
        access.named(ctx);
        ObjectNode json = Json.object();
        json.putArray("items");
        Answer.ok(ctx, json.put("total", 0));
    }
}
