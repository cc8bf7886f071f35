package partyline.drivers.twilio;

import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.kernel.Hmac;

/// The proof that a call comes from Twilio: an HMAC, keyed with the account's auth token or a shared key,
/// over the exact address that Twilio called and the fields of the form. It is SHA-1 unless a header says
/// otherwise. Behind a proxy that address is the configured public one.
record TwilioSignature(List<String> keys) {

    /// As the headers of a call tell it; `settings` is `key=...,algorithm=HMAC_SHA256`, or not there.
    record Offered(@Nullable String signature, @Nullable String settings) {}

    private static final Pattern ALGORITHM = Pattern.compile("(?i)\\balgorithm\\s*=\\s*\"?([a-z0-9_-]+)");

    TwilioSignature {
        keys = List.copyOf(keys);
    }

    /// Twilio leaves the default port out of what it signs, or not.
    boolean proves(Offered offered, String url, TwilioForm form) {
        boolean right = false;
        for (Hmac key : hmacs(algorithm(offered.settings()))) {
            for (String called : List.of(url, withPort(url))) {
                right |= Hmac.same(sign(key, called, form), offered.signature());
            }
        }
        return right;
    }

    /// None for an algorithm that we do not know.
    private List<Hmac> hmacs(String algorithm) {
        return switch (algorithm) {
            case "HMAC_SHA1" -> keys.stream().map(Hmac::sha1).toList();
            case "HMAC_SHA256" -> keys.stream().map(Hmac::sha256).toList();
            default -> List.of();
        };
    }

    static String sign(Hmac key, String url, TwilioForm form) {
        return Base64.getEncoder().encodeToString(key.of(url + form.sorted()));
    }

    private static String algorithm(@Nullable String settings) {
        Matcher named = ALGORITHM.matcher(settings == null ? "" : settings);
        return named.find() ? named.group(1).toUpperCase(Locale.ROOT).replace('-', '_') : "HMAC_SHA1";
    }

    private static String withPort(String url) {
        URI parsed = URI.create(url);
        if (parsed.getPort() >= 0) {
            return Stream.of(":443", ":80")
                    .filter(port -> parsed.getRawAuthority().endsWith(port))
                    .findFirst()
                    .map(port -> url.replaceFirst(port + "(?=/|$)", ""))
                    .orElse(url);
        }
        String port = "https".equals(parsed.getScheme()) ? ":443" : ":80";
        return url.replaceFirst("(?<=//)[^/?]*", parsed.getRawAuthority() + port);
    }
}
