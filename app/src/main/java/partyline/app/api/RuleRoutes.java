package partyline.app.api;

import static partyline.app.http.Access.Role.ADMIN;
import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
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
import partyline.contacts.Contact;
import partyline.contacts.Contacts;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.rules.Direction;
import partyline.rules.Rule;
import partyline.rules.Rules;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Who may reach an identity, and whom it may reach: `/api/v1/imessage/…/contact-rules`, and the same rules as
/// `/api/v1/…/phone-contact-rules`, since a phone's rules are iMessage's. Agents read their own; admins write.
public final class RuleRoutes {

    private static final String V1 = "/api/v1";
    private static final Set<String> ACTIONS = Set.of("allow", "block");
    private static final Set<String> DIRECTIONS = Set.of("inbound", "outbound", "both");
    private static final Set<String> SIDES = Set.of("inbound", "outbound");
    private static final Set<String> STATUSES = Set.of("active", "paused");
    private static final Set<String> MATCH_TYPES = Set.of("exact_number");
    private static final String SIDE = "apply_to";

    private final Rules rules;
    private final Contacts contacts;
    private final Access access;

    public RuleRoutes(Rules rules, Contacts contacts, Access access) {
        this.rules = rules;
        this.contacts = contacts;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        register(routes, V1 + "/imessage/contact-rules", V1 + "/imessage/identities/{handle}/contact-rules");
        register(routes, V1 + "/phone/contact-rules", V1 + "/identities/{handle}/phone-contact-rules");
    }

    private void register(RoutesConfig routes, String all, String ofOne) {
        String one = ofOne + "/{rule_id}";
        routes.get(all, this::listAll, ADMIN);
        routes.get(ofOne, this::list, KEY);
        routes.post(ofOne, this::create, ADMIN);
        routes.get(one, this::get, KEY);
        routes.patch(one, this::update, ADMIN);
        routes.delete(one, this::delete, ADMIN);
    }

    private void listAll(Context ctx) {
        list(ctx, access.narrowed(ctx).map(Identity::id));
    }

    private void list(Context ctx) {
        list(ctx, Optional.of(access.named(ctx).id()));
    }

    private void list(Context ctx, Optional<Id> identity) {
        Params.oneOf(ctx, "match_type", MATCH_TYPES);
        Rules.Filter filter = new Rules.Filter(
                identity,
                Params.oneOf(ctx, "action", ACTIONS).map(Rule.Action::of),
                Params.oneOf(ctx, "direction", DIRECTIONS).map(Direction::of),
                Params.limit(ctx),
                Params.offset(ctx));
        Answer.ok(ctx, list(Access.caller(ctx), filter));
    }

    /// The rules that `filter` takes, newest first, each with whoever has its number.
    public ArrayNode list(Caller caller, Rules.Filter filter) {
        return json(caller, rules.list(caller, filter));
    }

    private void create(Context ctx) {
        Params.only(ctx);
        Body body = Body.of(ctx).only("action", "match_type", "match_target", "direction");
        Answer.created(ctx, create(Access.caller(ctx), access.named(ctx), body));
    }

    /// Makes the rule of `identity` that `body` says, whichever way it came.
    public JsonNode create(Caller caller, Identity identity, Body body) {
        Rule.Action action =
                Body.required("action", body.oneOf("action", ACTIONS).map(Rule.Action::of));
        body.oneOf("match_type", MATCH_TYPES);
        Direction direction =
                given(body, "direction", DIRECTIONS).map(Direction::of).orElse(Direction.BOTH);
        return switch (rules.create(identity, body.number("match_target"), direction, action)) {
            case Rules.CreateOutcome.Created(var rule) -> json(caller, rule);
            case Rules.CreateOutcome.Duplicate(var existing) -> throw duplicate(existing);
            case Rules.CreateOutcome.QuotaExceeded() -> throw ApiError.RULE_QUOTA_EXCEEDED.asException();
        };
    }

