package partyline.app.api;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Optional;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.identities.ApiKey;
import partyline.identities.ApiKeys;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.identities.SigningKeys;
import partyline.kernel.Event;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import tools.jackson.databind.node.ObjectNode;

/// `/api/whoami` and the signing keys: who calls, and with what webhooks are signed.
public final class KeyRoutes {

    private static final String SIGNING_KEY = "/api/v1/identities/{handle}/signing-key";
    /// The path that older clients use with an identity-scoped key.
    private static final String OWN_SIGNING_KEY = "/api/v1/signing-keys";

    static final String CREATED_BY = "owner";

    private final ApiKeys keys;
    private final SigningKeys signingKeys;
    private final Access access;

    public KeyRoutes(ApiKeys keys, SigningKeys signingKeys, Access access) {
        this.access = access;
        this.keys = keys;
        this.signingKeys = signingKeys;
    }

    public void register(RoutesConfig routes) {
        routes.get("/api/whoami", this::whoami, KEY);
        routes.get(SIGNING_KEY, this::status, KEY);
        routes.post(SIGNING_KEY, this::rotate, KEY);
        routes.get(OWN_SIGNING_KEY, this::ownStatus, KEY);
        routes.post(OWN_SIGNING_KEY, this::rotateOwn, KEY);
    }

    private void whoami(Context ctx) {
        Caller caller = Access.caller(ctx);
        ApiKey key = keys.find(caller).orElseThrow(ApiError.UNAUTHORIZED::asException);
        ObjectNode json = Json.object();
        json.put("auth_type", "api_key");
        json.put("auth_subtype", caller.admin() ? "api_key.admin_scoped" : "api_key.agent_scoped.claimed");
        json.put(
                "scope",
                caller.identity().map(it -> "agent_identity:" + it.text()).orElse(null));
        json.set("agent_identity", caller.identity().map(it -> agent(ctx, it)).orElse(null));
        json.put("organization_id", caller.organization().text());
        if (caller.admin()) {
            json.put("operator", caller.operator());
        }
        json.put("created_by", CREATED_BY);
        json.put("creator_type", "human");
        json.put("key_id", key.id());
        json.put("label", key.label());
        json.put("description", key.description());
        json.put("created_at", Timestamps.iso(key.createdAt()));
        put(json, "last_used_at", key.lastUsedAt());
        put(json, "expires_at", key.expiresAt());
        Answer.ok(ctx, json);
    }

    private ObjectNode agent(Context ctx, Id id) {
        return Event.identity(id, Optional.of(access.found(ctx, id).handle().text()));
    }

    private void status(Context ctx) {
        status(ctx, access.named(ctx).signingKeyCreatedAt());
    }

    private void rotate(Context ctx) {
        rotate(ctx, access.named(ctx));
    }

    /// With an admin key: whether any identity has one, and when the newest was made.
    private void ownStatus(Context ctx) {
        Caller caller = Access.caller(ctx);
        if (caller.admin()) {
            status(ctx, signingKeys.newest(caller));
        } else {
            status(ctx, own(ctx).signingKeyCreatedAt());
        }
    }

    private void rotateOwn(Context ctx) {
        rotate(ctx, own(ctx));
    }

    private void rotate(Context ctx, Identity identity) {
        SigningKeys.Minted minted = signingKeys.rotate(identity);
        ObjectNode json = Json.object();
        json.put("signing_key", minted.text());
        json.put("created_at", Timestamps.iso(minted.createdAt()));
        Answer.created(ctx, json);
    }

    private static void status(Context ctx, Optional<Instant> createdAt) {
        ObjectNode json = Json.object().put("configured", createdAt.isPresent());
        put(json, "created_at", createdAt);
        Answer.ok(ctx, json);
    }

    private Identity own(Context ctx) {
        return access.found(
                ctx, Access.caller(ctx).identity().orElseThrow(ApiError.ORGANIZATION_SIGNING_KEY::asException));
    }

    static void put(ObjectNode json, String key, Optional<Instant> instant) {
        json.put(key, instant.map(Timestamps::iso).orElse(null));
    }
}
