package partyline.drivers.bluebubbles;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import partyline.drivers.HttpCalls;
import partyline.drivers.Keys;
import partyline.transport.LineSetup.Options;

/// What the configuration says about the Mac of a line. `webhook`: it calls us; else it is only asked, every
/// `pollEvery`. `privateApi` false means AppleScript even where the Private API works; `spacing` lies between
/// two actions.
record MacSettings(
        URI url, String password, boolean webhook, boolean privateApi, Duration pollEvery, Duration spacing) {

    static final Set<String> KEYS = Set.of("url", "password", "events", "private_api", "poll_seconds", "spacing_ms");

    /// They pass the pages that two common tunnels put in front of a server.
    private static final Map<String, String> HEADERS =
            Map.of("ngrok-skip-browser-warning", "true", "skip_zrok_interstitial", "true");

    /// @throws partyline.kernel.StartupFailure naming the key, what is wrong with it, and the fix.
    static MacSettings of(Options options) {
        Keys keys = new Keys(options);
        URI url = keys.url("url");
        if (url.getRawQuery() != null || url.getRawUserInfo() != null) {
            throw options.wrong(
                    "url", "must be http or https with nothing after the path, such as http://192.168.1.20:1234");
        }
        boolean webhook = keys.choice("events", "webhook", "poll");
        return new MacSettings(
                url,
                options.required("password"),
                webhook,
                keys.choice("private_api", "auto", "off"),
                Duration.ofSeconds(keys.count("poll_seconds", webhook ? 30 : 3, 1, 3_600)),
                Duration.ofMillis(keys.count("spacing_ms", 200, 0, 60_000)));
    }

    HttpCalls calls() {
        return new HttpCalls(url + "/api/v1", HEADERS, Map.of("password", password));
    }
}
