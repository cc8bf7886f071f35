package partyline.app.api;

import static partyline.app.http.Access.Role.KEY;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import partyline.app.http.Access;
import partyline.app.http.Answer;
import partyline.app.http.ApiError;
import partyline.app.http.Params;
import partyline.app.http.ValidationError;
import partyline.conversations.Connections;
import partyline.identities.Caller;
import partyline.identities.Identity;
import partyline.kernel.Database;
import partyline.kernel.Id;
import partyline.kernel.Json;
import partyline.kernel.PhoneNumber;
import partyline.kernel.Timestamps;
import partyline.rules.Consents;
import partyline.rules.ContactPolicy;
import partyline.rules.ContactPolicy.Decision;
import partyline.rules.Direction;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1/imessage/identities/{handle}/reach`: what a number would get, and why. [ContactPolicy] says it, as it does
/// when a text comes or goes; here are the words.
public final class ReachRoutes {

    private static final Set<String> SIDES = Set.of("inbound", "outbound");

    /// What was decided, as the wire has it: a stable word, and how the sentence ends.
    private record Verdict(boolean allowed, String reason, String why, Optional<Id> rule) {}

    private final Database database;
    private final ContactPolicy policy;
    private final Connections connections;
    private final Consents consents;
    private final Access access;

    public ReachRoutes(
            Database database, ContactPolicy policy, Connections connections, Consents consents, Access access) {
        this.database = database;
        this.policy = policy;
        this.connections = connections;
        this.consents = consents;
        this.access = access;
    }

    public void register(RoutesConfig routes) {
        routes.get("/api/v1/imessage/identities/{handle}/reach", this::reach, KEY);
    }

    private void reach(Context ctx) {
        Caller caller = Access.caller(ctx);
        Identity identity = access.named(ctx);
        PhoneNumber number = Params.number(ctx, "number")
                .orElseThrow(() -> ValidationError.query("number", "is required: whose reach is asked for"));
        Direction side =
                Params.oneOf(ctx, "direction", SIDES).map(Direction::of).orElse(Direction.INBOUND);
        Verdict verdict = verdict(database.read(reader -> policy.decide(reader, caller, identity.id(), number, side)));
        boolean connected = connections.active(caller, identity.id(), number).isPresent();
        Optional<Instant> stopped =
                connected ? Optional.empty() : consents.stoppedAt(caller, Optional.of(identity.id()), number);
        ObjectNode json = Json.object();
        json.put("number", number.text());
        json.put("allowed", verdict.allowed());
        json.put("reason", verdict.reason());
        json.put("sentence", sentence(identity, number, side, verdict) + " " + standing(connected, stopped));
        json.put("matched_rule_id", verdict.rule().map(Id::text).orElse(null));
        json.put("connected", connected);
        json.put("stopped_at", stopped.map(Timestamps::iso).orElse(null));
        Answer.ok(ctx, json);
    }

    private static Verdict verdict(Decision decision) {
        return switch (decision) {
            case Decision.Allowed(var _, var rule) ->
                rule.isPresent()
                        ? new Verdict(true, "allow_rule", "an allow rule names this number", rule)
                        : new Verdict(true, "open", "everybody may whom no rule blocks", rule);
            case Decision.Blocked(var _, var rule, var hidden)
            when hidden ->
                new Verdict(false, "hidden", "an admin of the organization closed this number to the agent", rule);
            case Decision.Blocked(var _, var rule, var _)
            when rule.isPresent() -> new Verdict(false, "block_rule", "a block rule names this number", rule);
            case Decision.Blocked(var _, var rule, var _) ->
                new Verdict(false, "not_listed", "only who is listed may, and no allow rule names this number", rule);
            case Decision.Disabled _ ->
                new Verdict(false, "identity_disabled", "the agent is switched off", Optional.empty());
            case Decision.Unknown() -> throw ApiError.IDENTITY_NOT_FOUND.asException();
        };
    }

    private static String sentence(Identity identity, PhoneNumber number, Direction side, Verdict verdict) {
        String may = verdict.allowed() ? " may write to " : " may not write to ";
        return (side == Direction.INBOUND ? number + may + identity.handle() : identity.handle() + may + number) + ": "
                + verdict.why() + ".";
    }

    private static String standing(boolean connected, Optional<Instant> stopped) {
        if (connected) {
            return "The two are connected.";
        }
        return stopped.isPresent() ? "The person said STOP." : "The two are not connected.";
    }
}
