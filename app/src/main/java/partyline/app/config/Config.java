package partyline.app.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import partyline.app.log.LogSettings;
import partyline.conversations.Conversations;
import partyline.kernel.PhoneNumber;
import partyline.kernel.StartupFailure;
import partyline.media.MediaSettings;
import partyline.outbound.Cidr;
import partyline.router.ConsentWords;
import partyline.transport.KnownAddresses;
import partyline.transport.Line;
import partyline.webhooks.RetrySchedule;

/// What this server was told to be: a record for each section of the configuration, a component for each key.
/// `config/partyline.yaml` explains every key and has its default.
public record Config(
        Http http,
        Metrics metrics,
        Logging log,
        Data data,
        Lines lines,
        Map<String, String> contacts,
        Simulated simulator,
        Outside outbound,
        Messages retention,
        Files media,
        Events journal,
        Streams stream,
        Limits limits,
        Manners router,
        Consent consent,
        Webhooks webhooks,
        Backups backup,
        Digest digest) {

    private static final int CENTURY = 36_500;
    private static final int MILLION = 1_000_000;

    public Config {
        Set<PhoneNumber> ours = lines.all().stream().map(Line::number).collect(Collectors.toSet());
        addresses(contacts).numbers().forEach((address, number) -> {
            if (ours.contains(number)) {
                throw new Mistake("contacts", "gives " + address + " the number of a line: use the person's own");
            }
        });
    }

    /// Whose the mail addresses are that people text from.
    public KnownAddresses addresses() {
        return addresses(contacts);
    }

    private static KnownAddresses addresses(Map<String, String> contacts) {
        return Mistake.in("contacts", "has a wrong entry: ", () -> KnownAddresses.of(contacts));
    }

    /// Reads the settings and checks them.
    ///
    /// @throws StartupFailure naming the key, what is wrong with it, and the fix.
    public static Config of(Settings settings) {
        return settings.bind(Config.class);
    }

    /// The data folder alone, whatever else the settings say.
    public static Path dataFolder(Settings settings) {
        return settings.section("data").bind(Data.class).path();
    }

    /// The number of the router alone; empty when the lines have none, or a mistake, which the start of a server tells.
    public static Optional<PhoneNumber> router(Settings settings) {
        try {
            return Lines.of(settings).all().stream()
                    .filter(line -> line.is(Line.Role.ROUTER))
                    .map(Line::number)
                    .findFirst();
        } catch (StartupFailure e) {
            return Optional.empty();
        }
    }

    /// How long events are kept for readers that come back: no longer than the messages that they tell of.
    public Duration eventsKept() {
        return shorter(retention.messages(), Duration.ofDays(journal.retentionDays()));
    }

    /// How long the log of deliveries is kept: no longer than the messages that it tells of.
    public Duration deliveriesKept() {
        return shorter(retention.messages(), Duration.ofDays(webhooks.logDays()));
    }

    private static Duration shorter(Duration one, Duration other) {
        if (one.isZero() || other.isZero()) {
            return one.plus(other);
        }
        return one.compareTo(other) < 0 ? one : other;
    }

    private static List<Cidr> networks(String key, List<String> texts) {
        return Mistake.in(
                key,
                "has a wrong entry: ",
                () -> texts.stream().map(Cidr::parse).toList());
    }

    /// Where to listen, under which URL others find us, and whose word and pages count.
    public record Http(
            String host,
            @Within(least = 0, most = 65_535) int port,
            Tls tls,
            Optional<String> publicUrl,
            List<String> trustedProxies,
            List<String> corsOrigins,
            boolean accessLog) {

        private static final Pattern URL = Pattern.compile(
                "https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[A-Za-z0-9._~%!$&'()*+,;=:@/-]*)?");
        private static final Pattern ORIGIN = Pattern.compile("https?://[^/\\s,*?#@]+");

        /// The URL is left without a slash at its end: paths are appended to it.
        public Http {
            publicUrl = publicUrl.map(String::strip);
            publicUrl.filter(url -> !URL.matcher(url).matches()).ifPresent(url -> {
                throw new Mistake(
                        "public_url",
                        "is \"%s\": write it like https://partyline.example.org, with http:// or https://, a host, and"
                                        .formatted(url)
                                + " neither ? nor # (a host with other letters in its xn-- form)");
            });
            publicUrl = publicUrl.map(url -> url.replaceFirst("/+$", ""));
            corsOrigins.stream().filter(it -> !isOrigin(it)).findFirst().ifPresent(it -> {
                throw new Mistake(
                        "cors_origins",
                        "has \"%s\", which is not an origin: write it like https://app.example.org".formatted(it));
            });
            networks("trusted_proxies", trustedProxies);
        }

        /// With a host as browsers send it: a name in ASCII, or an address.
        private static boolean isOrigin(String text) {
            try {
                return ORIGIN.matcher(text).matches()
                        && new URI(text).parseServerAuthority().getHost() != null;
            } catch (URISyntaxException e) {
                return false;
            }
        }

        public List<Cidr> proxies() {
            return networks("trusted_proxies", trustedProxies);
        }
    }

    /// The files of TLS of our own, if there is any.
    public record Tls(Optional<String> certificate, Optional<String> key) {

        public Tls {
            if (certificate.isPresent() != key.isPresent()) {
                throw new Mistake(
                        certificate.isPresent() ? "key" : "certificate",
                        "is not set: TLS needs the files of both, a certificate and its key");
            }
        }

        public boolean isOn() {
            return certificate.isPresent();
        }

        public Path certificateFile() {
            return Path.of(certificate.orElseThrow());
        }

        public Path keyFile() {
            return Path.of(key.orElseThrow());
        }
    }

    /// Where `/metrics` is read without a key, if anywhere.
    public record Metrics(
            String host, @Within(least = 0, most = 65_535) OptionalInt port) {}

    /// What is written to standard error, and how.
    public record Logging(String format, List<String> levels) {

        private static final List<String> FORMATS = List.of("text", "json");

        public Logging {
            if (!FORMATS.contains(format)) {
                throw new Mistake("format", "is \"" + format + "\": use text or json");
            }
            settings(format, levels);
        }

        public LogSettings settings() {
            return settings(format, levels);
        }

        private static LogSettings settings(String format, List<String> levels) {
            return Mistake.in("levels", "has a wrong entry: ", () -> LogSettings.of(format.equals("json"), levels));
        }
    }

    /// Where everything is kept.
    public record Data(String folder) {

        public Path path() {
            return Path.of(folder);
        }
    }

    /// How simulated lines behave.
    public record Simulated(
            @Within(least = 0, most = 60_000) int latencyMs) {

        public Duration latency() {
            return Duration.ofMillis(latencyMs);
        }
    }

    /// Which private networks may be called.
    public record Outside(List<String> allow) {

        public Outside {
            networks("allow", allow);
        }
    }

    /// How long what people and agents said is kept; zero is for ever.
    public record Messages(
            @Within(least = 0, most = CENTURY) int messagesDays) {

        public Duration messages() {
            return Duration.ofDays(messagesDays);
        }
    }

    /// How long files are kept, and how many.
    public record Files(
            @Within(least = 0, most = CENTURY) int retentionDays,
            @Within(least = 0, most = 1 << 30) int quotaMb,
            @Within(least = 1, most = 1_024) int largestInboundMb,
            @Within(least = 1, most = 60) int waitSeconds) {

        public MediaSettings settings() {
            return new MediaSettings(
                    Duration.ofDays(retentionDays),
                    (long) quotaMb << 20,
                    (long) largestInboundMb << 20,
                    Duration.ofSeconds(waitSeconds));
        }
    }

    /// How long events are kept; zero is for ever.
    public record Events(@Within(least = 0, most = CENTURY) int retentionDays) {}

    /// How event streams show that they live.
    public record Streams(@Within(least = 1, most = 25) int heartbeatSeconds) {

        public Duration heartbeat() {
            return Duration.ofSeconds(heartbeatSeconds);
        }
    }

    /// How much of everything one key, identity, conversation, person or organization may have.
    public record Limits(
            @Within(least = 1, most = 2_000) int streamsPerKey,
            @Within(least = 1, most = 2_000) int streamsPerOrganization,
            @Within(least = 1, most = MILLION) int keysPerMinute,
            @Within(least = 0, most = MILLION) int identities,
            @Within(least = 0, most = MILLION) int keys,
            @Within(least = 0, most = MILLION) int rulesPerIdentity,
            @Within(least = 0, most = MILLION) int contacts,
            @Within(least = 1, most = 10_000) int routerRepliesPerHour,

            @Within(least = 0, most = MILLION) int sendsPer24h,

            @Within(least = 0, most = 500) int alternationsPerMinute) {

        public Conversations.Limits sending() {
            return new Conversations.Limits(sendsPer24h, alternationsPerMinute);
        }
    }

    /// What the router says unasked.
    public record Manners(boolean tellDisconnected) {}

    /// The words with which people say that they want no texts, or want them again, and what they are answered.
    public record Consent(
            List<String> stopWords,
            List<String> stopWordsSms,
            List<String> startWords,
            Optional<String> stoppedText,
            Optional<String> releasedText,
            Optional<String> startedText,
            Optional<String> numberStoppedText,
            Optional<String> numberStartedText) {

        public Consent {
            words(stopWords, stopWordsSms, startWords, ConsentWords.Answers.DEFAULT);
        }

        public ConsentWords words() {
            ConsentWords.Answers usual = ConsentWords.Answers.DEFAULT;
            ConsentWords.Answers answers = new ConsentWords.Answers(
                    stoppedText.orElse(usual.stopped()),
                    releasedText.orElse(usual.released()),
                    startedText.orElse(usual.started()),
                    numberStoppedText.orElse(usual.numberStopped()),
                    numberStartedText.orElse(usual.numberStarted()));
            return words(stopWords, stopWordsSms, startWords, answers);
        }

        private static ConsentWords words(
                List<String> stop, List<String> stopOnSms, List<String> start, ConsentWords.Answers answers) {
            return Mistake.in(
                    "",
                    "has wrong words: ",
                    () -> new ConsentWords(
                            new HashSet<>(stop), new HashSet<>(stopOnSms), new HashSet<>(start), answers));
        }
    }

    /// How deliveries go, and how long a replaced signing key signs along.
    public record Webhooks(
            List<String> retryDelays,
            String signingOverlap,
            @Within(least = 1, most = 3_650) int logDays) {

        public Webhooks {
            Mistake.in("retry_delays", "", () -> RetrySchedule.parse(retryDelays));
            overlap(signingOverlap);
        }

        public RetrySchedule retries() {
            return RetrySchedule.parse(retryDelays);
        }

        public Duration overlap() {
            return overlap(signingOverlap);
        }

        private static Duration overlap(String text) {
            return duration("signing_overlap", text, "0 or a duration like 30m or 24h");
        }
    }

    /// Whether backups are taken unasked, how many of them stay, and where.
    public record Backups(
            String every, @Within(least = 1, most = 10_000) int keep, String folder) {

        private static final Duration OFTENEST = Duration.ofMinutes(10);

        public Backups {
            interval(every);
        }

        /// Zero for never.
        public Duration interval() {
            return interval(every);
        }

        public Path path() {
            return Path.of(folder);
        }

        private static Duration interval(String text) {
            String fix = "0, or a duration of 10m or more, like 24h";
            Duration interval = duration("every", text, fix);
            if (interval.isPositive() && interval.compareTo(OFTENEST) < 0) {
                throw new Mistake("every", "is \"%s\": use %s".formatted(text, fix));
            }
            return interval;
        }
    }

    /// `0` is none; `fix` says what else may stand there.
    private static Duration duration(String key, String text, String fix) {
        try {
            return text.equals("0")
                    ? Duration.ZERO
                    : RetrySchedule.parse(List.of(text)).delays().getFirst();
        } catch (IllegalArgumentException e) {
            throw new Mistake(key, "is \"%s\": use %s".formatted(text, fix));
        }
    }
}
