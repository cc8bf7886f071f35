package partyline.app;

import static partyline.app.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// Answers about what agents ask of each other, which nobody can here: plugins read these lists when they
/// start, and are content with empty ones.
final class AgentToAgentRoutes {

    private static final String AGENT = "/api/v1/identities/{handle}/a2a/";

    private final Access access;

    AgentToAgentRoutes(Access access) {
        this.access = access;
    }

    void register(RoutesConfig routes) {
        for (String list : List.of("tasks", "contexts", "messages")) {
            routes.get(AGENT + list, this::none, KEY);
        }
    }

    private void none(Context ctx) {
        access.named(ctx);
        ObjectNode page = Json.object();
        page.putArray("items");
        Answer.ok(ctx, page.putNull("next_cursor"));
    }
}
