package partyline.identities;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The text of an API key, `ApiKey_<uuid>.<secret>`, taken apart. Never printed.
record KeyText(String id, String secret) {

    private static final Pattern SHAPE =
            Pattern.compile("(ApiKey_[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})\\.([A-Za-z0-9_-]{20,200})");
    private static final int SECRET_BYTES = 32;

    static Optional<KeyText> parse(String text) {
        Matcher matcher = SHAPE.matcher(text);
        return matcher.matches() ? Optional.of(new KeyText(matcher.group(1), matcher.group(2))) : Optional.empty();
    }

    static KeyText random(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        return new KeyText(
                "ApiKey_" + UUID.randomUUID(),
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    String text() {
        return id + "." + secret;
    }

    String last4() {
        return secret.substring(secret.length() - 4);
    }

    /// The SHA-256 of the whole text in hex: all that is stored. The secret is random, so a plain hash is enough.
    String hash() {
        return hash(text());
    }

    /// The hash of whatever was presented as a key.
    static String hash(String presented) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(presented.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return id;
    }
}
