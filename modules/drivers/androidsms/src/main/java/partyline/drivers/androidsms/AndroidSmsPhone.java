package partyline.drivers.androidsms;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.drivers.HealthCheck;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.kernel.Timestamps;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.LineSetup;
import tools.jackson.databind.JsonNode;

/// How the phone is, as the app on it or the server tells: whether it is there, charged, and able to send;
/// and which phone it is, since one that was set up anew has forgotten what it sent. Thread-safe.
final class AndroidSmsPhone {

    static final HealthCheck.Profile APP = new HealthCheck.Profile(
            "The SMS gateway app",
            "see that the phone is on and in this network, that the app runs, and that its server is online",
            "look at the app's log on the phone",
            "the user name or the password",
            "copy both from the app's Home tab to android-sms-gateway.username and .password",
            Duration.ofMinutes(1));

    static final String TOO_OLD =
            "The SMS gateway app on the phone is older than 1.68 and does not show everything that came: update it.";

    private static final String DEVICE = "androidsms_device";
    private static final Pattern VERSION = Pattern.compile("v?([0-9]{1,5})\\.([0-9]{1,5}).*");
    private static final int WITH_FILES = 68;
    private static final int SENDS_MMS = 74;
    /// The app asks the server for work every quarter of an hour at least.
    private static final Duration SILENT = Duration.ofHours(1);

    private static final Duration GONE = Duration.ofHours(24);

    private final LineSetup setup;
    private final AndroidSmsSettings settings;
    private final AndroidSmsClient client;
    private final HealthCheck health;
    /// The second number of the app's version 1; unknown at a server.
    private volatile Optional<Integer> version = Optional.empty();

    AndroidSmsPhone(LineSetup setup, AndroidSmsSettings settings, AndroidSmsClient client, HealthCheck health) {
        this.setup = setup;
        this.settings = settings;
        this.client = client;
        this.health = health;
    }

    /// Whether pictures go out, as far as is known.
    boolean sendsMms() {
        return settings.mms() && version.filter(it -> it < SENDS_MMS).isEmpty();
    }

    /// Whether it has been the same phone, and the same installation, since then.
    boolean isSameSince(Instant when) {
        note();
        return setup.around()
                .memory()
                .recall(setup.line(), DEVICE)
                .map(note -> Instant.parse(note.substring(0, note.indexOf(' '))))
                .filter(since -> since.isAfter(when))
                .isEmpty();
    }

    /// How it is, which changes nothing.
    Health look() {
        Health seen = health.of(client.get(settings.server() ? "/devices" : "/device"), this::chosen);
        return settings.server() || seen.state() == State.DOWN ? seen : worse(seen, onPhone());
    }

    /// Takes note of which phone it is.
    void note() {
        client.get(settings.server() ? "/devices" : "/device")
                .answer()
                .flatMap(devices -> ours(devices).stream().findFirst())
                .map(device -> device.path("id").asString("") + "/"
                        + device.path("createdAt").asString(""))
                .filter(device -> !setup.around()
                        .memory()
                        .recall(setup.line(), DEVICE)
                        .map(note -> note.substring(note.indexOf(' ') + 1))
                        .equals(Optional.of(device)))
                .ifPresent(device ->
                        setup.around().memory().keep(setup.line(), DEVICE, Timestamps.iso(setup.now()) + " " + device));
    }

    /// The app takes the newest of what waits first, unless it is told to keep the order.
    Health keepOrder() {
        Optional<String> order = client.get("/settings")
                .answer()
                .map(json -> json.path("messages").path("processing_order").asString(""));
        if (order.filter("LIFO"::equals).isEmpty()) {
            return Health.UP;
        }
        return client.change(Json.object().set("messages", Json.object().put("processing_order", "FIFO")))
                        .success()
                ? Health.UP
                : HealthCheck.degraded("The app sends the newest text first, so answers may come in the wrong order: "
                        + "choose FIFO in its settings, Messages, Processing order.");
    }

    /// What a call of the app, or its page of health, says of the phone.
    static Health checks(JsonNode health) {
        List<String> wrong = new ArrayList<>();
        JsonNode checks = health.path("checks");
        JsonNode battery = checks.path("battery:level");
        if (isBad(battery, "fail") || isBad(battery, "warn")) {
            wrong.add(
                    "The phone's battery is at " + battery.path("observedValue").asInt(0) + " %: put it on a charger.");
        }
        if (isBad(checks.path("messages:failed"), "fail")) {
            wrong.add(
                    "The phone could send nothing within the last hour: look at its signal, and at the SIM's credit.");
        }
        return wrong.isEmpty() ? Health.UP : HealthCheck.degraded(String.join(" ", wrong));
    }

    static Health worse(Health one, Health other) {
        return one.state() == State.DOWN || other.state() == State.UP ? one : other;
    }

    /// Its page of health is open to all, and comes with 500 when anything is wrong at all, such as no
    /// internet.
    private Health onPhone() {
        if (!(client.get("/health") instanceof Reply.Answered answer)) {
            return Health.UP;
        }
        JsonNode json = answer.json();
        Matcher told = VERSION.matcher(json.path("version").asString(""));
        version = told.matches() && told.group(1).equals("1")
                ? Optional.of(Integer.parseInt(told.group(2)))
                : Optional.empty();
        return version.filter(it -> it < WITH_FILES).isPresent() ? HealthCheck.degraded(TOO_OLD) : checks(json);
    }

    private Health chosen(JsonNode devices) {
        List<JsonNode> ours = ours(devices);
        if (ours.isEmpty()) {
            return HealthCheck.down("No such phone is known there: switch the server on in the app, and correct "
                    + "android-sms-gateway.device.");
        }
        if (ours.size() > 1) {
            return HealthCheck.down("The account has several phones: name one of them in android-sms-gateway.device.");
        }
        return settings.server() ? seen(ours.getFirst()) : Health.UP;
    }

    private Health seen(JsonNode device) {
        Instant now = setup.now();
        return AndroidSmsMessages.time(device, "lastSeen")
                .filter(at -> at.plus(SILENT).isBefore(now))
                .map(at -> {
                    String detail = "The phone has not been heard of since " + Timestamps.iso(at)
                            + ": is it on, online, and the app allowed to run in the background?";
                    return at.plus(GONE).isBefore(now) ? HealthCheck.down(detail) : HealthCheck.degraded(detail);
                })
                .orElse(Health.UP);
    }

    private List<JsonNode> ours(JsonNode devices) {
        return devices.valueStream()
                .filter(device -> device.path("deletedAt").isMissingNode()
                        || device.path("deletedAt").isNull())
                .filter(device -> settings.chosen()
                        .device()
                        .filter(id -> !device.path("id").asString("").equals(id))
                        .isEmpty())
                .toList();
    }

    private static boolean isBad(JsonNode check, String status) {
        return check.path("status").asString("").equalsIgnoreCase(status);
    }
}
