package partyline.drivers.bluebubbles;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import partyline.transport.LineSetup.Options;

/// What the configuration says about the Mac of a line. `webhook`: it calls us; else it is only asked, every
/// `pollEvery`. `privateApi` false means AppleScript even where the Private API works; `spacing` lies between
/// two actions.
record MacSettings(
        String url, String password, boolean webhook, boolean privateApi, Duration pollEvery, Duration spacing) {

    static final Set<String> KEYS = Set.of("url", "password", "events", "private_api", "poll_seconds", "spacing_ms");

    /// @throws partyline.kernel.StartupFailure naming the key, what is wrong with it, and the fix.
    static MacSettings of(Options options) {
        boolean webhook = choice(options, "events", "webhook", "poll");
        return new MacSettings(
                url(options),
                options.required("password"),
                webhook,
                choice(options, "private_api", "auto", "off"),
                Duration.ofSeconds(number(options, "poll_seconds", webhook ? 30 : 3, 1, 3_600)),
                Duration.ofMillis(number(options, "spacing_ms", 200, 0, 60_000)));
    }

    private static String url(Options options) {
        String text = options.required("url").replaceAll("/+$", "");
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null
                    && Set.of("http", "https").contains(uri.getScheme())
                    && uri.getRawQuery() == null
                    && uri.getRawUserInfo() == null) {
                return text;
            }
        } catch (IllegalArgumentException e) {
            throw options.wrong("url", "is no URL: use one such as http://192.168.1.20:1234");
        }
        throw options.wrong(
                "url", "must be http or https with nothing after the path, such as http://192.168.1.20:1234");
    }

    /// True for the first of two words, which is also the default.
    private static boolean choice(Options options, String key, String usual, String other) {
        String told = options.text(key, usual);
        if (!told.equals(usual) && !told.equals(other)) {
            throw options.wrong(key, "is \"" + told + "\": use " + usual + " or " + other);
        }
        return told.equals(usual);
    }

    private static int number(Options options, String key, int usual, int least, int most) {
        String told = options.text(key, Integer.toString(usual));
        if (told.matches("[0-9]{1,6}")) {
            int number = Integer.parseInt(told);
            if (number >= least && number <= most) {
                return number;
            }
        }
        throw options.wrong(key, "is \"%s\": use a whole number from %d to %d".formatted(told, least, most));
    }
}
