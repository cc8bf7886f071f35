package partyline.drivers.linq;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import partyline.drivers.HealthCheck;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.LineSetup;
import tools.jackson.databind.JsonNode;

/// The line as the account has it: whether it is well, and whether Linq calls us with its news. That Apple flagged a
/// number is told in a call, and not in every account's list, so it is noted. Thread-safe.
record LinqLine(LineSetup setup, LinqClient client, LinqWebhook webhook, HealthCheck health) {

    static final HealthCheck.Profile LINQ = new HealthCheck.Profile(
            "Linq",
            "check the network and linq.url",
            "see its status page",
            "the API key",
            "check linq.api_key",
            Duration.ofSeconds(30));

    static final String OTHER_SECRET =
            "Linq signs its calls with another secret than linq.webhook_secret, so news comes late: leave that out, and "
                    + "Partyline makes a subscription of its own.";

    private static final String NOT_REACHABLE =
            "Linq cannot call this server, so news comes late: set http.public_url to an https address.";
    private static final String NOTE = "linq_number_status";
    private static final String FLAGGED = "FLAGGED";

    /// What is wrong with the key or the number, each with its fix.
    List<String> check() {
        List<String> problems = new ArrayList<>();
        Health seen = health.of(
                client.numbers(), json -> number(json).map(_ -> Health.UP).orElseGet(this::missing));
        if (seen.state() != State.UP) {
            problems.add(seen.detail());
        }
        if (!webhook.address().reachable()) {
            problems.add(NOT_REACHABLE);
        }
        return problems;
    }

    Health look() {
        return health.of(client.numbers(), json -> number(json).map(this::state).orElseGet(this::missing));
    }

    /// What a call told of the account's numbers.
    void told(JsonNode data) {
        String status = data.path("new_status").asString("");
        if (isOurs(data) && !status.isEmpty()) {
            setup.around().memory().keep(setup.line(), NOTE, status);
        }
    }

    private Health state(JsonNode number) {
        Health registered = registered();
        String noted = setup.around().memory().recall(setup.line(), NOTE).orElse("");
        if (number.path("status").asString(noted).equals(FLAGGED)) {
            return HealthCheck.degraded(
                    "Linq has flagged the number, texts may fail: ask Linq, and send less meanwhile.");
        }
        if (number.path("reputation").path("status").asString("").equals("CRITICAL")) {
            return HealthCheck.degraded(
                    "Linq rates the number CRITICAL, it may be flagged soon: send less, to people " + "who answer.");
        }
        return registered;
    }

    private Health registered() {
        if (!webhook.address().reachable()) {
            return HealthCheck.degraded(NOT_REACHABLE);
        }
        return webhook.registered()
                ? Health.UP
                : HealthCheck.degraded("Linq does not register our webhook, so news comes late: look at the webhook "
                        + "subscriptions on its dashboard.");
    }

    private Health missing() {
        return HealthCheck.down(
                "The account has no number " + setup.line().number() + ": correct the number of the line.");
    }

    private Optional<JsonNode> number(JsonNode json) {
        return json.path("phone_numbers").valueStream().filter(this::isOurs).findFirst();
    }

    private boolean isOurs(JsonNode json) {
        return json.path("phone_number")
                .asString("")
                .equals(setup.line().number().text());
    }
}
