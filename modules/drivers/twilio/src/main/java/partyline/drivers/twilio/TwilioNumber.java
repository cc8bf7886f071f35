package partyline.drivers.twilio;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.drivers.HealthCheck;
import partyline.drivers.WebhookAddress;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.LineSetup;
import tools.jackson.databind.JsonNode;

/// The line's number in the account: whether it is there, and whether Twilio calls us with what comes to it,
/// which is put right where we can.
record TwilioNumber(LineSetup setup, TwilioClient client, WebhookAddress address, HealthCheck health) {

    static final HealthCheck.Profile TWILIO = new HealthCheck.Profile(
            "Twilio",
            "check the network and twilio.url",
            "see its status page",
            "the credentials",
            "check twilio.account_sid and twilio.auth_token, or the key",
            Duration.ofSeconds(10));

    static final String MISSING =
            "Twilio does not let this account text from the line's number: check the number and its SMS capability.";

    static final String OTHER_KEY = "Twilio signs its calls with another key, so news comes late: check "
            + "twilio.auth_token and, where the account has one, twilio.webhook_shared_key.";

    private static final Logger LOG = LoggerFactory.getLogger(TwilioNumber.class);
    private static final String NUMBERS = "/IncomingPhoneNumbers";

    /// What is wrong with the keys or the number, each with its fix.
    List<String> check() {
        List<String> problems = new ArrayList<>();
        Health seen = look(false);
        if (seen.state() != State.UP) {
            problems.add(seen.detail());
        }
        if (!address.reachable()) {
            problems.add("Twilio cannot call this server: set http.public_url to its https address.");
        }
        return problems;
    }

    Health look() {
        return look(true);
    }

    private Health look(boolean register) {
        String number = setup.line().number().text();
        return health.of(client.get(NUMBERS + ".json", Map.of("PhoneNumber", number)), json -> {
            JsonNode mine = json.path("incoming_phone_numbers").path(0);
            if (mine.isMissingNode()) {
                return HealthCheck.down(MISSING);
            }
            return register ? registered(mine) : Health.UP;
        });
    }

    /// Has the number's texts posted to us: an application of Twilio's that the number is given to would
    /// get them all, whatever address stands beside it. Whoever got them before does not get them any more,
    /// so the log tells.
    private Health registered(JsonNode number) {
        if (!address.reachable()) {
            return HealthCheck.degraded(
                    "Twilio cannot call this server, so news comes late: set http.public_url to an https address.");
        }
        String ours = address.of(TwilioDriver.RECEIVE);
        String before = number.path("sms_url").asString("");
        String application = number.path("sms_application_sid").asString("");
        if (before.equals(ours)
                && application.isEmpty()
                && number.path("sms_method").asString("POST").equals("POST")) {
            return Health.UP;
        }
        String path = NUMBERS + "/" + number.path("sid").asString("") + ".json";
        if (!client.post(path, Map.of("SmsApplicationSid", "", "SmsUrl", ours, "SmsMethod", "POST"))
                .success()) {
            return HealthCheck.degraded(
                    "Twilio does not take our webhook, so news comes late: may the key change the number?");
        }
        LOG.info(
                "event=webhook_registered line={} host_before={} application_before={}",
                setup.id(),
                host(before),
                application);
        return Health.UP;
    }

    /// Never the whole address: it may hold a secret.
    private static String host(String url) {
        try {
            return String.valueOf(URI.create(url).getHost());
        } catch (IllegalArgumentException e) {
            return "unknown";
        }
    }
}
