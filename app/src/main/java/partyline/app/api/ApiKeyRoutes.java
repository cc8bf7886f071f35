package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;
import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.app.http.PerMinute;
import partyline.app.http.ValidationError;
import partyline.identities.ApiKey;
import partyline.identities.ApiKeys;
import partyline.identities.ApiKeys.MintOutcome;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.NewKey;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/api-keys`: keys made, shown and revoked. A key's text is in the answer that makes it and nowhere else.
public final class ApiKeyRoutes {

    private static final String ALL = "/api/v1/api-keys";
    private static final int LONGEST_LABEL = 255;
    private static final int LONGEST_DESCRIPTION = 1_000;
    private static final int LONGEST_TIME = 64;
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private final Database database;
    private final InstantSource clock;
    private final Identities identities;
    private final ApiKeys keys;
    private final PerMinute made;

    public ApiKeyRoutes(Database database, InstantSource clock, Identities identities, ApiKeys keys, PerMinute made) {
        this.made = made;
        this.database = database;
        this.clock = clock;
        this.identities = identities;
        this.keys = keys;
    }

    public void register(RoutesConfig routes) {
        routes.get(ALL, this::list, ADMIN);
        routes.post(ALL, this::create, ADMIN);
        routes.get(ALL + "/self", this::own, KEY);
        routes.post(ALL + "/self/revoke", ctx -> revoke(ctx, Access.caller(ctx).keyId()), KEY);
        routes.post(ALL + "/{key_id}/revoke", ctx -> revoke(ctx, ctx.pathParam("key_id")), ADMIN);
    }

    private void list(Context ctx) {
        Answer.list(ctx, keys.list(Access.caller(ctx), Params.limit(ctx), Params.offset(ctx)), ApiKeyRoutes::record);
    }

    private void create(Context ctx) {
        Body body = Body.of(ctx).only("label", "description", "scoped_identity_id", "expires_at");
        NewKey wish = new NewKey(
                body.text("label", LONGEST_LABEL),
                body.textOrNull("description", LONGEST_DESCRIPTION),
                expiry(body, clock.instant()));
        Id identity = body.id("scoped_identity_id")
                .orElseThrow(() -> ApiError.ADMIN_ONLY.asException(
                        "Admin keys are made by the operator, not over HTTP: name a scoped_identity_id.", Map.of()));
        Caller caller = Access.caller(ctx);
        made.count(ctx, ApiError.TOO_MANY_KEYS);
        Optional<MintOutcome> outcome = database.write(
                tx -> identities.find(tx, caller, identity).map(found -> keys.mintWithinQuota(tx, found, wish)));
        ApiKey.Minted made = switch (outcome.orElseThrow(ApiError.IDENTITY_NOT_FOUND::asException)) {
            case MintOutcome.Made(var minted) -> minted;
            case MintOutcome.QuotaExceeded() -> throw ApiError.KEY_QUOTA_EXCEEDED.asException();
        };
        ObjectNode answer = Json.object();
        answer.put("api_key", made.text());
        answer.set("record", record(made.key()));
        Answer.created(ctx, answer);
    }

    private void own(Context ctx) {
        ApiKey key = keys.find(Access.caller(ctx)).orElseThrow(ApiError.UNAUTHORIZED::asException);
        Answer.ok(ctx, record(key));
    }

    /// The key in use may be the one revoked: this answer is then its last.
    private void revoke(Context ctx, String keyId) {
        ApiKey revoked = keys.revoke(Access.caller(ctx), keyId).orElseThrow(ApiError.KEY_NOT_FOUND::asException);
        Answer.ok(ctx, record(revoked));
    }

    private static Optional<Instant> expiry(Body body, Instant now) {
        return body.textOrEmpty("expires_at", LONGEST_TIME).map(text -> {
            try {
                Instant at = OffsetDateTime.parse(text).toInstant();
                if (at.isAfter(now) && at.isBefore(YEAR_10000)) {
                    return at;
                }
            } catch (DateTimeException e) {
                // Falls through to the answer that names the field.
            }
            throw ValidationError.body(
                    "expires_at",
                    "must be an ISO time with an offset in the future, before the year 10000, such as 2030-01-31T12:00:00Z");
        });
    }

    private static ObjectNode record(ApiKey key) {
        ObjectNode json = Json.object();
        json.put("id", key.id());
        json.put("organization_id", key.organization().text());
        json.put("created_by", KeyRoutes.CREATED_BY);
        json.put("creator_type", "human");
        json.put("scoped_identity_id", key.identity().map(Id::text).orElse(null));
        json.put("label", key.label());
        json.put("description", key.description());
        json.put("status", key.revokedAt().isPresent() ? "revoked" : "active");
        json.put("last4", key.last4());
        json.put("display_prefix", key.displayPrefix());
        KeyRoutes.put(json, "last_used_at", key.lastUsedAt());
        KeyRoutes.put(json, "expires_at", key.expiresAt());
        KeyRoutes.put(json, "revoked_at", key.revokedAt());
        json.put("created_at", Timestamps.iso(key.createdAt()));
        json.put("updated_at", Timestamps.iso(key.updatedAt()));
        return json;
    }
}
