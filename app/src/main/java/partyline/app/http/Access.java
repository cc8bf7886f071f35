package partyline.app.http;

import io.javalin.http.Context;
import io.javalin.security.RouteRole;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.identities.ApiKeys;
import partyline.identities.Caller;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.Id;

/// Who may call what. Every route names the role it asks for; the key in `X-API-Key`, or else in
/// `Authorization: Bearer`, says who calls.
public final class Access {

    /// What a route asks for.
    public enum Role implements RouteRole {
        /// Nothing: the pages for browsers and coding agents, and the health of the process.
        ANYBODY,
        /// Any valid key.
        KEY,
        /// A key without an identity.
        ADMIN,
        /// An admin key of the organization that runs the server.
        OPERATOR
    }

    private static final String CALLER = "caller";
    private static final Pattern BEARER = Pattern.compile("(?i)bearer +(\\S+) *");

    private final ApiKeys keys;
    private final FailedKeys failures;
    private final Identities identities;

    public Access(ApiKeys keys, FailedKeys failures, Identities identities) {
        this.keys = keys;
        this.failures = failures;
        this.identities = identities;
    }

    /// Lets a request pass to its route, or answers 401, 403, or 429 to a guesser.
    void check(Context ctx) {
        if (ctx.routeRoles().contains(Role.ANYBODY)) {
            return;
        }
        String presented = shown(ctx).orElseThrow(ApiError.UNAUTHORIZED::asException);
        Caller caller = keys.authenticate(presented).orElseThrow(() -> failures.refusal(ctx));
        boolean adminOnly = ctx.routeRoles().contains(Role.ADMIN);
        boolean operatorOnly = ctx.routeRoles().contains(Role.OPERATOR);
        if ((adminOnly || operatorOnly) && !caller.admin()) {
            throw ApiError.ADMIN_ONLY.asException();
        }
        if (operatorOnly && !caller.operator()) {
            throw ApiError.OPERATOR_ONLY.asException();
        }
        ctx.attribute(CALLER, caller);
    }

    /// Whoever calls a route that asks for no key and shows one all the same.
    public Optional<Caller> presented(Context ctx) {
        return shown(ctx).flatMap(keys::authenticate);
    }

    /// The key of whoever calls, where the route asks for one: what stays open asks for it again.
    public static String key(Context ctx) {
        return shown(ctx).orElseThrow();
    }

    private static Optional<String> shown(Context ctx) {
        return Optional.ofNullable(ctx.header("X-API-Key"))
                .or(() -> Optional.ofNullable(ctx.header("Authorization"))
                        .map(BEARER::matcher)
                        .filter(Matcher::matches)
                        .map(matcher -> matcher.group(1)));
    }

    public static Caller caller(Context ctx) {
        return known(ctx).orElseThrow(() -> new IllegalStateException("the route " + ctx.path() + " asks for no key"));
    }

    /// Whoever calls, where the route asks for a key.
    static Optional<Caller> known(Context ctx) {
        return Optional.ofNullable(ctx.attribute(CALLER));
    }

    /// The identity that the path names, or 404.
    public Identity named(Context ctx) {
        return identities
                .find(caller(ctx), Params.pathHandle(ctx))
                .orElseThrow(ApiError.IDENTITY_NOT_FOUND::asException);
    }

    /// The identity with this id, or 404.
    public Identity found(Context ctx, Id id) {
        return identities.find(caller(ctx), id).orElseThrow(ApiError.IDENTITY_NOT_FOUND::asException);
    }

    /// The identity that a list is narrowed to by `agent_identity_id`: for a scoped key its own, whatever it says, and
    /// 403 for another's; for an admin key 404 for one that is not there.
    public Optional<Identity> narrowed(Context ctx) {
        return narrowed(ctx, Params.id(ctx, "agent_identity_id"));
    }

    /// [#narrowed(Context)] where the request names the identity elsewhere.
    public Optional<Identity> narrowed(Context ctx, Optional<Id> asked) {
        Caller caller = caller(ctx);
        if (asked.isPresent() && !caller.mayActAs(asked.get())) {
            throw ApiError.FOREIGN_IDENTITY.asException();
        }
        return caller.identity().or(() -> asked).map(id -> found(ctx, id));
    }
}
