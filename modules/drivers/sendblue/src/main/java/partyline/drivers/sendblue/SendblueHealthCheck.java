package partyline.drivers.sendblue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.LineSetup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Whether the line is well and Sendblue will call us, which is put right where we can.
final class SendblueHealthCheck {

    static final String BAD_KEY = "Sendblue refuses the API key: check sendblue.key_id and sendblue.secret_key.";

    static final String OTHER_SECRET =
            "Sendblue calls us with another secret than ours, so news comes late: delete our "
                    + "webhooks on its dashboard, and Partyline registers them anew.";

    private static final String WEBHOOKS = "/api/account/webhooks";

    private final LineSetup setup;
    private final SendblueClient calls;
    private final SendblueWebhooks hooks;
    /// What this account does not have: it is asked for once.
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    SendblueHealthCheck(LineSetup setup, SendblueConnection connection, SendblueWebhooks hooks) {
        this.setup = setup;
        this.calls = connection.calls();
        this.hooks = hooks;
    }

    /// What is wrong with the key or the number, each with its fix.
    List<String> check() {
        List<String> problems = new ArrayList<>();
        switch (calls.get("/api/lines", Map.of())) {
            case Reply.Answered answer when answer.status() == 401 || answer.status() == 403 -> problems.add(BAD_KEY);
            case Reply.Answered answer
            when !answer.success() ->
                problems.add("Sendblue answers " + answer.status() + " when asked for its lines: try again later.");
            case Reply.Answered answer
            when !answer.body().contains(setup.line().number().text()) ->
                problems.add("The account has no line " + setup.line().number() + ": correct the number of the line.");
            case Reply.Answered _ -> {}
            case Reply.Unreachable(String detail) ->
                problems.add(unreachable(detail).detail());
            case Reply.NoAnswer(String detail) ->
                problems.add(unreachable(detail).detail());
        }
        if (!hooks.reachable()) {
            problems.add("Sendblue cannot call this server: set http.public_url to its https address.");
        }
        return problems;
    }

    Health look() {
        return switch (calls.get("/api/v2/lines/state", Map.of())) {
            case Reply.Answered answer
            when answer.status() == 401 || answer.status() == 403 -> new Health(State.DOWN, BAD_KEY);
            case Reply.Answered answer when answer.success() -> state(answer.json());
            case Reply.Answered answer
            when answer.status() >= 500 ->
                new Health(State.DOWN, "Sendblue answers " + answer.status() + ": see its status page.");
            case Reply.Answered _ -> registered();
            case Reply.Unreachable(String detail) -> unreachable(detail);
            case Reply.NoAnswer(String detail) -> unreachable(detail);
        };
    }

    private static Health unreachable(String detail) {
        return new Health(
                State.DOWN, "Sendblue cannot be reached (" + detail + "): check the network and sendblue.url.");
    }

    private Health state(JsonNode json) {
        String state = lineIn(json)
                .map(line -> SendblueProviderMessage.text(line, "state", "status"))
                .orElse("UNKNOWN");
        return switch (state) {
            case "OFFLINE" -> new Health(State.DOWN, "Sendblue says that the line is offline: ask Sendblue.");
            case "DEGRADED" -> new Health(State.DEGRADED, "Sendblue says that the line is degraded: ask Sendblue.");
            default -> registered();
        };
    }

    /// The part of an answer that is about our number, wherever it is.
    private Optional<JsonNode> lineIn(JsonNode json) {
        String number = setup.line().number().text();
        return json.isObject()
                        && json.valueStream().anyMatch(it -> it.asString("").equals(number))
                ? Optional.of(json)
                : json.valueStream()
                        .filter(JsonNode::isContainer)
                        .flatMap(it -> lineIn(it).stream())
                        .findFirst();
    }

    /// Adds our addresses to those that the account calls. It never replaces the list: others may share the account.
    private Health registered() {
        if (!hooks.reachable()) {
            return new Health(
                    State.DEGRADED,
                    "Sendblue cannot call this server, so news comes late: set http.public_url to an https address.");
        }
        if (!(calls.get(WEBHOOKS, Map.of()) instanceof Reply.Answered answer) || !answer.success()) {
            return notRegistered();
        }
        for (String type : List.of("receive", "typing_indicator")) {
            String url = hooks.url(type);
            boolean known = answer.json()
                    .path("webhooks")
                    .path(type)
                    .valueStream()
                    .anyMatch(it ->
                            (it.isObject() ? it.path("url") : it).asString("").equals(url));
            if (!known && !refused.contains(type) && !register(type, url) && type.equals("receive")) {
                return notRegistered();
            }
        }
        return Health.UP;
    }

    private static Health notRegistered() {
        return new Health(
                State.DEGRADED, "Sendblue does not register our webhook, so news comes late: look at its dashboard.");
    }

    private boolean register(String type, String url) {
        ObjectNode hook = Json.object().put("url", url).put("secret", hooks.secret());
        hook.set("sendblue_numbers", Json.array().add(setup.line().number().text()));
        ObjectNode body = Json.object().put("type", type);
        body.set("webhooks", Json.array().add(hook));
        if (!(calls.post(WEBHOOKS, body) instanceof Reply.Answered answer)) {
            return false;
        }
        if (answer.status() == 400 && !type.equals("receive")) {
            refused.add(type);
        }
        return answer.success();
    }
}
