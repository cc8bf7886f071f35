package partyline.app.http;

import io.javalin.http.Context;

/// The headers that every answer carries: what a browser must not do with it. A route may put its own in place of one.
final class ResponseHeaders {

    private static final String NOTHING = "default-src 'none'; frame-ancestors 'none'";
    private static final String NO_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

    private ResponseHeaders() {}

    static void protect(Context ctx) {
        ctx.header("X-Content-Type-Options", "nosniff");
        ctx.header("X-Frame-Options", "DENY");
        ctx.header("Content-Security-Policy", NOTHING);
        ctx.header("Referrer-Policy", "no-referrer");
        ctx.header("Permissions-Policy", NO_FEATURES);
        ctx.header("Cache-Control", "no-store");
    }
}
