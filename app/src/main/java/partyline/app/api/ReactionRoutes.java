package partyline.app.api;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Set;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.ApiException;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.conversations.Conversations;
import partyline.conversations.ReactOutcome;
import partyline.conversations.Tapback;
import partyline.conversations.Tapbacks;
import partyline.kernel.Id;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/imessage`: tapbacks, read receipts and typing.
public final class ReactionRoutes {

    private static final String ROOT = "/api/v1/imessage";
    private static final Set<String> REACTIONS =
            Set.of("love", "like", "dislike", "laugh", "emphasize", "question", "eyes");
    private static final int MOST_PARTS = 1_000;

    private final Tapbacks tapbacks;
    private final Conversations conversations;
    private final Refusals refusals;

    public ReactionRoutes(Tapbacks tapbacks, Conversations conversations, Refusals refusals) {
        this.tapbacks = tapbacks;
        this.conversations = conversations;
        this.refusals = refusals;
    }

    public void register(RoutesConfig routes) {
        routes.post(ROOT + "/reactions", this::react, KEY);
        routes.delete(ROOT + "/reactions/{reaction_id}", this::takeBack, KEY);
        routes.post(ROOT + "/mark-read", this::markRead, KEY);
        routes.post(ROOT + "/typing", this::typing, KEY);
    }

    private void react(Context ctx) {
        Body body = Body.of(ctx);
        Id message = Body.required("message_id", body.id("message_id"));
        String name = Body.required("reaction", body.oneOf("reaction", REACTIONS));
        Tapback.Reaction reaction = new Tapback.Reaction(name, null, body.count("part_index", 0, MOST_PARTS));
        Tapbacks.Wish wish = new Tapbacks.Wish(message, reaction, Params.once(ctx, "reactions"));
        switch (tapbacks.react(Access.caller(ctx), wish)) {
            case ReactOutcome.Reacted(var tapback) -> Answer.created(ctx, tapbacks.json(tapback));
            case ReactOutcome.Replayed(var tapback) -> Answer.replayed(ctx, tapbacks.json(tapback));
            case ReactOutcome refused -> throw refused(ctx, refused, ApiError.MESSAGE_NOT_FOUND);
        }
    }

    private void takeBack(Context ctx) {
        switch (tapbacks.takeBack(Access.caller(ctx), Params.pathId(ctx, "reaction_id"))) {
            case ReactOutcome.Done _ -> ctx.status(204);
            case ReactOutcome refused -> throw refused(ctx, refused, ApiError.REACTION_NOT_FOUND);
        }
    }

    private void markRead(Context ctx) {
        Id conversation = conversation(ctx);
        switch (conversations.markRead(Access.caller(ctx), conversation)) {
            case ReactOutcome.Done(var count) -> {
                ObjectNode json = Json.object();
                json.put("conversation_id", conversation.text());
                json.put("updated_count", count);
                Answer.ok(ctx, json);
            }
            case ReactOutcome refused -> throw refused(ctx, refused, ApiError.CONVERSATION_NOT_FOUND);
        }
    }

    private void typing(Context ctx) {
        switch (conversations.typing(Access.caller(ctx), conversation(ctx))) {
            case ReactOutcome.Done _ -> ctx.status(204);
            case ReactOutcome refused -> throw refused(ctx, refused, ApiError.CONVERSATION_NOT_FOUND);
        }
    }

    private ApiException refused(Context ctx, ReactOutcome outcome, ApiError missing) {
        if (outcome instanceof ReactOutcome.TooOften(var left)) {
            Answer.retryAfter(ctx, left);
        }
        return refusals.of(outcome, missing);
    }

    private static Id conversation(Context ctx) {
        return Body.required("conversation_id", Body.of(ctx).id("conversation_id"));
    }
}
