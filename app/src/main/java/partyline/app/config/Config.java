package partyline.app.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import partyline.app.http.ProxySettings;
import partyline.conversations.Conversations;
import partyline.kernel.StartupFailure;
import partyline.media.MediaSettings;
import partyline.router.ConsentWords;

/// What this server was told to be. Every key is explained in `config/partyline.yaml`.
public record Config(
        Http http,
        Path data,
        Lines lines,
        Duration simulatorLatency,
        List<String> outboundAllow,
        int repliesPerHour,
        boolean tellDisconnected,
        Conversations.Limits limits,
        ConsentWords consent,
        WebhookSettings webhooks,
        MediaSettings media,
        Events events,
        Shares shares,
        Retention retention) {

    private static final String PUBLIC_URL = "http.public_url";
    private static final Pattern URL = Pattern.compile(
            "https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[A-Za-z0-9._~%!$&'()*+,;=:@/-]*)?");

    /// Where to listen, under which URL others find us, and what the border lets in.
    public record Http(String host, int port, Optional<String> publicUrl, ProxySettings edge) {}

    /// What the readers of events may have.
    public record Events(Duration heartbeat, int streamsPerKey, int streamsPerOrganization) {}

    /// What one organization may make: keys in a minute, and rows that stay until it ends them. 0 is no bound of these.
    public record Shares(int keysPerMinute, int identities, int keys, int rulesPerIdentity, int contacts) {}

    /// Reads the settings and checks them.
    ///
    /// @throws StartupFailure naming the key, what is wrong with it, and the fix.
    public static Config of(Settings settings) {
        Retention retention = Retention.of(settings);
        return new Config(
                new Http(
                        settings.text("http.host", "127.0.0.1"),
                        settings.number("http.port", 8080, 0, 65_535),
                        publicUrl(settings),
                        ProxySettings.of(settings)),
                dataFolder(settings),
                Lines.of(settings),
                Duration.ofMillis(settings.number("simulator.latency_ms", 5, 0, 60_000)),
                settings.texts("outbound.allow", List.of("127.0.0.0/8", "::1/128")),
                settings.number("limits.router_replies_per_hour", 30, 1, 10_000),
                settings.flag("router.tell_disconnected", false),
                new Conversations.Limits(
                        settings.number("limits.sends_per_24h", 100, 0, 1_000_000),
                        settings.number("limits.alternations_per_minute", 30, 0, 500)),
                consent(settings),
                WebhookSettings.of(settings),
                media(settings),
                new Events(
                        Duration.ofSeconds(settings.number("stream.heartbeat_seconds", 15, 1, 25)),
                        settings.number("limits.streams_per_key", 20, 1, 2_000),
                        settings.number("limits.streams_per_organization", 500, 1, 2_000)),
                new Shares(
                        settings.number("limits.keys_per_minute", 600, 1, 1_000_000),
                        settings.number("limits.identities", 1_000, 0, 1_000_000),
                        settings.number("limits.keys", 2_000, 0, 1_000_000),
                        settings.number("limits.rules_per_identity", 10_000, 0, 1_000_000),
                        settings.number("limits.contacts", 10_000, 0, 1_000_000)),
                retention);
    }

    /// Without a slash at its end: paths are appended to it.
    private static Optional<String> publicUrl(Settings settings) {
        Optional<String> url = settings.text(PUBLIC_URL).map(String::strip);
        if (url.isPresent() && !URL.matcher(url.get()).matches()) {
            throw settings.wrong(
                    PUBLIC_URL,
                    "is \"%s\": write it like https://partyline.example.org, with http:// or https://, a host, and"
                                    .formatted(url.get())
                            + " neither ? nor # (a host with other letters in its xn-- form)");
        }
        return url.map(text -> text.replaceFirst("/+$", ""));
    }

    public static Path dataFolder(Settings settings) {
        return Path.of(settings.text("data.folder", "data"));
    }

    private static MediaSettings media(Settings settings) {
        return new MediaSettings(
                Duration.ofDays(settings.number("media.retention_days", 90, 0, 36_500)),
                (long) settings.number("media.quota_mb", 5_120, 0, 1 << 30) << 20,
                (long) settings.number("media.largest_inbound_mb", 100, 1, 1_024) << 20,
                Duration.ofSeconds(settings.number("media.wait_seconds", 15, 1, 60)));
    }

    private static ConsentWords consent(Settings settings) {
        ConsentWords usual = ConsentWords.DEFAULT;
        ConsentWords.Answers answers = new ConsentWords.Answers(
                settings.text("consent.stopped_text", usual.answers().stopped()),
                settings.text("consent.released_text", usual.answers().released()),
                settings.text("consent.started_text", usual.answers().started()),
                settings.text("consent.number_stopped_text", usual.answers().numberStopped()),
                settings.text("consent.number_started_text", usual.answers().numberStarted()));
        try {
            return new ConsentWords(
                    words(settings, "consent.stop_words", usual.stop()),
                    words(settings, "consent.stop_words_sms", usual.stopOnSms()),
                    words(settings, "consent.start_words", usual.start()),
                    answers);
        } catch (IllegalArgumentException e) {
            throw settings.wrong("consent", "has wrong words: " + e.getMessage());
        }
    }

    private static Set<String> words(Settings settings, String key, Set<String> usual) {
        return new HashSet<>(settings.texts(key, List.copyOf(usual)));
    }
}
