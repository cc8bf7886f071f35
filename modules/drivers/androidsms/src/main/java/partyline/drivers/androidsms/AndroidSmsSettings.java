package partyline.drivers.androidsms;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import partyline.drivers.HttpCalls;
import partyline.drivers.Keys;
import partyline.kernel.Hmac;
import partyline.kernel.StartupFailure;
import partyline.transport.LineSetup;

/// What the configuration of a line tells: where the app answers, on the phone itself or at a `server`
/// that both speak to; who we are to it; which phone and SIM are meant; and how fast the line may send.
record AndroidSmsSettings(
        URI url,
        boolean server,
        String authorization,
        Optional<Hmac> signingKey,
        Optional<String> passphrase,
        Chosen chosen,
        boolean mms,
        Duration poll,
        int perDay) {

    static final Set<String> KEYS = Set.of(
            "url",
            "username",
            "password",
            "signing_key",
            "passphrase",
            "device",
            "sim",
            "country",
            "mms",
            "poll",
            "per_day");

    private static final String SERVER_PATH = "/3rdparty/v1";
    private static final int MOST_SIMS = 3;

    /// Which phone and which of its SIMs, where there are several, and the calling code of people whose
    /// numbers come without one.
    record Chosen(Optional<String> device, Optional<Integer> sim, Optional<String> country) {}

    /// @throws StartupFailure naming the key that is missing or wrong.
    static AndroidSmsSettings of(LineSetup setup) {
        LineSetup.Options options = setup.options();
        Keys keys = new Keys(options);
        URI url = keys.url("url");
        boolean server = url.getPath().endsWith(SERVER_PATH);
        Optional<Hmac> signing = options.optional("signing_key").map(Hmac::sha256);
        if (server && signing.isEmpty()) {
            throw options.wrong("signing_key", "is missing: copy it from the app, Settings, Webhooks, Signing Key");
        }
        return new AndroidSmsSettings(
                url,
                server,
                "Basic " + base64(keys.secret("username") + ":" + keys.secret("password")),
                signing,
                options.optional("passphrase"),
                new Chosen(
                        options.optional("device"),
                        options.optional("sim").map(_ -> keys.count("sim", 1, 1, MOST_SIMS)),
                        country(setup)),
                server ? !keys.choice("mms", "off", "on") : keys.choice("mms", "on", "off"),
                keys.duration("poll", Duration.ofSeconds(server ? 30 : 5)),
                keys.count("per_day", 500, 0, 999_999));
    }

    HttpCalls calls() {
        return new HttpCalls(url.toString(), Map.of("Authorization", authorization));
    }

    /// Of the line's own number only +1 can be told from what follows it.
    private static Optional<String> country(LineSetup setup) {
        Optional<String> told = setup.options().optional("country").map(code -> code.replaceFirst("^\\+", ""));
        if (told.filter(code -> !code.matches("[1-9][0-9]{0,2}")).isPresent()) {
            throw setup.options().wrong("country", "must be a calling code such as 44");
        }
        return told.or(() -> setup.line().number().text().startsWith("+1") ? Optional.of("1") : Optional.empty());
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Never the keys.
    @Override
    public String toString() {
        return "Phone[" + url.getHost() + "]";
    }
}
