package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;
import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.List;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Body;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// Answers for what this server does not have: mail, what agents ask of each other, tunnels, and Companion
/// conversations, in which several people share an agent.
///
/// The published agent plugins ask for these when they are set up and started. Of the first two they are content
/// to hear that there is none. An empty list of tunnels, or an unknown one, would send whoever starts them
/// elsewhere, so tunnels are refused in a sentence that plugins show. Nothing else depends on this file.
public final class PluginStubRoutes {

    private static final String V1 = "/api/v1";
    private static final String ASKED = V1 + "/identities/{handle}/a2a/";
    private static final String TUNNELS = V1 + "/tunnels";
    private static final String COMPANION = V1 + "/identities/{handle}/companion";
    private static final Handler NO_TUNNELS = _ -> {
        throw ApiError.TUNNELS_NOT_OFFERED.asException();
    };

    private final Access access;

    public PluginStubRoutes(Access access) {
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get(V1 + "/mail/mailboxes", ctx -> Answer.ok(ctx, Json.array()), KEY);
        for (String list : List.of("tasks", "contexts", "messages")) {
            routes.get(ASKED + list, this::emptyPage, KEY);
        }
        for (String path : List.of(TUNNELS, TUNNELS + "/{tunnel}", TUNNELS + "/{tunnel}/{action}")) {
            routes.get(path, NO_TUNNELS, KEY);
            routes.post(path, NO_TUNNELS, KEY);
            routes.put(path, NO_TUNNELS, KEY);
            routes.patch(path, NO_TUNNELS, KEY);
            routes.delete(path, NO_TUNNELS, KEY);
        }
        routes.get(COMPANION, this::companion, KEY);
        routes.patch(COMPANION, this::setCompanion, ADMIN);
        routes.get(COMPANION + "/conversations", this::companionConversations, KEY);
    }

    private void emptyPage(Context ctx) {
        access.named(ctx);
        ObjectNode page = Json.object();
        page.putArray("items");
        Answer.ok(ctx, page.putNull("next_cursor"));
    }

    private void companion(Context ctx) {
        access.named(ctx);
        ObjectNode json = Json.object().put("enabled", false).put("config_revision", 1);
        ObjectNode readiness = json.putObject("readiness");
        for (String channel : List.of("mail", "phone", "imessage")) {
            readiness.putObject(channel).put("ready", false).putArray("reasons").add("companion_not_offered");
        }
        Answer.ok(ctx, json);
    }

    /// It cannot be switched on.
    private void setCompanion(Context ctx) {
        access.named(ctx);
        if (Body.of(ctx).only("enabled").flag("enabled", false)) {
            throw ApiError.COMPANION_NOT_OFFERED.asException();
        }
        companion(ctx);
    }

    private void companionConversations(Context ctx) {
        access.named(ctx);
        ObjectNode json = Json.object();
        json.putArray("items");
        Answer.ok(ctx, json.put("total", 0));
    }
}
