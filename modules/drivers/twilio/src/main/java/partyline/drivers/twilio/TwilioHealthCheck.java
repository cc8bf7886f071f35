package partyline.drivers.twilio;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import partyline.drivers.Reply;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.LineSetup;
import tools.jackson.databind.JsonNode;

/// Whether the line is well and Twilio will call us with what comes to its number, which is put right where we can.
final class TwilioHealthCheck {

    static final String BAD_NUMBER =
            "Twilio does not let this account text from the line's number: check the number and its SMS capability.";

    static final String OTHER_KEY = "Twilio signs its calls with another key, so news comes late: check "
            + "twilio.auth_token and, where the account has one, twilio.webhook_shared_key.";

    private static final Logger LOG = LoggerFactory.getLogger(TwilioHealthCheck.class);
    private static final String NUMBERS = "/IncomingPhoneNumbers";

    private final LineSetup setup;
    private final TwilioConnection connection;

    TwilioHealthCheck(LineSetup setup, TwilioConnection connection) {
        this.setup = setup;
        this.connection = connection;
    }

    static String unreachable(String detail) {
        return "Twilio cannot be reached (" + detail + "): check the network and twilio.url.";
    }

    /// What is wrong with the keys or the number, each with its fix.
    List<String> check() {
        List<String> problems = new ArrayList<>();
        Reply reply = number();
        Health health = known(reply);
        if (health.state() != State.UP) {
            problems.add(health.detail());
        }
        if (!connection.hooks().reachable()) {
            problems.add("Twilio cannot call this server: set http.public_url to its https address.");
        }
        return problems;
    }

    Health look() {
        Reply reply = number();
        Health known = known(reply);
        return known.state() == State.UP && reply instanceof Reply.Answered answer ? registered(answer) : known;
    }

    private Reply number() {
        return connection
                .calls()
                .get(
                        NUMBERS + ".json",
                        new TwilioForm()
                                .with("PhoneNumber", setup.line().number().text()));
    }

    private static Health known(Reply reply) {
        return switch (reply) {
            case Reply.Answered answer
            when answer.status() == 401 || answer.status() == 403 -> new Health(State.DOWN, TwilioErrors.BAD_KEYS);
            case Reply.Answered answer
            when !answer.success() ->
                new Health(State.DOWN, "Twilio answers " + answer.status() + ": see its status page.");
            case Reply.Answered answer when mine(answer).isMissingNode() -> new Health(State.DOWN, BAD_NUMBER);
            case Reply.Answered _ -> Health.UP;
            case Reply.Unreachable(String detail) -> new Health(State.DOWN, unreachable(detail));
            case Reply.NoAnswer(String detail) -> new Health(State.DOWN, unreachable(detail));
        };
    }

    private static JsonNode mine(Reply.Answered answer) {
        return answer.json().path("incoming_phone_numbers").path(0);
    }

    /// Has the number's texts posted to us: an application of Twilio's that the number is given to would
    /// get them all, whatever address stands beside it. Whoever got them before does not get them any more,
    /// so the log tells.
    private Health registered(Reply.Answered answer) {
        TwilioWebhooks hooks = connection.hooks();
        if (!hooks.reachable()) {
            return new Health(
                    State.DEGRADED,
                    "Twilio cannot call this server, so news comes late: set http.public_url to an https address.");
        }
        JsonNode number = mine(answer);
        String before = number.path("sms_url").asString("");
        String application = number.path("sms_application_sid").asString("");
        if (before.equals(hooks.receiveUrl())
                && application.isEmpty()
                && number.path("sms_method").asString("POST").equals("POST")) {
            return Health.UP;
        }
        TwilioForm form = new TwilioForm()
                .with("SmsApplicationSid", "")
                .with("SmsUrl", hooks.receiveUrl())
                .with("SmsMethod", "POST");
        Reply reply = connection.calls().post(NUMBERS + "/" + number.path("sid").asString("") + ".json", form);
        if (reply instanceof Reply.Answered done && done.success()) {
            LOG.info(
                    "event=webhook_registered line={} host_before={} application_before={}",
                    setup.line().id(),
                    host(before),
                    application);
            return Health.UP;
        }
        return new Health(
                State.DEGRADED, "Twilio does not take our webhook, so news comes late: may the key change the number?");
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
