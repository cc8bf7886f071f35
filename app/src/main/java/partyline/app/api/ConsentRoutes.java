package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.Params;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.rules.Consents;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/imessage/consents`: who told the agents to stop, or let them go on.
public final class ConsentRoutes {

    private final Consents consents;

    public ConsentRoutes(Consents consents) {
        this.consents = consents;
    }

    public void register(RoutesConfig routes) {
        routes.get("/api/v1/imessage/consents", this::list, ADMIN);
    }

    private void list(Context ctx) {
        Answer.list(
                ctx,
                consents.list(
                        Access.caller(ctx), Params.number(ctx, "remote_number"), Params.limit(ctx), Params.offset(ctx)),
                ConsentRoutes::json);
    }

    static ObjectNode json(Consents.Change change) {
        ObjectNode json = Json.object();
        json.put("id", change.id().text());
        json.put("remote_number", change.person().text());
        json.put("agent_identity_id", change.identity().map(Id::text).orElse(null));
        json.put("change", change.stopped() ? "stopped" : "started");
        json.put("words", change.words());
        json.put("where", change.onRouter() ? "router" : "conversation");
        json.put("created_at", Timestamps.iso(change.at()));
        return json;
    }
}