    private void get(Context ctx) {
        Optional<Rule> found = rules.find(Access.caller(ctx), access.named(ctx).id(), Params.pathId(ctx, "rule_id"));
        Answer.ok(ctx, json(Access.caller(ctx), found.orElseThrow(ApiError.RULE_NOT_FOUND::asException)));
    }

    private void update(Context ctx) {
        Params.only(ctx);
        Rules.Change change = change(Body.of(ctx).only("action", "direction", SIDE, "status"));
        Id id = Params.pathId(ctx, "rule_id");
        switch (rules.update(Access.caller(ctx), access.named(ctx), id, change)) {
            case Rules.UpdateOutcome.Updated(var rule) -> Answer.ok(ctx, json(Access.caller(ctx), rule));
            case Rules.UpdateOutcome.NotFound() -> throw ApiError.RULE_NOT_FOUND.asException();
            case Rules.UpdateOutcome.Overlaps(var existing) -> throw duplicate(existing);
            case Rules.UpdateOutcome.NotCovered() ->
                throw ValidationError.body(SIDE, "must be a side that the rule covers: see its direction");
        }
    }

    private void delete(Context ctx) {
        Params.only(ctx);
        if (!rules.delete(Access.caller(ctx), access.named(ctx), Params.pathId(ctx, "rule_id"))) {
            throw ApiError.RULE_NOT_FOUND.asException();
        }
        ctx.status(204);
    }

    /// What the body says, in one of the ways that leave no doubt what is meant.
    private static Rules.Change change(Body body) {
        Rules.Change change = new Rules.Change(
                given(body, "action", ACTIONS).map(Rule.Action::of),
                given(body, "direction", DIRECTIONS).map(Direction::of),
                given(body, SIDE, SIDES).map(Direction::of),
                given(body, "status", STATUSES).map("paused"::equals));
        if (Stream.of(change.action(), change.direction(), change.paused()).allMatch(Optional::isEmpty)) {
            throw ValidationError.body("action", "is required, or direction, or status");
        }
        if (change.only().isPresent() && change.action().isEmpty()) {
            throw ValidationError.body(SIDE, "needs the action of that side");
        }
        if (change.only().isPresent()
                && (change.direction().isPresent() || change.paused().isPresent())) {
            throw ValidationError.body(SIDE, "goes with action alone: change direction and status by themselves");
        }
        return change;
    }

    /// Null says neither what to do nor to leave things as they are, so it is refused.
    private static Optional<String> given(Body body, String key, Set<String> names) {
        Optional<String> name = body.oneOf(key, names);
        if (name.isEmpty() && body.has(key)) {
            throw ValidationError.body(key, "must not be null: leave it out");
        }
        return name;
    }

    private static ApiException duplicate(Id existing) {
        return ApiError.DUPLICATE_RULE.with("existing_rule_id", existing.text());
    }

    private JsonNode json(Caller caller, Rule rule) {
        return json(caller, List.of(rule)).path(0);
    }

    /// With whoever has a number, as far as the caller may see them.
    private ArrayNode json(Caller caller, List<Rule> found) {
        Map<PhoneNumber, Contact> known =
                contacts.known(caller, found.stream().map(Rule::number).toList());
        ArrayNode array = Json.array();
        found.forEach(rule -> array.add(json(rule)
                .set(
                        "contact",
                        Optional.ofNullable(known.get(rule.number()))
                                .map(contact -> ContactJson.slim(contact, caller))
                                .orElse(null))));
        return array;
    }

    private static ObjectNode json(Rule rule) {
        ObjectNode json = Json.object();
        json.put("id", rule.id().text());
        json.put("agent_identity_id", rule.identity().text());
        json.put("action", rule.action().wire());
        json.put("match_type", "exact_number");
        json.put("match_target", rule.number().text());
        json.put("direction", rule.direction().wire());
        json.put("status", rule.paused() ? "paused" : "active");
        json.putNull("contact");
        json.put("created_at", Timestamps.iso(rule.createdAt()));
        json.put("updated_at", Timestamps.iso(rule.updatedAt()));
        return json;
    }
}
