package partyline.app.api;

import io.javalin.http.Context;
import partyline.app.http.Answer;
import tools.jackson.databind.node.ObjectNode;

/// What a call made; or, when `replayed`, what an earlier one with the same idempotency key had made.
public record Made(ObjectNode json, boolean replayed) {

    void answer(Context ctx) {
        if (replayed) {
            Answer.replayed(ctx, json);
        } else {
            Answer.created(ctx, json);
        }
    }
}
