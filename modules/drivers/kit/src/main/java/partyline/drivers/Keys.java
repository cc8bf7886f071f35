package partyline.drivers;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.transport.LineSetup;

/// The keys of a line's driver as what they mean. Every method throws a [StartupFailure] that names the key and the
/// fix.
public record Keys(LineSetup.Options told) {

    private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");
    private static final Pattern LENGTH = Pattern.compile("([0-9]{1,6})(ms|s|m)");
    private static final Pattern COUNT = Pattern.compile("[0-9]{1,6}");

    /// A key or a password that goes into a header.
    public String secret(String key) {
        String value = told.required(key);
        if (!PRINTABLE.matcher(value).matches()) {
            throw told.wrong(key, "holds spaces or characters that no key has: copy it again");
        }
        return value;
    }

    /// The address of a service that every line tells, without a slash at its end.
    public URI url(String key) {
        return url(key, told.required(key));
    }

    /// The address of a service, without a slash at its end.
    public URI url(String key, String otherwise) {
        String text = told.text(key, otherwise).replaceFirst("/+$", "");
        try {
            URI url = URI.create(text);
            if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // Falls through to the sentence that names the key; the address may hold a password.
        }
        throw told.wrong(key, "must be an address such as https://api.example.org: it must be http or https");
    }

    /// A length of time of more than nothing.
    public Duration duration(String key, Duration otherwise) {
        Optional<String> text = told.optional(key);
        if (text.isEmpty()) {
            return otherwise;
        }
        Matcher parts = LENGTH.matcher(text.get());
        if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
            throw told.wrong(key, "must be a length of time such as 30s, 5m or 500ms");
        }
        long amount = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    /// A whole number in these bounds.
    public int count(String key, int otherwise, int least, int most) {
        String text = told.text(key, Integer.toString(otherwise));
        if (COUNT.matcher(text).matches()) {
            int count = Integer.parseInt(text);
            if (count >= least && count <= most) {
                return count;
            }
        }
        throw told.wrong(key, "must be a whole number from " + least + " to " + most);
    }

    /// True for the first of two words, which is also the default.
    public boolean choice(String key, String usual, String other) {
        String text = told.text(key, usual);
        if (!text.equals(usual) && !text.equals(other)) {
            throw told.wrong(key, "is \"" + text + "\": use " + usual + " or " + other);
        }
        return text.equals(usual);
    }
}
