package partyline.app;

import static partyline.app.Access.Role.ADMIN;
import static partyline.app.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.Set;
import partyline.identities.CallActions;
import partyline.identities.CallActions.CallAction;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// Answers for what this server does not have: calls, mail, numbers of one's own.
///
/// The published agent plugins ask for these when they start and on every message. Some will not start without
/// `incoming-call-action`, which is therefore stored and told again; for the rest they are content to hear that
/// there is nothing. Nothing else in the program depends on this file.
final class PluginStubRoutes {

    private static final String CALLS = "/api/v1/phone/incoming-call-action";
    private static final String NUMBERS = "/api/v1/imessage/numbers";
    private static final Set<String> ACTIONS = Set.of("auto_accept", "auto_reject", "webhook", "hosted_agent");
    private static final Set<String> NUMBER_TYPES = Set.of("dedicated_inbound", "dedicated_outbound");
    private static final CallAction UNTOLD = new CallAction("auto_reject", null, null);
    private static final int LONGEST_URL = 2_048;

    private final CallActions callActions;
    private final Access access;

    PluginStubRoutes(CallActions callActions, Access access) {
        this.callActions = callActions;
        this.access = access;
    }

    void register(RoutesConfig routes) {
        routes.get(CALLS, this::callAction, KEY);
        routes.put(CALLS, this::putCallAction, KEY);
        routes.get("/api/v1/mail/mailboxes", PluginStubRoutes::none, KEY);
        routes.get(NUMBERS, PluginStubRoutes::none, ADMIN);
        routes.post(NUMBERS, PluginStubRoutes::refuseNumber, ADMIN);
    }

    private void callAction(Context ctx) {
        Identity identity = access.narrowed(ctx)
                .orElseThrow(() -> ValidationError.query("agent_identity_id", "is required with an admin key"));
        Answer.ok(ctx, json(identity, callActions.find(identity).orElse(UNTOLD)));
    }

    private void putCallAction(Context ctx) {
        Body body = Body.of(ctx);
        CallAction wish = new CallAction(
                body.oneOf("incoming_call_action", ACTIONS)
                        .orElseThrow(() -> ValidationError.body("incoming_call_action", "is required")),
                body.textOrNull("client_websocket_url", LONGEST_URL),
                body.textOrNull("incoming_call_webhook_url", LONGEST_URL));
        Optional<Id> asked = body.id("agent_identity_id").or(() -> Params.id(ctx, "agent_identity_id"));
        Identity identity = access.narrowed(ctx, asked)
                .orElseThrow(() -> ValidationError.body("agent_identity_id", "is required with an admin key"));
        callActions.put(identity, wish);
        Answer.ok(ctx, json(identity, wish));
    }

    private static void none(Context ctx) {
        Answer.ok(ctx, Json.array());
    }

    private static void refuseNumber(Context ctx) {
        String type =
                Body.of(ctx).oneOf("type", NUMBER_TYPES).orElseThrow(() -> ValidationError.body("type", "is required"));
        throw ApiError.NO_DEDICATED_NUMBERS.with(Json.object()
                .put("number_type", type)
                .put("limit", 0)
                .put("current", 0)
                .putNull("upgrade_url")
                .putNull("contact_email"));
    }

    private static ObjectNode json(Identity identity, CallAction action) {
        return Json.object()
                .put("agent_identity_id", identity.id().text())
                .put("incoming_call_action", action.action())
                .put("client_websocket_url", action.clientWebsocketUrl())
                .put("incoming_call_webhook_url", action.webhookUrl());
    }
}
