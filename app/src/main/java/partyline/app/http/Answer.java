package partyline.app.http;

import io.javalin.http.Context;
import java.util.List;
import java.util.function.Function;
import partyline.kernel.Json;
import tools.jackson.databind.JsonNode;

/// JSON answers.
public final class Answer {

    private Answer() {}

    public static void ok(Context ctx, JsonNode json) {
        send(ctx, 200, json);
    }

    /// A list of what `json` makes of each of `items`.
    public static <T> void list(Context ctx, List<T> items, Function<T, JsonNode> json) {
        ok(ctx, Json.array().addAll(items.stream().map(json).toList()));
    }

    /// A list of what is text of JSON already.
    public static void texts(Context ctx, List<String> items) {
        ctx.contentType("application/json").result("[" + String.join(",", items) + "]");
    }

    public static void created(Context ctx, JsonNode json) {
        send(ctx, 201, json);
    }

    /// What a call made; or, when `replayed`, what an earlier one with the same idempotency key had made.
    public static void made(Context ctx, JsonNode json, boolean replayed) {
        if (replayed) {
            ctx.header("Idempotent-Replayed", "true");
        }
        created(ctx, json);
    }

    public static void send(Context ctx, int status, JsonNode json) {
        ctx.status(status).contentType("application/json").result(Json.write(json));
    }
}
