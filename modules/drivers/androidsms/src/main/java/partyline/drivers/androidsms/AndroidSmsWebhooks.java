package partyline.drivers.androidsms;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import partyline.drivers.HealthCheck;
import partyline.drivers.WebhookAddress;
import partyline.kernel.Hmac;
import partyline.transport.Driver.Health;
import partyline.transport.FileExchange;
import partyline.transport.LineSetup;
import partyline.transport.WebhookReceiver.Request;
import tools.jackson.databind.JsonNode;

/// The app's calls: that it knows where to, and that they come from it. It signs the body and the time, in
/// `X-Signature` and `X-Timestamp`, anew with each attempt, and calls nothing but https and `127.0.0.1`.
/// Thread-safe.
final class AndroidSmsWebhooks {

    static final String RECEIVED = "sms:received";
    static final String DOWNLOADED = "mms:downloaded";
    static final String SENT = "sms:sent";
    static final String DELIVERED = "sms:delivered";
    static final String FAILED = "sms:failed";
    static final String PING = "system:ping";

    private static final List<String> EVENTS = List.of(RECEIVED, DOWNLOADED, SENT, DELIVERED, FAILED, PING);
    private static final String DEAF = "The phone cannot call this server, so nothing that people text arrives: set "
            + "http.public_url to an https address that the phone reaches.";
    private static final Duration FRESH = Duration.ofMinutes(5);
    private static final String KIND = "event";

    private final LineSetup setup;
    private final AndroidSmsSettings settings;
    private final AndroidSmsClient client;
    private final WebhookAddress address;
    /// The address that it was last seen to know.
    private volatile String known = "";
    /// Why the last call was not taken; empty when it was.
    private volatile String refused = "";

    AndroidSmsWebhooks(LineSetup setup, AndroidSmsSettings settings, AndroidSmsClient client) {
        this.setup = setup;
        this.settings = settings;
        this.client = client;
        this.address = WebhookAddress.of(setup, settings.url());
    }

    /// Sees to it that the app calls us, where it can; on the phone itself nothing depends on it, since
    /// its inbox is read.
    Health register() {
        String url = address.of(KIND);
        if (settings.signingKey().isEmpty()) {
            known = url;
            return Health.UP;
        }
        Optional<JsonNode> listed =
                address.reachable() ? client.get("/webhooks").answer() : Optional.empty();
        boolean called = listed.isPresent();
        for (String event : listed.isPresent() ? EVENTS : List.<String>of()) {
            String there = event.equals(DOWNLOADED) ? address.of(FileExchange.MEDIA) : url;
            boolean told = isListed(listed.get(), event, there)
                    || client.register(id(event), event, there).success();
            called &= told || !event.equals(RECEIVED);
        }
        known = url;
        if (!called && settings.server()) {
            return HealthCheck.degraded(DEAF);
        }
        return refused.isEmpty() ? Health.UP : HealthCheck.degraded(refused);
    }

    /// Whether what people text can arrive at all, as far as that can be told without changing anything.
    Health reachable() {
        return settings.server() && !address.reachable() ? HealthCheck.degraded(DEAF) : Health.UP;
    }

    /// Whether our address has changed since, as it does once the server listens.
    boolean moved() {
        return !address.of(KIND).equals(known);
    }

    /// Whether a call is the phone's own, and new.
    boolean proves(Request request) {
        String timestamp = Optional.ofNullable(request.header("x-timestamp")).orElse("");
        Optional<Hmac> key = settings.signingKey();
        boolean signed = key.isPresent()
                && Hmac.same(
                        HexFormat.of()
                                .formatHex(key.get().of(request.body(), timestamp.getBytes(StandardCharsets.UTF_8))),
                        request.header("x-signature"));
        if (!signed) {
            refused = "The phone's calls are signed with another key, so they are refused: copy the app's signing key "
                    + "to android-sms-gateway.signing_key.";
        } else if (!isFresh(timestamp)) {
            refused = "The phone's clock is wrong, so its calls are refused: let it set its time by itself.";
        } else {
            refused = "";
        }
        return refused.isEmpty();
    }

    /// Another server, and another line, have other ids.
    private String id(String event) {
        String name = setup.around().memory().secret(setup.line()) + event;
        return UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private boolean isListed(JsonNode listed, String event, String url) {
        return listed.valueStream()
                .anyMatch(hook -> hook.path("id").asString("").equals(id(event))
                        && hook.path("url").asString("").equals(url));
    }

    private boolean isFresh(String timestamp) {
        return timestamp.matches("[0-9]{1,12}")
                && Duration.between(Instant.ofEpochSecond(Long.parseLong(timestamp)), setup.now())
                                .abs()
                                .compareTo(FRESH)
                        <= 0;
    }
}
