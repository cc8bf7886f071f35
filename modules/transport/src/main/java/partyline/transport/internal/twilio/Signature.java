package partyline.transport.internal.twilio;

import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import partyline.transport.internal.remote.Hmac;

/// The proof that a call comes from Twilio: HMAC-SHA1, keyed with the account's auth token, over the exact address that
/// Twilio called and the fields of the form. Behind a proxy that address is the configured public one.
record Signature(List<Hmac> keys) {

    static Signature of(List<String> authTokens) {
        return new Signature(authTokens.stream().map(Hmac::sha1).toList());
    }

    /// Twilio leaves the default port out of what it signs, or not.
    boolean proves(@Nullable String offered, String url, Form form) {
        boolean right = false;
        for (Hmac key : keys) {
            for (String called : List.of(url, withPort(url))) {
                right |= Hmac.same(sign(key, called, form), offered);
            }
        }
        return right;
    }

    static String sign(Hmac key, String url, Form form) {
        return Base64.getEncoder().encodeToString(key.of(url + form.sorted()));
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
