package partyline.drivers.twilio;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import partyline.drivers.HttpCalls;
import partyline.drivers.Keys;
import partyline.drivers.Reconciler;
import partyline.kernel.StartupFailure;
import partyline.transport.LineSetup;

/// What the configuration of a line tells. `authorization` is the header that our calls carry;
/// `signingKeys` are what Twilio may sign its calls with: the auth token, two while it is being changed,
/// and a shared key.
record TwilioSettings(
        URI url,
        String sid,
        String authorization,
        List<String> signingKeys,
        Optional<String> messagingService,
        Duration poll,
        Duration lostAfter) {

    static final Set<String> KEYS = Set.of(
            "url",
            "account_sid",
            "auth_token",
            "next_auth_token",
            "webhook_shared_key",
            "key_sid",
            "key_secret",
            "messaging_service_sid",
            "poll",
            "lost_after");

    TwilioSettings {
        signingKeys = List.copyOf(signingKeys);
    }

    /// @throws StartupFailure naming the key that is missing or wrong.
    static TwilioSettings of(LineSetup.Options options) {
        Keys keys = new Keys(options);
        String sid = options.required("account_sid");
        if (!sid.matches("AC[0-9a-zA-Z]+")) {
            throw options.wrong("account_sid", "must begin with AC, as Twilio's console shows it");
        }
        String token = options.required("auth_token");
        Optional<String> key = options.optional("key_sid");
        String user = key.orElse(sid);
        String password = key.isPresent() ? options.required("key_secret") : token;
        return new TwilioSettings(
                keys.url("url", "https://api.twilio.com"),
                sid,
                "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8)),
                Stream.of(
                                Optional.of(token),
                                options.optional("next_auth_token"),
                                options.optional("webhook_shared_key"))
                        .flatMap(Optional::stream)
                        .toList(),
                options.optional("messaging_service_sid"),
                keys.duration("poll", Duration.ofMinutes(1)),
                keys.duration("lost_after", Reconciler.USUALLY_LOST_AFTER));
    }

    HttpCalls calls() {
        return new HttpCalls(url.toString(), Map.of("Authorization", authorization));
    }

    /// Never the keys.
    @Override
    public String toString() {
        return "Account[" + sid + "]";
    }
}
