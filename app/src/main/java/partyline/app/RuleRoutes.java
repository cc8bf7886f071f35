package partyline.app;

import static partyline.app.Access.Role.ADMIN;
import static partyline.app.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.Set;
import partyline.identities.Identities;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.rules.Rule;
import partyline.rules.Rules;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/imessage/…/contact-rules`: who may reach an identity.
final class RuleRoutes {

    private static final String ROOT = "/api/v1/imessage";
    private static final String OF_ONE = ROOT + "/identities/{handle}/contact-rules";
    private static final String ONE = OF_ONE + "/{rule_id}";
    private static final Set<String> ACTIONS = Set.of("allow", "block");
    private static final Set<String> STATUSES = Set.of("active", "paused");
    private static final Set<String> MATCH_TYPES = Set.of("exact_number");

    private final Rules rules;
    private final Identities identities;
    private final Access access;

    RuleRoutes(Rules rules, Identities identities, Access access) {
        this.rules = rules;
        this.identities = identities;
        this.access = access;
    }

    void register(RoutesConfig routes) {
        routes.get(ROOT + "/contact-rules", this::listAll, ADMIN);
        routes.get(OF_ONE, this::list, KEY);
        routes.post(OF_ONE, this::create, KEY);
        routes.get(ONE, this::get, KEY);
        routes.patch(ONE, this::update, ADMIN);
        routes.delete(ONE, this::delete, ADMIN);
    }

    private void listAll(Context ctx) {
        list(ctx, access.narrowed(ctx).map(Identity::id));
    }

    private void list(Context ctx) {
        list(ctx, Optional.of(named(ctx).id()));
    }

    private void list(Context ctx, Optional<Id> identity) {
        Params.oneOf(ctx, "match_type", MATCH_TYPES);
        Optional<Rule.Action> action = Params.oneOf(ctx, "action", ACTIONS).map(Rule.Action::of);
        Rules.Filter filter = new Rules.Filter(identity, action, Params.limit(ctx), Params.offset(ctx));
        ArrayNode answer = Json.array();
        rules.list(Access.caller(ctx), filter).forEach(rule -> answer.add(json(rule)));
        Answer.ok(ctx, answer);
    }

    private void create(Context ctx) {
        Identity identity = named(ctx);
        Body body = Body.of(ctx);
        Rule.Action action = body.oneOf("action", ACTIONS)
                .map(Rule.Action::of)
                .orElseThrow(() -> ValidationError.body("action", "is required"));
        body.oneOf("match_type", MATCH_TYPES);
        switch (rules.create(identity, body.number("match_target"), action)) {
            case Rules.CreateOutcome.Created(var rule) -> Answer.created(ctx, json(rule));
            case Rules.CreateOutcome.Duplicate(var existing) ->
                throw ApiError.DUPLICATE_RULE.with("existing_rule_id", existing.text());
            case Rules.CreateOutcome.QuotaExceeded() -> throw ApiError.RULE_QUOTA_EXCEEDED.asException();
        }
    }

    private void get(Context ctx) {
        Optional<Rule> found = rules.find(Access.caller(ctx), named(ctx).id(), Params.pathId(ctx, "rule_id"));
        Answer.ok(ctx, json(found.orElseThrow(ApiError.RULE_NOT_FOUND::asException)));
    }

    private void update(Context ctx) {
        Body body = Body.of(ctx);
        Optional<Rule> changed = rules.update(
                Access.caller(ctx),
                named(ctx).id(),
                Params.pathId(ctx, "rule_id"),
                body.oneOf("action", ACTIONS).map(Rule.Action::of),
                body.oneOf("status", STATUSES).map("paused"::equals));
        Answer.ok(ctx, json(changed.orElseThrow(ApiError.RULE_NOT_FOUND::asException)));
    }

    private void delete(Context ctx) {
        if (!rules.delete(Access.caller(ctx), named(ctx).id(), Params.pathId(ctx, "rule_id"))) {
            throw ApiError.RULE_NOT_FOUND.asException();
        }
        ctx.status(204);
    }

    private Identity named(Context ctx) {
        Optional<Identity> found = identities.find(Access.caller(ctx), Params.pathHandle(ctx));
        return found.orElseThrow(ApiError.IDENTITY_NOT_FOUND::asException);
    }

    private static ObjectNode json(Rule rule) {
        ObjectNode json = Json.object();
        json.put("id", rule.id().text());
        json.put("agent_identity_id", rule.identity().text());
        json.put("action", rule.action().wire());
        json.put("match_type", "exact_number");
        json.put("match_target", rule.number().text());
        json.put("status", rule.paused() ? "paused" : "active");
        json.put("created_at", Timestamps.iso(rule.createdAt()));
        json.put("updated_at", Timestamps.iso(rule.updatedAt()));
        return json;
    }
}
