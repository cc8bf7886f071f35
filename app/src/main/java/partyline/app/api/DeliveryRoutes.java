package partyline.app.api;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Params;
import partyline.app.http.PerMinute;
import partyline.app.http.ValidationError;
import partyline.kernel.Json;
import partyline.webhooks.Attempt;
import partyline.webhooks.DeliveryLog;

/// `/api/v1/webhooks/deliveries` and the ways to have events posted again: what was told to whom, and once
/// more.
public final class DeliveryRoutes {

    private static final String ALL = "/api/v1/webhooks/deliveries";
    private static final String SUBSCRIPTION = "/api/v1/webhooks/subscriptions/{subscription_id}";

    /// How many tests and replays one organization may ask for.
    public static final int MOST_A_MINUTE = 600;

    private final DeliveryLog log;
    private final PerMinute replays;

    public DeliveryRoutes(DeliveryLog log, PerMinute replays) {
        this.log = log;
        this.replays = replays;
    }

    public void register(RoutesConfig routes) {
        routes.get(ALL, this::list, KEY);
        routes.post(ALL + "/{delivery_id}/replay", this::replay, KEY);
        routes.post(SUBSCRIPTION + "/test", this::test, KEY);
        routes.post(SUBSCRIPTION + "/resume", this::resume, KEY);
        routes.post(SUBSCRIPTION + "/replay", this::replayFailed, KEY);
    }

    private void list(Context ctx) throws IOException {
        DeliveryLog.Filter filter = new DeliveryLog.Filter(
                Params.id(ctx, "subscription_id"),
                Optional.ofNullable(ctx.queryParam("event_type")),
                Params.flag(ctx, "success"),
                Params.id(ctx, "cursor"),
                Params.clampedLimit(ctx),
                Params.offset(ctx));
        boolean elsewhere = Params.id(ctx, "phone_number_id").isPresent();
        DeliveryLog.Page page =
                elsewhere ? new DeliveryLog.Page(List.of(), false) : log.list(Access.caller(ctx), filter);
        if (page.more()) {
            ctx.header("Link", Params.next(ctx, page.rows().getLast().id()));
        }
        ctx.status(200).contentType("application/json");
        write(page.rows(), ctx.res().getOutputStream());
    }

    /// Row by row: bodies are large, and an answer as a whole would be in memory three times.
    private static void write(List<Attempt> rows, OutputStream out) throws IOException {
        String between = "{\"deliveries\":[";
        for (Attempt row : rows) {
            out.write((between + Json.write(row.json())).getBytes(StandardCharsets.UTF_8));
            between = ",";
        }
        out.write(((rows.isEmpty() ? between : "") + "]}").getBytes(StandardCharsets.UTF_8));
    }

    private void replay(Context ctx) {
        count(ctx);
        answer(ctx, log.replay(Access.caller(ctx), Params.pathId(ctx, "delivery_id")), ApiError.DELIVERY_NOT_FOUND);
    }

    private void test(Context ctx) {
        count(ctx);
        answer(
                ctx,
                log.test(Access.caller(ctx), Params.pathId(ctx, "subscription_id")),
                ApiError.SUBSCRIPTION_NOT_FOUND);
    }

    private void resume(Context ctx) {
        Answer.ok(
                ctx,
                log.resume(Access.caller(ctx), Params.pathId(ctx, "subscription_id"))
                        .orElseThrow(ApiError.SUBSCRIPTION_NOT_FOUND::asException)
                        .json());
    }

    private void replayFailed(Context ctx) {
        count(ctx);
        int queued = log.replayFailed(Access.caller(ctx), Params.pathId(ctx, "subscription_id"), since(ctx))
                .orElseThrow(ApiError.SUBSCRIPTION_NOT_FOUND::asException);
        Answer.send(ctx, 202, Json.object().put("queued", queued));
    }

    private void count(Context ctx) {
        replays.count(ctx, ApiError.TOO_MANY_REPLAYS);
    }

    private static void answer(Context ctx, DeliveryLog.Outcome outcome, ApiError missing) {
        switch (outcome) {
            case DeliveryLog.Outcome.Made(var attempt) -> Answer.created(ctx, attempt.json());
            case DeliveryLog.Outcome.NotFound() -> throw missing.asException();
            case DeliveryLog.Outcome.Busy(var pause) ->
                throw ApiError.TOO_MANY_TESTS.asException().after(pause);
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
