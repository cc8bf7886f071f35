package partyline.drivers.bluebubbles;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.drivers.HealthCheck;
import partyline.drivers.Reply;
import partyline.kernel.Json;
import partyline.transport.Driver.Health;
import partyline.transport.Driver.Health.State;
import partyline.transport.LineSetup;
import tools.jackson.databind.JsonNode;

/// What the Mac can do and how it is, as its server last said. Thread-safe.
final class MacStatus {

    /// `privateApi` works now; `sms` can be sent through an iPhone; `version` is the server's.
    record Seen(Health health, boolean privateApi, boolean sms, String version) {}

    static final HealthCheck.Profile BLUEBUBBLES = new HealthCheck.Profile(
            "BlueBubbles",
            "start it, look after the Mac, or correct bluebubbles.url",
            "that is no BlueBubbles server, so correct bluebubbles.url",
            "the password",
            "correct bluebubbles.password",
            Duration.ofSeconds(10));

    private static final Duration USUALLY = Duration.ofMinutes(1);
    private static final Duration SOON = Duration.ofSeconds(2);

    private final MacApi api;
    private final MacSettings settings;
    private final LineSetup setup;
    private final HealthCheck health;
    private final Registration registration;
    private volatile @Nullable Seen seen;
    /// What is wrong with the way of its news to us; empty when nothing is.
    private String newsTrouble = "";
    private volatile boolean anew = true;
    private Instant due = Instant.MIN;

    MacStatus(MacApi api, MacSettings settings, LineSetup setup, HealthCheck health, Registration registration) {
        this.api = api;
        this.settings = settings;
        this.setup = setup;
        this.health = health;
        this.registration = registration;
    }

    /// As last seen; asks the Mac when it was never asked.
    Seen now() {
        Seen known = seen;
        return known == null ? refresh() : known;
    }

    /// How the line is; asks again and repairs the webhook, when that is due. For one thread.
    Health look() {
        Instant now = setup.now();
        if (anew || !due.isAfter(now)) {
            anew = false;
            due = now.plus(SOON);
            boolean up = refresh().health().state() != State.DOWN;
            newsTrouble = up && settings.webhook() ? registration.repair() : "";
            if (up && newsTrouble.isEmpty()) {
                due = now.plus(USUALLY);
            }
        }
        Health mac = now().health();
        return mac.equals(Health.UP) && !newsTrouble.isEmpty() ? HealthCheck.degraded(newsTrouble) : mac;
    }

    /// The Mac's server started, or is elsewhere now: it is looked at again.
    void hello() {
        anew = true;
    }

    Seen refresh() {
        Seen fresh = ask();
        seen = fresh;
        return fresh;
    }

    private Seen ask() {
        return switch (api.get("/server/info")) {
            case Reply.Answered answer
            when answer.success() && answer.json().path("data").isObject() ->
                seen(answer.json().path("data"));
            case Reply.Answered answer
            when !answer.refusesUs()
                    && answer.json().path("status").asInt(0) == answer.status()
                    && answer.json().has("message") -> unsaid(answer.status());
            case Reply reply ->
                down(health.of(
                        reply,
                        _ -> HealthCheck.down(
                                "What answers at bluebubbles.url is no BlueBubbles server: correct the url.")));
        };
    }

    private Seen seen(JsonNode info) {
        boolean enabled = settings.privateApi() && info.path("private_api").asBoolean(false);
        boolean helper = enabled && info.path("helper_connected").asBoolean(false);
        String version = info.path("server_version").asString("");
        JsonNode account = helper ? account() : Json.object();
        boolean sms = account.path("sms_forwarding_enabled").asBoolean(false);
        return new Seen(health(account, enabled && !helper), helper, sms, version);
    }

    /// BlueBubbles is there and fails to say how the Mac is, as it does when the newest chat names no account. Whether
    /// the Private API works is seen from whether it answers.
    private Seen unsaid(int code) {
        JsonNode account = settings.privateApi() ? account() : Json.object();
        if (account.isEmpty()) {
            return new Seen(
                    HealthCheck.degraded(
                            "BlueBubbles does not say how the Mac is (HTTP %d): look at its log.".formatted(code)),
                    false,
                    false,
                    "");
        }
        return new Seen(
                health(account, false),
                true,
                account.path("sms_forwarding_enabled").asBoolean(false),
                "");
    }

    private Health health(JsonNode account, boolean helperMissing) {
        JsonNode aliases = account.path("vetted_aliases");
        if (aliases.isArray() && aliases.isEmpty()) {
            String said = account.path("login_status_message").asString("");
            return HealthCheck.down("Messages on the Mac is not signed in to iMessage%s: sign in there."
                    .formatted(said.isEmpty() ? "" : " (" + said + ")"));
        }
        if (helperMissing) {
            return HealthCheck.degraded(
                    "The Private API's helper is not connected, so there are only plain texts: restart Messages on the Mac.");
        }
        Set<String> numbers = numbers(aliases);
        if (!numbers.isEmpty() && !numbers.contains(setup.line().number().text())) {
            return HealthCheck.degraded(
                    "The Mac's Apple ID does not have the number of this line: add it in Messages, or correct number.");
        }
        return Health.UP;
    }

    private JsonNode account() {
        return api.get("/icloud/account")
                .answer()
                .map(json -> json.path("data"))
                .orElseGet(Json::object);
    }

    /// The telephone numbers anywhere in it; servers differ in how they write this list.
    private static Set<String> numbers(JsonNode aliases) {
        return aliases.valueStream()
                .flatMap(alias -> alias.isObject() ? alias.valueStream() : Stream.of(alias))
                .map(value -> value.asString(""))
                .filter(text -> text.startsWith("+"))
                .collect(Collectors.toSet());
    }

    /// What it could do before it will be able to do when it is back.
    private Seen down(Health down) {
        Seen before = seen;
        return before == null
                ? new Seen(down, settings.privateApi(), false, "")
                : new Seen(down, before.privateApi(), before.sms(), before.version());
    }
}
