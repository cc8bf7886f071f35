package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;
import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.identities.CallActions;
import partyline.identities.CallActions.CallAction;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// Answers about calls, of which there are none here: no number to call, no voice, no forwarding.
///
/// Agent plugins do not start without `incoming-call-action`, which is therefore stored and told again,
/// whatever they wish. What would be a service (a voice that answers, a number that calls go on to) is refused.
public final class VoiceRoutes {

    private static final String PHONE = "/api/v1/phone";
    private static final String CALLS = PHONE + "/incoming-call-action";
    private static final String VOICE_AI = PHONE + "/hosted-agent-config";
    private static final Set<String> ACTIONS = Set.of("auto_accept", "auto_reject", "webhook", "hosted_agent");
    private static final List<String> FORWARDING =
            List.of("forwarding_target_type", "forwarding_phone_number", "forwarding_sip_uri");
    private static final CallAction UNTOLD = new CallAction("auto_reject", null, null);
    private static final int LONGEST_URL = 2_048;

    private final CallActions callActions;
    private final Access access;

    public VoiceRoutes(CallActions callActions, Access access) {
        this.callActions = callActions;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get(CALLS, this::callAction, KEY);
        routes.put(CALLS, this::putCallAction, KEY);
        routes.get(VOICE_AI, this::voiceAi, KEY);
        routes.put(VOICE_AI, VoiceRoutes::refuseVoiceAi, KEY);
        routes.put(VOICE_AI + "/authority-mode", VoiceRoutes::refuseVoiceAi, ADMIN);
        routes.get(PHONE + "/hosted-agent-voices", VoiceRoutes::voices, KEY);
        routes.get(PHONE + "/numbers", ctx -> Answer.ok(ctx, Json.array()), KEY);
        routes.post(PHONE + "/numbers", VoiceRoutes::refuseNumber, KEY);
    }

    private void callAction(Context ctx) {
        Identity identity = asked(ctx);
        Answer.ok(ctx, json(identity, callActions.find(identity).orElse(UNTOLD)));
    }

    /// Other keys than these are left alone: a plugin that is refused here does not start.
    private void putCallAction(Context ctx) {
        Body body = Body.of(ctx);
        for (String key : FORWARDING) {
            if (!body.json().path(key).isMissingNode() && !body.json().path(key).isNull()) {
                throw ValidationError.body(key, "asks for calls to be forwarded: this server takes none, leave it out");
            }
        }
        CallAction wish = new CallAction(
                Body.required("incoming_call_action", body.oneOf("incoming_call_action", ACTIONS)),
                body.textOrNull("client_websocket_url", LONGEST_URL),
                body.textOrNull("incoming_call_webhook_url", LONGEST_URL));
        Optional<Id> asked = body.id("agent_identity_id").or(() -> Params.id(ctx, "agent_identity_id"));
        Identity identity = access.narrowed(ctx, asked)
                .orElseThrow(() -> ValidationError.body("agent_identity_id", "is required with an admin key"));
        callActions.put(identity, wish);
        Answer.ok(ctx, json(identity, wish));
    }

    private void voiceAi(Context ctx) {
        Answer.ok(
                ctx,
                Json.object()
                        .put("agent_identity_id", asked(ctx).id().text())
                        .putNull("voice")
                        .putNull("model")
                        .put("effective_voice", "none")
                        .put("effective_model", "none")
                        .putNull("instructions")
                        .put("authority_mode", "contact_scoped"));
    }

    private static void voices(Context ctx) {
        ObjectNode json = Json.object().put("default_voice", "none");
        json.putArray("voices");
        Answer.ok(ctx, json);
    }

    private static void refuseVoiceAi(Context ctx) {
        throw ApiError.VOICE_AI_NOT_OFFERED.asException();
    }

    private static void refuseNumber(Context ctx) {
        throw ApiError.NO_PHONE_NUMBERS.asException();
    }

    private Identity asked(Context ctx) {
        return access.narrowed(ctx)
                .orElseThrow(() -> ValidationError.query("agent_identity_id", "is required with an admin key"));
    }

    private static ObjectNode json(Identity identity, CallAction action) {
        return Json.object()
                .put("agent_identity_id", identity.id().text())
                .put("incoming_call_action", action.action())
                .put("client_websocket_url", action.clientWebsocketUrl())
                .put("incoming_call_webhook_url", action.webhookUrl());
    }
}
