package partyline.transport;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.kernel.StartupFailure;

/// What a driver is told about its line. `hookUrl` is the address, with its secret, at which the line's service may
/// call [Hooked]; it is known once the server listens.
public record LineSetup(Line line, Options options, Supplier<String> hookUrl, Surroundings around) {

    /// What every driver may use: bytes of attachments, a memory that survives a restart, and the time.
    public record Surroundings(Attachments attachments, DriverMemory memory, InstantSource clock) {}

    /// The keys of the line's driver in the configuration; `place` names them in errors.
    public record Options(String place, Map<String, String> values) {

        private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(ms|s|m)");
        private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");
        private static final Pattern COUNT = Pattern.compile("[0-9]{1,6}");

        public Options {
            values = Map.copyOf(values);
        }

        /// @throws StartupFailure naming the key when it is missing.
        public String required(String key) {
            return optional(key).orElseThrow(() -> wrong(key, "is missing"));
        }

        /// A key or a password that goes into a header.
        ///
        /// @throws StartupFailure when it is missing, or holds what no header may.
        public String secret(String key) {
            String value = required(key);
            if (!PRINTABLE.matcher(value).matches()) {
                throw wrong(key, "holds spaces or characters that no key has: copy it again");
            }
            return value;
        }

        public Optional<String> optional(String key) {
            return Optional.ofNullable(values.get(key)).map(String::strip).filter(text -> !text.isEmpty());
        }

        public String text(String key, String otherwise) {
            return optional(key).orElse(otherwise);
        }

        /// The address of a service, without a slash at its end.
        public URI url(String key, String otherwise) {
            String text = text(key, otherwise).replaceFirst("/+$", "");
            try {
                URI url = URI.create(text);
                if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
                    return url;
                }
            } catch (IllegalArgumentException e) {
                // Falls through to the sentence that names the key; the address may hold a password.
            }
            throw wrong(key, "must be an address such as https://api.example.org");
        }

        public Duration duration(String key, Duration otherwise) {
            return optional(key)
                    .map(text -> {
                        Matcher parts = DURATION.matcher(text);
                        if (!parts.matches()) {
                            throw wrong(key, "must be a length of time such as 30s, 5m or 500ms");
                        }
                        long amount = Long.parseLong(parts.group(1));
                        return switch (parts.group(2)) {
                            case "ms" -> Duration.ofMillis(amount);
                            case "s" -> Duration.ofSeconds(amount);
                            default -> Duration.ofMinutes(amount);
                        };
                    })
                    .orElse(otherwise);
        }

        /// A whole number, 0 or more.
        public int count(String key, int otherwise) {
            return optional(key)
                    .map(text -> {
                        if (!COUNT.matcher(text).matches()) {
                            throw wrong(key, "must be a whole number from 0 to 999999");
                        }
                        return Integer.parseInt(text);
                    })
                    .orElse(otherwise);
        }

        /// A start that fails over `key`; `what` says what is wrong with it and the fix.
        public StartupFailure wrong(String key, String what) {
            return new StartupFailure(place + ": " + key + " " + what + ".");
        }
    }
}
