package partyline.app.http;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.util.List;

/// The headers that every answer carries: what a browser must not do with it, and which pages may read it. A route may
/// put its own in place of one.
final class ResponseHeaders {

    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";
    private static final String NO_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
    private static final String METHODS = "GET, POST, PATCH, PUT, DELETE";
    private static final String REQUEST_HEADERS = "X-API-Key, Idempotency-Key, Prefer, Content-Type, Last-Event-ID";
    private static final String ANSWER_HEADERS =
            "Link, Retry-After, Idempotent-Replayed, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset";
    private static final String PREFLIGHT_SECONDS = "600";

    private final List<String> origins;

    ResponseHeaders(List<String> origins) {
        this.origins = origins;
    }

    void register(RoutesConfig routes) {
        routes.before(ResponseHeaders::protect);
        if (!origins.isEmpty()) {
            routes.before(this::allow);
        }
    }

    private static void protect(Context ctx) {
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("X-Frame-Options", "DENY");
        ctx.header("Content-Security-Policy", NOTHING);
        ctx.header("Referrer-Policy", "no-referrer");
        ctx.header("Permissions-Policy", NO_FEATURES);
        ctx.header("Cache-Control", "no-store");
    }

    private void allow(Context ctx) {
        ctx.header("Vary", "Origin");
        String origin = ctx.header("Origin");
        if (origin == null || !origins.contains(origin)) {
            return;
        }
        ctx.header("Access-Control-Allow-Origin", origin);
        ctx.header("Access-Control-Expose-Headers", ANSWER_HEADERS);
        if (ctx.method().equals(HandlerType.OPTIONS) && ctx.header("Access-Control-Request-Method") != null) {
            ctx.header("Access-Control-Allow-Methods", METHODS);
            ctx.header("Access-Control-Allow-Headers", REQUEST_HEADERS);
            ctx.header("Access-Control-Max-Age", PREFLIGHT_SECONDS);
            ctx.status(204).skipRemainingHandlers();
        }
    }
}
