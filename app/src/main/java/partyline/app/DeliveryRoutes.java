package partyline.app;

import static partyline.app.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import partyline.kernel.Json;
import partyline.webhooks.Attempt;
import partyline.webhooks.Deliveries;
import partyline.webhooks.DeliveryLog;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/webhooks/deliveries` and the ways to have events posted again: what was told to whom, and once more.
final class DeliveryRoutes {

    private static final String ALL = "/api/v1/webhooks/deliveries";
    private static final String SUBSCRIPTION = "/api/v1/webhooks/subscriptions/{subscription_id}";

    private final Deliveries deliveries;
    private final DeliveryLog log;

    DeliveryRoutes(Deliveries deliveries, DeliveryLog log) {
        this.deliveries = deliveries;
        this.log = log;
    }

    void register(RoutesConfig routes) {
        routes.get(ALL, this::list, KEY);
        routes.post(ALL + "/{delivery_id}/replay", this::replay, KEY);
        routes.post(SUBSCRIPTION + "/test", this::test, KEY);
        routes.post(SUBSCRIPTION + "/resume", this::resume, KEY);
        routes.post(SUBSCRIPTION + "/replay", this::replayFailed, KEY);
    }

    private void list(Context ctx) {
        DeliveryLog.Filter filter = new DeliveryLog.Filter(
                Params.id(ctx, "subscription_id"),
                Optional.ofNullable(ctx.queryParam("event_type")),
                Params.flag(ctx, "success"),
                Params.clampedLimit(ctx),
                Params.offset(ctx));
        boolean elsewhere = Params.id(ctx, "phone_number_id").isPresent();
        List<Attempt> found = elsewhere ? List.of() : log.list(Access.caller(ctx), filter);
        ArrayNode rows = Json.array();
        found.forEach(attempt -> rows.add(attempt.json()));
        ObjectNode answer = Json.object();
        answer.set("deliveries", rows);
        Answer.ok(ctx, answer);
    }

    private void replay(Context ctx) {
        made(ctx, log.replay(Access.caller(ctx), Params.pathId(ctx, "delivery_id")), ApiError.DELIVERY_NOT_FOUND);
    }

    private void test(Context ctx) {
        made(ctx, log.test(Access.caller(ctx), Params.pathId(ctx, "subscription_id")), ApiError.SUBSCRIPTION_NOT_FOUND);
    }

    private void resume(Context ctx) {
        Answer.ok(
                ctx,
                deliveries
                        .resume(Access.caller(ctx), Params.pathId(ctx, "subscription_id"))
                        .orElseThrow(ApiError.SUBSCRIPTION_NOT_FOUND::asException)
                        .json());
    }

    private void replayFailed(Context ctx) {
        int queued = deliveries
                .replayFailed(Access.caller(ctx), Params.pathId(ctx, "subscription_id"), since(ctx))
                .orElseThrow(ApiError.SUBSCRIPTION_NOT_FOUND::asException);
        Answer.send(ctx, 202, Json.object().put("queued", queued));
    }

    private static void made(Context ctx, DeliveryLog.Outcome outcome, ApiError missing) {
        switch (outcome) {
            case DeliveryLog.Outcome.Made(var attempt) -> Answer.created(ctx, attempt.json());
            case DeliveryLog.Outcome.NotFound() -> throw missing.asException();
            case DeliveryLog.Outcome.NotSubscribed() -> throw ApiError.NOT_SUBSCRIBED.asException();
        }
    }

    /// The time from which on to send again; everything that is kept when it is not given.
    private static Instant since(Context ctx) {
        String text = ctx.queryParam("since");
        if (text == null) {
            return Instant.EPOCH;
        }
        try {
            // A plus that was not percent-encoded arrives as a space.
            return OffsetDateTime.parse(text.strip().replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw ValidationError.query("since", "must be a time with its zone, such as 2026-06-09T14:30:00Z");
        }
    }
}
