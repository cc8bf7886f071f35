package partyline.app.api;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.ApiException;
import partyline.app.http.Body;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.webhooks.EventTypes;
import partyline.webhooks.Subscription;
import partyline.webhooks.Subscriptions;
import partyline.webhooks.Subscriptions.Outcome;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/webhooks/subscriptions` and `/api/v1/webhooks/catalog`: where which events are posted to.
public final class SubscriptionRoutes {

    private static final String ALL = "/api/v1/webhooks/subscriptions";
    private static final String ONE = ALL + "/{subscription_id}";
    private static final String CATALOG = "/api/v1/webhooks/catalog";
    private static final String CONTEXT = "context_config";
    private static final String SCOPE = "scope";
    private static final String TOKEN = "auth_token";
    private static final List<String> OWNERS = List.of("mailbox_id", "phone_number_id", "agent_identity_id");
    private static final int LONGEST_URL = 2_048;
    private static final int MOST_TYPES = 100;

    private final Subscriptions subscriptions;
    private final InstantSource clock;
    private final Access access;

    public SubscriptionRoutes(Subscriptions subscriptions, InstantSource clock, Access access) {
        this.clock = clock;
        this.subscriptions = subscriptions;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get(ALL, this::list, KEY);
        routes.post(ALL, this::create, KEY);
        routes.get(ONE, this::get, KEY);
        routes.patch(ONE, this::update, KEY);
        routes.delete(ONE, this::delete, KEY);
        routes.get(CATALOG, SubscriptionRoutes::catalog, KEY);
    }

    private static void catalog(Context ctx) {
        ObjectNode answer = Json.object().put("supports_identity_subscriptions", true);
        ArrayNode types = answer.putArray("event_types");
        EventTypes.all().forEach(types::add);
        Answer.ok(ctx, answer);
    }

    private void list(Context ctx) {
        Stream<String> owners = OWNERS.stream().filter(name -> ctx.queryParam(name) != null);
        if (owners.count() > 1) {
            throw ValidationError.query(
                    "agent_identity_id", "excludes mailbox_id and phone_number_id: give one of them");
        }
        Subscriptions.Filter filter = new Subscriptions.Filter(
                access.narrowed(ctx).map(Identity::id),
                Optional.ofNullable(ctx.queryParam("url")),
                Optional.ofNullable(ctx.queryParam("event_type")),
                wide(ctx));
        ArrayNode found = Json.array();
        boolean elsewhere = ctx.queryParam("mailbox_id") != null || ctx.queryParam("phone_number_id") != null;
        if (!elsewhere) {
            subscriptions.list(Access.caller(ctx), filter).forEach(it -> found.add(withHealth(it)));
        }
        ObjectNode answer = Json.object();
        answer.set("subscriptions", found);
        Answer.ok(ctx, answer);
    }

    private void create(Context ctx) {
        Params.only(ctx, SCOPE);
        wide(ctx);
        Body body = Body.of(ctx)
                .only("mailbox_id", "phone_number_id", "agent_identity_id", "url", "event_types", CONTEXT, TOKEN);
        if (OWNERS.stream().flatMap(owner -> body.id(owner).stream()).count() != 1) {
            throw ValidationError.body("agent_identity_id", "is needed: give exactly one owner");
        }
        Id owner = body.id("agent_identity_id")
                .orElseThrow(() -> ApiError.NOT_FOUND.asException(
                        "This server has neither mailboxes nor numbers to subscribe to.", Map.of()));
        Subscriptions.Change wish = new Subscriptions.Change(
                Optional.of(body.text("url", LONGEST_URL)),
                Optional.of(body.texts("event_types", MOST_TYPES)),
                given(body, CONTEXT),
                given(body, TOKEN));
        Outcome.Done made = done(subscriptions.create(Access.caller(ctx), owner, wish), ApiError.IDENTITY_NOT_FOUND);
        tellSilent(ctx, made.subscription());
        Answer.created(
                ctx,
                withHealth(made.subscription())
                        .put("signing_key", made.signingKey().orElse(null)));
    }

    private void get(Context ctx) {
        Optional<Subscription> found = subscriptions.find(Access.caller(ctx), Params.pathId(ctx, "subscription_id"));
        Answer.ok(ctx, withHealth(found.orElseThrow(ApiError.SUBSCRIPTION_NOT_FOUND::asException)));
    }

    /// With how its receiver does.
    private ObjectNode withHealth(Subscription subscription) {
        Subscriptions.ReceiverHealth health = subscriptions.health(subscription);
        ObjectNode json = subscription.json();
        json.put("failing_since", health.failingSince().map(Timestamps::iso).orElse(null));
        return json.set("waiting", ServerRoutes.json(health.waiting(), clock.instant()));
    }

    /// What is absent stays as it is. Only context and token may be null, which takes them away.
    private void update(Context ctx) {
        Params.only(ctx, SCOPE);
        Body body = Body.of(ctx).only("url", "event_types", CONTEXT, TOKEN, "expected_revision");
        Stream.of("url", "event_types")
                .filter(name -> body.json().path(name).isNull())
                .findFirst()
                .ifPresent(name -> {
                    throw ValidationError.body(name, "must not be null: leave it out to keep it");
                });
        Subscriptions.Change change = new Subscriptions.Change(
                body.textOrEmpty("url", LONGEST_URL),
                Optional.of(body)
                        .filter(it -> it.json().has("event_types"))
                        .map(it -> it.texts("event_types", MOST_TYPES)),
                given(body, CONTEXT),
                given(body, TOKEN));
        Id id = Params.pathId(ctx, "subscription_id");
        Subscription updated = done(
                        subscriptions.update(Access.caller(ctx), id, change, condition(ctx, body)),
                        ApiError.SUBSCRIPTION_NOT_FOUND)
                .subscription();
        tellSilent(ctx, updated);
        Answer.ok(ctx, withHealth(updated));
    }

    private void delete(Context ctx) {
        Params.only(ctx, SCOPE);
        Id id = Params.pathId(ctx, "subscription_id");
        done(subscriptions.delete(Access.caller(ctx), id, wide(ctx)), ApiError.SUBSCRIPTION_NOT_FOUND);
        ctx.status(204);
    }

    /// What was done, or else the refusal; `missing` says what the caller does not see.
    private static Outcome.Done done(Outcome outcome, ApiError missing) {
        return switch (outcome) {
            case Outcome.Done done -> done;
            case Outcome.NotFound() -> throw missing.asException();
            case Outcome.Invalid(var field, var message) -> throw ValidationError.body(field, message);
            case Outcome.ScopeRequired() -> throw ApiError.SCOPE_REQUIRED.asException();
            case Outcome.Changed() -> throw ApiError.SUBSCRIPTION_CHANGED.asException();
            case Outcome.DuplicateUrl() -> throw plain("This owner already has an active subscription for that URL.");
            case Outcome.LimitReached(var most) ->
                throw plain("The maximum of %d webhook subscriptions per owner is reached; delete one first."
                        .formatted(most));
            case Outcome.OrganizationFull(var most) ->
                throw plain("The maximum of %d webhook subscriptions per organization is reached; delete one first."
                        .formatted(most));
        };
    }

    /// Whether the caller knows that a subscription may have events of several families.
    private static boolean wide(Context ctx) {
        return Params.oneOf(ctx, SCOPE, Set.of("identity")).isPresent();
    }

    private static Subscriptions.Condition condition(Context ctx, Body body) {
        int revision = body.number("expected_revision", 0, 1, Integer.MAX_VALUE);
        return new Subscriptions.Condition(wide(ctx), Optional.of(revision).filter(it -> it > 0));
    }

    private static Optional<JsonNode> given(Body body, String key) {
        return Optional.ofNullable(body.json().get(key));
    }

    /// Says in a header, which clients show, what was accepted although it never happens here.
    private static void tellSilent(Context ctx, Subscription subscription) {
        List<String> silent = EventTypes.silent(subscription.terms().eventTypes());
        if (!silent.isEmpty()) {
            ArrayNode notices = Json.array();
            notices.addObject()
                    .put("code", "events_never_fire")
                    .put("level", "info")
                    .put(
                            "message",
                            "Accepted, but nothing of the kind happens on this server, so these never come: "
                                    + String.join(", ", silent));
            ctx.header("Inkbox-Notices", Json.write(notices));
        }
    }

    /// Clients recognise these conflicts by their text, so the detail is a plain string.
    private static ApiException plain(String sentence) {
        return new ApiException(409, Json.text(sentence));
    }
}
