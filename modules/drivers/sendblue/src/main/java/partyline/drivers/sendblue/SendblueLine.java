package partyline.drivers.sendblue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import partyline.drivers.HealthCheck;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.LineSetup;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The line as the account has it: whether it is well, and whether Sendblue calls us with its news, which is
/// put right where we can.
final class SendblueLine {

    static final HealthCheck.Profile SENDBLUE = new HealthCheck.Profile(
            "Sendblue",
            "check the network and sendblue.url",
            "see its status page",
            "the API key",
            "check sendblue.key_id and sendblue.secret_key",
            Duration.ofSeconds(30));

    static final String OTHER_SECRET =
            "Sendblue calls us with another secret than ours, so news comes late: delete our "
                    + "webhooks on its dashboard, and Partyline registers them anew.";

    private static final String WEBHOOKS = "/api/account/webhooks";

    private final LineSetup setup;
    private final SendblueClient client;
    private final SendblueWebhooks webhooks;
    private final HealthCheck health;
    /// What this account does not have: it is asked for once.
    private final Set<String> refused = ConcurrentHashMap.newKeySet();

    SendblueLine(LineSetup setup, SendblueClient client, SendblueWebhooks webhooks, HealthCheck health) {
        this.setup = setup;
        this.client = client;
        this.webhooks = webhooks;
        this.health = health;
    }

    /// What is wrong with the key or the number, each with its fix.
    List<String> check() {
        List<String> problems = new ArrayList<>();
        Health seen = health.of(
                client.get("/api/lines", Map.of()),
                json -> lineIn(json)
                        .map(_ -> Health.UP)
                        .orElseGet(() -> HealthCheck.down("The account has no line "
                                + setup.line().number() + ": correct the number of the line.")));
        if (seen.state() != State.UP) {
            problems.add(seen.detail());
        }
        if (!webhooks.address().reachable()) {
            problems.add("Sendblue cannot call this server: set http.public_url to its https address.");
        }
        return problems;
    }

    /// An account that cannot be asked for the state of its lines may work all the same.
    Health look() {
        Reply reply = client.get("/api/v2/lines/state", Map.of());
        return reply instanceof Reply.Answered answer && answer.isRefusal()
                ? registered()
                : health.of(reply, this::state);
    }

    private Health state(JsonNode json) {
        String state = lineIn(json)
                .map(line -> SendblueMessages.text(line, "state", "status"))
                .orElse("UNKNOWN");
        return switch (state) {
            case "OFFLINE" -> HealthCheck.down("Sendblue says that the line is offline: ask Sendblue.");
            case "DEGRADED" -> HealthCheck.degraded("Sendblue says that the line is degraded: ask Sendblue.");
            default -> registered();
        };
    }

    /// The part of an answer that is about our number, wherever it is.
    private Optional<JsonNode> lineIn(JsonNode json) {
        String number = setup.line().number().text();
        return json.valueStream().anyMatch(it -> it.asString("").equals(number))
                ? Optional.of(json)
                : json.valueStream()
                        .filter(JsonNode::isContainer)
                        .flatMap(it -> lineIn(it).stream())
                        .findFirst();
    }

    /// Adds our addresses to those that the account calls. It never replaces the list: others may share the account.
    private Health registered() {
        if (!webhooks.address().reachable()) {
            return HealthCheck.degraded(
                    "Sendblue cannot call this server, so news comes late: set http.public_url to an https address.");
        }
        Optional<JsonNode> known = client.get(WEBHOOKS, Map.of()).answer();
        for (String type : List.of("receive", "typing_indicator")) {
            String url = webhooks.address().of(type);
            boolean right = known.isPresent()
                    && (isKnown(known.get(), type, url) || refused.contains(type) || register(type, url));
            if (!right && type.equals("receive")) {
                return HealthCheck.degraded(
                        "Sendblue does not register our webhook, so news comes late: look at its dashboard.");
            }
        }
        return Health.UP;
    }

    private static boolean isKnown(JsonNode known, String type, String url) {
        return known.path("webhooks")
                .path(type)
                .valueStream()
                .anyMatch(
                        it -> (it.isObject() ? it.path("url") : it).asString("").equals(url));
    }

    private boolean register(String type, String url) {
        ObjectNode hook = Json.object().put("url", url).put("secret", webhooks.secret());
        hook.set("sendblue_numbers", Json.array().add(setup.line().number().text()));
        ObjectNode body = Json.object().put("type", type);
        body.set("webhooks", Json.array().add(hook));
        Reply reply = client.post(WEBHOOKS, body);
        if (reply instanceof Reply.Answered answer && answer.status() == 400 && !type.equals("receive")) {
            refused.add(type);
        }
        return reply.success();
    }
}
