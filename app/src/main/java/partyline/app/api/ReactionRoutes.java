package partyline.app.api;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.Set;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.ApiException;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.conversations.Conversations;
import partyline.conversations.IdempotencyKey;
import partyline.conversations.ReactOutcome;
import partyline.conversations.Tapback;
import partyline.conversations.Tapbacks;
import partyline.identities.Caller;
import partyline.kernel.Id;
import partyline.kernel.Json;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/imessage`: tapbacks, read receipts and typing.
public final class ReactionRoutes {

    private static final String ROOT = "/api/v1/imessage";
    private static final Set<String> REACTIONS =
            Set.of("love", "like", "dislike", "laugh", "emphasize", "question", "eyes");
    private static final int MOST_PARTS = 1_000;
    /// Under which the idempotency keys of tapbacks are kept.
    public static final String ENDPOINT = "reactions";

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
        ReactOutcome outcome = react(Access.caller(ctx), Body.of(ctx), Params.once(ctx, ENDPOINT));
        Answer.made(ctx, json(outcome), outcome instanceof ReactOutcome.Replayed);
    }

    /// Reacts as `body` says, whichever way it came.
    public ReactOutcome react(Caller caller, Body body, Optional<IdempotencyKey> once) {
        Id message = Body.required("message_id", body.id("message_id"));
        String name = Body.required("reaction", body.oneOf("reaction", REACTIONS));
        Tapback.Reaction reaction = new Tapback.Reaction(name, null, body.count("part_index", 0, MOST_PARTS));
        return tapbacks.react(caller, new Tapbacks.Wish(message, reaction, once));
    }

    /// The tapback that was given.
    ///
    /// @throws ApiException when it was refused.
    public ObjectNode json(ReactOutcome outcome) {
        return switch (outcome) {
            case ReactOutcome.Reacted(var tapback) -> tapbacks.json(tapback);
            case ReactOutcome.Replayed(var tapback) -> tapbacks.json(tapback);
            case ReactOutcome refused -> throw refusals.of(refused, ApiError.MESSAGE_NOT_FOUND);
        };
    }

    private void takeBack(Context ctx) {
        switch (tapbacks.takeBack(Access.caller(ctx), Params.pathId(ctx, "reaction_id"))) {
            case ReactOutcome.Done _ -> ctx.status(204);
            case ReactOutcome refused -> throw refusals.of(refused, ApiError.REACTION_NOT_FOUND);
        }
    }

    private void markRead(Context ctx) {
        Answer.ok(ctx, markRead(Access.caller(ctx), Body.of(ctx)));
    }

    /// Marks the conversation that `body` names, and says how much was unread.
    public ObjectNode markRead(Caller caller, Body body) {
        Id conversation = conversation(body);
        return switch (conversations.markRead(caller, conversation)) {
            case ReactOutcome.Done(var count) ->
                Json.object().put("conversation_id", conversation.text()).put("updated_count", count);
            case ReactOutcome refused -> throw refusals.of(refused, ApiError.CONVERSATION_NOT_FOUND);
        };
    }

    private void typing(Context ctx) {
        typing(Access.caller(ctx), Body.of(ctx));
        ctx.status(204);
    }

    /// Shows the typing bubble in the conversation that `body` names, which is returned.
    public Id typing(Caller caller, Body body) {
        Id conversation = conversation(body);
        return switch (conversations.typing(caller, conversation)) {
            case ReactOutcome.Done _ -> conversation;
            case ReactOutcome refused -> throw refusals.of(refused, ApiError.CONVERSATION_NOT_FOUND);
        };
    }

    private static Id conversation(Body body) {
        return Body.required("conversation_id", body.id("conversation_id"));
    }
}
